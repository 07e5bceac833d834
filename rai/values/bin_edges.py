"""Edges of bins, from the distinct numbers of a column and how often each occurs.

    equal width   17 … 90, 10 bins        ──▶  10, 20, 30, … 90      round numbers, for people to read
    quantile      as many rows in each    ──▶  17, 28, 37, 48, 90    values that occur; ties together
    dates         2019-02-11 … 2024-07-30 ──▶  2019, 2020, … 2025    seconds, hours, days, months, years

A bin holds its lower edge, the last one both. Dates are days since 1970.

Source: Freedman and Diaconis (1981), doi:10.1007/BF01025868, for the width of bins.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from math import ceil, floor, isfinite, log2, log10

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_FINE = 100  # the most bins that Freedman and Diaconis are followed to
STEPS = (10, 20, 25, 50)  # round steps, in tenths of a power of ten

_FOR_ENDS = 10  # the only bin there is ends where so many would
_SECONDS = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200)
_DAY = 86_400
_DAYS = ((1, 0), (7, 4))  # every day; every Monday, of which 1970-01-05 was one
_MONTHS = (1, 3, 6)
_YEAR_0 = 1970 * 12  # months from it to 1970, so that centuries start where they do
_HIGHEST = 310  # powers of ten beyond all doubles
_LEAST, _MOST = 1e-290, 1e300  # below and above steps lose digits, or don't fit


def nice_edges(low: float, high: float, bins: int, *, whole: bool = False) -> Array:
    """Edges of at most so many bins of equal width, at round numbers, that cover a range.

    Steps are 1, 2, 2.5 or 5 times a power of ten, the finest that will do. Where doubles are too few for
    that (numbers that differ in their last digits only) the edges are as even as can be.

    Args:
        low, high: The finite range to cover.
        bins: The most bins.
        whole: Whether the numbers are whole, so that edges are too.

    Example:
        >>> nice_edges(17, 90, 10).tolist()
        [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]
        >>> nice_edges(0.12, 0.31, 4).tolist()
        [0.1, 0.2, 0.3, 0.4]
    """
    low, high = float(low), float(high)
    if low == high:
        return _around(low)
    if bins == 1:
        return nice_edges(low, high, _FOR_ENDS, whole=whole)[[0, -1]]
    rough = max(high / bins - low / bins, 1.0 if whole else 0.0)
    for tenths, power in round_steps(rough) if rough > _LEAST else ():
        edges = _multiples(low, high, tenths, power, most=bins, whole=whole)
        if edges is not None:
            return edges
    if high - low < _MOST:
        return np.unique(np.linspace(low, high, bins + 1))
    shares = np.arange(bins + 1) / bins
    return low * (1 - shares) + high * shares


def round_steps(rough: float) -> Iterator[tuple[int, int]]:
    """Round steps from the first that is no shorter than a rough one, over a hundredfold.

    Each is a number of tenths of a power of ten, so that multiples of it can be had exactly.

    Example:
        >>> list(round_steps(0.07))[:5]
        [(10, -1), (20, -1), (25, -1), (50, -1), (10, 0)]
    """
    exponent = floor(log10(rough))
    for power in range(exponent, min(exponent + 3, _HIGHEST)):
        for tenths in STEPS:
            if power > exponent or tenths / 10 * 10.0**power >= rough * (1 - 1e-9):
                yield tenths, power


def date_edges(low: float, high: float, bins: int) -> Array:
    """Edges of at most so many bins, at full seconds, minutes, hours, days, weeks, months or years.

    The last edge lies after the last date. Where both ends are full days no bin is shorter than one.

    Args:
        low, high: The range to cover, in days since 1970.
        bins: The most bins.

    Example:
        >>> date_edges(17_928.3, 18_634.0, 4).astype("datetime64[D]").astype(str).tolist()
        ['2019-01-01', '2020-01-01', '2021-01-01', '2022-01-01']
    """
    if bins == 1:
        return np.array([floor(low), floor(high) + 1.0])
    return next(edges for edges in _date_ladder(low, high, bins) if len(edges) - 1 <= bins)


def quantile_edges(points: Array, n: Counts, groups: int) -> tuple[float, ...]:
    """Edges between groups of about as many rows each; an edge is a value that occurs.

    Ties stay together, so that fewer groups may come out. Where the lowest value fills the first groups
    it is one group and all others are cut from it.

    Args:
        points: Distinct numbers, rising, shape (k,).
        n: How often each occurs, shape (k,).
        groups: How many groups are wanted.

    Example:
        >>> quantile_edges(np.array([20.0, 30, 40, 50, 60, 70]), np.array([1, 3, 1, 1, 1, 1]), 4)
        (30.0, 40.0, 60.0)
        >>> quantile_edges(np.array([0.0, 5, 9]), np.array([7, 1, 1]), 4)
        (5.0,)
    """
    if len(points) < 2:
        return ()
    ranks = np.ceil(np.arange(1, groups) / groups * (n.sum() - 1))
    edges = points[np.searchsorted(np.cumsum(n), ranks, side="right")]
    return tuple(np.unique(np.maximum(edges, points[1])).tolist())


def freedman_diaconis(points: Array, n: Counts, *, most: int = MOST_FINE) -> int:
    """How many bins of the width `2 IQR n^(-1/3)` cover the numbers; Sturges' number where the IQR is 0.

    Args:
        points: Distinct numbers, rising, shape (k,).
        n: How often each occurs, shape (k,).
        most: The most bins.

    Example:
        >>> freedman_diaconis(np.arange(1000.0), np.ones(1000, dtype=np.int64))
        10
    """
    rows = int(n.sum())
    if rows == 0:
        return 1
    between = _at_share(points, n, 0.75) / 4 - _at_share(points, n, 0.25) / 4  # halves don't overflow
    width = 2 * between / rows ** (1 / 3)
    reach = float(points[-1]) / 4 - float(points[0]) / 4
    wanted = reach / width if width > 0 and isfinite(width) else log2(rows) + 1
    return max(1, ceil(min(wanted, most)))


def _around(number: float) -> Array:
    """The edges of a bin about one number."""
    reach = max(0.5, abs(number) / 100)
    if abs(number) > 1e308:
        return np.sort([number / 2, number])
    return np.array([number - reach, number + reach])


def _at_share(points: Array, n: Counts, share: float) -> float:
    """The number at a share of the rows, linear between neighbours, rounded as NumPy does."""
    rank = share * (int(n.sum()) - 1)
    at = np.searchsorted(np.cumsum(n), [floor(rank), ceil(rank)], side="right")
    below, above = points[at].tolist()
    part, apart = rank % 1, above - below
    return float(below + apart * part if part < 0.5 else above - apart * (1 - part))


def _multiples(
    low: float, high: float, tenths: int, power: int, *, most: int, whole: bool
) -> Array | None:
    """Multiples of a step that cover a range; None if they are too many, or the step isn't whole."""
    step = tenths * 10.0 ** (power - 1)
    if whole and power < 1 and tenths % 10 ** (1 - power):
        return None
    first, last = floor(low / step) - 1, ceil(high / step) + 1
    if last - first - 2 > most + 2:
        return None
    places = np.arange(first, last + 1, dtype=np.float64) * tenths
    with np.errstate(over="ignore"):
        edges = places * 10.0 ** (power - 1) if power >= 1 else places / 10.0 ** (1 - power)
    below, above = np.flatnonzero(edges <= low), np.flatnonzero(edges >= high)
    if not len(below) or not len(above) or not np.isfinite(edges[[below[-1], above[0]]]).all():
        return None
    edges = edges[below[-1] : above[0] + 1]
    return edges if len(edges) - 1 <= most and (np.diff(edges) > 0).all() else None


