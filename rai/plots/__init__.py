"""Plots: every function takes a result and an Axes, draws, and returns the Axes. Needs matplotlib."""

from rai.plots.gap_forest import gaps
from rai.plots.group_dots import metrics
from rai.plots.matrix_grid import confusion
from rai.plots.pair_forest import pairs

__all__ = ["confusion", "gaps", "metrics", "pairs"]
