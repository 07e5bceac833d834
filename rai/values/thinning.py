"""Which points of a line a picture needs: about the fewest that no other lies visibly off.

all points    ·  ·  · · ·  ·  ·  ·        16,000 scores
kept          ·           ·      ·        as many as bends can be seen
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_PART = 4096


def kept_points(x: Array, *lines: Array, within: float) -> Places:
    """Places of the points to keep, such that straight lines between them pass all others closely.

    Args:
        x: Positions of the points in units of the picture, shape (p,).
        lines: Heights of one or several lines over them, such as a value and its bounds, shape (p,).
        within: How far a dropped point may lie off.

    Example:
        >>> x = np.linspace(0, 1, 101)
        >>> kept_points(x, np.abs(x - 0.5), within=0.001).tolist()
        [0, 50, 100]

    Source: Douglas and Peucker (1973), doi:10.3138/FM57-6770-U75U-7727.
    """
    points = np.stack([np.stack((x, line), axis=-1) for line in lines])
    if len(x) <= _PART:
        return _kept(points, within)
    starts = range(0, len(x), _PART)
    rough = np.concatenate([a + _kept(points[:, a : a + _PART], within / 2) for a in starts])
    return np.asarray(rough[_kept(points[:, rough], within / 2)])


def runs(known: NDArray[np.bool_]) -> list[slice]:
    """The stretches where something is known, so that a line can be broken where it is not.

    Example:
        >>> runs(np.array([True, True, False, True]))
        [slice(0, 2, None), slice(3, 4, None)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _kept(points: Array, within: float) -> Places:
    """The same for lines of points, shape (lines, p, 2)."""
    keep = np.zeros(points.shape[1], dtype=bool)
    keep[[0, -1][: len(keep)]] = True
    pieces = [(0, len(keep) - 1)]
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        off = _off(points[:, first : last + 1])
        worst = int(off.argmax())
        if off[worst] > within:
            keep[first + worst] = True
            pieces += [(first, first + worst), (first + worst, last)]
    return np.flatnonzero(keep)


def _off(points: Array) -> Array:
    """How far each point lies off the stretch from first to last, in the worst line, shape (p,)."""
    start, end = points[:, :1], points[:, -1:]
    way = end - start
    length = np.square(way).sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        along = ((points - start) * way).sum(axis=-1, keepdims=True) / length
    nearest = start + np.clip(np.where(length > 0, along, 0.0), 0.0, 1.0) * way
    return np.asarray(np.sqrt(np.square(points - nearest).sum(axis=-1)).max(axis=0))
