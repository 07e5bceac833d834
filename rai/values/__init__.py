"""The values: frozen, few, NumPy only."""

from rai.values.confusion import Confusion
from rai.values.estimate import Estimate, Estimates
from rai.values.gap import Gap, Gaps, Pair, Pairs
from rai.values.levels import MISSING, Key, Level
from rai.values.moments import Moments
from rai.values.roles import Roles
from rai.values.scored import Scored
from rai.values.tally import Tally

__all__ = [
    "MISSING",
    "Confusion",
    "Estimate",
    "Estimates",
    "Gap",
    "Gaps",
    "Key",
    "Level",
    "Moments",
    "Pair",
    "Pairs",
    "Roles",
    "Scored",
    "Tally",
]
