"""How much larger the gap of one model is than that of another, on the same rows.

A gap is a maximum over pairs of groups, θ* = max θ_ij, so neither a bootstrap of it nor the difference
of two intervals will do. But with (i, j) the pair that is truly furthest apart under the second model

    gap₂ − gap₁  ≤  θ₂_ij − θ₁_ij  =  (difference of i) − (difference of j),

whose paired interval is an ordinary one; and likewise from below, with the pair of the first model.
Which pairs those are is not known, so the bounds are taken over every pair that simultaneous intervals
don't rule out. A tenth of the error is spent on that, the rest on the ordinary intervals: with a clear
pair the interval is hardly longer than one for a pair named beforehand, and it stays honest where all
groups are equal. Where the pair is clear under both models, even if it is not the same one,
gap₂ − gap₁ is a sum over groups, and that has an interval of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.measure.contrasts import BETWEEN, Contrasts, contrasts
from rai.measure.gaps import Question
from rai.measure.intervals import Bounds, Critical, critical_value, mover_difference
from rai.measure.measured import WITHOUT_INTERVAL, Measured, finite
from rai.measure.paired_metrics import Both
from rai.measure.simultaneous import family_critical_value
from rai.values.differences import GapDifference
from rai.values.levels import key_name

Array = NDArray[np.float64]
Places = NDArray[np.intp]

SPENT = 0.1  # of the error, on which pairs may be the furthest apart


class _Sides(NamedTuple):
    """Directed comparisons of one metric under both models, shape (2m,): i over j, then j over i."""

    both: Both
    at: Places
    other: Places
    values: tuple[Array, Array]
    bounds: tuple[Bounds, Bounds]
    difference: Bounds
    z: float

    def name(self, place: int) -> str:
        """A comparison for reading."""
        groups = self.both.first.groups
        return f"{key_name(groups[self.at[place]])} over {key_name(groups[self.other[place]])}"


class _Gap(NamedTuple):
    """Bounds of the gap of one model."""

    low: float
    high: float


def gap_difference(
    metrics: Sequence[Both], question: Question, *, names: tuple[str, str]
) -> GapDifference:
    """The gap of the second minus the gap of the first, over one metric or the several of a criterion.

    Undefined where fewer than two groups have a value under both.

    Args:
        metrics: The metrics of a criterion, each of both models.
        question: Name, axis and level; how several metrics become one gap.
        names: The two models.
    """
    kept = [_known(both) for both in metrics]
    base = GapDifference(
        metric=question.name, along=question.along, model=names[1], versus=names[0], value=None,
        within=question.within, level=question.level, n=int(kept[0].first.n.sum()),
    )  # fmt: skip
    left_out = _left_out(metrics)
    short = next((both for both in kept if len(both.first.groups) < 2), None)
    if short is not None:
        note = "undefined: fewer than two groups have a value under both"
        return _noted(base, [note, *left_out])
    error = 1 - question.level
    sides = _sides(kept, question, error=error)
    mean = question.combine == "mean"
    pooled = [[each] for each in sides] if mean else [sides]
    parts = [_one(each) for each in pooled]
    value, low, high, second, first = np.mean(parts, axis=0) if mean else np.array(parts[0])
    plain = any(both.first.method in WITHOUT_INTERVAL for both in kept)
    notes = ["a count is what was seen: no interval"] if plain else []
    if not plain and np.isnan(low + high):
        notes = ["no interval: a group has none"]
    return _noted(
        base, [*notes, *left_out], value=float(value), low=finite(low), high=finite(high),
        of_model=float(second), of_versus=float(first),
        apart_model=_furthest(sides, 1), apart_versus=_furthest(sides, 0),
    )  # fmt: skip


def _sides(kept: Sequence[Both], question: Question, *, error: float) -> list[_Sides]:
    families = [(_pairs(both.first), _pairs(both.second)) for both in kept]
    rng = np.random.default_rng(question.seed)
    every = [family for pair in families for family in pair]
    certain = family_critical_value(every, level=1 - SPENT * error, rng=rng)
    shared = len(kept) if question.combine == "mean" else 1
    z = critical_value(1 - (1 - SPENT) * error / shared)
    return [_directed(both, pair, certain, z) for both, pair in zip(kept, families, strict=True)]


def _directed(both: Both, pair: tuple[Contrasts, Contrasts], certain: Critical, z: float) -> _Sides:
    first = pair[0]
    at, other = first.at, first.other
    assert other is not None
    low, high = both.difference.bounds(z)
    value = both.difference.value
    difference = mover_difference(
        value[at], Bounds(low[at], high[at]), other=value[other],
        other_bounds=Bounds(low[other], high[other]),
    )  # fmt: skip
    return _Sides(
        both=both,
        at=np.concatenate([at, other]),
        other=np.concatenate([other, at]),
        values=tuple(_both_ways(family.values("difference")) for family in pair),  # type: ignore[arg-type]
        bounds=tuple(_turned(family.bounds("difference", certain)) for family in pair),  # type: ignore[arg-type]
        difference=_turned(difference),
        z=z,
    )


def _one(sides: Sequence[_Sides]) -> tuple[float, float, float, float, float]:
    """Difference, low, high, and both gaps, of the largest over some metrics."""
    first, second = (float(max(side.values[m].max() for side in sides)) for m in (0, 1))
    known = [_joined([side.bounds[m] for side in sides]) for m in (0, 1)]
    difference = _joined([side.difference for side in sides])
    value = second - first
    if any(np.isnan(side).any() for bounds in (*known, difference) for side in bounds):
        return value, np.nan, np.nan, second, first
    gaps = [_of_gap(each) for each in known]
    may_be = [each.high >= gap.low for each, gap in zip(known, gaps, strict=True)]
    if len(sides) == 1 and all(np.count_nonzero(each) == 1 for each in may_be):
        low, high = _of_clear_pairs(sides[0], *(int(each.argmax()) for each in may_be))
    else:
        low, high = float(difference.low[may_be[0]].min()), float(difference.high[may_be[1]].max())
    low = max(low, gaps[1].low - gaps[0].high)
    high = min(high, gaps[1].high - gaps[0].low)
    return value, min(low, value), max(high, value), second, first


def _of_clear_pairs(sides: _Sides, first: int, second: int) -> tuple[float, float]:
    """Bounds of one comparison under the second model minus another under the first.

    A sum over groups, of which each adds its rate under one model, or the difference or the sum of both;
    for a sum the two rates are taken to vary together as much as they can, which is conservative.
    """
    size = len(sides.both.first.groups)
    signs = np.zeros((2, size))
    for model, place, sign in ((1, second, 1.0), (0, first, -1.0)):
        signs[model, sides.at[place]] += sign
        signs[model, sides.other[place]] -= sign
    rates = sides.both.first, sides.both.second
    reach = [_reach(rate, sign, sides.z) for rate, sign in zip(rates, signs, strict=True)]
    apart = signs[0] * signs[1] < 0
    paired = _reach(sides.both.difference, signs[1], sides.z)
    below, above = (np.where(apart, paired[side], reach[0][side] + reach[1][side]) for side in (0, 1))
    value = sum(float((sign * rate.value).sum()) for rate, sign in zip(rates, signs, strict=True))
    return value - float(np.linalg.norm(below)), value + float(np.linalg.norm(above))


def _reach(measured: Measured, sign: Array, z: float) -> tuple[Array, Array]:
    """How far each group's value, times a sign, may lie below and above."""
    low, high = measured.bounds(z)
    below, above = measured.value - low, high - measured.value
    size = np.abs(sign)
    return size * np.where(sign < 0, above, below), size * np.where(sign < 0, below, above)


