"""A threshold is one more axis: confusion matrices of every group at many thresholds, counted once.

    group         (F,)         (F,)         (M,)         (M,)
    × threshold   (F, 0.25)    (F, 0.5)     (M, 0.25)    (M, 0.5)

Metrics, gaps and intervals then need to know nothing of curves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import number
from rai.measure.scores import check_scores
from rai.values import Confusion, Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]

THRESHOLD = "threshold"
Points = Sequence[float] | NDArray[np.float64] | float | None


def at_thresholds(tally: Tally, thresholds: Array) -> Confusion:
    """Confusion matrices with `threshold` as the last axis, groups in order and thresholds within.

    Args:
        tally: A binary tally of scores.
        thresholds: Rising, shape (t,): edges of the tally, or any numbers where bins are exact.

    Raises:
        ArgumentError: If the tally has an axis of the name `threshold`.
        TallyError: If a threshold is no edge of a tally whose bins are not exact.
    """
    if THRESHOLD in tally.axes:
        seen, hint = f"an axis named {THRESHOLD!r}", "Rename the column."
        raise ArgumentError(sentence("curves", seen, expected="another name", hint=hint))
    cuts = np.array([tally.first_bin(float(value)) for value in thresholds], dtype=np.intp)
    n = _split(tally.n, cuts)
    weight = n.astype(np.float64) if tally.weight is None else _split(tally.weight, cuts)
    squares = weight if tally.weight_sq is None else _split(tally.weight_sq, cuts)
    levels = thresholds.tolist()
    keys = tuple((*key, level) for key in tally.groups for level in levels)
    return Confusion((*tally.axes, THRESHOLD), keys, n, weight, squares, tally.weighted)


def threshold_grid(tally: Tally, *, most: int, always: Sequence[float] = ()) -> Array:
    """At most so many thresholds among the edges, evenly spread, and those that always belong to them.

    Where bins are exact they are spread evenly over the distinct scores, otherwise over the scale.
    """
    edges = check_scores(tally, where="scores")
    if len(edges) <= most:
        return edges
    if tally.exact:
        places = np.linspace(0, len(edges) - 1, most).round().astype(np.intp)
    else:
        places = nearest(edges, np.arange(1, most - 1) / (most - 1))
    return np.union1d(edges[places], np.asarray(always, dtype=np.float64))


def nearest(edges: Array, targets: Array) -> Places:
    """Places of the edges nearest to rising targets, each place once.

    Example:
        >>> nearest(np.array([0.1, 0.2, 0.5, 0.9]), np.array([0.0, 0.16, 0.4, 0.45]))
        array([0, 1, 2])
    """
    above = np.searchsorted(edges, targets).clip(1, len(edges) - 1)
    return np.unique(above - (targets - edges[above - 1] < edges[above] - targets))


def check_points(points: Points, *, where: str) -> Array:
    """The thresholds asked for, rising and distinct.

    Raises:
        ArgumentError: If they are not finite numbers, or there is none.
    """
    expected = "finite thresholds"
    try:
        found = np.unique(np.asarray(points, dtype=np.float64))
    except (TypeError, ValueError):
        raise ArgumentError(sentence(where, repr(points), expected=expected)) from None
    wrong = found[~np.isfinite(found)]
    if len(wrong) or not len(found):
        seen = number(float(wrong[0])) if len(wrong) else "none"
        raise ArgumentError(sentence(where, seen, expected=expected))
    return found


def selected_from(cells: NDArray[Any], cuts: Places) -> NDArray[Any]:
    """Sums of the bins from each cut on, shape (g, k, b) to (g, k, t)."""
    g, k, b = cells.shape
    starts = np.unique(np.concatenate(([0], cuts[cuts < b])))
    parts = np.add.reduceat(cells, starts, axis=2)[:, :, ::-1]
    sums = np.concatenate((np.zeros((g, k, 1), cells.dtype), np.cumsum(parts, axis=2)), axis=2)
    return sums[:, :, len(starts) - np.searchsorted(starts, cuts)]


def _split(cells: NDArray[Any], cuts: Places) -> NDArray[Any]:
    """Sums below and from each cut on, shape (g, k, b) to (g · t, k, 2)."""
    sums = selected_from(cells, np.concatenate(([0], cuts)))
    both = np.stack((sums[:, :, :1] - sums[:, :, 1:], sums[:, :, 1:]), axis=-1)
    return both.transpose(0, 2, 1, 3).reshape(-1, cells.shape[1], 2)
