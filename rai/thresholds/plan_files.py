"""Plans as JSON that a person can read: rules first, then how they were chosen; never rows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.ground.saved import Saved
from rai.measure.thresholds.judging import Cost
from rai.measure.thresholds.limits import Limit
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule
from rai.measure.thresholds.strategies import find_strategy
from rai.thresholds.evaluations import PlanEvaluation
from rai.values import Confusion

if TYPE_CHECKING:
    from rai.thresholds.plans import ThresholdPlan

FORMAT, VERSION = "rai-threshold-plan", 1

_SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="threshold plan",
    parts="parts",
    again="Choose the thresholds again.",
    most_megabytes=64,
)
_WORDS = {math.inf: "nobody", -math.inf: "everyone"}
_CELLS = ("n", "weight", "weight_sq")
_PLAIN = ("strategy", "tolerance", "held_to", "randomized", "method", "positive_label")
_PRICES = ("name", "cost_fp", "cost_fn", "benefit_tp", "benefit_tn")


def write_plan(path: str | Path, plan: ThresholdPlan) -> Path:
    """Write a plan to a file, whole or not at all."""
    parts = {
        "strategy": plan.strategy,
        "along": plan.along,
        "rules": [_plain_rule(rule) for rule in plan.rules],
        **{name: getattr(plan, name) for name in _PLAIN},
        "cuts": plan.cuts,
        "objective": {name: getattr(plan.objective, name) for name in _PRICES},
        "limit": None if plan.limit is None else {plan.limit.name: plan.limit.value},
        "single": _plain_threshold(plan.single),
        "unconstrained": [_plain_rule(rule) for rule in plan.unconstrained],
        "notes": plan.notes,
        "provenance": dict(plan.provenance),
        "fitted": _plain_evaluation(plan.fitted),
    }
    return _SAVED.write(path, parts)


def read_plan(path: str | Path) -> dict[str, Any]:
    """The fields of a saved plan.

    Raises:
        DataError: If the file can't be read, is no plan, or its parts don't fit together.
    """
    return _SAVED.read(path, _fields)


def plan_of_text(text: str) -> dict[str, Any]:
    """The fields of a plan from the text of its file.

    Raises:
        DataError: If it is no plan, or its parts don't fit together.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        plain = None
    return _SAVED.taken(plain, _fields)


def _fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    along = tuple(str(axis) for axis in plain["along"])
    rules, unconstrained = (_rules(plain[name], axes=len(along)) for name in ("rules", "unconstrained"))
    objective = Objective(**{name: plain["objective"][name] for name in _PRICES})
    limit = plain["limit"]
    find_strategy(plain["strategy"])
    if {r.group for r in rules} != {r.group for r in unconstrained}:
        raise ValueError
    return {
        **{name: plain[name] for name in _PLAIN},
        "along": along,
        "cuts": {str(axis): tuple(map(float, edges)) for axis, edges in plain["cuts"].items()},
        "rules": rules,
        "objective": objective,
        "limit": None if limit is None else Limit(*next(iter(limit.items()))),
        "unconstrained": unconstrained,
        "single": _threshold(plain["single"]),
        "fitted": _evaluation(plain["fitted"], along, rules, objective, plain["strategy"]),
        "notes": tuple(str(note) for note in plain["notes"]),
        "provenance": dict(plain["provenance"]),
    }


def _plain_rule(rule: Rule) -> dict[str, Any]:
    if not rule.drawn:
        return {"group": rule.group, "threshold": _plain_threshold(rule.thresholds[0])}
    thresholds = [_plain_threshold(threshold) for threshold in rule.thresholds]
    return {"group": rule.group, "thresholds": thresholds, "shares": rule.shares}


def _rules(plain: Sequence[Mapping[str, Any]], *, axes: int) -> tuple[Rule, ...]:
    rules = []
    for one in plain:
        thresholds = one["thresholds"] if "thresholds" in one else [one["threshold"]]
        shares = tuple(float(share) for share in one.get("shares", (1.0,)))
        group = tuple(one["group"])
        fair = math.isclose(sum(shares), 1.0, abs_tol=1e-9) and min(shares) >= 0
        if len(group) != axes or len(shares) != len(thresholds) or not fair:
            raise ValueError
        rules.append(Rule(group, tuple(map(_threshold, thresholds)), shares))
    if not rules or len({rule.group for rule in rules}) != len(rules):
        raise ValueError
    return tuple(rules)


def _plain_threshold(threshold: float) -> float | str:
    return _WORDS.get(threshold, threshold)


def _threshold(plain: float | str) -> float:
    for value, word in _WORDS.items():
        if plain == word:
            return value
    if isinstance(plain, str) or not math.isfinite(plain):
        raise ValueError
    return float(plain)


def _plain_evaluation(found: PlanEvaluation) -> dict[str, Any]:
    confusion = found.confusion
    return {
        "groups": confusion.groups,
        **{name: getattr(confusion, name).tolist() for name in _CELLS},
        "weighted": confusion.weighted,
        **{name: _plain_cost(getattr(found, name)) for name in ("cost", "price")},
        "level": found.level,
        "seed": found.seed,
    }


def _plain_cost(cost: Cost) -> list[float | None]:
    return [cost.value, cost.low, cost.high]


def _evaluation(
    plain: Mapping[str, Any],
    along: tuple[str, ...],
    rules: Sequence[Rule],
    objective: Objective,
    strategy: str,
) -> PlanEvaluation:
    groups = tuple(tuple(key) for key in plain["groups"])
    shape = (len(groups), 2, 2)
    n, weight, weight_sq = (np.array(plain[name], dtype=np.float64).reshape(shape) for name in _CELLS)
    if not all(np.isfinite(cells).all() and (cells >= 0).all() for cells in (n, weight, weight_sq)):
        raise ValueError
    of = {rule.group: rule for rule in rules}
    return PlanEvaluation(
        strategy=strategy,
        rules=tuple(of[key] for key in groups),
        confusion=Confusion(
            along, groups, n.astype(np.int64), weight, weight_sq, bool(plain["weighted"])
        ),
        objective=objective,
        cost=Cost(*plain["cost"]),
        price=Cost(*plain["price"]),
        same_rows=True,
        level=float(plain["level"]),
        seed=int(plain["seed"]),
    )
