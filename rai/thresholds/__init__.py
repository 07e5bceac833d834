"""Thresholds as plans: chosen from an audit, judged on another, saved, applied.

audit ──optimize_thresholds──▶ ThresholdPlan ──evaluate(another audit)──▶ PlanEvaluation
                                ├─ apply(y_score, groups), save, load
                                └─ ThresholdedClassifier: the plan on a classifier
"""

from rai.thresholds.evaluations import PlanEvaluation
from rai.thresholds.optimizing import optimize_thresholds
from rai.thresholds.plans import ThresholdPlan
from rai.thresholds.trade_offs import Frontier, FrontierPoint, threshold_frontier

__all__ = [
    "Frontier",
    "FrontierPoint",
    "PlanEvaluation",
    "ThresholdPlan",
    "optimize_thresholds",
    "threshold_frontier",
]
