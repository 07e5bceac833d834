"""Intervals for areas under curves: score intervals, as Wilson's is for proportions.

    |A − t| = z · √(ρ · t(1 − t) · k)       solved for t, so the bounds stay within 0 and 1

A is the area, t(1 − t)·k the variance that a model gives to a true area t, and ρ how many times the
variance seen in the data exceeds the model's. On few rows, or at an area of 0 or 1, the variance seen
says little (at 1 it is 0); there ρ leans on the model alone.

Simulated at 95% on scores that are normal with equal and unequal spread, mixed, and graded in 2 to 10
levels, with 5 to 200 rows of each label, these intervals cover 93% to 100% for the area under the ROC
curve. For average precision, with 20 to 500 rows, they cover 94% and more in 19 of 20 settings, and 90%
in the worst. The plain logit interval of the same variance covers as little as 3%, where few rows are
out of order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import Bounds
from rai.measure.measured import Measured
from rai.measure.score_points import binned_within
from rai.values import Tally

Array = NDArray[np.float64]

_ROUNDS = 16
_PRIOR_ROWS, _PRIOR_RATIO = 2.0, 1.2


class Area(NamedTuple):
    """An area under a curve, and what its interval follows from; arrays of shape (g,).

    Args:
        value: The area; NaN where it is undefined.
        variance: Variance seen in the data.
        informants: Effective number of rows that the variance rests on.
        misplaced: Rows out of order, about; the variance seen is trusted as far as there are some.
        below, above: How far below and above the value that of exact scores may lie.
        positives, negatives: Effective rows of each label.
    """

    value: Array
    variance: Array
    informants: Array
    misplaced: Array
    below: Array
    above: Array
    positives: Array
    negatives: Array


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """The bounds of areas: a score interval whose variance is a model's, scaled to the one seen.

    Args:
        area: The areas.
        factor: k of the model's variance t(1 − t)·k, from t(1 − t).

    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953; Newcombe (2006), doi:10.1002/sim.2324.
    """

    area: Area
    factor: Callable[[Array], Array]

    @property
    def ratio(self) -> Array:
        """How many times the variance exceeds the model's, shape (g,).

        A variance that rests on few rows is itself uncertain: it is raised by a factor of 1 + 2/m for
        m rows, about as Student's t would. The ratio is then drawn towards 1.2, with the weight of two
        misplaced rows.
        """
        area = self.area
        spread = area.value * (1 - area.value)
        model = spread * self.factor(spread)
        with np.errstate(invalid="ignore", divide="ignore"):
            seen = area.variance * (1 + 2 / area.informants) / model
        trust = area.misplaced / (area.misplaced + _PRIOR_ROWS)
        return np.asarray(np.where(model > 0, trust * seen, 0.0) + (1 - trust) * _PRIOR_RATIO)

    def __call__(self, z: float) -> Bounds:
        """Bounds at a critical value, widened by what binning may have moved."""
        area = self.area
        low, high = area.value, area.value
        scale = z * z * self.ratio
        for _ in range(_ROUNDS):
            low = _solved(area.value, scale * self.factor(low * (1 - low)), side=-1.0)
            high = _solved(area.value, scale * self.factor(high * (1 - high)), side=1.0)
        low, high = np.minimum(low, area.value), np.maximum(high, area.value)
        return Bounds(np.maximum(low - area.below, 0.0), np.minimum(high + area.above, 1.0))


def measured_area(
    name: str,
    tally: Tally,
    area: Area,
    *,
    factor: Callable[[Array], Array],
    method: str,
    labels: Sequence[str],
) -> Measured:
    """The areas of all groups with their score intervals.

    Args:
        name: Name of the metric.
        tally: The tally they come from.
        area: The areas.
        factor: As for `ScoreInterval`.
        method: How the variance is found.
        labels: The labels without which there is no area, `positive` and perhaps `negative`.
    """
    moved = np.maximum(area.below, area.above)
    reasons = why_without(area, tally, labels=labels)
    notes = tuple(why or binned_within(slack) for why, slack in zip(reasons, moved, strict=True))
    nothing = np.full(len(notes), np.nan)
    return Measured(
        name, tally.axes, tally.groups, area.value, ScoreInterval(area, factor), tally.group_rows,
        notes, method, nothing, nothing,
    )  # fmt: skip


def why_without(area: Area, tally: Tally, *, labels: Sequence[str]) -> list[str]:
    """Why each group has no area, or nothing: it lacks rows with one of these labels."""
    held = {"positive": area.positives, "negative": area.negatives}
    lacking = [[label for label in labels if not held[label][g] > 0] for g in range(len(area.value))]
    return [
        f"undefined: no rows with a {which[0]} label (n={rows})" if which else ""
        for which, rows in zip(lacking, tally.group_rows, strict=True)
    ]


def kish(weight: Array, squares: Array) -> Array:
    """Kish's effective rows, (Σw)² / Σw²; 0 where there are none."""
    return np.divide(weight**2, squares, out=np.zeros_like(weight), where=squares > 0)


def unbiased(rows: Array) -> Array:
    """What a variance over so many rows is raised by, n / (n − 1); nothing for a single row."""
    return np.asarray(np.divide(rows, rows - 1, out=np.ones_like(rows), where=rows > 1))


def informants(shares: Array, rows: Array) -> Array:
    """The effective number of rows that a variance rests on, shape (h,).

    Args:
        shares: What each cell adds to the variance, shape (h, 2, m).
        rows: Rows of each cell, the same shape; those of a cell are taken to add alike.
    """
    squared = np.divide(shares**2, rows, out=np.zeros_like(shares), where=rows > 0).sum(axis=(1, 2))
    total = shares.sum(axis=(1, 2))
    return np.asarray(np.divide(total**2, squared, out=np.ones_like(total), where=squared > 0))


def _solved(value: Array, scale: Array, *, side: float) -> Array:
    """The t with |value − t| = √(scale · t(1 − t)), below or above the value."""
    root = np.sqrt(scale * value * (1 - value) + scale**2 / 4)
    return np.asarray((value + scale / 2 + side * root) / (1 + scale))
