"""Gaps with something held fixed and then pooled, so that Simpson's paradox shows.

    standardized      every group gets the same mix of strata; rates are averaged with it
    mantel_haenszel   one common odds ratio over the strata, with the CMH test

A stratum counts only where every compared group has a value in it; what is left out is named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import counted, readable
from rai.measure.contrasts import BETWEEN
from rai.measure.gaps import Compared, Question, gap
from rai.measure.intervals import Bounds, critical_value, mover_sum
from rai.measure.measured import Measured, finite
from rai.measure.simultaneous import holm
from rai.values import Gap, Key
from rai.values.levels import key_name, key_order

Array = NDArray[np.float64]

METHODS = ("standardized", "mantel_haenszel")


def standardized_gap(strata: Sequence[Measured], question: Question, *, signed: bool = False) -> Gap:
    """The gap of rates standardized to the common mix of strata.

    Args:
        strata: The metric of the groups within each stratum.
        question: What is asked.
        signed: Whether the metric can be negative, so that ratios make no sense.

    Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, section 2.2.
    """
    measured = standardized(strata)
    answer = gap([Compared(measured, lambda: measured, signed)], question)
    if not measured.defined.any():
        return replace(answer, note="undefined: no level in which every group has a value")
    note = "; ".join(part for part in (answer.note, _skipped(strata)) if part)
    return replace(answer, note=note)


def standardized(strata: Sequence[Measured]) -> Measured:
    """Rates of the groups, each averaged over strata with the shares of all groups together."""
    groups, values, denominators = _aligned(strata)
    usable = ~np.isnan(values).any(axis=0)
    weights = np.nansum(denominators, axis=0) * usable
    weights = weights / weights.sum() if weights.sum() > 0 else weights
    kept = [int(place) for place in np.flatnonzero(usable)]
    some = values[:, kept]
    value = (some * weights[kept]).sum(axis=1) if kept else np.full(len(groups), np.nan)

    def bounds(z: float) -> Bounds:
        sides = [strata[s].bounds(z) for s in kept]
        order = [[strata[s].groups.index(key) for key in groups] for s in kept]
        low, high = (
            np.stack([side[i][at] for side, at in zip(sides, order, strict=True)], axis=1)
            if len(kept) else np.full((len(groups), 1), np.nan)
            for i in range(2)
        )  # fmt: skip
        if not len(kept):
            return Bounds(low[:, 0], high[:, 0])
        return mover_sum(some, Bounds(low, high), weights=weights[kept])

    n = np.array([sum(_rows_of(s, key) for s in strata) for key in groups], dtype=np.int64)
    nothing = np.full(len(groups), np.nan)
    reason = "" if kept else "undefined: no level in which every group has a value"
    return Measured(
        strata[0].name, strata[0].axes, groups, value, bounds, n, (reason,) * len(groups),
        "standardized", nothing, nothing,
    )  # fmt: skip


def mantel_haenszel_gap(strata: Sequence[Measured], question: Question) -> Gap:
    """The most extreme common odds ratio over all pairs of groups, folded below 1.

    Its interval is Robins, Breslow and Greenland's, at a level shared out over the pairs
    (Bonferroni); the p-value is the Cochran–Mantel–Haenszel test's, Holm-adjusted.

    Args:
        strata: A proportion of the groups within each stratum.
        question: What is asked.

    Source: Mantel and Haenszel (1959), JNCI 22:719; Robins et al. (1986), doi:10.2307/2531052.
    """
    groups, values, trials = _aligned(strata, effective=True)
    names = [key_name(key) for key in groups]
    pairs = [
        (i, j)
        for i, j in combinations(range(len(groups)), 2)
        if question.versus == BETWEEN or question.versus in {names[i], names[j]}
    ]
    tables = [_tables(values[[i, j]], trials[[i, j]]) for i, j in pairs]
    ratios = np.array([common_odds_ratio(table) for table in tables])
    base = Gap(
        metric=question.name, along=question.along, kind="odds_ratio", versus=question.versus,
        value=None, within=question.within, level=question.level,
        n=sum(int(s.n.sum()) for s in strata),
    )  # fmt: skip
    known = np.flatnonzero(~np.isnan(ratios))
    if not len(known):
        return replace(base, note="undefined: no level in which two groups have both outcomes")
    with np.errstate(divide="ignore"):
        sizes = np.abs(np.log(ratios[known]))
    worst = int(known[np.argmax(sizes)])
    low, high = _odds_ratio_bounds(tables[worst], 1 - (1 - question.level) / len(pairs))
    i, j = pairs[worst]
    ratio = float(ratios[worst])
    if ratio > 1:
        i, j, ratio = j, i, 1 / ratio
        low, high = (1 / high if high > 0 else math.nan), (1 / low if low > 0 else math.inf)
    notes = [
        "common odds ratio, lowest to highest; parity is 1",
        f"over {counted(len(tables[worst]), 'level')}",
    ]
    if ratio == 0:
        notes.append("no interval: the odds of one group are 0 throughout")
    p_values = holm([cmh_test(tables[place]) for place in known])
    return replace(
        base, value=ratio, low=finite(low), high=finite(high), highest=names[j],
        lowest=names[i], p_value=p_values[int(np.argmax(sizes))],
        note="; ".join(notes),
    )  # fmt: skip


def common_odds_ratio(tables: Array) -> float:
    """Mantel–Haenszel's common odds ratio of 2 × 2 tables, shape (s, 2, 2): group × (yes, no).

    Example:
        >>> round(common_odds_ratio(np.array([[[512, 313], [89, 19]], [[353, 207], [17, 8]]])), 4)
        0.4252
    """
    n = tables.sum(axis=(1, 2))
    up = (tables[:, 0, 0] * tables[:, 1, 1] / n).sum()
    down = (tables[:, 0, 1] * tables[:, 1, 0] / n).sum()
    return float(up / down) if down > 0 else math.inf if up > 0 else math.nan


def cmh_test(tables: Array) -> float:
    """p-value of the Cochran–Mantel–Haenszel test with continuity correction.

    Args:
        tables: 2 × 2 tables, shape (s, 2, 2): group × (yes, no).
    """
    from scipy.special import chdtrc

    n = tables.sum(axis=(1, 2))
    row, column = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1)
    expected = row * column / n
    variance = row * (n - row) * column * (n - column) / (n**2 * np.maximum(n - 1, 1))
    if variance.sum() <= 0:
        return 1.0
    distance = max(abs(float((tables[:, 0, 0] - expected).sum())) - 0.5, 0.0)
    return float(chdtrc(1, distance**2 / variance.sum()))


def _odds_ratio_bounds(tables: Array, level: float) -> tuple[float, float]:
    if not 0 < common_odds_ratio(tables) < math.inf:
        return math.nan, math.nan
    n = tables.sum(axis=(1, 2))
    a, b, c, d = tables[:, 0, 0], tables[:, 0, 1], tables[:, 1, 0], tables[:, 1, 1]
    p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    centre, reach = math.log(r.sum() / s.sum()), critical_value(level) * math.sqrt(variance)
    return math.exp(centre - reach), math.exp(centre + reach)


def _tables(values: Array, trials: Array) -> Array:
    """Strata with rows of both groups as tables, shape (s, 2, 2)."""
    usable = (~np.isnan(values)).all(axis=0) & (trials > 0).all(axis=0)
    yes = values[:, usable] * trials[:, usable]
    no = trials[:, usable] - yes
    return np.stack([yes, no], axis=-1).transpose(1, 0, 2)


def _aligned(
    strata: Sequence[Measured], *, effective: bool = False
) -> tuple[tuple[Key, ...], Array, Array]:
    """Groups, values and denominators (or effective trials), shape (g, s); NaN where absent."""
    groups = tuple(sorted({key for s in strata for key in s.groups}, key=key_order))
    values, sizes = np.full((2, len(groups), len(strata)), np.nan)
    for place, stratum in enumerate(strata):
        rows = [groups.index(key) for key in stratum.groups]
        values[rows, place] = stratum.value
        sizes[rows, place] = stratum.trials if effective and stratum.trials is not None else (
            stratum.denominator if stratum.trials is not None else stratum.n
        )  # fmt: skip
    return groups, values, sizes


def _rows_of(stratum: Measured, key: Key) -> int:
    return int(stratum.n[stratum.groups.index(key)]) if key in stratum.groups else 0


def _skipped(strata: Sequence[Measured]) -> str:
    _, values, _ = _aligned(strata)
    left = int(np.isnan(values).any(axis=0).sum())
    if not left:
        return f"over {counted(len(strata), 'level')}"
    name = readable(strata[0].name)
    return f"over {len(strata) - left} of {len(strata)} levels; in the others a group has no {name}"
