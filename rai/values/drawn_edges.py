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
    drawn, most = edges.copy(), float(np.finfo(np.float64).max)
    known = drawn[np.isfinite(drawn)].tolist() or [0.0]
    width = abs(known[0]) or 1.0
    if len(known) > 1:
        width = (known[-1] / 2 - known[0] / 2) / (len(known) - 1) * 2
    if np.isneginf(drawn[0]):
        drawn[0] = max(known[0] - width, -most)
    if np.isposinf(drawn[-1]):
        drawn[-1] = min(known[-1] + width, most)
    return drawn


def unit_places(values: Array, edges: Array) -> Array:
    """Values as places from 0 to 1 between the outer edges, however far apart or near these are.

    Args:
        values: Finite numbers, shape (n,).
        edges: Finite edges, rising, shape (b,).

    Example:
        >>> unit_places(np.array([-1e308, 0.0, 1e308]), np.array([-1e308, 1e308])).tolist()
        [0.0, 0.5, 1.0]
    """
    halves, first = values / 2, edges[0] / 2
    reach = edges[-1] / 2 - first
    if not reach > 0:
        return np.linspace(0, 1, len(values))
    return np.asarray(np.clip((halves - first) / reach, 0.0, 1.0))
