"""How well a score that was learnt on other rows tells a group from the rest, or predicts a quantity.

    rows in K folds ── scores learnt on the other folds ──▶ area within each fold ──▶ their mean

Areas are taken within folds, where all rows are scored by one and the same rule. Scores of different
folds are not comparable: pooled, they would order even pure noise below 0.5.

Folds learn from each other's rows, so they err together: the variance of their mean is that of
independent ones raised by 1 + K/(K − 1). Simulated at 95% on 60 to 2,000 rows, 2 to 20 buckets, groups
of 50% and 15%, weighted and not: intervals cover 92% to 100%, and a test at 5% takes nothing for
something in 1% to 5% of runs. What is covered is what rules learnt on so many rows tell: on few rows the
best rule tells more.

Source: Airola et al. (2011), doi:10.1016/j.csda.2010.11.018, for areas within folds; Nadeau and Bengio
(2003), doi:10.1023/A:1024068626366, for their variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
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
        weight, squares: Sums of weights and of squared weights, the same shape; None without weights.
        learnt: Whether the scores of each fold were learnt from the rows of the others.

    Example:
        >>> rows = np.array([[[8.0, 2.0], [1.0, 9.0]], [[7.0, 3.0], [2.0, 8.0]]])
        >>> round(FoldedArea(rows).told(level=0.95).value, 3)
        0.8
    """

    rows: Array
    weight: Array | None = None
    squares: Array | None = None
    learnt: bool = True

    @cached_property
    def area(self) -> Area:
        """Area, variance and all else that an interval needs, arrays of shape (1,)."""
        parts = (self.rows, self._weight, self.rows if self.squares is None else self.squares)
        rows, weight, squares = (part[self._both] for part in parts)
        areas = areas_of_bins(FilledBins(np.arange(rows.shape[2]), rows, weight, squares))
        pairs = weight.sum(axis=2).prod(axis=1)
        share = pairs / pairs.sum()
        return Area(
            value=_one((share * areas.value).sum()),
            variance=_one((share**2 * areas.variance).sum() * self._raised(len(rows))),
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
    def _weight(self) -> Array:
        return self.rows if self.weight is None else self.weight

    @property
    def _both(self) -> NDArray[np.bool_]:
        """Which folds have both sides, shape (k,)."""
        return np.asarray((self._weight.sum(axis=2) > 0).all(axis=1))

    @property
    def defined(self) -> bool:
        """Whether some fold has rows of both sides."""
        return bool(self._both.any())

    def told(self, *, level: float) -> Told:
        """The mean area with its score interval, and a test of 0.5.

        What was learnt is tested on one side: below 0.5 it tells nothing, whatever the reason. Folds of
        groups that are evenly spread over the buckets do come out there.
        """
        if not self.defined:
            return Told(None, n=int(self.rows.sum()))
        interval = ScoreInterval(self.area, newcombe_factor(self.area.positives, self.area.negatives))
        low, high = interval(critical_value(level))
        error = sqrt(float((interval.ratio * 0.25 * interval.factor(np.array([0.25])))[0]))
        value = float(self.area.value[0])
        far = (value - 0.5) / error if error > 0 else 0.0
        p_value = erfc(far / sqrt(2)) / 2 if self.learnt else erfc(abs(far) / sqrt(2))
        return Told(value, float(low[0]), float(high[0]), p_value, int(self.rows.sum()))


def of_codes(
    codes: Ints, group: Ints, fold: Ints, *, groups: int, weight: Array | None = None
) -> list[FoldedArea]:
    """How well one feature tells each group: a bucket's score is the group's share in it elsewhere.

    Args:
        codes: Bucket of each row, shape (n,).
        group: Group of each row, shape (n,).
        fold: Fold of each row, shape (n,).
        groups: How many groups there are.
        weight: Weight of each row, above 0, shape (n,).

    Example:
        >>> codes = np.array([0, 0, 0, 1, 1, 1])
        >>> fold = np.array([0, 1, 2, 0, 1, 2])
        >>> of_codes(codes, codes, fold, groups=2)[1].told(level=0.95).value
        1.0
    """
    buckets, folds = int(codes.max()) + 1, int(fold.max()) + 1
    cell = (fold.astype(np.intp) * buckets + codes) * groups + group

    def summed(each: Array | None) -> Array:
        sums = np.bincount(cell, each, minlength=folds * buckets * groups)
        return sums.astype(np.float64).reshape(folds, buckets, groups)

    if weight is None:
        return of_counts(summed(None))
    return of_counts(summed(None), weight=summed(weight), squares=summed(weight**2))


def of_counts(
    counts: Array, *, weight: Array | None = None, squares: Array | None = None
) -> list[FoldedArea]:
    """The same from rows counted by fold, bucket and group.

    Args:
        counts: Rows, shape (k, b, g).
        weight, squares: Sums of weights and of squared weights, the same shape.

    Example:
        >>> counts = np.array([[[3.0, 0.0], [0.0, 2.0]], [[4.0, 0.0], [0.0, 3.0]]])
        >>> of_counts(counts)[1].told(level=0.95).value
        1.0
    """
    held = counts if weight is None else weight * (counts.sum() / weight.sum())
    elsewhere = held.sum(axis=0) - held
    share = elsewhere.sum(axis=1, keepdims=True) / elsewhere.sum(axis=(1, 2), keepdims=True)
    scores = (elsewhere + share) / (elsewhere.sum(axis=2, keepdims=True) + 1)
    found = []
    for place in range(counts.shape[2]):
        tied = partial(_tied, scores[:, :, place], place)
        if weight is None or squares is None:
            found.append(FoldedArea(tied(counts)))
        else:
            found.append(FoldedArea(tied(counts), tied(weight), tied(squares)))
    return found


def of_scores(
    score: Array,
    member: NDArray[np.bool_],
    fold: Ints,
    *,
    learnt: bool = True,
    weight: Array | None = None,
) -> FoldedArea:
    """How well a score of each row tells a group, within each fold (or label) apart.

    Args:
        score: Score of each row, learnt on other rows, shape (n,).
        member: Whether a row is in the group, shape (n,).
        fold: Fold of each row, shape (n,).
        learnt: Whether the scores of each fold were learnt from the rows of the others.
        weight: Weight of each row, above 0, shape (n,).

    Example:
        >>> score, member = np.array([0.1, 0.9, 0.2, 0.4]), np.array([False, True, True, False])
        >>> of_scores(score, member, np.zeros(4, dtype=int)).told(level=0.95).value
        0.75
    """
    names, part = np.unique(fold, return_inverse=True)
    order = np.lexsort((score, part))
    part, member = part[order], member[order]
    new = np.diff(score[order], prepend=np.nan) != 0
    first = np.diff(part, prepend=-1) != 0
    at = np.cumsum(new | first) - 1  # a place for each score of each fold
    at -= at[first][part]
    shape = (len(names), 2, int(at.max(initial=0)) + 1)
    cell = np.ravel_multi_index((part, member.astype(np.intp), at), shape)

    def summed(each: Array | None) -> Array:
        sums = np.bincount(cell, each, minlength=int(np.prod(shape)))
        return sums.astype(np.float64).reshape(shape)

    if weight is None:
        return FoldedArea(summed(None), learnt=learnt)
    weight = weight[order]
    return FoldedArea(summed(None), summed(weight), summed(weight**2), learnt)


def raised(folds: int) -> float:
    """What the variance of a mean over folds is multiplied by, as they learn from each other's rows.

    Example:
        >>> raised(5)
        2.25

    Source: Nadeau and Bengio (2003), doi:10.1023/A:1024068626366.
    """
    return 1 + folds / (folds - 1) if folds > 1 else 1.0


def r_squared(
    y: Array, predicted: Array, plain: Array, *, folds: int, level: float, weight: Array | None = None
) -> Told:
    """How much of a quantity's variance predictions from other rows explain; below 0 where they mislead.

    Args:
        y: The quantity, shape (n,).
        predicted: What was learnt on the other folds, shape (n,).
        plain: The mean of the other folds, shape (n,).
        folds: How many folds there were.
        level: Coverage of the interval.
        weight: Weight of each row, shape (n,).

    Example:
        >>> y = np.array([1.0, 2.0, 3.0, 4.0])
        >>> round(r_squared(y, y + 0.1, np.full(4, 2.5), folds=2, level=0.95).value, 3)
        0.992

    Source: Hastie, Tibshirani and Friedman (2009), doi:10.1007/978-0-387-84858-7, section 7.10; the
    interval is that of a ratio of means (delta method).
    """
    weight = np.ones(len(y)) if weight is None else weight
    missed, spread = weight * (y - predicted) ** 2, weight * (y - plain) ** 2
    if len(y) < 2 or not spread.sum() > 0:
        return Told(None, n=len(y))
    value = 1 - float(missed.sum() / spread.sum())
    rows = float(weight.sum() ** 2 / (weight**2).sum())
    more = rows / (rows - 1) if rows > 1 else np.inf
    variance = more * float(((missed - (1 - value) * spread) ** 2).sum()) / float(spread.sum()) ** 2
    error = sqrt(variance * raised(folds))
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


def _tied(scores: Array, place: int, cells: Array) -> Array:
    """The others and a group by score, rising within each fold, equal ones together, shape (k, 2, b)."""
    found = np.zeros((len(scores), 2, scores.shape[1]))
    for k, score in enumerate(scores):
        _, at = np.unique(score, return_inverse=True)
        member = cells[k, :, place]
        for side, held in enumerate((cells[k].sum(axis=1) - member, member)):
            summed = np.bincount(at, held)
            found[k, side, : len(summed)] = summed
    return found


def _one(number: float) -> Array:
    return np.array([float(number)])
