"""Verdicts: what a gate says about one rule and one group, and what that does to a release.

pass          the whole interval keeps the limit
fail          the whole interval breaks it
inconclusive  neither, or there was too little to look at: rows, a value, a group
error         the question could not be put: an expired waiver, an absent group, a crash
waived        a fail that someone answers for, until a date
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rai.ground.formatting import TIMES
from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level

Status = Literal["pass", "fail", "inconclusive", "error", "waived"]
Effect = Literal["none", "warn", "inconclusive", "fail", "error"]
Severity = Literal["error", "warning", "note"]

STATUSES: tuple[Status, ...] = ("error", "fail", "inconclusive", "waived", "pass")  # the worst first
EFFECTS: tuple[Effect, ...] = ("error", "fail", "inconclusive", "warn", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate says about one rule, and one group, metric or comparison that the rule is about.

    Args:
        rule: Id of the rule.
        kind: Kind of the rule, such as `max_gap`.
        status: `pass`, `fail`, `inconclusive`, `error` or `waived`.
        effect: What it does to the gate: `error`, `fail` and `inconclusive` stop it, `warn` is shown.
        code: Why, as one stable word: `kept`, `beyond_limit`, `not_shown`, `too_few_rows`, …
        reason: Why, in words.
        severity: How serious the policy takes a failure: `error`, `warning` or `note`.
        metric: Metric, criterion, check or feature that was judged.
        along: The axis, or several joined by ` × `.
        group: The group, for reading; None where it is about all of them.
        within: (axis, level) pairs held fixed.
        value: What was seen; None where undefined.
        low, high: One-sided bounds at `error`; None where there is none.
        limit: The policy's limit.
        claim: `demonstrate`, `detect`, or empty where nothing is estimated.
        error: Chance of a wrong fail that this verdict was given (after Holm), and of a wrong pass
            (before it, as a gate passes only if every rule does).
        n: Rows of the smallest group that it rests on.
        smallest: That group, for reading.
        rows_needed: Rows that this group would need, about, for a verdict; None where that is no
            question of rows.
        detectable: The smallest value that would have been shown to break the limit, four times in
            five; None where that is unknown.
        waiver: Owner, expiry and reason of the waiver that covers it; empty without one.
        tags: The rule's tags.
        line: Line of the rule in the policy file; None for a policy that is no file.

    Example:
        >>> verdict = Verdict(rule="tpr", kind="min_metric", status="fail", effect="fail",
        ...     code="beyond_limit", reason="0.4 is below 0.5", metric="true_positive_rate",
        ...     along="sex", group="Female")
        >>> verdict.name
        'tpr[sex=Female]'
    """

    rule: str
    kind: str
    status: Status
    effect: Effect
    code: str
    reason: str
    severity: Severity = "error"
    metric: str | None = None
    along: str | None = None
    group: str | None = None
    within: tuple[tuple[str, Level], ...] = ()
    value: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    claim: str = ""
    error: float | None = None
    n: int | None = None
    smallest: str | None = None
    rows_needed: int | None = None
    detectable: float | None = None
    waiver: str = ""
    tags: tuple[str, ...] = ()
    line: int | None = None

    @property
    def subject(self) -> str:
        """What of the rule it is about, as in `sex=Female, site=North`; empty for the whole rule."""
        what = self.metric if self.kind in _MANY_METRICS else None
        who = f"{self.along}={self.group}" if self.along and self.group else self.group or self.along
        fixed = [f"{axis}={level}" for axis, level in self.within]
        return ", ".join(part for part in (what, who, *fixed) if part)

    @property
    def name(self) -> str:
        """The rule with its subject, which no other verdict of a gate has."""
        return f"{self.rule}[{self.subject}]" if self.subject else self.rule

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes of `along`."""
        return tuple(self.along.split(TIMES)) if self.along else ()

    def to_dict(self) -> Row:
        """A flat row: what is held fixed as text, then the rest by name."""
        row: Row = {name: getattr(self, name) for name in self.__slots__ if name not in _JOINED}
        fixed = ", ".join(f"{axis}={level}" for axis, level in self.within)
        return {**row, "within": fixed, "tags": ", ".join(self.tags)}


_JOINED = frozenset({"within", "tags"})
_MANY_METRICS = frozenset({"data_check", "drift"})  # kinds with a verdict for each check or feature


class Verdicts(RecordTuple[Verdict]):
    """Verdicts, in the order of the policy's rules.

    Example:
        >>> one = Verdict(rule="n", kind="min_n", status="pass", effect="none", code="kept", reason="")
        >>> Verdicts([one]).effect, Verdicts().effect, len(Verdicts([one]).of("fail"))
        ('none', 'none', 0)
    """

    __slots__ = ()

    @property
    def effect(self) -> Effect:
        """The worst effect of all."""
        return min((verdict.effect for verdict in self), key=EFFECTS.index, default="none")

    @property
    def counts(self) -> dict[Status, int]:
        """How many there are of each status, the worst first."""
        return {status: sum(v.status == status for v in self) for status in STATUSES}

    def of(self, *statuses: Status) -> Verdicts:
        """Only those of some statuses."""
        return Verdicts(verdict for verdict in self if verdict.status in statuses)

    @classmethod
    def worst_first(cls, verdicts: Iterable[Verdict]) -> Verdicts:
        """The same, what stops the gate first; otherwise in their order."""
        return cls(sorted(verdicts, key=lambda v: (EFFECTS.index(v.effect), STATUSES.index(v.status))))


__all__ = ["EFFECTS", "STATUSES", "Effect", "Severity", "Status", "Verdict", "Verdicts"]
