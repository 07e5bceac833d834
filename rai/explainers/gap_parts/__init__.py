"""The gap between groups, attributed to features: parts that sum to it, with intervals."""

from rai.explainers.gap_parts.attributing import attribute_gap
from rai.explainers.gap_parts.gap_metrics import GAP_METRICS
from rai.explainers.gap_parts.gap_results import GapAttributions, GapPair, GapPart

__all__ = ["GAP_METRICS", "GapAttributions", "GapPair", "GapPart", "attribute_gap"]
