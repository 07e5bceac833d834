"""Numbers as counts of the distinct ones: mergeable, and all that a description of a column needs.

    3, 1, 3, 2.5  ──▶  1 ×1 · 2.5 ×1 · 3 ×2      exact up to 32,768 distinct numbers

Beyond that neighbours whose leading bits agree share a bin (see `number_bins`); count, mean, standard
deviation, least and greatest stay exact, quantiles and histograms are then as fine as the bins, about
one part in 2,000. Counts of one undivided column carry their percentiles exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from rai.values.distinct import Distinct, mixed
from rai.values.number_bins import NumberBins, first_of_each

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST = 1 << 15
PERCENTS = np.arange(101) / 100


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sum of squared deviations of weighted numbers.

    Args:
        weight: Sum of the weights; the number of numbers where none have a weight.
        mean: NaN where there is none.
        squares: Sum of weighted squared deviations from the mean.
    """

    weight: float = 0.0
    mean: float = nan
    squares: float = 0.0

    @classmethod
    def of(cls, numbers: Array, weight: Array | None = None) -> Spread:
        """Of numbers, shape (n,), two passes."""
        total = float(len(numbers)) if weight is None else float(weight.sum())
        if not total > 0:
            return cls()
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(numbers.mean() if weight is None else (numbers * weight).sum() / total)
            squares = np.square(numbers - mean)
            return cls(total, mean, float((squares if weight is None else squares * weight).sum()))

    def __add__(self, other: Spread) -> Spread:
        if not self.weight or not other.weight:
            return self if self.weight else other
        weight, apart = self.weight + other.weight, other.mean - self.mean
        mean = self.mean + apart * (other.weight / weight)
        between = apart * apart * self.weight * (other.weight / weight)
        return Spread(weight, mean, self.squares + other.squares + between)

    @property
    def std(self) -> float | None:
        """Standard deviation with n - 1, weights as repetitions; None if no double holds one."""
        held = self.weight > 1 and isfinite(self.squares)
        return sqrt(self.squares / (self.weight - 1)) if held else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NumberCounts:
    """How often each number occurs.

    Args:
        bins: The distinct numbers, or bins of them; b in all.
        n: Numbers in each bin, shape (b,).
        weight: Their weights, shape (b,); the counts where they have none.
        low, high: The least and the greatest number; NaN where there is none.
        zeros: How many are 0.
        plain, weighted: Mean and squares, each number counted once, and by weight.
        distinct: How many distinct numbers there are.
        percentiles: The 101 exact percentiles, linear between neighbours; None where bins were merged.

    Example:
        >>> ages = NumberCounts.of(np.array([30.0, 20, 30])) + NumberCounts.of(np.array([50.0]))
        >>> ages.points.tolist(), ages.n.tolist(), ages.plain.mean, ages.quantile(0.5)
        ([20.0, 30.0, 50.0], [1, 2, 1], 32.5, 30.0)
    """

    bins: NumberBins
    n: Counts
    weight: Array
    low: float = nan
    high: float = nan
    zeros: int = 0
    plain: Spread = Spread()
    weighted: Spread = Spread()
    distinct: Distinct
    percentiles: Array | None = None

    @classmethod
    def of(cls, numbers: Array, weight: Array | None = None) -> NumberCounts:
        """The counts of finite numbers, shape (n,), with weights of that shape or without."""
        if weight is None:
            ordered, weights = np.sort(numbers), None
        else:
            order = np.argsort(numbers, kind="stable")
            ordered, weights = numbers[order], weight[order]
        ordered += 0.0  # -0.0 becomes 0.0
        firsts = np.flatnonzero(first_of_each(ordered))
        n = np.diff(firsts, append=len(ordered))
        summed = np.add.reduceat(weights, firsts) if weights is not None and len(firsts) else None
        plain = Spread.of(ordered)
        return cls._of_points(
            ordered[firsts],
            n,
            summed,
            plain=plain,
            weighted=plain if weights is None else Spread.of(ordered, weights),
            percentiles=_at_ranks(ordered, PERCENTS) if len(firsts) > MOST else None,
        )

    @classmethod
    def of_counts(cls, points: Array, n: Counts, weight: Array | None = None) -> NumberCounts:
        """The counts of distinct numbers in rising order, shape (k,), each with its count and weight."""
        plain = Spread.of(points, n.astype(np.float64))
        weighted = plain if weight is None else Spread.of(points, weight)
        return cls._of_points(points, n, weight, plain=plain, weighted=weighted)

    @classmethod
    def _of_points(
        cls, points: Array, n: Counts, weight: Array | None, *, plain: Spread, weighted: Spread,
        percentiles: Array | None = None,
    ) -> NumberCounts:  # fmt: skip
        bins, places = NumberBins.of_rising(points, most=MOST)
        zero = int(np.searchsorted(points, 0.0))
        zeros = int(n[zero]) if zero < len(points) and points[zero] == 0 else 0
        if bins.shift:
            starts = np.flatnonzero(first_of_each(places))
            n, weight = (
                np.add.reduceat(n, starts),
                None if weight is None else np.add.reduceat(weight, starts),
            )
        return cls(
            bins=bins,
            n=n.astype(np.int64, copy=False),
            weight=n.astype(np.float64) if weight is None else weight,
            low=float(points[0]) if len(points) else nan,
            high=float(points[-1]) if len(points) else nan,
            zeros=zeros,
            plain=plain,
            weighted=weighted,
            distinct=Distinct.of(mixed(points)),
            percentiles=percentiles,
        )

    def __len__(self) -> int:
        """How many numbers were counted."""
        return int(self.n.sum())

    @property
    def exact(self) -> bool:
        """Whether each distinct number has a count of its own."""
        return self.bins.shift == 0

    @property
    def points(self) -> Array:
        """A number for each bin, shape (b,): itself, or the middle of the bin."""
        if self.exact:
            return self.bins.low
        middle = self.bins.low + (self.bins.high - self.bins.low) / 2
        return np.asarray(np.clip(middle, self.low, self.high))

    def __add__(self, other: NumberCounts) -> NumberCounts:
        if not isinstance(other, NumberCounts):
            return NotImplemented
        if not len(self.n) or not len(other.n):
            return self if len(self.n) else other
        bins, ours, theirs = self.bins.merged(other.bins, most=MOST)
        went = np.concatenate((ours, theirs))
        n = np.bincount(went, np.concatenate((self.n, other.n)), minlength=len(bins))
        weight = np.bincount(
            went, np.concatenate((self.weight, other.weight)), minlength=len(bins)
        ).astype(np.float64)
        return NumberCounts(
            bins=bins,
            n=n.astype(np.int64),
            weight=weight,
            low=min(self.low, other.low),
            high=max(self.high, other.high),
            zeros=self.zeros + other.zeros,
            plain=self.plain + other.plain,
            weighted=self.weighted + other.weighted,
            distinct=Distinct.of(mixed(bins.low)) if not bins.shift else self.distinct + other.distinct,
        )

    def quantile(self, share: float) -> float | None:
        """The number at a share of the rows, linear between neighbours; None without rows."""
        if not len(self.n):
            return None
        percent = round(share * 100, 9)
        if self.percentiles is not None and percent.is_integer():
            return float(self.percentiles[int(percent)])
        rank = share * (len(self) - 1)
        ends, points = np.cumsum(self.n), self.points
        below, above = points[np.searchsorted(ends, [np.floor(rank), np.ceil(rank)], side="right")]
        return float(below + (above - below) * (rank % 1))

    def weighted_quantile(self, share: float) -> float | None:
        """The least number with that share of the weight at or below it; None without weight."""
        total = float(self.weight.sum())
        if not total > 0:
            return None
        reached = np.cumsum(self.weight) >= share * total * (1 - 1e-12)
        return float(self.points[int(reached.argmax())])


def _at_ranks(ordered: Array, shares: Array) -> Array:
    """Quantiles of sorted numbers, linear between neighbours, shape of the shares."""
    ranks = shares * (len(ordered) - 1)
    below = np.floor(ranks).astype(np.intp)
    above = np.minimum(below + 1, len(ordered) - 1)
    return np.asarray(ordered[below] + (ordered[above] - ordered[below]) * (ranks - below))