def _date_ladder(low: float, high: float, bins: int) -> Iterator[Array]:
    """Edges that cover a range of dates, finer ones first."""
    days = float(low).is_integer() and float(high).is_integer()
    for seconds in () if days else _SECONDS:
        if (high - low) * _DAY / seconds <= bins:
            first, last = floor(low * _DAY / seconds) - 1, floor(high * _DAY / seconds) + 2
            yield _covering(np.arange(first, last + 1) * float(seconds) / _DAY, low, high)
    for step, origin in _DAYS:
        if (high - low) / step <= bins:
            first, last = floor((low - origin) / step), floor((high - origin) / step)
            yield origin + np.arange(first, last + 2, dtype=np.float64) * step
    ends = np.floor([low, high]).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    years = (12 * times * 10**power for power in count() for times in (1, 2, 5))
    for step in chain(_MONTHS, years):
        first, last = (ends + _YEAR_0) // step
        edges = np.arange(first, last + 2) * step - _YEAR_0
        yield edges.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)


def _covering(edges: Array, low: float, high: float) -> Array:
    """The edges from the last one at or below a range to the first one above it."""
    first = int(np.searchsorted(edges, low, side="right")) - 1
    return edges[max(first, 0) : int(np.searchsorted(edges, high, side="right")) + 1]
