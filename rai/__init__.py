"""Responsible-AI evaluation: who is harmed by a model's errors, at which threshold, and how sure.

Rows become one small, mergeable table of counts in one pass; everything after that is arithmetic:

    rows ─▶ Tally ─▶ Estimate ─▶ Gap ─▶ report, plot, exit code
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from rai.audits import Audit, audit
from rai.ground import version as _version
from rai.ground.errors import (
    ArgumentError,
    DataError,
    ExtraError,
    PolicyError,
    RaiError,
    RoleError,
    TallyError,
)
from rai.values import (
    Calibration,
    CalibrationBin,
    Confusion,
    Curve,
    Curves,
    Distribution,
    Distributions,
    Estimate,
    Estimates,
    Gap,
    GapCurves,
    Gaps,
    Moments,
    Pair,
    Pairs,
    Residuals,
    ResidualSummary,
    Roles,
    Tally,
    Verdict,
    Verdicts,
)

if _TYPE_CHECKING:
    from rai import explainers, explore, plots, whatif
    from rai.datasets import Dataset, list_datasets, load_dataset
    from rai.explainers import Attributions, GapAttributions, attribute_gap, explain
    from rai.explore import (
        Cohorts,
        DataChecks,
        Distances,
        Facets,
        Profile,
        Proxies,
        Proxy,
        SensitiveCandidates,
        Worksheet,
        check_data,
        facet,
        find_proxies,
        profile,
        suggest_sensitive_features,
    )
    from rai.gates import GateResult, Policy, gate, propose_policy
    from rai.models import Model, ProbeCheck, ProbeReport, Scores, load_model, probe_model, score_rows
    from rai.reports import report
    from rai.thresholds import (
        Frontier,
        FrontierPoint,
        PlanEvaluation,
        ThresholdPlan,
        optimize_thresholds,
        threshold_frontier,
    )
    from rai.thresholds.classifier import ThresholdedClassifier

__version__ = _version.VERSION

__all__ = [
    "ArgumentError",
    "Attributions",
    "Audit",
    "Calibration",
    "CalibrationBin",
    "Cohorts",
    "Confusion",
    "Curve",
    "Curves",
    "DataChecks",
    "DataError",
    "Dataset",
    "Distances",
    "Distribution",
    "Distributions",
    "Estimate",
    "Estimates",
    "ExtraError",
    "Facets",
    "Frontier",
    "FrontierPoint",
    "Gap",
    "GapAttributions",
    "GapCurves",
    "Gaps",
    "GateResult",
    "Model",
    "Moments",
    "Pair",
    "Pairs",
    "PlanEvaluation",
    "Policy",
    "PolicyError",
    "ProbeCheck",
    "ProbeReport",
    "Profile",
    "Proxies",
    "Proxy",
    "RaiError",
    "ResidualSummary",
    "Residuals",
    "RoleError",
    "Roles",
    "Scores",
    "SensitiveCandidates",
    "Tally",
    "TallyError",
    "ThresholdPlan",
    "ThresholdedClassifier",
    "Verdict",
    "Verdicts",
    "Worksheet",
    "attribute_gap",
    "audit",
    "check_data",
    "explain",
    "explainers",
    "explore",
    "facet",
    "find_proxies",
    "gate",
    "list_datasets",
    "load_dataset",
    "load_model",
    "optimize_thresholds",
    "plots",
    "probe_model",
    "profile",
    "propose_policy",
    "report",
    "score_rows",
    "suggest_sensitive_features",
    "threshold_frontier",
    "whatif",
]

# Loaded when first asked for, so that `import rai` stays quick.
_WHERE = {
    "Attributions": "rai.explainers",
    "Cohorts": "rai.explore",
    "DataChecks": "rai.explore",
    "Dataset": "rai.datasets",
    "Distances": "rai.explore",
    "Facets": "rai.explore",
    "Frontier": "rai.thresholds",
    "FrontierPoint": "rai.thresholds",
    "GapAttributions": "rai.explainers",
    "GateResult": "rai.gates",
    "Model": "rai.models",
    "PlanEvaluation": "rai.thresholds",
    "Policy": "rai.gates",
    "ProbeCheck": "rai.models",
    "ProbeReport": "rai.models",
    "Profile": "rai.explore",
    "Proxies": "rai.explore",
    "Proxy": "rai.explore",
    "Scores": "rai.models",
    "SensitiveCandidates": "rai.explore",
    "ThresholdPlan": "rai.thresholds",
    "ThresholdedClassifier": "rai.thresholds.classifier",
    "Worksheet": "rai.explore",
    "attribute_gap": "rai.explainers",
    "check_data": "rai.explore",
    "explain": "rai.explainers",
    "explainers": "rai.explainers",
    "explore": "rai.explore",
    "facet": "rai.explore",
    "find_proxies": "rai.explore",
    "gate": "rai.gates",
    "list_datasets": "rai.datasets",
    "load_dataset": "rai.datasets",
    "load_model": "rai.models",
    "optimize_thresholds": "rai.thresholds",
    "plots": "rai.plots",
    "probe_model": "rai.models",
    "profile": "rai.explore",
    "propose_policy": "rai.gates",
    "report": "rai.reports",
    "score_rows": "rai.models",
    "suggest_sensitive_features": "rai.explore",
    "threshold_frontier": "rai.thresholds",
    "whatif": "rai.whatif",
}
_MODULES = {"explainers", "explore", "plots", "whatif"}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'rai' has no attribute {name!r}")
    module = _import_module(_WHERE[name])
    found = module if name in _MODULES else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
