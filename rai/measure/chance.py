"""What chance alone would show: draws in which all groups share one true value.

    null      the gap expected in such draws, in the metric's own units
    p_value   how often comparisons are as many standard errors apart as those seen

Far apart is measured in standard errors, as the intervals do; otherwise the smallest groups, whose
rates scatter most, would decide alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rai.measure.contrasts import Contrasts
from rai.measure.measured import WITHOUT_INTERVAL, Measured
from rai.measure.simultaneous import DRAWS, largest_statistic

Array = NDArray[np.float64]

_LARGE_COUNT = 25.0


def chance(
    families: Sequence[Contrasts], *, kind: str, combine: str, aggregate: str, rng: np.random.Generator
) -> tuple[float, float | None]:
    """The null gap and the p-value of a criterion; NaN and None for what has no error, such as counts.

    Args:
        families: The comparisons, one family per metric.
        kind: `difference` or `ratio`.
        combine: How several metrics become one gap, `worst_case` or `mean`.
        aggregate: How several comparisons do.
        rng: Source of the draws.
    """
    if any(family.measured.method in WITHOUT_INTERVAL for family in families):
        return float("nan"), None
    drawn = [(family, *_null_rates(family.measured, rng)) for family in families]
    sizes = np.stack([_sizes(family, rates, kind, aggregate) for family, rates, _ in drawn])
    worst = np.max if kind == "difference" else np.min
    combined = sizes.mean(axis=0) if combine == "mean" else worst(sizes, axis=0)
    known = combined[~np.isnan(combined)]
    null = float(known.mean()) if len(known) else float("nan")
    by_chance = np.max([largest_statistic(f, rates, spread) for f, rates, spread in drawn], axis=0)
    seen = max(
        float(largest_statistic(f, f.measured.value[None, :], spread)[0]) for f, _, spread in drawn
    )
    return null, float((1 + (by_chance >= seen * (1 - 1e-12)).sum()) / (1 + len(by_chance)))


def _sizes(family: Contrasts, rates: Array, kind: str, aggregate: str) -> Array:
    """Gap of one metric in draws where all groups share one true value, shape (draws,)."""
    rates = np.maximum(rates, 0.0) if kind == "ratio" else rates
    if family.all_pairs and aggregate == "worst_case":
        top, bottom = rates.max(axis=1), rates.min(axis=1)
        if kind == "difference":
            return np.asarray(top - bottom)
        return np.asarray(np.divide(bottom, top, out=np.full_like(top, np.nan), where=top > 0))
    values = family.values_of(rates, kind)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.abs(values) if kind == "difference" else np.minimum(values, 1 / values)
    if aggregate == "mean":
        nothing = np.isnan(sizes).all(axis=1, keepdims=True)
        return np.asarray(np.nanmean(np.where(nothing, 1.0, sizes), axis=1))
    filled = np.where(np.isnan(sizes), 0.0 if kind == "difference" else 1.0, sizes)
    return np.asarray(filled.max(axis=1) if kind == "difference" else filled.min(axis=1))


def _null_rates(measured: Measured, rng: np.random.Generator) -> tuple[Array, Array]:
    """Values of the groups where they all share one true value, (draws, g), and their errors, (g,)."""
    if measured.trials is not None:
        pooled = float(np.sum(measured.numerator) / np.sum(measured.denominator))
        rate, trials = min(max(pooled, 0.0), 1.0), np.maximum(np.rint(measured.trials), 1)
        return _drawn_rates(trials, rate, rng), np.sqrt(rate * (1 - rate) / trials)
    spread = measured.spread
    spread = np.where(np.isfinite(spread) & (spread > 0), spread, 0.0)
    with np.errstate(divide="ignore"):
        weight = np.where(spread > 0, 1 / spread**2, 0.0)
    pooled = float(np.average(measured.value, weights=weight if weight.sum() > 0 else None))
    return pooled + spread * rng.standard_normal((DRAWS, len(spread))), spread


def _drawn_rates(trials: Array, rate: float, rng: np.random.Generator) -> Array:
    """Rates in draws of that many trials each, shape (draws, g); normal where counts are large."""
    variance = rate * (1 - rate)
    rates = rate + np.sqrt(variance / trials) * rng.standard_normal((DRAWS, len(trials)))
    few = np.flatnonzero(trials * variance < _LARGE_COUNT)
    counts = rng.binomial(trials[few].astype(np.int64), rate, size=(DRAWS, len(few)))
    rates[:, few] = counts / trials[few]
    return rates
