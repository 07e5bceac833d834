"""The table of strategies: the best thresholds under each, what they do to the groups, what they cost.

strategy            cost, price, gap left    group   threshold   selected   TPR   FPR   PPV
as it is now                                 F, M
one for everyone                             F, M
equal …                                      F, M
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rai.ground.colours import Mark, marks
from rai.ground.formatting import number
from rai.measure.thresholds.strategies import find_strategy
from rai.reports.facts import Facts
from rai.reports.group_tables import first_groups
from rai.reports.plan_tables import NO_FIGURE, Figure, compared, threshold_lines
from rai.reports.score_facts import Choice
from rai.reports.words import bounds, clean, figure, name
from rai.thresholds import PlanEvaluation, ThresholdPlan
from rai.values import Estimate
from rai.values.levels import key_name

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate", "positive_predictive_value")
CELLS = ("true positives", "false positives", "false negatives", "true negatives")

_PLACES = ((1, 1), (0, 1), (1, 0), (0, 0))
_LONGEST_NOTE = 240
_STEPS = "tolerance 0 was taken as"  # said once for all strategies


@dataclass(frozen=True, slots=True)
class GroupUnder:
    """One group under a plan.

    Args:
        name: The group.
        mark: Its mark.
        n: Its rows.
        threshold: Its threshold in words.
        rates: Its rates with their intervals.
        counts: Its confusion matrix: TP, FP, FN, TN.
    """

    name: str
    mark: Mark | None
    n: str
    threshold: str
    rates: tuple[Figure, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """One strategy.

    Args:
        name, words: What it is called, and what it does.
        gap, cost, price: What is left, what it costs, and how much more that is than without constraint.
        ends: The groups at the ends of the gap that is left.
        groups: The groups under it.
        note: Why there is no such plan, or what to mind.
        present: Whether it is what holds now.
    """

    name: str
    words: str
    gap: Figure
    cost: Figure
    price: Figure
    ends: str
    groups: tuple[GroupUnder, ...]
    note: str = ""
    present: bool = False


@dataclass(frozen=True, slots=True)
class StrategyTable:
    """All strategies along one feature.

    Args:
        along: The feature.
        objective: What is to be small, in words.
        rates: Heads of the columns of rates.
        rows: One per strategy, what holds now first.
        left_out: Groups that are not shown: of many only those at an end of a gap are.
    """

    along: str
    objective: str
    rates: tuple[str, ...]
    rows: tuple[StrategyRow, ...]
    left_out: int


def strategy_table(choice: Choice, facts: Facts) -> StrategyTable:
    """The strategies along one feature, judged on the rows they were chosen on."""
    looks = marks(facts.names(choice.along))
    shown = first_groups(facts, choice.along)
    now = _row(choice.present, looks, "as it is now", "the present threshold for everyone")
    rows = [
        replace(now, present=True),
        *(_planned(plan, looks) for plan in choice.plans),
        *(_refused(strategy, why) for strategy, why in choice.refused.items()),
    ]
    kept = {clean(group) for group in shown}
    return StrategyTable(
        along=clean(choice.along),
        objective=choice.present.objective.words,
        rates=tuple(map(name, RATES)),
        rows=tuple(replace(row, groups=tuple(g for g in row.groups if g.name in kept)) for row in rows),
        left_out=len(looks) - len(shown),
    )


def groups_under(found: PlanEvaluation, looks: Mapping[str, Mark]) -> tuple[GroupUnder, ...]:
    """What a plan does to each group that it was judged on."""
    rates = [[_valued(e) for e in found.metrics(metric)] for metric in RATES]
    rows = found.confusion.n.sum(axis=(1, 2))
    return tuple(
        GroupUnder(
            name=clean(key_name(rule.group)),
            mark=looks.get(key_name(rule.group)),
            n=f"{rows[place]:,}",
            threshold=threshold_lines([rule])[0],
            rates=tuple(of_groups[place] for of_groups in rates),
            counts=tuple(_count(cells[i, j]) for i, j in _PLACES),
        )
        for place, (rule, cells) in enumerate(zip(found.rules, found.confusion.weight, strict=True))
    )


def told_notes(plan: ThresholdPlan) -> list[str]:
    """What to mind about a plan, but for what is said once about all."""
    return [note for note in plan.notes if not note.startswith(_STEPS)]


def _planned(plan: ThresholdPlan, looks: Mapping[str, Mark]) -> StrategyRow:
    strategy = find_strategy(plan.strategy)
    within = f", within {number(plan.held_to)}" if strategy.rates else ""
    row = _row(plan.fitted, looks, name(plan.strategy), f"{strategy.words}{within}")
    return replace(row, note=clean("; ".join(told_notes(plan)), most=_LONGEST_NOTE))


def _row(found: PlanEvaluation, looks: Mapping[str, Mark], title: str, words: str) -> StrategyRow:
    (figures,) = compared([found])
    gap = found.residual
    ends = "" if gap is None or not gap.value else f"{clean(gap.highest)} over {clean(gap.lowest)}"
    return StrategyRow(
        title, words, figures.gap, figures.cost, figures.price, ends, groups_under(found, looks)
    )


def _refused(strategy: str, why: str) -> StrategyRow:
    words = find_strategy(strategy).words
    note = clean(why, most=_LONGEST_NOTE)
    return StrategyRow(name(strategy), words, NO_FIGURE, NO_FIGURE, NO_FIGURE, "", (), note=note)


def _valued(estimate: Estimate) -> Figure:
    return figure(estimate.value), bounds(estimate.low, estimate.high)


def _count(cell: float) -> str:
    return number(int(cell) if cell == int(cell) else float(cell))
