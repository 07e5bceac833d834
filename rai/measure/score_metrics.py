"""Metrics of scores: one literal table. To add a metric, add a row.

A metric of decisions reads four cells; a metric of scores reads the whole tally of one group, label by
score, before any threshold is chosen. Otherwise the two are alike: both have intervals, gaps and pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rai.measure.average_precision import average_precision
from rai.measure.brier import (
    brier_discrimination,
    brier_miscalibration,
    brier_score,
    brier_uncertainty,
)
from rai.measure.calibration_error import expected_calibration_error
from rai.measure.measured import Measured
from rai.measure.recalibration import (
    calibration_in_the_large,
    calibration_intercept,
    calibration_slope,
)
from rai.measure.roc_auc import roc_auc
from rai.values import Tally

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class ScoreMetric:
    """One row of the table; the fields mean what they mean for `Metric`.

    Args:
        name: Full name.
        formula: In words and symbols; s is the score, y the label (0 or 1).
        measured: From a name and a binary tally of scores to the metric of every group.
        better: Which direction is better for the model.
        aliases: Other names for it.
        source: Where the definition comes from.
        short: Abbreviation for narrow tables.
        signed: Whether values below zero are possible, so that ratios make no sense.
    """

    name: str
    formula: str
    measured: Callable[[str, Tally], Measured]
    better: Better
    aliases: tuple[str, ...] = ()
    source: str = ""
    short: str = ""
    signed: bool = False

    def measure(self, tally: Tally) -> Measured:
        """The metric of every group."""
        return self.measured(self.name, tally)


_VAN_CALSTER = "Van Calster et al. (2019), doi:10.1186/s12916-019-1466-7"
_CORP = "Dimitriadis, Gneiting and Jordan (2021), doi:10.1073/pnas.2016191118"

SCORE_METRICS: tuple[ScoreMetric, ...] = (
    ScoreMetric("roc_auc", "P(s_i > s_j) + ½ · P(s_i = s_j), y_i = 1 and y_j = 0", roc_auc, "higher",
                ("auc", "auroc", "c_statistic"), "Hanley and McNeil (1982), "
                "doi:10.1148/radiology.143.1.7063747; DeLong et al. (1988), doi:10.2307/2531595", "AUC"),
    ScoreMetric("average_precision", "Σ (R_n − R_{n−1}) · P_n over thresholds, R recall, P precision",
                average_precision, "higher", ("ap", "pr_auc"),
                "Boyd, Eng and Page (2013), doi:10.1007/978-3-642-40994-3_29", "AP"),
    ScoreMetric("calibration_in_the_large", "mean y − mean s", calibration_in_the_large, "neither",
                ("mean_calibration",), _VAN_CALSTER, "CITL", signed=True),
    ScoreMetric("calibration_intercept", "α of logit P(y = 1) = α + logit s", calibration_intercept,
                "neither", (), f"Cox (1958), doi:10.1093/biomet/45.3-4.562; {_VAN_CALSTER}", "CI",
                signed=True),
    ScoreMetric("calibration_slope", "β of logit P(y = 1) = α + β · logit s", calibration_slope,
                "neither", (), f"Cox (1958), doi:10.1093/biomet/45.3-4.562; {_VAN_CALSTER}", "CS",
                signed=True),
    ScoreMetric("brier_score", "mean (y − s)²", brier_score, "lower", ("brier", "brier_score_loss"),
                "Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2", "BS"),
    ScoreMetric("brier_miscalibration", "mean (y − s)² − mean (y − g(s))², g the best rising function",
                brier_miscalibration, "lower", ("mcb", "corp_miscalibration"), _CORP, "MCB"),
    ScoreMetric("brier_discrimination", "mean (y − mean y)² − mean (y − g(s))², g as above",
                brier_discrimination, "higher", ("dsc", "corp_discrimination"), _CORP, "DSC"),
    ScoreMetric("brier_uncertainty", "mean (y − mean y)²", brier_uncertainty, "neither", ("unc",),
                _CORP, "UNC"),
    ScoreMetric("expected_calibration_error",
                "Σ share · |mean y − mean s| over ten bins of equal mass per group",
                expected_calibration_error, "lower", ("ece",),
                "Naeini et al. (2015), doi:10.1609/aaai.v29i1.9602", "ECE"),
)  # fmt: skip

_BY_NAME = {name: row for row in SCORE_METRICS for name in (row.name, *row.aliases)}


def find_score_metric(name: object) -> ScoreMetric | None:
    """The score metric of a name or alias, or None where that is another kind of metric."""
    return _BY_NAME.get(name) if isinstance(name, str) else None
