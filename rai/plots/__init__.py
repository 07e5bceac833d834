"""Plots: every function takes a result and an Axes, draws, and returns the Axes. Needs matplotlib."""

from rai.plots.agreement_matrix import agreement
from rai.plots.before_after import scenario
from rai.plots.curve_lines import curves
from rai.plots.deletion_lines import deletion_curves
from rai.plots.dependence_panels import attribution_dependence
from rai.plots.distance_forest import distances
from rai.plots.effect_panels import effects
from rai.plots.error_shapes import residuals
from rai.plots.facet_panels import facets
from rai.plots.feature_histograms import histogram, profile
from rai.plots.flip_dots import flip_test
from rai.plots.gap_bands import gap_curves
from rai.plots.gap_forest import gaps
from rai.plots.gap_steps import gap_waterfall
from rai.plots.group_dots import metrics
from rai.plots.interaction_map import interaction
from rai.plots.matrix_grid import confusion
from rai.plots.missing_dots import missingness
from rai.plots.pair_forest import pairs
from rai.plots.proxy_ranks import proxies
from rai.plots.reliability import calibration
from rai.plots.row_waterfall import attribution_waterfall
from rai.plots.score_shapes import score_distributions
from rai.plots.size_dots import attribution_bars
from rai.plots.threshold_marks import thresholds
from rai.plots.trade_off import frontier
from rai.plots.value_strips import attribution_strip

__all__ = [
    "agreement",
    "attribution_bars",
    "attribution_dependence",
    "attribution_strip",
    "attribution_waterfall",
    "calibration",
    "confusion",
    "curves",
    "deletion_curves",
    "distances",
    "effects",
    "facets",
    "flip_test",
    "frontier",
    "gap_curves",
    "gap_waterfall",
    "gaps",
    "histogram",
    "interaction",
    "metrics",
    "missingness",
    "pairs",
    "profile",
    "proxies",
    "residuals",
    "scenario",
    "score_distributions",
    "thresholds",
]
