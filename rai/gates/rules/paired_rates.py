"""Bounds for a difference of two rates on the same rows that keep their error, few rows or far out.

Tango's interval keeps its error on average. Where hardly a row differs, or far out in the tails that
Holm's procedure asks for, each of its bounds may be wrong twice or three times as often as it says. So
a decision takes the wider of two: Tango's bounds, and those that MOVER makes from exact bounds (Clopper
and Pearson's) of both shares that the difference is made of, rows gained and rows lost.

Source: Zou and Donner (2008), doi:10.1002/sim.3095; Clopper and Pearson (1934).
"""

from __future__ import annotations

import numpy as np

from rai.measure.intervals import Bounds, clopper_pearson, mover_difference
from rai.measure.paired_metrics import Both


def paired_bounds(both: Both, *, z: float) -> Bounds:
    """Bounds of a metric of the second minus that of the first, each wrong at most at its tail's share.

    Args:
        both: A metric of both.
        z: Critical value of one side.

    Example:
        >>> from rai.measure.paired import metric_of_both
        >>> from rai.values.paired import Paired
        >>> rows = np.array([[[[0, 0], [0, 0]], [[0, 0], [12, 88]]]])
        >>> pairs = Paired.of_counts(rows, axes=(), groups=((),), classes=(0, 1))
        >>> ((_, both),) = metric_of_both(pairs, "true_positive_rate")
        >>> [side.round(3).tolist() for side in paired_bounds(both, z=1.645)]
        [[-0.187], [-0.063]]
    """
    low, high = both.difference.bounds(z)
    if both.changes is None:
        return Bounds(low, high)
    gained, lost, n = both.changes
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = mover_difference(
            gained / n, clopper_pearson(gained, n, z=z),
            other=lost / n, other_bounds=clopper_pearson(lost, n, z=z),
        )  # fmt: skip
    return Bounds(np.minimum(low, apart.low), np.maximum(high, apart.high))
