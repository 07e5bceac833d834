"""Trade-offs: the least cost for every gap that is tolerated, and where the present threshold stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rai.audits import Audit
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted, readable
from rai.ground.records import RecordTuple, Row
from rai.measure.metrics import find_metric
from rai.measure.tables import Axes, split_axes
from rai.measure.thresholds.frontiers import least_losses
from rai.measure.thresholds.judging import cost, decided
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.problems import Problem, Setting, bindable, setting
from rai.measure.thresholds.rules import Rule
from rai.measure.thresholds.solving import solve
from rai.measure.thresholds.strategies import find_strategy
from rai.thresholds.plans import scores_along
from rai.values import Confusion, Tally

_STEPS, _FEWER_STEPS, _MANY_CUTS = 24, 8, 20_000

Kind = Literal["drawn", "thresholds", "current"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """One point of a trade-off.

    Args:
        kind: `drawn`, a corner of the exact line, which is straight between corners: decisions
            may be drawn by lot between two thresholds; `thresholds`, the best plan of one threshold
            for each group; `current`, the threshold of the audit.
        gap: The gap in the equalised rates; at a corner of the line the tolerance.
        cost: The objective there.

    Example:
        >>> FrontierPoint(kind="current", gap=0.1, cost=0.2).to_dict()
        {'kind': 'current', 'gap': 0.1, 'cost': 0.2}
    """

    kind: Kind
    gap: float
    cost: float

    def to_dict(self) -> Row:
        """A flat row."""
        return {"kind": self.kind, "gap": self.gap, "cost": self.cost}


class Frontier(RecordTuple[FrontierPoint]):
    """The least cost for every gap.

    Example:
        >>> line = Frontier([FrontierPoint(kind="drawn", gap=0.0, cost=0.3),
        ...     FrontierPoint(kind="drawn", gap=0.1, cost=0.2)])
        >>> round(line.cost_at(0.05), 3)
        0.25
    """

    __slots__ = ()

    def cost_at(self, gap: float) -> float:
        """The least cost at a gap, decisions drawn by lot; inf where no thresholds reach it."""
        corners = [point for point in self if point.kind == "drawn"]
        if not corners or gap < corners[0].gap - 1e-12:
            return float("inf")
        return float(np.interp(gap, [p.gap for p in corners], [p.cost for p in corners]))


def threshold_frontier(
    audit: Audit,
    *,
    strategy: str,
    along: Axes = None,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    benefit_tp: float = 0.0,
    benefit_tn: float = 0.0,
    objective: Literal["cost", "accuracy", "balanced_accuracy"] = "cost",
) -> Frontier:
    """The least cost for every tolerance of a fairness constraint, exactly.

    The line is drawn from corners of kind `drawn`: convex, falling, straight between them. Points of
    kind `thresholds` are the best plans of one threshold a group, on or above the line; the point
    `current` is the audit's threshold for everyone. All are of the rows of the audit, and so
    optimistic for others.

    Args:
        audit: A binary audit of scores.
        strategy: A strategy that makes rates equal, other than `predictive_parity`.
        along: The columns that make up a group; all sensitive features if None.
        cost_fp, cost_fn, benefit_tp, benefit_tn, objective: As for `optimize_thresholds`.

    Raises:
        ArgumentError: If the strategy makes no rate equal, or `predictive_parity` is asked for.
        DataError: If fewer than two groups have the rates.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 0, 1, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> line = rai.threshold_frontier(found, strategy="equal_opportunity", along="sex")
        >>> [(point.gap, point.cost) for point in line if point.kind == "drawn"]
        [(0.0, 0.125)]
    """
    problem = Problem(
        strategy=find_strategy(strategy),
        objective=Objective(
            name=objective,
            cost_fp=cost_fp,
            cost_fn=cost_fn,
            benefit_tp=benefit_tp,
            benefit_tn=benefit_tn,
        ),
        randomized=True,
    )
    axes = audit.roles.sensitive_features if along is None else split_axes(along)
    tally = scores_along(audit, tuple(axes), where="threshold_frontier")
    asked = setting(tally, problem)
    _check_two(asked)
    corners = zip(*least_losses(asked), strict=True)
    drawn = [FrontierPoint(kind="drawn", gap=float(t), cost=float(loss)) for t, loss in corners]
    current = [Rule(key, (audit.thresholds[0],)) for key in tally.groups]
    return Frontier(
        [*drawn, *_plans(asked, tally, drawn[-1].gap), _point(asked, tally, current, "current")]
    )


def _check_two(asked: Setting) -> None:
    """Two groups have the rates, so that there is something to trade."""
    strategy = asked.problem.strategy
    able = sum(bindable(strategy, cuts) for cuts in asked.cuts)
    if strategy.rates and able < 2:
        rates = " and a ".join(readable(rate.name) for rate in strategy.rates)
        seen = f"{counted(able, 'group')} with a {rates}"
        raise DataError(sentence("threshold_frontier", seen, expected="at least two"))


def _plans(asked: Setting, tally: Tally, widest: float) -> list[FrontierPoint]:
    """The best plans of one threshold a group, for tolerances that cost something."""
    points: dict[tuple[float, float], FrontierPoint] = {}
    many = sum(len(cuts.tp) for cuts in asked.cuts) > _MANY_CUTS
    most = 1.05 * max(widest, 1e-3)
    for tolerance in (0.0, *np.geomspace(most / 100, most, _FEWER_STEPS if many else _STEPS)):
        problem = replace(asked.problem, tolerance=min(float(tolerance), 1.0), randomized=False)
        try:
            chosen = solve(replace(asked, problem=problem))
        except ArgumentError:  # nothing is that close
            continue
        point = _point(asked, tally, chosen.rules, "thresholds")
        points[point.gap, point.cost] = point
    return sorted(points.values(), key=lambda point: (point.gap, -point.cost))


def _point(
    asked: Setting, tally: Tally, rules: list[Rule] | tuple[Rule, ...], kind: Kind
) -> FrontierPoint:
    """The gap and the cost of rules on these rows."""
    confusion = decided(tally, rules)
    spent = cost(tally, rules, objective=asked.problem.objective, level=0.95).value
    assert spent is not None  # the setting has seen both labels
    return FrontierPoint(kind=kind, gap=_gap(asked, confusion), cost=spent)


def _gap(asked: Setting, confusion: Confusion) -> float:
    """The widest spread of a constrained rate over the groups that have it."""
    spreads = [
        np.ptp(value[~np.isnan(value)])
        for rate in asked.problem.strategy.rates
        for value in [find_metric(rate.name).measure(confusion).value]
    ]
    return float(max(spreads, default=0.0))
