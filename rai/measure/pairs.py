"""Every pair of groups on one metric: simultaneous interval, p-value, Holm's adjustment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rai.measure.contrasts import Contrasts, contrasts
from rai.measure.gaps import Compared, Question
from rai.measure.intervals import Critical
from rai.measure.measured import finite
from rai.measure.simultaneous import family_critical_value, holm
from rai.values import Pair, Pairs

Array = NDArray[np.float64]


def pairs(compared: Sequence[Compared], question: Question) -> Pairs:
    """All comparisons of the metrics given, as one family.

    Differences and ratios are signed: first group to second. A pair of proportions is tested by
    the score test with pooled variance, any other metric by its standard errors.
    """
    sets = [contrasts(c.measured, versus=question.versus, rest=c.rest) for c in compared]
    known = [s for s in sets if s is not None]
    if not known:
        return Pairs()
    rng = np.random.default_rng(question.seed)
    critical = family_critical_value(known, level=question.level, rng=rng)
    adjusted = iter(holm([p for s in known for p in _p_values(s)]))
    return Pairs(pair for s in known for pair in _rows(s, question, critical, adjusted))


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
            note="" if np.isfinite(values[i]) else "undefined: the rate compared with is 0",
        )
        for i in range(len(values))
    ]


def _p_values(family: Contrasts) -> list[float]:
    left, right = family.left, family.right
    difference = left.value - right.value
    if left.trials is not None and right.trials is not None:
        counts = left.value * left.trials + right.value * right.trials
        pooled = counts / (left.trials + right.trials)
        with np.errstate(divide="ignore"):
            variance = pooled * (1 - pooled) * (1 / left.trials + 1 / right.trials)
    else:
        variance = left.spread**2 + right.spread**2
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, np.abs(difference) / np.sqrt(variance), 0.0)
    return [math.erfc(float(x) / math.sqrt(2)) if np.isfinite(x) else 1.0 for x in z]
