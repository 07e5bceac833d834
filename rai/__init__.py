"""Responsible-AI evaluation: who is harmed by a model's errors, at which threshold, and how sure.

Rows become one small, mergeable table of counts in one pass; everything after that is arithmetic:

    rows ─▶ Tally ─▶ Estimate ─▶ Gap ─▶ report, plot, exit code
"""

from rai import plots
from rai.audits import Audit, audit
from rai.datasets import Dataset, load_dataset
from rai.ground import version as _version
from rai.ground.errors import (
    ArgumentError,
    DataError,
    ExtraError,
    PolicyError,
    RaiError,
    RoleError,
    TallyError,
)
from rai.reports import report
from rai.values import Confusion, Estimate, Estimates, Gap, Gaps, Moments, Pair, Pairs, Roles, Tally

__version__ = _version.VERSION

__all__ = [
    "ArgumentError",
    "Audit",
    "Confusion",
    "DataError",
    "Dataset",
    "Estimate",
    "Estimates",
    "ExtraError",
    "Gap",
    "Gaps",
    "Moments",
    "Pair",
    "Pairs",
    "PolicyError",
    "RaiError",
    "RoleError",
    "Roles",
    "Tally",
    "TallyError",
    "audit",
    "load_dataset",
    "plots",
    "report",
]
