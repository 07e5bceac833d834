"""Edges of bins as they can be drawn: open ends closed, and places from 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def finite_edges(edges: Array) -> Array:
    """Edges to draw: an open end is as wide as the bins are on average.

    Example:
        >>> finite_edges(np.array([-np.inf, 10.0, 20.0, np.inf])).tolist()
        [0.0, 10.0, 20.0, 30.0]
    """
    drawn = edges.copy()
    known = drawn[np.isfinite(drawn)]
    if len(known) > 1:
        width = float((known[-1] / 2 - known[0] / 2) / (len(known) - 1) * 2)
    else:
        width = max(abs(float(known.sum())), 1.0)
    if np.isneginf(drawn[0]):
        drawn[0] = max((known[0] if len(known) else 0.0) - width, -np.finfo(float).max)
    if np.isposinf(drawn[-1]):
        drawn[-1] = min((known[-1] if len(known) else 0.0) + width, np.finfo(float).max)
    return drawn


def unit_edges(edges: Array) -> Array:
    """Finite edges as places from 0 to 1, however far apart they are.

    Example:
        >>> unit_edges(np.array([-1e308, 0.0, 1e308])).tolist()
        [0.0, 0.5, 1.0]
    """
    halves = edges / 2
    reach = halves[-1] - halves[0]
    return np.asarray((halves - halves[0]) / reach if reach > 0 else np.linspace(0, 1, len(edges)))
