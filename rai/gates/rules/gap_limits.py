"""Limits on how far groups are apart: a difference at most, or a ratio at least."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, partial
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from rai.gates.answers import Answer, Answered, Bound, Question, Subject, Worse, undefined
from rai.gates.cases import Case, Fixed
from rai.gates.power import Power
from rai.gates.rules.choosing import Chosen, chosen
from rai.gates.rules.fields import Axes, Grouped, Limited, of_axes
from rai.gates.rules.names import CriterionName
from rai.ground.formatting import TIMES, metric_name, number
from rai.measure.contrasts import BETWEEN, OVERALL
from rai.measure.criteria import find_criterion
from rai.measure.measured import Measured
from rai.measure.regression import REGRESSION_METRICS
from rai.measure.tables import Asked, Counts, gaps_of, measured
from rai.values import Gap
from rai.values.levels import key_name


class _Apart(Grouped, Limited):
    """A limit on the worst gap between groups."""

    metric: CriterionName
    """The criterion, or the metric that is to be equal."""
    along: Annotated[Axes, Field(min_length=1)]
    """The columns that make up a group: one, several, or names joined by ` × `."""
    versus: str = BETWEEN
    """`between_groups`, `to_overall`, or the group that all others are compared with."""

    @property
    def comparison(self) -> str:
        """How groups are compared."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _criterion_fits(self) -> _Apart:
        fixed = None if _of_regression(self.metric) else find_criterion(self.metric).kind
        ratios = {"ratio"} if self.comparison == "ratio" else {"difference", "log_ratio", "index"}
        if fixed is not None and fixed not in ratios:
            other = "min_ratio" if fixed == "ratio" else "max_gap"
            raise ValueError(f"metric: {self.metric!r} is no {self.comparison}; use kind: {other}")
        return self

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question about the groups together; for several classes, one about each."""
        for fixed, part in case.parts(self, case.counts(self)):
            these = chosen(self, part, metric=self.metric, fixed=fixed)
            yield from these.notes
            yield from these.answers
            if len(these.counts.groups) < 2 or not self._has_reference(these):
                yield self._too_few(these, fixed)
            else:
                yield from self._undefined(these.counts, fixed)
                yield from self._questions(these, fixed, seed=case.audit.seed)

    def _questions(self, these: Chosen, fixed: Fixed, *, seed: int) -> Iterator[Answer]:
        @cache
        def gaps(error: float) -> tuple[Gap, ...]:
            asked = Asked(
                kind=self.comparison, versus=self.versus, level=1 - error, seed=seed, each=True
            )  # fmt: skip
            return tuple(gaps_of(these.counts, self.metric, fixed, asked))

        for place, gap in enumerate(gaps(self.error)):
            subject = Subject(
                metric=self.metric, along=TIMES.join(self.along), within=gap.within, n=these.n,
                smallest=these.smallest,
            )  # fmt: skip
            if gap.value is None:
                yield undefined(subject, gap.note)
                continue

            def ask(error: float, place: int = place) -> Bound:
                return _bound(gaps(error)[place])

            yield Question(
                subject=subject, ask=ask, limit=self.limit, worse=self.worse, unacceptable=self.loose,
                power=partial(self._power, these, gap),
            )  # fmt: skip

    def _undefined(self, counts: Counts, fixed: Fixed) -> Iterator[Answered]:
        """Groups without a value, which no gap is made from: each is a doubt of its own."""
        reasons: dict[str, tuple[int, str]] = {}
        for metric in _metrics_of(self.metric):
            for label, found in measured(counts, metric):
                for place in np.flatnonzero(~found.defined):
                    name = key_name(found.groups[place])
                    where = f" (label {label})" if label is not None else ""
                    note = found.notes[place].removeprefix("undefined: ") + where
                    reasons.setdefault(name, (int(found.n[place]), note))
        for name, (n, note) in reasons.items():
            subject = Subject(
                metric=self.metric, along=TIMES.join(self.along), group=name, within=fixed, n=n,
                smallest=name,
            )  # fmt: skip
            yield undefined(subject, note)

    def _has_reference(self, these: Chosen) -> bool:
        names = [key_name(key) for key in these.counts.groups]
        return self.versus in {BETWEEN, OVERALL, *names}

    def _too_few(self, these: Chosen, fixed: Fixed) -> Answered:
        subject = Subject(
            metric=self.metric,
            along=TIMES.join(self.along),
            within=fixed,
            n=these.n,
            smallest=these.smallest,
        )
        if len(these.counts.groups) < 2:
            reason, code = "fewer than two groups have enough rows to be compared", "too_few_groups"
        else:
            reason, code = f"the reference group {self.versus} has too few rows, or none", "no_reference"
        return Answered(subject=subject, status="inconclusive", code=code, reason=reason)

    def _power(self, these: Chosen, gap: Gap) -> Power | None:
        """What the rows can show, if all groups are truly equal."""
        ratio = gap.kind == "ratio"
        widest = max(
            (_error_at_parity(found, ratio=ratio) for metric in _metrics_of(self.metric)
             for _, found in measured(these.counts, metric)),
            default=math.nan,
        )  # fmt: skip
        kept, value = self.kept, gap.value
        if these.n is None or value is None or gap.kind not in {"difference", "ratio"}:
            return None
        if ratio and not (kept > 0 and value > 0):
            return None
        distance = -math.log(kept) if ratio else kept
        seen = abs((math.log(value) - math.log(kept)) if ratio else value - kept)
        return Power(
            error=widest, distance=max(distance, 0.0), seen_error=widest, seen_distance=seen,
            groups=len(these.counts.groups), n=these.n, limit=self.limit, scale=gap.kind,
            worse=-1 if ratio else 1,
        )  # fmt: skip


class MaxGap(_Apart):
    """The largest difference between groups is at most the limit."""

    kind: Literal["max_gap"]
    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """The largest difference that is allowed."""

    @property
    def comparison(self) -> str:
        """Differences."""
        return "difference"

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"gap in {metric_name(self.metric)} by {of_axes(self)} is at most {number(self.limit)}"


class MinRatio(_Apart):
    """The smallest ratio of two groups is at least the limit."""

    kind: Literal["min_ratio"]
    limit: Annotated[float, Field(gt=0, le=1)]
    """The smallest ratio that is allowed, such as 0.8."""

    @property
    def comparison(self) -> str:
        """Ratios, of the smaller to the larger."""
        return "ratio"

    @property
    def worse(self) -> Worse:
        """Smaller is worse."""
        return "lower"

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"ratio of {metric_name(self.metric)} by {of_axes(self)} is at least {number(self.limit)}"

    def doubled(self, limit: float) -> float:
        """The square of a ratio."""
        return limit**2


def _bound(gap: Gap) -> Bound:
    pair = f"{gap.highest} over {gap.lowest}" if gap.highest and gap.lowest else ""
    return Bound(gap.value, gap.low, gap.high, "; ".join(part for part in (pair, gap.note) if part))


def _metrics_of(name: str) -> tuple[str, ...]:
    return (name,) if _of_regression(name) else find_criterion(name).metrics


def _of_regression(name: str) -> bool:
    return any(name == row.name for row in REGRESSION_METRICS)


def _error_at_parity(found: Measured, *, ratio: bool) -> float:
    """The standard error of the widest comparison, were all groups truly equal."""
    found = found.take(np.flatnonzero(found.defined))
    if len(found.groups) < 2:
        return math.nan
    if found.trials is None:
        spread = found.relative_spread if ratio else found.spread
    else:
        pooled = float((found.value * found.trials).sum() / found.trials.sum())
        if not 0 < pooled < 1:
            return math.nan
        spread = np.sqrt(((1 - pooled) / pooled if ratio else pooled * (1 - pooled)) / found.trials)
    widest = np.sort(np.nan_to_num(spread, nan=math.inf))[-2:]
    return float(np.hypot(*widest))
