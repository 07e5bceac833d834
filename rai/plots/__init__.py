"""Plots: every function takes a result and an Axes, draws, and returns the Axes. Needs matplotlib."""

from rai.plots.curve_lines import curves
from rai.plots.error_shapes import residuals
from rai.plots.gap_bands import gap_curves
from rai.plots.gap_forest import gaps
from rai.plots.group_dots import metrics
from rai.plots.matrix_grid import confusion
from rai.plots.pair_forest import pairs
from rai.plots.reliability import calibration
from rai.plots.score_shapes import score_distributions
from rai.plots.threshold_marks import thresholds
from rai.plots.trade_off import frontier

__all__ = [
    "calibration",
    "confusion",
    "curves",
    "frontier",
    "gap_curves",
    "gaps",
    "metrics",
    "pairs",
    "residuals",
    "score_distributions",
    "thresholds",
]
