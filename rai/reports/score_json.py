"""What is said about scores and predictions as plain rows, for readers of JSON."""

from __future__ import annotations

from typing import Any

from rai.reports.facts import Facts
from rai.reports.score_facts import Choice, JudgedPlan
from rai.thresholds import PlanEvaluation
from rai.values import Estimates, Gaps


def score_estimates(facts: Facts) -> list[Estimates]:
    """Metrics of scores: of everyone, then of the groups of each comparison."""
    if facts.scores is None:
        return []
    return [facts.scores.overall, *(found.metrics for found in facts.scores.comparisons.values())]


def score_gaps(facts: Facts) -> list[Gaps]:
    """Gaps in metrics of scores."""
    return [] if facts.scores is None else [found.gaps for found in facts.scores.comparisons.values()]


def score_results(facts: Facts) -> dict[str, Any]:
    """Calibration, strategies, trade-offs, plans and residuals, by name; only what there is."""
    scores, predictions = facts.scores, facts.predictions
    bins = [found.calibration for found in scores.comparisons.values()] if scores else []
    bins += predictions.calibration.values() if predictions else []
    residuals = predictions.residuals.values() if predictions else []
    found = {
        "calibration": [row.to_dict() for rows in bins for row in rows],
        "residuals": [row.to_dict() for rows in residuals for row in rows],
        "strategies": [row for choice in (scores.choices if scores else ()) for row in _choice(choice)],
        "trade_offs": [
            row for choice in (scores.choices if scores else ()) for row in _trade_offs(choice)
        ],
        "plans": [_plan(judged) for judged in (scores.judged if scores else ())],
    }
    return {name: rows for name, rows in found.items() if rows}


def _choice(choice: Choice) -> list[dict[str, Any]]:
    """The present threshold, every strategy, and those that can't be had."""
    plans = [
        {"along": choice.along, **_evaluation(plan.fitted), "notes": list(plan.notes)}
        for plan in choice.plans
    ]
    refused = [
        {"along": choice.along, "strategy": strategy, "refused": why}
        for strategy, why in choice.refused.items()
    ]
    present = {"along": choice.along, **_evaluation(choice.present), "strategy": "present_threshold"}
    return [present, *plans, *refused]


def _trade_offs(choice: Choice) -> list[dict[str, Any]]:
    return [
        {"along": choice.along, "strategy": strategy, **point.to_dict()}
        for strategy, frontier in choice.frontiers.items()
        for point in frontier
    ]


def _plan(judged: JudgedPlan) -> dict[str, Any]:
    plan = judged.plan
    return {
        "strategy": plan.strategy,
        "along": list(plan.along),
        "chosen_on": _evaluation(plan.fitted),
        "here": _evaluation(judged.here),
        "notes": list(plan.notes),
    }


def _evaluation(found: PlanEvaluation) -> dict[str, Any]:
    gap = found.residual
    return {
        "strategy": found.strategy,
        "same_rows": found.same_rows,
        "note": found.note,
        "n": found.rows,
        "gap": None if gap is None else gap.to_dict(),
        "cost": found.cost.to_dict(),
        "price": found.price.to_dict(),
        "groups": found.to_dicts(),
        "counts": found.confusion.to_dicts(),
    }
