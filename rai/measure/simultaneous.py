"""One critical value for a whole family of comparisons (max-T), and what chance alone would show.

The worst gap over many groups is a maximum, and a maximum has no honest percentile interval: with
equal groups it excludes the truth every time. Instead every comparison gets an interval from one
larger critical value c, such that all of them hold together at the stated level:

    c = quantile of  max over comparisons |Σ d_g σ_g Z_g| / √Σ d_g² σ_g²,   Z ~ N(0, 1)

Groups are independent, so only the standard errors σ_g matter; the score intervals that c goes
into take care of small counts. The bounds of the largest gap are then the largest of the bounds.

Source: Hothorn, Bretz and Westfall (2008), doi:10.1002/bimj.200810425.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rai.measure.contrasts import Contrasts
from rai.measure.intervals import Critical, critical_value

Array = NDArray[np.float64]

DRAWS = 1000
_FEWEST, _MOST, _STATISTICS = 2_000, 10_000, 100_000
_MANY, _CELLS = 1_000, 1 << 16  # cells at a time, few enough to stay close to the processor
_SPARED = 0.1


def family_critical_value(
    families: Sequence[Contrasts],
    *,
    level: float,
    rng: np.random.Generator,
    kind: str = "difference",
) -> Critical:
    """The critical value at which all comparisons of all families hold together.

    With all pairs of g groups the draws are calibrated by a twin whose answer is known: the same
    draws with equal standard errors, where the largest pair is the range of g normals. Beyond a
    thousand pairs that answer is used as it is, which is conservative (Hayter 1984).

    Counts are whole numbers, so coverage jumps around what is aimed at, by about half a point with
    40 rows. A tenth of the error is spared, so that it stays close to the level from below, too.

    Args:
        families: The comparisons, one family per metric.
        level: Simultaneous coverage.
        kind: `difference` or `ratio`: ratios are compared by relative errors.
        rng: Source of the normal draws: 2,000 to 10,000, fewer where there are many comparisons.

    Source: Hayter (1984), doi:10.1214/aos/1176346392.
    """
    single = critical_value(level)
    comparisons = sum(len(family.at) for family in families)
    if comparisons <= 1:
        return Critical(single)
    level = 1 - (1 - _SPARED) * (1 - level)
    groups = max(len(family.measured.groups) for family in families)
    every_pair = all(family.all_pairs for family in families)
    exact = (
        range_quantile(level ** (1 / len(families)), groups) / math.sqrt(2) if every_pair else math.nan
    )
    if every_pair and comparisons > _MANY:
        return Critical(exact, far=True)
    draws = int(np.clip(_STATISTICS // comparisons, _FEWEST, _MOST))
    largest, widest = np.zeros(draws), np.zeros(draws)
    for family in families:
        z = rng.standard_normal((draws, len(family.measured.groups)))
        relative = kind == "ratio"
        spread = family.measured.relative_spread if relative else family.measured.spread
        spread = np.nan_to_num(spread, posinf=0.0)
        scaled = family.relative() if relative else family
        np.maximum(largest, largest_statistic(scaled, z * spread, spread), out=largest)
        np.maximum(widest, np.ptp(np.asfortranarray(z), axis=1) / math.sqrt(2), out=widest)
    drawn = float(np.quantile(largest, level))
    if every_pair and len({len(family.measured.groups) for family in families}) == 1:
        drawn *= exact / float(np.quantile(widest, level))
    return Critical(max(single, drawn), far=True)


@lru_cache(maxsize=256)
def range_quantile(level: float, groups: int) -> float:
    """Quantile of the range of independent standard normals (Tukey's, infinite freedom).

    Example:
        >>> round(range_quantile(0.95, 10), 3)
        4.474

    Source: Tukey (1953); Harter (1960), doi:10.1214/aoms/1177705684.
    """
    z, step = np.linspace(-8, 8, 161, retstep=True)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    widths = np.linspace(0.0, 12.0, 1201)
    normal = NormalDist()
    whole = np.array([normal.cdf(end) for end in z])

    def cumulative(place: int) -> float:
        inside = whole - np.array([normal.cdf(end) for end in z - widths[place]])
        return float(groups * step * (density * inside ** (groups - 1)).sum())

    place = bisect_left(range(len(widths)), level, key=cumulative)
    near = range(max(place - 3, 0), min(place + 3, len(widths)))
    return float(np.interp(level, [cumulative(at) for at in near], widths[near.start : near.stop]))


def largest_statistic(family: Contrasts, values: Array, spread: Array) -> Array:
    """Largest comparison in units of its standard error, shape (draws,).

    Args:
        family: The comparisons.
        values: Values of the groups, shape (draws, g).
        spread: Their standard errors, shape (g,).
    """
    errors = family.errors(spread)
    scale = np.divide(1.0, errors, out=np.zeros_like(errors), where=errors > 0)
    step = max(1, _CELLS // len(errors))
    parts = [
        np.abs(family.values_of(values[i : i + step], "difference") * scale).max(axis=1)
        for i in range(0, len(values), step)
    ]
    return np.concatenate(parts)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given.

    Example:
        >>> [round(p, 6) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65.
    """
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(order), 0, -1)
    stepped = np.maximum.accumulate(np.asarray(p_values, float)[order] * factors)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]
