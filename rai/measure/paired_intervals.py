"""Intervals for the difference of two numbers that were measured on the same rows.

rates with one denominator ── tango ─▶ holds with few, or no, rows that differ
anything else ── correlated_mover ───▶ from the bounds of each, and how they vary together
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rai.measure.intervals import Bounds, critical_value

Array = NDArray[np.float64]

_STEPS = 50
_FURTHEST = 40.0  # standard errors; beyond it a p-value is 0


def tango(
    gained: ArrayLike,
    lost: ArrayLike,
    *,
    n: ArrayLike,
    level: float = 0.95,
    z: float | Array | None = None,
) -> Bounds:
    """Tango's score interval for a difference of two paired proportions, second minus first.

    It is the set of differences that McNemar's test, made for any difference and not only 0, does not
    reject. So it has a width where no row differs, and leaves 0 out exactly where McNemar's test does.

    Args:
        gained: Rows that succeed in the second only, shape (g,).
        lost: Rows that succeed in the first only, shape (g,).
        n: All rows, shape (g,); 0 gives NaN bounds.
        level: Two-sided coverage in (0, 1).
        z: Critical value; overrides `level`.

    Example:
        >>> low, high = tango([1], [7], n=[21])
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([-0.517], [-0.026])

    Source: Tango (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B; the
    example: Fagerland, Lydersen and Laake (2014), doi:10.1002/sim.6148.
    """
    b, c, rows = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (gained, lost, n)))
    z = critical_value(level) if z is None else z
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.clip((b - c) / rows, -1.0, 1.0)
        low, high = (_solved(b, c, rows, value, toward=end, z=z) for end in (-1.0, 1.0))
    known = rows > 0
    return Bounds(np.where(known, low, np.nan), np.where(known, high, np.nan))


def correlated_mover(
    value: Array, bounds: Bounds, *, other: Array, other_bounds: Bounds, correlation: Array
) -> Bounds:
    """Bounds of a difference of two estimates that vary together, from the bounds of each.

    Args:
        value: The estimates, shape (g,).
        bounds: Their bounds.
        other, other_bounds: What is taken from them.
        correlation: Correlation of the two estimates, shape (g,).

    Source: Zou (2007), doi:10.1037/1082-989X.12.4.399; for proportions Newcombe (1998), method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    difference = value - other
    below, above = value - bounds.low, other_bounds.high - other
    low = difference - np.sqrt(np.maximum(below**2 + above**2 - 2 * correlation * below * above, 0.0))
    above, below = bounds.high - value, other - other_bounds.low
    high = difference + np.sqrt(np.maximum(below**2 + above**2 - 2 * correlation * below * above, 0.0))
    return Bounds(low, high)


def p_values(value: Array, bounds: Callable[[Array], Bounds]) -> Array:
    """1 − the largest level at which the interval leaves 0 out, shape (g,); NaN without bounds.

    Args:
        value: The estimates, shape (g,).
        bounds: From critical values, one for each estimate, to their bounds.

    Example:
        >>> p_values(np.array([-6 / 21]), lambda z: tango([1], [7], n=[21], z=z)).round(4).tolist()
        [0.0339]
    """
    inner, outer = np.zeros(len(value)), np.full(len(value), _FURTHEST)
    with np.errstate(invalid="ignore"):
        for _ in range(_STEPS):
            middle = (inner + outer) / 2
            low, high = bounds(middle)
            outside = np.where(value > 0, low > 0, high < 0) & (value != 0)
            inner, outer = np.where(outside, middle, inner), np.where(outside, outer, middle)
        low, high = bounds(np.ones(len(value)))
    found = np.array([2 * NormalDist().cdf(-z) for z in inner])
    return np.where(np.isnan(value) | np.isnan(low) | np.isnan(high), np.nan, found)


def _solved(b: Array, c: Array, n: Array, value: Array, *, toward: float, z: float | Array) -> Array:
    """The difference at which the score statistic reaches z, by bisection."""
    inner, outer = value.copy(), np.full_like(value, toward)
    for _ in range(_STEPS):
        middle = (inner + outer) / 2
        keeps = -toward * _statistic(b, c, n, middle) < z
        inner, outer = np.where(keeps, middle, inner), np.where(keeps, outer, middle)
    return np.asarray((inner + outer) / 2)


def _statistic(b: Array, c: Array, n: Array, difference: Array) -> Array:
    """How many standard errors the counts lie above a difference."""
    linear = -b - c + (2 * n - b + c) * difference
    constant = -c * difference * (1 - difference)
    root = np.sqrt(np.maximum(linear**2 - 8 * n * constant, 0.0))
    rate = np.maximum((root - linear) / (4 * n), 0.0)  # of rows lost, at this difference
    variance = np.maximum(n * (2 * rate + difference * (1 - difference)), 0.0)
    above = b - c - n * difference
    certain = np.where(above == 0, 0.0, np.copysign(np.inf, above))
    return np.where(variance > 0, above / np.sqrt(variance), certain)
