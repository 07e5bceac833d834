"""Welch's interval: a difference of two means whose spreads may differ, with no spread left out."""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats
from rai.measure.intervals import Bounds, critical_value
from rai.measure.score_points import student


def welch(ours: Floats, theirs: Floats, *, level: float = 0.95) -> Bounds:
    """Bounds of the mean of ours minus the mean of theirs, column by column.

    Args:
        ours: Independent rows, shape (n, M), at least 2.
        theirs: The other rows, shape (m, M), at least 2.
        level: Coverage of each column's bounds by itself.

    Returns:
        Bounds, shape (M,); of zero width where neither side varies.

    Example:
        >>> low, high = welch(np.array([[1.0], [2.0], [3.0]]), np.array([[0.0], [0.5], [1.0]]))
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([-0.578], [3.578])

    Source: Welch (1947), doi:10.1093/biomet/34.1-2.28.
    """
    gap = ours.mean(axis=0) - theirs.mean(axis=0)
    parts = [held.var(axis=0, ddof=1) / len(held) for held in (ours, theirs)]
    variance = parts[0] + parts[1]
    spent = sum(part**2 / (len(held) - 1) for part, held in zip(parts, (ours, theirs), strict=True))
    most = np.full(len(gap), len(ours) + len(theirs) - 2.0)
    freedom = np.divide(variance**2, spent, out=most, where=spent > 0)
    return student(np.stack([gap, np.sqrt(variance), freedom]), critical_value(level))
