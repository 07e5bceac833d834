"""What decisions cost, for each group: who pays for the errors.

tally (group × label × score), a threshold or one for each group ─▶ mean cost per row, group by group
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rai.measure.thresholds.judging import Cost, cost
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
            tally.having([each == key for each in keys]),
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
    rules = [Rule(key, (at[key],)) for key in tally.groups]
    found = cost(tally, rules, objective=objective, level=level) if tally.rows else Cost(None)
    base = Estimate(metric=NAME, group=group, value=None, level=level, method=METHOD, n=tally.rows)
    if found.value is None:
        return replace(base, note=f"undefined: no rows (n={tally.rows:,})")
    total = float((tally.n if tally.weight is None else tally.weight).sum())
    return replace(
        base,
        value=found.value,
        low=found.low,
        high=found.high,
        numerator=found.value * total,
        denominator=total,
    )
