"""Inequality between groups: how unevenly the mean benefit is shared.

A row's benefit is b = ŷ − y + 1: nothing for a false negative, two for a false positive, one for
being right. The between-group part of the generalized entropy (α = 2) and of Theil's index is the
inequality that would remain if everyone received their group's mean.

The index can't be negative, so near 0 a bootstrap interval would miss the truth. Instead
2·N·μ²·GE / σ² is noncentral chi-square with g − 1 degrees of freedom, and the interval inverts it.

Source: Speicher et al. (2018), doi:10.1145/3219819.3220046; Steiger (2004),
doi:10.1037/1082-989X.9.2.164.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.measure.forms import ALL, FN, FP
from rai.measure.gaps import Question
from rai.measure.laws import effective_trials
from rai.measure.measured import finite
from rai.values import Confusion, Gap
from rai.values.levels import key_name

Array = NDArray[np.float64]


def between_group_index(confusion: Confusion, question: Question) -> Gap:
    """The between-group entropy or Theil index of the groups' mean benefits."""
    from scipy.special import chdtrc

    rows = ALL.of(confusion)
    kept = np.flatnonzero(rows > 0)
    n, trials = rows[kept], effective_trials(ALL, confusion)[kept]
    gained, lost = FP.of(confusion)[kept], FN.of(confusion)[kept]
    means = 1 + (gained - lost) / n
    share, mean = n / n.sum(), float(np.average(means, weights=n))
    if len(kept) < 2 or mean <= 0:
        reason = "fewer than two groups with rows" if len(kept) < 2 else "no benefit to share"
        return _gap(confusion, question, note=f"undefined: {reason}")
    relative = means / mean
    entropy = float(np.sum(share * (relative - 1) ** 2) / 2)
    safe = np.where(relative > 0, relative, 1.0)
    theil = float(np.sum(share * relative * np.log(safe)))
    variance = float(np.sum(share * ((gained + lost) / n - (means - 1) ** 2)))
    value = entropy if question.name == "between_group_entropy" else theil
    highest, lowest = (key_name(confusion.groups[kept[f(means)]]) for f in (np.argmax, np.argmin))
    if variance <= 0:
        note = "no interval: every row has the same benefit as the rest of its group"
        return _gap(confusion, question, value=value, highest=highest, lowest=lowest, note=note)
    unit = variance / (2 * float(trials.sum()) * mean**2)
    statistic, freedom = entropy / unit, len(kept) - 1
    low, high = (unit * x for x in noncentrality_bounds(statistic, freedom, level=question.level))
    stretch = value / entropy if entropy > 0 else 1.0
    return _gap(
        confusion, question, value=value, low=min(low * stretch, value), high=max(high * stretch, value),
        highest=highest, lowest=lowest, null=freedom * unit, p_value=float(chdtrc(freedom, statistic)),
    )  # fmt: skip


def noncentrality_bounds(statistic: float, freedom: int, *, level: float) -> tuple[float, float]:
    """Bounds of the noncentrality of a chi-square statistic, by inverting its distribution.

    Example:
        >>> low, high = noncentrality_bounds(20.0, 2, level=0.95)
        >>> round(low, 2), round(high, 2)
        (5.56, 40.17)
    """
    from scipy.special import chndtr, chndtrinc

    tail = (1 - level) / 2

    def solved(probability: float) -> float:
        if chndtr(statistic, freedom, 0.0) <= probability:
            return 0.0
        return float(chndtrinc(statistic, freedom, probability))

    return solved(1 - tail), solved(tail)


def _gap(
    confusion: Confusion,
    question: Question,
    *,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    highest: str | None = None,
    lowest: str | None = None,
    null: float | None = None,
    p_value: float | None = None,
    note: str = "",
) -> Gap:
    return Gap(
        metric=question.name, along=question.along, kind="index", versus="between_groups",
        value=None if value is None else finite(value), low=low, high=high, highest=highest,
        lowest=lowest, null=null, p_value=p_value, within=question.within, level=question.level,
        n=int(confusion.n.sum()), note=note,
    )  # fmt: skip
