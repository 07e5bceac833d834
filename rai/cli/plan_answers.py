"""Plans as JSON: thresholds, rates of the groups, the gap that is left, cost and price."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rai import PlanEvaluation, ThresholdPlan

_PLAIN = ("strategy", "tolerance", "held_to", "randomized", "method", "positive_label")


def plan_answer(plan: ThresholdPlan, held_out: PlanEvaluation | None) -> dict[str, Any]:
    """One plan, on the rows it was chosen on and on others."""
    return {
        **{name: getattr(plan, name) for name in _PLAIN},
        "along": plan.along,
        "objective": plan.objective.words,
        "limit": None if plan.limit is None else {plan.limit.name: plan.limit.value},
        "notes": plan.notes,
        "chosen_on": _evaluation(plan.fitted),
        "held_out": None if held_out is None else _evaluation(held_out),
    }


def comparison_answer(
    judged: Sequence[tuple[ThresholdPlan, PlanEvaluation | None]], refused: Mapping[str, str]
) -> dict[str, Any]:
    """Several plans, and the strategies for which there is none, with the reason."""
    return {"strategies": [plan_answer(*one) for one in judged], "refused": dict(refused)}


def as_text(answer: Mapping[str, Any]) -> str:
    """An answer as JSON, without NaN."""
    return json.dumps(answer, indent=1, allow_nan=False, ensure_ascii=False)


def _evaluation(found: PlanEvaluation) -> dict[str, Any]:
    gap = found.residual
    return {
        "rows": found.rows,
        "note": found.note,
        "groups": found.to_dicts(),
        "gap": None if gap is None else gap.to_dict(),
        "cost": found.cost.to_dict(),
        "price": found.price.to_dict(),
    }