def _of_gap(known: Bounds) -> _Gap:
    """Bounds of a gap from those of its comparisons."""
    return _Gap(max(float(known.low.max()), 0.0), float(known.high.max()))


def _pairs(measured: Measured) -> Contrasts:
    family = contrasts(measured, versus=BETWEEN, rest=lambda: measured)
    assert family is not None
    return family


def _known(both: Both) -> Both:
    """The groups that have a value under both."""
    places = np.flatnonzero(both.first.defined & both.second.defined)
    first, second, difference = (
        part.take(places) for part in (both.first, both.second, both.difference)
    )
    return Both(first, second, difference, lambda: both.p_values()[places])


def _both_ways(values: Array) -> Array:
    return np.concatenate([values, -values])


def _turned(bounds: Bounds) -> Bounds:
    """Bounds of comparisons and of the same the other way round."""
    return Bounds(np.concatenate([bounds.low, -bounds.high]), np.concatenate([bounds.high, -bounds.low]))


def _joined(parts: Sequence[Bounds]) -> Bounds:
    return Bounds(*(np.concatenate([part[side] for part in parts]) for side in (0, 1)))


def _furthest(sides: Sequence[_Sides], model: int) -> str | None:
    """The pair with the largest gap, higher group first."""
    largest = max(sides, key=lambda side: float(side.values[model].max()))
    return largest.name(int(np.argmax(largest.values[model])))


def _left_out(metrics: Sequence[Both]) -> list[str]:
    reasons: dict[str, str] = {}
    for both in metrics:
        lacking = ~(both.first.defined & both.second.defined)
        for place in np.flatnonzero(lacking):
            note = both.first.notes[place] or both.second.notes[place]
            reasons.setdefault(key_name(both.first.groups[place]), note.removeprefix("undefined: "))
    return [f"left out {name}: {reason}" for name, reason in reasons.items()]


def _noted(base: GapDifference, notes: Sequence[str], **changes: object) -> GapDifference:
    return replace(base, note="; ".join(notes), **changes)  # type: ignore[arg-type]
