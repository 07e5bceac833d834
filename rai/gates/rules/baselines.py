"""No worse than a baseline: metrics, or gaps, of two models, by more than a margin.

    the same rows   both models' decisions are counted together    paired intervals
    other rows      two audits                                      intervals of independent samples

The question is one-sided: however much better the candidate is, that is no failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import AliasChoices, Field, model_validator

from rai.audits import Audit
from rai.gates.answers import Answer, Answered, Bound, Question, Subject, Worse, undefined
from rai.gates.cases import Case, Fixed
from rai.gates.power import Power
from rai.gates.rules.choosing import chosen
from rai.gates.rules.fields import Axes, Finite, Grouped, Limited, of_axes
from rai.gates.rules.metric_limits import one_sided
from rai.gates.rules.names import CriterionName, better, is_metric
from rai.gates.rules.paired_rates import paired_bounds
from rai.ground.formatting import TIMES, metric_name, number
from rai.measure.intervals import Bounds, mover_difference
from rai.measure.measured import Measured, finite
from rai.measure.paired import metric_of_both, paired_gap_differences
from rai.measure.paired_metrics import Both
from rai.measure.tables import Asked, Counts, gaps_of, measured
from rai.values import Gap, Level
from rai.values.differences import GapDifference
from rai.values.levels import EVERYONE, key_name
from rai.values.paired import Paired

Asking = Callable[[float], Bound]
Bounding = Callable[[int, float], Bound]
Gapping = Callable[[float], dict[Fixed, Bound]]
Powering = Callable[[], Power | None]

SPENT = 1.1  # a bound of a paired gap is wrong this many times half the error of both: it spends a tenth
# of that error, on both sides, on which pairs may be the furthest apart, and half of the rest on itself


class NoWorseThan(Grouped, Limited):
    """A metric of each group, or a gap, is no worse than the baseline's by more than the margin."""

    kind: Literal["no_worse_than"]
    metric: CriterionName
    """A metric, compared in each group; or a criterion, whose gap is compared."""
    along: Axes = ()
    """The columns that make up a group; everyone together if none is named."""
    compare: Literal["groups", "gap"] | None = None
    """Compare the metric of each group, or its gap; of a criterion the gap."""
    better: Literal["higher", "lower"] | None = None
    """Which direction of the metric is better, where that is no matter of course."""
    limit: Annotated[Finite, Field(ge=0, validation_alias=AliasChoices("margin", "limit"))]
    """By how much it may be worse."""
    on_missing_baseline: Literal["error", "skip"] = "error"
    """What the rule does where no baseline is given."""

    @model_validator(mode="after")
    def _direction_is_known(self) -> NoWorseThan:
        if self.of_gap and not self.along:
            raise ValueError("along: a gap has groups; name the columns that make them up")
        if not self.of_gap and self.direction == "neither":
            raise ValueError(f"better: higher or lower {self.metric} may be better; say which")
        return self

    @property
    def of_gap(self) -> bool:
        """Whether a gap is compared."""
        return self.compare == "gap" or (self.compare is None and not is_metric(self.metric))

    @property
    def direction(self) -> str:
        """Which direction is better: of a gap a lower one."""
        if self.of_gap:
            return "lower"
        return self.better or better(self.metric)

    @property
    def worse(self) -> Worse:
        """Differences are written so that larger is worse in the limit of `unacceptable`."""
        return "higher"

    @property
    def words(self) -> str:
        """What the rule asks."""
        what = (
            f"gap in {metric_name(self.metric)} by {of_axes(self)}"
            if self.of_gap
            else f"{metric_name(self.metric)} of "
            + (f"each group of {of_axes(self)}" if self.along else EVERYONE)
        )
        return f"{what} is worse than the baseline's by at most {number(self.limit)}"

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each group, or about the gap."""
        if case.baseline is None:
            yield self._without_baseline()
        elif case.paired is not None:
            yield from self._on_the_same_rows(case)
        else:
            yield from self._on_other_rows(case, case.baseline)

    def _on_the_same_rows(self, case: Case) -> Iterator[Answer | str]:
        both = case.both(self)
        axes = (*self.along, *self.within)
        parts = case.parts(self, case.counts(self))
        fine = both.by(*axes)
        for fixed, part in parts:
            these = chosen(self, part, metric=self.metric, fixed=fixed)
            yield from these.notes
            yield from these.answers
            pairs = fine.only(**dict(fixed)) if fixed else fine
            pairs = pairs.having([key in these.counts.groups for key in pairs.groups])
            if not these.counts.groups:
                continue
            if self.of_gap:
                yield from self._paired_gaps(pairs, fixed, case.audit.seed)
                continue
            for label, two in metric_of_both(pairs, self.metric):
                yield from self._groups(two.difference, label, fixed, partial(_paired, two))

    def _on_other_rows(self, case: Case, baseline: Audit) -> Iterator[Answer | str]:
        theirs = dict(
            case.parts(self, baseline.counts(case.threshold(self) if baseline.thresholds else None))
        )
        for fixed, part in case.parts(self, case.counts(self)):
            these = chosen(self, part, metric=self.metric, fixed=fixed)
            yield from these.notes
            yield from these.answers
            other = theirs.get(fixed)
            keys = set() if other is None else set(other.groups)
            lacking = [key for key in these.counts.groups if key not in keys]
            for key in lacking:
                yield undefined(
                    self._subject(fixed, group=key_name(key)), "the baseline has no such group"
                )
            counts = these.counts.having([key in keys for key in these.counts.groups])
            if other is None or not counts.groups:
                continue
            other = other.having([key in counts.groups for key in other.groups])
            if self.of_gap:
                yield from self._gaps_apart(counts, other, fixed, case.audit.seed)
            else:
                yield from self._groups_apart(counts, other, fixed)

    def _groups(
        self, difference: Measured, label: Level | None, fixed: Fixed, bound: Bounding
    ) -> Iterator[Answer]:
        for place, key in enumerate(difference.groups):
            n = int(difference.n[place])
            name = key_name(key)
            subject = self._subject(_labelled(label, fixed), group=name if self.along else None, n=n)
            if not difference.defined[place]:
                yield undefined(subject, difference.notes[place])
                continue
            yield self._question(
                subject, partial(bound, place), power=partial(self._power, difference.take([place]))
            )

    def _groups_apart(self, ours: Counts, theirs: Counts, fixed: Fixed) -> Iterator[Answer]:
        each = [dict(measured(counts, self.metric)) for counts in (ours, theirs)]
        for label in dict.fromkeys([*each[0], *each[1]]):
            one, other = (found.get(label) for found in each)
            if one is None or other is None:
                note = _no_label("candidate" if one is None else "baseline")
                yield undefined(self._subject(_labelled(label, fixed)), note)
                continue
            difference = _apart(one, other)
            yield from self._groups(difference, label, fixed, partial(_apart_bound, one, other))

    def _paired_gaps(self, pairs: Paired, fixed: Fixed, seed: int) -> Iterator[Answer]:
        @cache
        def gaps(error: float) -> dict[Fixed, Bound]:
            level = 1 - 2 * error / SPENT
            found = paired_gap_differences(
                pairs, [self.metric], along=self.along, level=level, seed=seed
            )
            return {gap.within: _bound_of(gap) for gap in found}

        yield from self._of_gaps(gaps, fixed, n=int(pairs.group_rows.min()))

    def _gaps_apart(self, ours: Counts, theirs: Counts, fixed: Fixed, seed: int) -> Iterator[Answer]:
        @cache
        def gaps(error: float) -> dict[Fixed, Bound]:
            asked = Asked(level=1 - error / 2, seed=seed, each=True)
            one, other = (
                {gap.within: _bound_of(gap) for gap in gaps_of(counts, self.metric, (), asked)}
                for counts in (ours, theirs)
            )
            none, neither = (Bound(None, note=_no_label(who)) for who in ("candidate", "baseline"))
            return {
                within: _minus(one.get(within, none), other.get(within, neither))
                for within in dict.fromkeys([*one, *other])
            }

        yield from self._of_gaps(gaps, fixed, n=None)

    def _of_gaps(self, gaps: Gapping, fixed: Fixed, n: int | None) -> Iterator[Answer]:
        for place, gap in gaps(self.error).items():
            subject = self._subject((*place, *fixed), n=n)
            if gap.value is None:
                yield undefined(subject, gap.note)
            else:
                yield self._question(subject, lambda error, place=place: gaps(error)[place])  # type: ignore[misc]

    def _question(self, subject: Subject, ask: Asking, power: Powering = lambda: None) -> Question:
        """The candidate minus the baseline against the margin, in the direction that is worse."""
        lower = self.direction == "higher"
        sign = -1.0 if lower else 1.0
        return Question(
            subject=subject, ask=ask, limit=sign * self.limit, worse="lower" if lower else "higher",
            unacceptable=None if self.loose is None else sign * self.loose, power=power,
        )  # fmt: skip

    def _subject(self, fixed: Fixed, *, group: str | None = None, n: int | None = None) -> Subject:
        return Subject(
            metric=self.metric, along=TIMES.join(self.along) or None, group=group, within=fixed, n=n,
            smallest=group or (None if self.along else EVERYONE),
        )  # fmt: skip

    def _power(self, one: Measured) -> Power | None:
        """What the rows can show, if both models are truly equal."""
        error = float(one.spread[0])
        if not np.isfinite(error) or self.kept == 0:
            return None
        sign = -1 if self.direction == "higher" else 1
        seen = abs(self.kept - sign * float(one.value[0]))
        return Power(
            error=error, distance=self.kept, seen_error=error, seen_distance=seen, n=int(one.n[0]),
            limit=sign * self.limit, worse=sign,
        )  # fmt: skip

    def _without_baseline(self) -> Answer | str:
        if self.on_missing_baseline == "skip":
            return f"{self.id}: not asked, as no baseline was given"
        return Answered(
            subject=self._subject(()), status="error", code="no_baseline",
            reason="no baseline was given; pass one, or set on_missing_baseline: skip",
        )  # fmt: skip


def _labelled(label: Level | None, fixed: Fixed) -> Fixed:
    return fixed if label is None else (("label", label), *fixed)


def _no_label(who: str) -> str:
    return f"undefined: the {who} has no such label"


def _bound_of(gap: Gap | GapDifference) -> Bound:
    return Bound(gap.value, gap.low, gap.high, gap.note)


def _paired(both: Both, place: int, error: float) -> Bound:
    low, high = paired_bounds(both, z=NormalDist().inv_cdf(1 - error))
    difference = both.difference
    return Bound(
        finite(difference.value[place]), finite(low[place]), finite(high[place]), difference.notes[place]
    )


def _apart(one: Measured, other: Measured) -> Measured:
    """The difference of a metric in two independent samples of the same groups."""
    from dataclasses import replace

    notes = tuple(mine or theirs for mine, theirs in zip(one.notes, other.notes, strict=True))
    value = one.value - other.value

    def bounds(z: float) -> Bounds:
        return mover_difference(
            one.value, one.bounds(z), other=other.value, other_bounds=other.bounds(z)
        )

    return replace(
        one, value=value, bounds=bounds, n=np.minimum(one.n, other.n), notes=notes, trials=None,
        method="independent",
    )  # fmt: skip


def _apart_bound(one: Measured, other: Measured, place: int, error: float) -> Bound:
    sides = [one_sided(each, error) for each in (one, other)]
    low, high = mover_difference(one.value, sides[0], other=other.value, other_bounds=sides[1])
    value = one.value[place] - other.value[place]
    return Bound(finite(value), finite(low[place]), finite(high[place]))


def _minus(one: Bound, other: Bound) -> Bound:
    """Bounds of a difference of two gaps in independent samples."""
    note = one.note or other.note
    if one.value is None or other.value is None:
        return Bound(None, note=note)
    low = None if one.low is None or other.high is None else one.low - other.high
    high = None if one.high is None or other.low is None else one.high - other.low
    return Bound(one.value - other.value, low, high, note)
