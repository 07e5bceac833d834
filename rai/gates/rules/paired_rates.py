"""Bounds for a difference of two rates on the same rows that keep their error, few rows or far out.

Tango's interval keeps its error on average. Where hardly a row differs, or far out in the tails that
Holm's procedure asks for, each of its bounds may be wrong twice or three times as often as it says. So
a decision takes the wider of two: Tango's bounds, and those that MOVER makes from exact bounds (Clopper
and Pearson's) of both shares that the difference is made of, rows gained and rows lost.

Source: Zou and Donner (2008), doi:10.1002/sim.3095; Clopper and Pearson (1934).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import Bounds, clopper_pearson, mover_difference
from rai.measure.paired_metrics import Both

Array = NDArray[np.float64]

_STEP = 1e-3  # of a standard error: so near the value, Tango's interval is a plain one


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
    n = both.first.trials
    if both.difference.method != "tango" or n is None:
        return Bounds(low, high)
    gained, lost = changed(both)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = mover_difference(
            gained / n, clopper_pearson(gained, n, z=z),
            other=lost / n, other_bounds=clopper_pearson(lost, n, z=z),
        )  # fmt: skip
    return Bounds(np.minimum(low, apart.low), np.maximum(high, apart.high))


def changed(both: Both) -> tuple[Array, Array]:
    """Rows that succeed in the second only, and in the first only, of two rates with one denominator.

    Their difference is that of the rates; their sum is how wide Tango's interval begins, since

        high − low  =  2 z √(gained + lost − n · difference²) / n        for a small z
    """
    n, value = both.first.trials, both.difference.value
    assert n is not None
    low, high = both.difference.bounds(_STEP)
    both_ways = (n * (high - low) / (2 * _STEP)) ** 2 + n * value**2
    gained, lost = (np.clip((both_ways + sign * n * value) / 2, 0.0, n) for sign in (1, -1))
    return gained, lost
