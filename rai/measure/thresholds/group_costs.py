"""What decisions cost, for each group: who pays for the errors.

tally (group × label × score), a threshold or one for each group ─▶ mean cost per row, group by group
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.measure.thresholds.judging import cost, decided
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule
from rai.values import Estimate, Estimates, Key, Level, Tally

NAME, METHOD = "cost_per_row", "mean of rows"


def group_costs(
    tally: Tally,
    *,
    axes: tuple[str, ...],
    threshold: float | Mapping[Key, float],
    objective: Objective,
    level: float,
) -> Estimates:
    """The mean cost of a row in each group of some axes, with its interval.

    Args:
        tally: Scores of two classes.
        axes: What makes the groups; none for everyone together.
        threshold: One, or that of each group of the tally.
        objective: Its prices.
        level: Coverage of the intervals.
    """
    tally.confusion(threshold)  # says what is wrong with a threshold
    at = threshold if isinstance(threshold, Mapping) else dict.fromkeys(tally.groups, threshold)
    places = [tally.axes.index(axis) for axis in axes]
    keys = [tuple(group[place] for place in places) for group in tally.groups]
    return Estimates(
        _of_group(
            _only(tally, np.flatnonzero([each == key for each in keys])),
            tuple(zip(axes, key, strict=True)),
            at,
            objective,
            level,
        )
        for key in tally.by(*axes).groups
    )


def _of_group(
    tally: Tally,
    group: tuple[tuple[str, Level], ...],
    at: Mapping[Key, float],
    objective: Objective,
    level: float,
) -> Estimate:
    base = Estimate(metric=NAME, group=group, value=None, level=level, method=METHOD)
    if not tally.rows:
        return replace(base, note="undefined: no rows (n=0)")
    rules = [Rule(key, (at[key],)) for key in tally.groups]
    found = cost(tally, rules, objective=objective, level=level)
    weight = decided(tally, rules).weight
    total = float(weight.sum())
    lost = objective.loss(positives=total, negatives=0.0).over(weight.sum(axis=0)) * total
    return replace(
        base,
        value=found.value,
        low=found.low,
        high=found.high,
        numerator=float(lost),
        denominator=total,
        n=tally.rows,
    )


def _only(tally: Tally, kept: NDArray[np.intp]) -> Tally:
    """Some groups of a tally."""
    return replace(
        tally,
        groups=tuple(tally.groups[place] for place in kept),
        n=tally.n[kept],
        weight=None if tally.weight is None else tally.weight[kept],
        weight_sq=None if tally.weight_sq is None else tally.weight_sq[kept],
    )
