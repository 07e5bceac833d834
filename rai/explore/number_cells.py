"""Numbers of two data sets side by side: every distinct one, and the cells and bins of draws.

distinct numbers   ·· ··· · ·  ····   ·· ·   up to 32,768 in each data set, beyond that fine bins
cells              [··][···][· ·][····]…     up to 64, as full in both: what draws of chance fill
bins               [  ··  ···  ][ · ·  ]     up to 10, between quantiles of the reference
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.measure.distances import BINS, scale_of
from rai.values.bin_edges import quantile_edges
from rai.values.number_counts import MOST, NumberCounts

Places = NDArray[np.intp]

MOST_CELLS = 64
_FINE = 1e6  # weights that are no whole numbers are rounded to one part in so many


class SideBySide(NamedTuple):
    """Numbers in rising order, shape (k,), and the weight of each in both data sets.

    `exact` says whether each distinct number has a place of its own.
    """

    points: Floats
    ours: Floats
    theirs: Floats
    exact: bool

    @property
    def shares(self) -> tuple[Floats, Floats]:
        """Shares of both, shapes (k,); zeros where a side is empty."""
        sides = (self.ours, self.theirs)
        p, q = (side / side.sum() if side.sum() > 0 else side for side in sides)
        return p, q


class Layout(NamedTuple):
    """First number of each cell, first cell of each bin, and the number in the middle of each cell."""

    starts: Places
    bins: Places
    middles: Places


def side_by_side(ours: NumberCounts | None, theirs: NumberCounts | None) -> SideBySide | None:
    """The numbers of two data sets; None where neither has any.

    Example:
        >>> a, b = (NumberCounts.of(np.array(x)) for x in ([1.0, 2.0], [2.0, 2.0, 5.0]))
        >>> [part.tolist() for part in side_by_side(a, b)[:3]]
        [[1.0, 2.0, 5.0], [1.0, 1.0, 0.0], [0.0, 2.0, 1.0]]
    """
    if ours is None or theirs is None:
        one = ours if theirs is None else theirs
        if one is None:
            return None
        nothing = np.zeros(len(one.n))
        a, b = (one.weight, nothing) if theirs is None else (nothing, one.weight)
        return SideBySide(one.points, a, b, one.exact)
    bins, at, other_at = ours.bins.merged(theirs.bins, most=MOST)
    low, high = min(ours.low, theirs.low), max(ours.high, theirs.high)
    exact = bins.shift == 0
    middles = bins.low if exact else np.clip(bins.low + (bins.high - bins.low) / 2, low, high)
    a, b = (
        np.bincount(went, counts.weight, minlength=len(bins)).astype(np.float64)
        for went, counts in ((at, ours), (other_at, theirs))
    )
    return SideBySide(middles, a, b, exact)


def layout_of(held: SideBySide) -> Layout:
    """Cells and bins: each number its own where there are few.

    Example:
        >>> a, b = (NumberCounts.of(np.arange(100.0) + shift) for shift in (50, 0))
        >>> held = side_by_side(a, b)
        >>> layout = layout_of(held)
        >>> held.points[layout.starts[layout.bins]].tolist()
        [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]
    """
    p, q = held.shares
    mixed = p + q
    cumulative = np.cumsum(mixed)
    bins = _bin_of(held)
    fine = np.arange(len(mixed))
    if len(mixed) > MOST_CELLS:
        inside = (cumulative - mixed / 2) / cumulative[-1]
        fine = np.floor(inside * MOST_CELLS).astype(np.intp)
    starts = np.flatnonzero((np.diff(fine, prepend=-1) != 0) | (np.diff(bins, prepend=-1) != 0))
    ends = np.append(starts[1:], len(mixed)) - 1
    halves = (cumulative[starts] - mixed[starts] + cumulative[ends]) / 2
    middles = np.clip(np.searchsorted(cumulative, halves), starts, ends)
    return Layout(starts, np.flatnonzero(np.diff(bins[starts], prepend=-1) != 0), middles)


def unit_of(held: SideBySide, trim: float) -> tuple[float, float, str]:
    """What a Wasserstein distance is measured in, its kurtosis, and a note where it is not the usual.

    That is the standard deviation of the reference with its tails drawn in; of both where the reference
    is constant.
    """
    scale, kurtosis = scale_of(held.points, held.theirs, trim=trim)
    if scale > 0:
        return scale, kurtosis, ""
    p, q = held.shares
    scale, kurtosis = scale_of(held.points, p + q, trim=trim)
    note = "the reference is constant: in standard deviations of both together"
    return (scale, kurtosis, note) if scale > 0 else (1.0, 1.0, "")


def _bin_of(held: SideBySide) -> Places:
    """The bin of each number, shape (k,)."""
    points = held.points
    if held.exact and len(points) <= BINS:
        return np.arange(len(points))
    weight = held.theirs if held.theirs.any() else held.ours
    known, weight = points[weight > 0], weight[weight > 0]
    whole = np.array_equal(weight, np.rint(weight))
    n = np.rint(weight if whole else weight * (_FINE / weight.sum())).astype(np.int64)
    edges = quantile_edges(known, n, BINS)
    constant = (float(known[0]), float(np.nextafter(known[0], np.inf)))
    return np.searchsorted(np.array(edges or constant), points, side="right")
