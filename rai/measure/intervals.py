"""Intervals: one function each, vectorised, in terms of a critical value z.

    proportion  ── wilson ──┐
    any bounds ─────────────┼─ mover_difference (Newcombe's hybrid when the bounds are Wilson's)
                            ├─ mover_ratio
    two proportions ────────┴─ koopman_ratio

The critical value is an argument because the same functions serve one interval (z of the level)
and a whole family of them (the larger max-T value, see `simultaneous`).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rai.ground.checks import check_level
from rai.ground.errors import ArgumentError, sentence

Array = NDArray[np.float64]

_STEPS = 55  # halvings of a log ratio of 40: to the last bit
_WIDEST_LOG_RATIO = 40.0


class Bounds(NamedTuple):
    """Lower and upper bounds, arrays of one shape; NaN where there are none."""

    low: Array
    high: Array


class Critical(NamedTuple):
    """A critical value, and whether it serves a family of comparisons.

    Attributes:
        z: The critical value.
        far: Whether z reaches into tails where Wilson's interval is too short for small counts;
            Jeffreys' bounds are then taken where they are wider.
        exact: Whether each bound must be wrong no more often than its tail says, whatever the rates:
            Clopper and Pearson's bounds are then taken where they are wider.
    """

    z: float
    far: bool = False
    exact: bool = False


def critical_value(level: float) -> float:
    """The two-sided normal critical value of a coverage level.

    Example:
        >>> round(critical_value(0.95), 6)
        1.959964
    """
    return NormalDist().inv_cdf(0.5 + check_level(level) / 2)


def wilson(count: ArrayLike, n: ArrayLike, *, level: float = 0.95, z: float | None = None) -> Bounds:
    """Wilson score interval for a proportion.

    Good at small n and at 0 or 1, where the normal approximation collapses. Assumes independent
    rows; for weighted rows pass effective counts (Kish).

    Args:
        count: Successes, shape (g,), in [0, n].
        n: Trials, shape (g,); 0 gives NaN bounds, not an error.
        level: Two-sided coverage in (0, 1).
        z: Critical value; overrides `level`.

    Returns:
        Bounds in [0, 1], each shape (g,).

    Raises:
        ArgumentError: If a count lies outside [0, n].

    Example:
        >>> wilson([8], [10]).low.round(3)
        array([0.49])

    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    x, trials = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    wrong = np.flatnonzero(~((x >= 0) & (x <= trials * (1 + 1e-12))).ravel())
    if wrong.size:
        first = (x.ravel()[wrong[0]], trials.ravel()[wrong[0]])
        raise ArgumentError(
            sentence("wilson", f"count {first[0]:g} of n {first[1]:g}", expected="counts in [0, n]")
        )
    z = critical_value(level) if z is None else z
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / trials
        spread = z * np.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
        scale = 1 + z * z / trials
        centre = p + z * z / (2 * trials)
        low = np.where(x == 0, 0.0, np.maximum((centre - spread) / scale, 0.0))
        high = np.where(x >= trials, 1.0, np.minimum((centre + spread) / scale, 1.0))
    undefined = trials <= 0
    return Bounds(np.where(undefined, np.nan, low), np.where(undefined, np.nan, high))


def jeffreys(count: ArrayLike, n: ArrayLike, *, z: float) -> Bounds:
    """Jeffreys' equal-tailed interval for a proportion, at the tail area of a critical value.

    Follows the skewed tails of small counts far beyond two standard errors, where Wilson's interval
    is too short on the side of 1/2.

    Args:
        count: Successes, shape (g,), in [0, n].
        n: Trials, shape (g,); 0 gives NaN bounds.
        z: Critical value.

    Example:
        >>> [bound.round(3).tolist() for bound in jeffreys([6], [40], z=2.77)]
        [[0.042], [0.346]]

    Source: Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286; Cai (2005),
    doi:10.1016/j.jspi.2004.01.005.
    """
    from scipy.special import betaincinv, ndtr

    x, trials = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    known = trials > 0
    a, b = np.where(known, x, 0.0) + 0.5, np.where(known, np.maximum(trials - x, 0.0), 0.0) + 0.5
    low = np.where(x <= 0, 0.0, betaincinv(a, b, ndtr(-z)))
    high = np.where(x >= trials, 1.0, betaincinv(a, b, ndtr(z)))
    return Bounds(np.where(known, low, np.nan), np.where(known, high, np.nan))


