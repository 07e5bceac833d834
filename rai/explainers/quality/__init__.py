"""How good explanations are: held against the model, against each other, and against nothing learned.

check_attributions    completeness, infidelity, deletion and insertion, sensitivity
agreement             of two explanations of the same rows
randomization_check   of an explanation with those of models that learned nothing
"""

from rai.explainers.quality.agreements import agreement, randomization_check
from rai.explainers.quality.checking import check_attributions
from rai.explainers.quality.measures import (
    AttributionQuality,
    CurvePoint,
    Curves,
    QualityMeasure,
    QualityMeasures,
)

__all__ = [
    "AttributionQuality",
    "CurvePoint",
    "Curves",
    "QualityMeasure",
    "QualityMeasures",
    "agreement",
    "check_attributions",
    "randomization_check",
]
