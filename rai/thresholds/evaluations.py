"""What a plan does to rows: its rates per group, the gap that is left, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rai.ground.formatting import figure, metric_name, number
from rai.ground.records import Records, Row
from rai.measure.criteria import DEFAULT_CRITERIA
from rai.measure.tables import Asked, estimate_table, gap_table
from rai.measure.thresholds.judging import Cost, cost, decided
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule
from rai.measure.thresholds.strategies import find_strategy
from rai.values import Confusion, Estimates, Gap, Gaps, Level, Tally
from rai.values.levels import Key

SHOWN = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "positive_predictive_value",
    "accuracy",
)
OPTIMISTIC = "chosen and judged on the same rows: optimistic"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlanEvaluation(Records):
    """A plan judged on the rows of one audit.

    Args:
        strategy: The strategy of the plan.
        rules: What decides for each group that has rows.
        confusion: Its confusion matrices, by group; expected ones where decisions are drawn by lot.
        objective: What is to be small.
        cost: The objective under the plan, with its interval.
        price: How much more that is than with the best threshold for each group and no constraint,
            with its interval; the price of the constraint.
        same_rows: Whether the thresholds were chosen on these rows.
        level: Coverage of intervals.
        seed: Seed of the draws behind the intervals of gaps.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="equal_opportunity", along="sex")
        >>> plan.evaluate(found).residual.value, plan.evaluate(found).note
        (0.0, 'chosen and judged on the same rows: optimistic')
    """

    strategy: str
    rules: tuple[Rule, ...]
    confusion: Confusion
    objective: Objective
    cost: Cost
    price: Cost
    same_rows: bool
    level: float = 0.95
    seed: int = 0

    @property
    def note(self) -> str:
        """What to mind: that rows which chose the thresholds flatter them."""
        return OPTIMISTIC if self.same_rows else ""

    @property
    def rows(self) -> int:
        """Rows judged."""
        return int(self.confusion.n.sum())

    @property
    def residual(self) -> Gap | None:
        """The gap that is left in what the strategy makes equal; None where it makes nothing equal."""
        if not (find_strategy(self.strategy).rates and self.confusion.axes):
            return None
        return self.gaps(self.strategy)[0]

    @property
    def _priced(self) -> str:
        constrained = bool(find_strategy(self.strategy).rates)
        return f"Price of {'the constraint' if constrained else 'one threshold for everyone'}"

    def metrics(self, *names: str, by: str | Sequence[str] | None = None) -> Estimates:
        """Metrics of the groups under the plan; arguments as for `Audit.metrics`."""
        return estimate_table(self.confusion, names, by=by, level=self.level)

    def gaps(
        self, *names: str, kind: str = "difference", versus: str | Level | Key = "between_groups"
    ) -> Gaps:
        """Gaps between the groups under the plan; arguments as for `Audit.gaps`."""
        asked = Asked.of(kind=kind, versus=versus, level=self.level, seed=self.seed)
        along = [self.confusion.axes]
        return gap_table(
            self.confusion, names or DEFAULT_CRITERIA, along=along, within=None, asked=asked
        )

    def to_dicts(self) -> list[Row]:
        """One row per group and threshold: the rule, and the rates of the group under it."""
        rates: dict[Key, Row] = {key: {} for key in self.confusion.groups}
        for estimate in self.metrics(*SHOWN):
            rates[tuple(level for _, level in estimate.group)][estimate.metric] = estimate.value
        rows = self.confusion.n.sum(axis=(1, 2))
        return [
            {
                **dict(zip(self.confusion.axes, rule.group, strict=True)),
                **rule_row(threshold, share),
                "n": int(count),
                **rates[rule.group],
            }
            for rule, count in zip(self.rules, rows, strict=True)
            for threshold, share in zip(rule.thresholds, rule.shares, strict=True)
        ]

    def sentences(self) -> list[str]:
        """What the plan does to these rows, in words."""
        told = [f"{self.objective.words.capitalize()}: {costed(self.cost)}."]
        if self.strategy != "group_thresholds":
            told.append(f"{self._priced}: {costed(self.price)}.")
        gap = self.residual
        if gap is not None and gap.value is not None:
            between = f", highest for {gap.highest}, lowest for {gap.lowest}" if gap.value else ""
            bounds = "" if gap.low is None else f" [{figure(gap.low)}, {number(gap.high)}]"
            name = metric_name(self.strategy)
            told.append(f"Gap that is left in {name}: {figure(gap.value)}{bounds}{between}.")
        elif gap is not None:
            told.append(f"Gap that is left: {gap.note}.")
        if self.same_rows:
            told.append("The thresholds were chosen on these same rows, which flatters them.")
        return told


def judged(
    tally: Tally,
    *,
    strategy: str,
    rules: Sequence[Rule],
    unconstrained: Sequence[Rule],
    objective: Objective,
    same_rows: bool,
    level: float,
    seed: int,
) -> PlanEvaluation:
    """Rules put to the rows of a tally that is split as they are."""
    kept = {rule.group: rule for rule in rules}
    return PlanEvaluation(
        strategy=strategy,
        rules=tuple(kept[key] for key in tally.groups),
        confusion=decided(tally, rules),
        objective=objective,
        cost=cost(tally, rules, objective=objective, level=level),
        price=cost(tally, rules, objective=objective, level=level, less=unconstrained),
        same_rows=same_rows,
        level=level,
        seed=seed,
    )


def rule_row(threshold: float, share: float) -> Row:
    """A threshold as columns; one that no score can reach, or that all do, is told in words."""
    infinite = threshold in (float("inf"), float("-inf"))
    return {
        "threshold": None if infinite else threshold,
        "share": share,
        "selects": ("nobody" if threshold > 0 else "everyone") if infinite else "from the threshold on",
    }


def costed(cost: Cost) -> str:
    """A cost with its interval.

    Example:
        >>> costed(Cost(0.25, 0.2, 0.3))
        '0.250 [0.200, 0.300]'
    """
    if cost.value is None:
        return f"{figure(None)} (undefined: one of the labels has no rows)"
    return f"{figure(cost.value)} [{figure(cost.low)}, {figure(cost.high)}]"


__all__ = ["OPTIMISTIC", "PlanEvaluation", "costed", "judged", "rule_row"]