def clopper_pearson(count: ArrayLike, n: ArrayLike, *, z: float) -> Bounds:
    """Clopper and Pearson's exact interval for a proportion, at the tail area of a critical value.

    Each bound is wrong no more often than the tail area, at any rate and any n; on average it is wrong
    less often. For decisions that must keep their error, where Wilson's interval keeps it on average.

    Args:
        count: Successes, shape (g,), in [0, n]; effective counts need not be whole.
        n: Trials, shape (g,); 0 gives NaN bounds.
        z: Critical value.

    Example:
        >>> [bound.round(4).tolist() for bound in clopper_pearson([8], [10], z=critical_value(0.95))]
        [[0.4439], [0.9748]]

    Source: Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    from scipy.special import betaincinv, ndtr

    x, trials = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    known = trials > 0
    hits = np.where(known, x, 0.0)
    misses = np.where(known, np.maximum(trials - x, 0.0), 0.0)
    with np.errstate(invalid="ignore"):
        low = np.where(hits <= 0, 0.0, betaincinv(hits, misses + 1, ndtr(-z)))
        high = np.where(misses <= 0, 1.0, betaincinv(hits + 1, misses, ndtr(z)))
    return Bounds(np.where(known, low, np.nan), np.where(known, high, np.nan))


def newcombe(
    count: ArrayLike, n: ArrayLike, *, other_count: ArrayLike, other_n: ArrayLike, level: float = 0.95
) -> Bounds:
    """Newcombe's hybrid score interval for a difference of two independent proportions.

    Args:
        count, n: Successes and trials of the first group, shape (g,).
        other_count, other_n: The same for the second group.
        level: Two-sided coverage in (0, 1).

    Returns:
        Bounds in [-1, 1] of first minus second, each shape (g,).

    Example:
        >>> [bound.round(4).tolist() for bound in newcombe([56], [70], other_count=[48], other_n=[80])]
        [[0.0524], [0.3339]]

    Source: Newcombe (1998), method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    x, m = np.asarray(count, float), np.asarray(n, float)
    y, k = np.asarray(other_count, float), np.asarray(other_n, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = x / m, y / k
    return mover_difference(
        p, wilson(x, m, level=level), other=q, other_bounds=wilson(y, k, level=level)
    )


def mover_difference(value: Array, bounds: Bounds, *, other: Array, other_bounds: Bounds) -> Bounds:
    """Bounds of a difference of two independent estimates, from the bounds of each.

    Source: Zou and Donner (2008), doi:10.1002/sim.3095.
    """
    d = value - other
    low = d - np.hypot(value - bounds.low, other_bounds.high - other)
    high = d + np.hypot(bounds.high - value, other - other_bounds.low)
    return Bounds(low, high)


def mover_sum(value: Array, bounds: Bounds, *, weights: Array) -> Bounds:
    """Bounds of a weighted sum of independent estimates, summed over the last axis.

    Args:
        value: Estimates, shape (..., s).
        bounds: Their bounds, the same shape.
        weights: Non-negative weights, broadcast to the same shape.
    """
    total = np.sum(weights * value, axis=-1)
    low = total - np.sqrt(np.sum((weights * (value - bounds.low)) ** 2, axis=-1))
    high = total + np.sqrt(np.sum((weights * (bounds.high - value)) ** 2, axis=-1))
    return Bounds(low, high)


def mover_ratio(value: Array, bounds: Bounds, *, other: Array, other_bounds: Bounds) -> Bounds:
    """Bounds of a ratio of two independent non-negative estimates, from the bounds of each.

    The upper bound is infinite where the denominator's interval reaches 0.

    Source: Donner and Zou (2012), doi:10.1177/0962280210383498.
    """
    (low1, high1), (low2, high2) = bounds, other_bounds
    with np.errstate(invalid="ignore", divide="ignore"):
        product = value * other
        low_root = product**2 - low1 * high2 * (2 * value - low1) * (2 * other - high2)
        low = (product - np.sqrt(np.maximum(low_root, 0.0))) / (high2 * (2 * other - high2))
        flat = np.isclose(2 * other, high2, rtol=1e-9)
        low = np.where(flat, low1 * (2 * value - low1) / (2 * product), low)
        high_root = product**2 - high1 * low2 * (2 * value - high1) * (2 * other - low2)
        high = (product + np.sqrt(np.maximum(high_root, 0.0))) / (low2 * (2 * other - low2))
    low = np.where(value <= 0, 0.0, np.maximum(low, 0.0))
    high = np.where((low2 <= 0) | (other <= 0), np.inf, high)
    undefined = np.isnan(value) | np.isnan(other)
    return Bounds(np.where(undefined, np.nan, low), np.where(undefined, np.nan, high))


def koopman_ratio(
    count: ArrayLike,
    n: ArrayLike,
    *,
    other_count: ArrayLike,
    other_n: ArrayLike,
    level: float = 0.95,
    z: float | None = None,
) -> Bounds:
    """Koopman's score interval for a ratio of two independent proportions.

    Args:
        count, n: Successes and trials of the numerator's group, shape (g,).
        other_count, other_n: The same for the denominator's group.
        level: Two-sided coverage in (0, 1).
        z: Critical value; overrides `level`.

    Returns:
        Bounds in [0, inf], each shape (g,); both are 0 and inf where nothing succeeded anywhere.

    Example:
        >>> low, high = koopman_ratio([805], [1795], other_count=[349], other_n=[1488])
        >>> low.round(4).tolist(), high.round(4).tolist()
        ([1.7226], [2.1256])

    Source: Koopman (1984), doi:10.2307/2531405.
    """
    x, m, y, k = np.broadcast_arrays(
        *(np.asarray(part, float) for part in (count, n, other_count, other_n))
    )
    z = critical_value(level) if z is None else z
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        centre = np.log((x / m) / (y / k))
        centre = np.clip(np.nan_to_num(centre, nan=0.0), -_WIDEST_LOG_RATIO / 2, _WIDEST_LOG_RATIO / 2)
        low = _solve_score((x, m, y, k), centre, toward=-1.0, z=z)
        high = _solve_score((x, m, y, k), centre, toward=1.0, z=z)
    low = np.where(x <= 0, 0.0, low)
    high = np.where(y <= 0, np.inf, high)
    undefined = (m <= 0) | (k <= 0)
    return Bounds(np.where(undefined, np.nan, low), np.where(undefined, np.nan, high))


def _solve_score(
    counts: tuple[Array, Array, Array, Array], centre: Array, *, toward: float, z: float
) -> Array:
    """The ratio at which the score statistic reaches z, by bisection on the log scale."""
    step = (toward * _WIDEST_LOG_RATIO - centre) / 2
    reached = centre + step
    for _ in range(_STEPS):
        step = step / 2
        reached = reached + np.where(_within(*counts, ratio=np.exp(reached), z=z), step, -step)
    return np.asarray(np.exp(reached))


def _within(x: Array, m: Array, y: Array, k: Array, *, ratio: Array, z: float) -> NDArray[np.bool_]:
    """Whether the score statistic of a ratio is at most z."""
    above, below = (m + y) * ratio, x + k
    root = np.sqrt((above - below) ** 2 + 4 * ratio * (m - x) * (k - y))  # no term below 0
    q = 2 * (x + y) / (above + below + root)
    p = np.minimum(ratio * q, 1.0)
    variance = p * (1 - p) / m + ratio**2 * q * (1 - q) / k
    return np.asarray((x / m - ratio * (y / k)) ** 2 <= z * z * variance)
