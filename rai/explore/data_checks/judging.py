"""From looks to findings: one rule for every check.

    within the limit                                       passed
    beyond it, but chance could do as much (p > 1 − level)  note, one for all of them
    beyond it                                              warning
    beyond it with the whole interval                      serious, where the check goes so far

P-values are adjusted (Holm) and intervals widened (Bonferroni) for all looks of a check, so that data
without problems raise a warning no oftener than the level says, however many columns there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from operator import attrgetter

from rai.explore.data_checks.check import MOST_EVIDENCE, Check, Look
from rai.explore.data_checks.findings import SEVERITIES, DataFinding, Severity
from rai.ground.formatting import counted
from rai.measure.intervals import critical_value
from rai.measure.simultaneous import holm

LimitOf = Callable[[str | None], float]
ALMOST = 1 - 1e-12


def judged(check: Check, looks: Sequence[Look], *, limit: LimitOf, level: float) -> list[DataFinding]:
    """The findings of a check: all that is beyond the limit; else that nothing is, for each data set.

    Args:
        check: The check.
        looks: All that it looked at.
        limit: The limit of a feature.
        level: Coverage of the intervals, and 1 minus the rate of false warnings.
    """
    adjusted = _adjusted(looks)
    z = critical_value(min(1 - (1 - level) / max(len(looks), 1), ALMOST))
    judge = _Judge(check, limit, level, z)
    held = [(look, p, judge.severity(look, p)) for look, p in zip(looks, adjusted, strict=True)]
    sure = [(look, p, severity) for look, p, severity in held if not judge.by_chance(p, severity)]
    found = [judge.finding(look, p, severity) for look, p, severity in sure if severity != "passed"]
    found += judge.perhaps([(look, p) for look, p, severity in held if judge.by_chance(p, severity)])
    troubled = {finding.dataset for finding in found}
    fine = [(look, p) for look, p, _ in held if look.dataset not in troubled]
    return [*found, *judge.passes(fine)]


def not_checked(check: Check, reason: str) -> DataFinding:
    """That a check could not be made, and why."""
    return DataFinding(
        check=check.kind,
        severity="not_checked",
        threshold=check.limit,
        sentence=f"Not checked: {reason}.",
    )


class _Judge:
    """One check's limit, direction and critical value."""

    def __init__(self, check: Check, limit: LimitOf, level: float, z: float) -> None:
        self.check, self.limit, self.level, self.z = check, limit, level, z
        self.sign = 1.0 if check.worse == "higher" else -1.0

    def excess(self, value: float, feature: str | None) -> float:
        """How far a value is beyond the limit; below 0 within it."""
        return self.sign * (value - self.limit(feature))

    def bounds(self, look: Look) -> tuple[float, float] | None:
        return None if look.bounds is None else look.bounds(self.z)

    def severity(self, look: Look, p: float | None) -> Severity:
        beyond = self.excess(look.value, look.feature) > 0
        found: Severity = "warning" if beyond else look.least
        if found == "passed":
            return "passed"
        if p is not None and p > 1 - self.level:
            return "note"
        if beyond and self._wholly(look):
            found = "serious"
        return max(found, look.most, self.check.most, key=SEVERITIES.index)

    def _wholly(self, look: Look) -> bool:
        """Whether the whole interval is beyond the limit."""
        bounds = self.bounds(look)
        near = look.value if bounds is None else bounds[0 if self.sign > 0 else 1]
        return self.excess(near, look.feature) > 0

    def by_chance(self, p: float | None, severity: Severity) -> bool:
        """Whether something was found that chance could do as well."""
        return severity == "note" and p is not None and p > 1 - self.level

    def perhaps(self, held: Sequence[tuple[Look, float | None]]) -> Iterator[DataFinding]:
        """For each data set the furthest beyond the limit of what chance could do as well, as a note."""
        for dataset, each in _by_dataset(held):
            furthest, p = max(each, key=lambda pair: self.excess(pair[0].value, pair[0].feature))
            more = f", as in {counted(len(each) - 1, 'smaller one')}" if len(each) > 1 else ""
            words = f"{furthest.sentence} Chance could do as much{more}."
            yield self.finding(replace(furthest, sentence=words, dataset=dataset), p, "note")

    def finding(self, look: Look, p: float | None, severity: Severity) -> DataFinding:
        rows, values = ((), ()) if look.evidence is None or severity == "passed" else look.evidence()
        low, high = self.bounds(look) or (None, None)
        return DataFinding(
            check=self.check.kind,
            severity=severity,
            dataset=look.dataset,
            feature=look.feature,
            along=look.along,
            group=look.group,
            value=_plain(look.value),
            low=_plain(low),
            high=_plain(high),
            p_value=p,
            threshold=self.limit(look.feature),
            n=look.n,
            sentence=look.sentence,
            rows=tuple(int(row) for row in rows[:MOST_EVIDENCE]),
            values=tuple(values[:MOST_EVIDENCE]),
        )

    def passes(self, fine: Sequence[tuple[Look, float | None]]) -> Iterator[DataFinding]:
        """For each data set that nothing is beyond the limit, with what comes nearest to it."""
        for _, held in _by_dataset(fine):
            nearest, p = max(held, key=lambda pair: self.excess(pair[0].value, pair[0].feature))
            words = f"{self.check.fine} ({counted(len(held), 'look')})"
            yield self.finding(replace(nearest, sentence=words), p, "passed")


def _adjusted(looks: Sequence[Look]) -> list[float | None]:
    """P-values adjusted for all tested looks."""
    held = iter(holm([look.p_value for look in looks if look.p_value is not None]))
    return [None if look.p_value is None else next(held) for look in looks]


def _by_dataset(
    held: Sequence[tuple[Look, float | None]],
) -> Iterator[tuple[str | None, list[tuple[Look, float | None]]]]:
    for dataset in dict.fromkeys(look.dataset for look, _ in held):
        yield dataset, [pair for pair in held if pair[0].dataset == dataset]


def _plain(value: float | None) -> float | None:
    return float(value) if value is not None and isfinite(value) else None


def in_order(findings: Sequence[DataFinding]) -> list[DataFinding]:
    """The serious first; within a severity in the order of the table."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(attrgetter("severity")(finding)))
