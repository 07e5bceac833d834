"""Which metrics a gap looks at, and in which of them it is attained."""

from __future__ import annotations

from rai.audits import Audit
from rai.ground.formatting import readable
from rai.measure.criteria import find_criterion
from rai.measure.multiclass import TOTAL_VARIATION
from rai.values import Gap


def measured_in(gap: Gap, audit: Audit) -> tuple[str, ...]:
    """The metrics that a gap looks at; its own name where it is no gap of a metric."""
    if audit.task == "regression" or gap.metric == TOTAL_VARIATION:
        return (gap.metric,)
    return find_criterion(gap.metric).metrics


def attained_in(gap: Gap, audit: Audit) -> str | None:
    """The metric in which a gap is attained; None for a mean over several, or no metric of a group."""
    metrics = measured_in(gap, audit)
    if gap.metric == TOTAL_VARIATION:
        return None
    if len(metrics) == 1:
        return metrics[0]
    noted = gap.note.split("; ")
    return next((metric for metric in metrics if f"in {readable(metric)}" in noted), None)
