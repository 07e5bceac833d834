"""Explanations: what each column contributes to what a model says, to whom, and to gaps.

explain(model, rows)             ──▶  Attributions: values, base, standard errors, how far they miss
summarize, by_confusion          ──▶  how much each column matters, by group and by kind of error
attribute_gap                    ──▶  GapAttributions: the parts of a gap between groups
permutation_importance           ──▶  the drop of any metric, and of any gap, without a column
attribution_drift, dependence    ──▶  one period against another; one column's values against its parts
check_attributions, agreement,
randomization_check              ──▶  how good an explanation is
nearest_rows, prototypes         ──▶  training rows like this one; rows that stand for the others
explain_tensors                  ──▶  the same of inputs that are no table
"""

from rai.explainers.attributions import Attributions, RowAttribution, RowAttributions
from rai.explainers.backgrounds import sample_background
from rai.explainers.examples import NearestRows, Prototypes, layer_embedding, nearest_rows, prototypes
from rai.explainers.explaining import explain
from rai.explainers.gap_parts import GAP_METRICS, GapAttributions, GapPair, GapPart, attribute_gap
from rai.explainers.quality import (
    AttributionQuality,
    agreement,
    check_attributions,
    randomization_check,
)
from rai.explainers.summaries import (
    AttributionDrift,
    Dependence,
    FeatureSummaries,
    FeatureSummary,
    Importances,
    attribution_drift,
    by_confusion,
    dependence,
    permutation_importance,
    summarize,
)
from rai.explainers.table import EXPLAINERS, METHODS
from rai.explainers.tensors import TENSOR_METHODS, TensorAttributions, explain_tensors

__all__ = [
    "EXPLAINERS",
    "GAP_METRICS",
    "METHODS",
    "TENSOR_METHODS",
    "AttributionDrift",
    "AttributionQuality",
    "Attributions",
    "Dependence",
    "FeatureSummaries",
    "FeatureSummary",
    "GapAttributions",
    "GapPair",
    "GapPart",
    "Importances",
    "NearestRows",
    "Prototypes",
    "RowAttribution",
    "RowAttributions",
    "TensorAttributions",
    "agreement",
    "attribute_gap",
    "attribution_drift",
    "by_confusion",
    "check_attributions",
    "dependence",
    "explain",
    "explain_tensors",
    "layer_embedding",
    "nearest_rows",
    "permutation_importance",
    "prototypes",
    "randomization_check",
    "sample_background",
    "summarize",
]
