"""Explanations: what each column contributes to what a model says.

explain(model, rows)  ──▶  Attributions: values, base, standard errors, how far they miss the model
"""

from rai.explainers.attributions import Attributions, RowAttribution, RowAttributions
from rai.explainers.backgrounds import sample_background
from rai.explainers.explaining import explain
from rai.explainers.table import METHODS

__all__ = [
    "METHODS",
    "Attributions",
    "RowAttribution",
    "RowAttributions",
    "explain",
    "sample_background",
]
