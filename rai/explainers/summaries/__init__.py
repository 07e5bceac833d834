"""Attributions over many rows: how much each feature matters, to whom, for which errors, and since when.

summarize               mean and mean size of each feature, for everyone and each group
by_confusion            the same by confusion cell, and what sets errors apart
permutation_importance  what a metric, or a gap, loses when a column is permuted
attribution_drift       how far attributions are from what they were
dependence              a feature's attribution against its value
"""

from rai.explainers.summaries.confusion_cells import by_confusion
from rai.explainers.summaries.depending import Dependence, dependence
from rai.explainers.summaries.drift_rows import AttributionDrift, FeatureDrift, FeatureDrifts
from rai.explainers.summaries.drifting import attribution_drift
from rai.explainers.summaries.feature_rows import FeatureSummaries, FeatureSummary
from rai.explainers.summaries.importances import Importance, Importances
from rai.explainers.summaries.permuting import permutation_importance
from rai.explainers.summaries.summarizing import summarize

__all__ = [
    "AttributionDrift",
    "Dependence",
    "FeatureDrift",
    "FeatureDrifts",
    "FeatureSummaries",
    "FeatureSummary",
    "Importance",
    "Importances",
    "attribution_drift",
    "by_confusion",
    "dependence",
    "permutation_importance",
    "summarize",
]
