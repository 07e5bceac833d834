"""How well a score that was learnt on other rows tells a group from the rest, or predicts a quantity.

    rows in K folds ── scores learnt on the other folds ──▶ area within each fold ──▶ their mean

Areas are taken within folds, where all rows are scored by one and the same rule. Scores of different
folds are not comparable: pooled, they would order even pure noise below 0.5.

Folds learn from each other's rows, so they err together: the variance of their mean is that of
independent ones raised by 1 + K/(K − 1). Simulated at 95% on 60 to 1,000 rows, 2 and 10 buckets, groups
of 50% and 15%: 0.5 is wrongly refused in at most 8% of runs where nothing is told (without the factor in
up to 17%), and intervals cover 92% to 100%.

Source: Airola et al. (2011), doi:10.1016/j.csda.2010.11.018, for areas within folds; Nadeau and Bengio
(2003), doi:10.1023/A:1024068626366, for their variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from rai.measure.area_intervals import Area, ScoreInterval
from rai.measure.filled_bins import FilledBins
from rai.measure.intervals import critical_value
from rai.measure.roc_auc import areas_of_bins, newcombe_factor

Array = NDArray[np.float64]
Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Told:
    """How well something is told apart or predicted, with its interval.

    Args:
        value: Mean area under the ROC curve, or R²; None where it is undefined.
        low, high: Its interval.
        p_value: Chance of as much where nothing is told.
        n: Rows behind it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    n: int = 0


@dataclass(frozen=True, eq=False)
class FoldedArea:
    """The mean of areas within folds, or within labels.

    Args:
        rows: Rows of each fold and score, shape (k, 2, m): of the others, of the group; scores rise.
        learnt: Whether the scores of each fold were learnt from the rows of the others.

    Example:
        >>> rows = np.array([[[8.0, 2.0], [1.0, 9.0]], [[7.0, 3.0], [2.0, 8.0]]])
        >>> round(FoldedArea(rows).told(level=0.95).value, 3)
        0.8
    """

    rows: Array
    learnt: bool = True

    @cached_property
    def area(self) -> Area:
        """Area, variance and all else that an interval needs, arrays of shape (1,)."""
        held = self.rows[(self.rows.sum(axis=2) > 0).all(axis=1)]
        bins = np.arange(held.shape[2])
        areas = areas_of_bins(FilledBins(bins, held, held, held))
        pairs = areas.positives * areas.negatives
        share = pairs / pairs.sum()
        return Area(
            value=_one((share * areas.value).sum()),
            variance=_one((share**2 * areas.variance).sum() * self._raised(len(held))),
            informants=_one(areas.informants.sum()),
            misplaced=_one(areas.misplaced.sum()),
            below=_one(0.0),
            above=_one(0.0),
            positives=_one(areas.positives.sum()),
            negatives=_one(areas.negatives.sum()),
        )

    def _raised(self, folds: int) -> float:
        return raised(folds) if self.learnt else 1.0

    @property
    def defined(self) -> bool:
        """Whether some fold has rows of both sides."""
        return bool((self.rows.sum(axis=2) > 0).all(axis=1).any())

    def told(self, *, level: float) -> Told:
        """The mean area with its score interval, and the test of 0.5 that agrees with it."""
        if not self.defined:
            return Told(None, n=int(self.rows.sum()))
        interval = ScoreInterval(self.area, newcombe_factor(self.area.positives, self.area.negatives))
        low, high = interval(critical_value(level))
        error = sqrt(float((interval.ratio * 0.25 * interval.factor(np.array([0.25])))[0]))
        value = float(self.area.value[0])
        p_value = erfc(abs(value - 0.5) / error / sqrt(2)) if error > 0 else 1.0
        return Told(value, float(low[0]), float(high[0]), p_value, int(self.rows.sum()))


def of_codes(codes: Ints, group: Ints, fold: Ints, *, groups: int) -> list[FoldedArea]:
    """How well one feature tells each group: a bucket's score is the group's share in it elsewhere.

    Args:
        codes: Bucket of each row, shape (n,).
        group: Group of each row, shape (n,).
        fold: Fold of each row, shape (n,).
        groups: How many groups there are.

    Example:
        >>> codes = np.array([0, 0, 0, 1, 1, 1])
        >>> fold = np.array([0, 1, 2, 0, 1, 2])
        >>> of_codes(codes, codes, fold, groups=2)[1].told(level=0.95).value
        1.0
    """
    buckets, folds = int(codes.max()) + 1, int(fold.max()) + 1
    cell = (fold.astype(np.intp) * buckets + codes) * groups + group
    counts = np.bincount(cell, minlength=folds * buckets * groups).astype(np.float64)
    counts = counts.reshape(folds, buckets, groups)
    elsewhere = counts.sum(axis=0) - counts
    share = elsewhere.sum(axis=1, keepdims=True) / elsewhere.sum(axis=(1, 2), keepdims=True)
    scores = (elsewhere + share) / (elsewhere.sum(axis=2, keepdims=True) + 1)
    rest = counts.sum(axis=2)
    found = []
    for place in range(groups):
        sides = np.stack([rest - counts[:, :, place], counts[:, :, place]], axis=1)
        found.append(FoldedArea(_tied(scores[:, :, place], sides)))
    return found


