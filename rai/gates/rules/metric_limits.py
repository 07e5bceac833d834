"""Limits on a metric of each group: at most, at least, and how far scores may be off."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from statistics import NormalDist
from typing import Literal

import numpy as np

from rai.gates.answers import Answer, Bound, Question, Subject, Worse, undefined
from rai.gates.cases import Case, Fixed
from rai.gates.power import Power
from rai.gates.rules.choosing import chosen
from rai.gates.rules.fields import Axes, Grouped, Limited, of_axes
from rai.gates.rules.names import MetricName
from rai.ground.formatting import TIMES, metric_name, number
from rai.measure.intervals import Bounds, clopper_pearson
from rai.measure.measured import Measured, finite
from rai.measure.tables import measured
from rai.values import Level
from rai.values.levels import EVERYONE, key_name


class _OfGroups(Grouped, Limited):
    """A limit on a metric of each group."""

    along: Axes = ()
    """The columns that make up a group; everyone together if none is named."""
    metric: MetricName
    """The metric, by its full name or an alias."""

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each group."""
        for fixed, part in case.parts(self, case.counts(self)):
            these = chosen(self, part, metric=self.metric, fixed=fixed)
            yield from these.notes
            yield from these.answers
            for label, found in measured(these.counts, self.metric):
                yield from self._questions(found, fixed, label)

    def _questions(self, found: Measured, fixed: Fixed, label: Level | None) -> Iterator[Answer]:
        labelled = (*((("label", label),) if label is not None else ()), *fixed)
        for place, key in enumerate(found.groups):
            name, n = key_name(key), int(found.n[place])
            subject = Subject(
                metric=self.metric, along=TIMES.join(self.along) or None,
                group=name if self.along else None, within=labelled, n=n, smallest=name,
            )  # fmt: skip
            if not found.defined[place]:
                yield undefined(subject, found.notes[place])
                continue
            one = found.take([place])
            yield Question(
                subject=subject,
                ask=partial(_bound, one),
                limit=self.limit,
                worse=self.worse,
                unacceptable=self.loose,
                power=partial(_power, self, one),
            )

    def doubled(self, limit: float) -> float:
        """Twice the odds of a share, on the bad side; of other numbers twice the limit, or half."""
        factor = 2.0 if self.worse == "higher" else 0.5
        if 0 < limit < 1:
            odds = factor * limit / (1 - limit)
            return odds / (1 + odds)
        return factor * limit


class MaxMetric(_OfGroups):
    """A metric of each group is at most the limit."""

    kind: Literal["max_metric"]

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"{metric_name(self.metric)} of {_each(self)} is at most {number(self.limit)}"


class MinMetric(_OfGroups):
    """A metric of each group is at least the limit."""

    kind: Literal["min_metric"]

    @property
    def worse(self) -> Worse:
        """Lower is worse."""
        return "lower"

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"{metric_name(self.metric)} of {_each(self)} is at least {number(self.limit)}"


class Calibration(_OfGroups):
    """Scores of each group promise neither more nor less than comes true, but for the limit."""

    kind: Literal["calibration"]
    metric: MetricName = "calibration_in_the_large"
    """`calibration_in_the_large` is held on both sides; any other metric, such as
    `expected_calibration_error`, is at most the limit."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        return (
            f"scores are calibrated for {_each(self)}: {metric_name(self.metric)} is off by at most "
            f"{number(self.limit)}"
        )

    def _questions(self, found: Measured, fixed: Fixed, label: Level | None) -> Iterator[Answer]:
        for answer in super()._questions(found, fixed, label):
            if isinstance(answer, Question) and self.metric == "calibration_in_the_large":
                yield _both_sides(answer)
            else:
                yield answer


def _both_sides(question: Question) -> Question:
    """The size of a signed quantity: each side has half the error where it is shown to be large."""
    from dataclasses import replace

    def ask(error: float) -> Bound:
        apart, close = question.ask(error / 2), question.ask(error)
        if None in (apart.low, apart.high, close.low, close.high, apart.value):
            return Bound(None if apart.value is None else abs(apart.value), note=apart.note)
        least = max(0.0, apart.low, -apart.high)  # type: ignore[type-var, operator]
        most = max(abs(close.low), abs(close.high))  # type: ignore[arg-type]
        return Bound(abs(apart.value), float(least), most, apart.note)  # type: ignore[arg-type]

    return replace(question, ask=ask)


def _each(rule: Grouped) -> str:
    return f"each group of {of_axes(rule)}" if rule.along else EVERYONE


def _bound(one: Measured, error: float) -> Bound:
    """One-sided bounds of one group's metric; of a proportion exact ones."""
    low, high = one_sided(one, error)
    return Bound(finite(one.value[0]), finite(low[0]), finite(high[0]), one.notes[0])


def one_sided(found: Measured, error: float) -> Bounds:
    """Bounds of each group, each wrong at most this often; of a proportion exact ones."""
    z = NormalDist().inv_cdf(1 - error)
    if found.trials is not None:
        return clopper_pearson(np.nan_to_num(found.value) * found.trials, found.trials, z=z)
    return found.bounds(z)


def _power(rule: _OfGroups, one: Measured) -> Power | None:
    """What the rows can show, if the value is as it was seen."""
    error, value = float(one.spread[0]), float(one.value[0])
    distance = abs(rule.kept - abs(value) if rule.kind == "calibration" else rule.kept - value)  # type: ignore[attr-defined]
    if not (math.isfinite(error) and distance > 0):
        return None
    return Power(
        error=error, distance=distance, n=int(one.n[0]), limit=rule.limit,
        worse=1 if rule.worse == "higher" else -1, limit_error=_error_at(rule.kept, one),
    )  # fmt: skip


def _error_at(limit: float, one: Measured) -> float:
    """The standard error of a proportion that is at the limit."""
    if one.trials is None or not 0 < limit < 1:
        return math.nan
    return math.sqrt(limit * (1 - limit) / float(one.trials[0]))
