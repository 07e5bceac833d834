"""Threshold plans as text: a table of the groups under one plan, and one that compares plans.

PlanEvaluation ──▶ PlanTable: heads, one row per group and threshold
several of them ──▶ ComparedPlan: strategy, thresholds, gap that is left, cost, price
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rai.ground.formatting import TIMES, counted
from rai.measure.thresholds.judging import Cost
from rai.measure.thresholds.rules import Rule
from rai.reports.words import bounds, clean, figure, name, percent
from rai.thresholds import PlanEvaluation
from rai.thresholds.evaluations import SHOWN
from rai.values.levels import EVERYONE, key_name

FEW_GROUPS = 4
MOST_ROWS = 60
_NAME_LENGTH = 40

Figure = tuple[str, str]  # a value and its interval as text
NO_FIGURE: Figure = ("–", "")


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The groups under one plan.

    Args:
        heads: Names of the columns of numbers.
        rows: Name of the group, and its numbers; one row per threshold.
        left_out: Rows that are not shown.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """One plan beside others.

    Args:
        strategy: Its strategy, in words.
        thresholds: Lines that tell its thresholds.
        gap: The gap that is left, and its interval.
        cost: The objective, and its interval.
        price: How much more that is than without the constraint, and its interval.
    """

    strategy: str
    thresholds: tuple[str, ...]
    gap: Figure
    cost: Figure
    price: Figure


def plan_table(found: PlanEvaluation) -> PlanTable:
    """The groups under a plan, one row per threshold; shares only where decisions are drawn by lot."""
    drawn = any(rule.drawn for rule in found.rules)
    heads = ("n", "threshold", *(("share",) if drawn else ()), *map(name, SHOWN))
    rows = [
        (
            clean(TIMES.join(str(row[axis]) for axis in found.confusion.axes), most=_NAME_LENGTH)
            or EVERYONE,
            (
                figure(row["n"]),
                figure(row["threshold"]) if row["threshold"] is not None else str(row["selects"]),
                *((figure(row["share"]),) if drawn else ()),
                *(figure(row[metric]) for metric in SHOWN),
            ),
        )
        for row in found.to_dicts()
    ]
    return PlanTable(heads, tuple(rows[:MOST_ROWS]), max(len(rows) - MOST_ROWS, 0))


def compared(evaluations: Sequence[PlanEvaluation]) -> tuple[ComparedPlan, ...]:
    """One row per plan, all judged on the same rows."""
    return tuple(
        ComparedPlan(
            name(found.strategy),
            threshold_lines(found.rules),
            _gap(found),
            _costed(found.cost),
            NO_FIGURE if found.strategy == "group_thresholds" else _costed(found.price),
        )
        for found in evaluations
    )


def comparison_heads(found: PlanEvaluation) -> tuple[str, str, str]:
    """Heads of the columns of numbers of a comparison."""
    level = percent(found.level)
    words = found.objective.words
    return (f"gap left,\n{level} interval", f"{words},\n{level} interval", f"price,\n{level} interval")


def threshold_lines(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Thresholds in little room.

    Example:
        >>> threshold_lines([Rule(("F",), (0.4,)), Rule(("M",), (0.55,))])
        ('F 0.400', 'M 0.550')
        >>> threshold_lines([Rule(("F",), (0.4,)), Rule(("M",), (0.4,))])
        ('0.400',)
        >>> threshold_lines([Rule((level,), (level / 10,)) for level in range(1, 7)])
        ('0.100 to 0.600', 'in 6 groups')
    """
    if len({(rule.thresholds, rule.shares) for rule in rules}) == 1:
        return (_rule_words(rules[0]),)
    if len(rules) <= FEW_GROUPS:
        return tuple(f"{clean(key_name(r.group), most=_NAME_LENGTH)} {_rule_words(r)}" for r in rules)
    ends = [extreme(t for rule in rules for t in rule.thresholds) for extreme in (min, max)]
    return (" to ".join(map(_threshold_words, ends)), f"in {counted(len(rules), 'group')}")


def _rule_words(rule: Rule) -> str:
    if not rule.drawn:
        return _threshold_words(rule.thresholds[0])
    parts = zip(rule.thresholds, rule.shares, strict=True)
    return " or ".join(f"{_threshold_words(at)} ({100 * share:.3g}%)" for at, share in parts)


def _threshold_words(threshold: float) -> str:
    if math.isinf(threshold):
        return "nobody" if threshold > 0 else "everyone"
    return figure(threshold)


def _gap(found: PlanEvaluation) -> Figure:
    gap = found.residual
    return NO_FIGURE if gap is None else (figure(gap.value), bounds(gap.low, gap.high))


def _costed(cost: Cost) -> Figure:
    if cost.value is None:
        return NO_FIGURE
    return figure(cost.value), bounds(cost.low, cost.high)