def of_scores(score: Array, member: NDArray[np.bool_], fold: Ints, *, learnt: bool = True) -> FoldedArea:
    """How well a score of each row tells a group, within each fold (or label) apart.

    Args:
        score: Score of each row, learnt on other rows, shape (n,).
        member: Whether a row is in the group, shape (n,).
        fold: Fold of each row, shape (n,).
        learnt: Whether the scores of each fold were learnt from the rows of the others.

    Example:
        >>> score, member = np.array([0.1, 0.9, 0.2, 0.4]), np.array([False, True, True, False])
        >>> of_scores(score, member, np.zeros(4, dtype=int)).told(level=0.95).value
        0.75
    """
    _, at = np.unique(score, return_inverse=True)
    names, part = np.unique(fold, return_inverse=True)
    parts = []
    for place in range(len(names)):
        mine = part == place
        held, within = np.unique(at[mine], return_inverse=True)
        sides = np.bincount(within + len(held) * member[mine], minlength=2 * len(held))
        parts.append(sides.reshape(2, len(held)).astype(np.float64))
    widest = max(part.shape[1] for part in parts)
    padded = [np.pad(part, ((0, 0), (0, widest - part.shape[1]))) for part in parts]
    return FoldedArea(np.stack(padded), learnt)


def raised(folds: int) -> float:
    """What the variance of a mean over folds is multiplied by, as they learn from each other's rows.

    Example:
        >>> raised(5)
        2.25

    Source: Nadeau and Bengio (2003), doi:10.1023/A:1024068626366.
    """
    return 1 + folds / (folds - 1) if folds > 1 else 1.0


def r_squared(y: Array, predicted: Array, plain: Array, *, folds: int, level: float) -> Told:
    """How much of a quantity's variance predictions from other rows explain; below 0 where they mislead.

    Args:
        y: The quantity, shape (n,).
        predicted: What was learnt on the other folds, shape (n,).
        plain: The mean of the other folds, shape (n,).
        folds: How many folds there were.

    Example:
        >>> y = np.array([1.0, 2.0, 3.0, 4.0])
        >>> round(r_squared(y, y + 0.1, np.full(4, 2.5), folds=2, level=0.95).value, 3)
        0.992

    Source: Hastie, Tibshirani and Friedman (2009), doi:10.1007/978-0-387-84858-7, section 7.10; the
    interval is that of a ratio of means (delta method).
    """
    missed, spread = (y - predicted) ** 2, (y - plain) ** 2
    if len(y) < 2 or not spread.sum() > 0:
        return Told(None, n=len(y))
    value = 1 - float(missed.mean() / spread.mean())
    error = float(np.std(missed - (1 - value) * spread, ddof=1) / sqrt(len(y)) / spread.mean())
    error *= sqrt(raised(folds))
    reach = critical_value(level) * error
    p_value = erfc(value / error / sqrt(2)) / 2 if error > 0 else float(value <= 0)
    return Told(value, value - reach, min(value + reach, 1.0), p_value, len(y))


def mean_of(found: list[Told]) -> Told:
    """The mean of several, each with the same weight; bounds as if all erred together."""
    held = [told for told in found if told.value is not None]
    if not held:
        return Told(None, n=max((told.n for told in found), default=0))
    means = {
        name: float(np.mean([getattr(told, name) for told in held])) for name in ("value", "low", "high")
    }
    least = min(told.p_value for told in held if told.p_value is not None)
    return Told(**means, p_value=min(1.0, least * len(held)), n=max(told.n for told in held))


def _tied(scores: Array, sides: Array) -> Array:
    """Sides of each fold in the order of its scores, equal scores together; shapes (k, m), (k, 2, m)."""
    found = np.zeros_like(sides)
    for k in range(len(scores)):
        _, at = np.unique(scores[k], return_inverse=True)
        for side in (0, 1):
            summed = np.bincount(at, sides[k, side])
            found[k, side, : len(summed)] = summed
    return found


def _one(number: float) -> Array:
    return np.array([float(number)])
