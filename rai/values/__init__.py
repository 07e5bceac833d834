"""The values: frozen, few, NumPy only."""

from rai.values.calibration import Calibration, CalibrationBin
from rai.values.confusion import Confusion
from rai.values.curve import Curve, Curves, GapCurves
from rai.values.distribution import Distribution, Distributions
from rai.values.estimate import Estimate, Estimates
from rai.values.gap import Gap, Gaps, Pair, Pairs
from rai.values.levels import MISSING, Key, Level
from rai.values.moments import Moments
from rai.values.residuals import Residuals, ResidualSummary
from rai.values.roles import Roles
from rai.values.scored import Scored
from rai.values.tally import Tally
from rai.values.verdict import Verdict, Verdicts

__all__ = [
    "MISSING",
    "Calibration",
    "CalibrationBin",
    "Confusion",
    "Curve",
    "Curves",
    "Distribution",
    "Distributions",
    "Estimate",
    "Estimates",
    "Gap",
    "GapCurves",
    "Gaps",
    "Key",
    "Level",
    "Moments",
    "Pair",
    "Pairs",
    "ResidualSummary",
    "Residuals",
    "Roles",
    "Scored",
    "Tally",
    "Verdict",
    "Verdicts",
]
