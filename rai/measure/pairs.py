"""Every pair of groups on one metric: simultaneous interval, p-value, Holm's adjustment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.contrasts import Contrasts, contrasts
from rai.measure.gaps import Compared, Question
from rai.measure.intervals import Critical
from rai.measure.measured import finite
from rai.measure.simultaneous import family_critical_value, holm
from rai.values import Level, Pair, Pairs

Array = NDArray[np.float64]
Fixed = tuple[tuple[str, Level], ...]

_LARGE_EXPECTATION = 5.0


def pairs(
    compared: Sequence[Compared], question: Question, *, within: Sequence[Fixed] | None = None
) -> Pairs:
    """All comparisons of the metrics given, as one family.

    Differences and ratios are signed: first group to second. A pair of proportions is tested by
    the score test with pooled variance, or by Fisher's exact test where an expected count is below
    5; any other metric by its standard errors.

    Args:
        compared: The metrics.
        question: What is asked.
        within: What is held fixed in each metric, such as the class it looks at.

    Raises:
        ArgumentError: If a ratio is asked of a metric that can be negative.
    """
    signed = next((c.measured.name for c in compared if c.signed), None)
    if signed is not None and question.kind == "ratio":
        expected = "a metric that can't be negative"
        raise ArgumentError(sentence("kind", f"'ratio' of {signed!r}", expected=expected))
    sets = [contrasts(c.measured, versus=question.versus, rest=c.rest) for c in compared]
    fixed = [held for held, s in zip(within or [()] * len(sets), sets, strict=True) if s is not None]
    known = [s for s in sets if s is not None]
    if not known:
        return Pairs()
    rng = np.random.default_rng(question.seed)
    critical = family_critical_value(known, level=question.level, rng=rng, kind=question.kind)
    adjusted = iter(holm([p for s in known for p in _p_values(s)]))
    return Pairs(
        pair
        for s, held in zip(known, fixed, strict=True)
        for pair in _rows(s, replace(question, within=held), critical, adjusted)
    )


def _rows(
    family: Contrasts, question: Question, critical: Critical, adjusted: Iterator[float]
) -> list[Pair]:
    values = family.values(question.kind)
    low, high = family.bounds(question.kind, critical)
    p_values = _p_values(family)
    return [
        Pair(
            metric=family.measured.name,
            along=question.along,
            kind=question.kind,
            group=family.left_names[i],
            versus=family.right_names[i],
            value=finite(values[i]),
            low=finite(low[i]),
            high=finite(high[i]),
            p_value=p_values[i],
            p_adjusted=next(adjusted),
            within=question.within,
            note="" if np.isfinite(values[i]) else "undefined: the rate compared with is 0",
        )
        for i in range(len(values))
    ]


def _p_values(family: Contrasts) -> list[float]:
    left, right = family.left, family.right
    if left.trials is None or right.trials is None:
        errors = np.hypot(left.spread, right.spread)
        return _two_sided(left.value - right.value, errors)
    m, k = left.trials, right.trials
    x, y = left.value * m, right.value * k
    pooled = (x + y) / (m + k)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / k))
    p_values = _two_sided(left.value - right.value, errors)
    expected = np.minimum(pooled, 1 - pooled) * np.minimum(m, k)
    for place in np.flatnonzero(expected < _LARGE_EXPECTATION):
        p_values[place] = _exact(x[place], m[place], y[place], k[place])
    return p_values


def _two_sided(difference: Array, errors: Array) -> list[float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(errors > 0, np.abs(difference) / errors, 0.0)
    return [math.erfc(float(x) / math.sqrt(2)) if np.isfinite(x) else 1.0 for x in z]


def _exact(x: float, m: float, y: float, k: float) -> float:
    """Fisher's exact test of two proportions; effective counts are rounded."""
    from scipy.stats import fisher_exact

    table = np.rint([[x, m - x], [y, k - y]]).astype(np.int64)
    return float(fisher_exact(table).pvalue)
