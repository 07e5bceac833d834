"""ROC curves as polygons: what each cut selects, where they turn, and the area between two of them.

TPR 1 ┤      ╭───      A corner for each score of the group, from nobody selected to everyone;
      │  ╭───╯         rows with one score move along one straight line.
    0 ┼──┴──────▶ 1 FPR
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.filled_bins import filled_bins
from rai.measure.scores import check_scores
from rai.values import Tally

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Selections:
    """What the cuts of one group select, from nobody to everyone.

    Args:
        threshold: The least score selected by each cut, falling, shape (c,); inf first.
        tp, fp: Weight of positive and of negative labels selected, rising, shape (c,); 0 first.
        tp_squares, fp_squares: The same sums of squared weights.
    """

    threshold: Array
    tp: Array
    fp: Array
    tp_squares: Array
    fp_squares: Array


@dataclass(frozen=True, slots=True, eq=False)
class Roc:
    """A ROC curve: its corners from (0, 0) to (1, 1), rising, each shape (c,).

    Args:
        x: False positive rates.
        y: True positive rates.
    """

    x: Array
    y: Array


def selections(tally: Tally) -> Iterator[Selections]:
    """What every cut selects, group by group, at the scores (or bins) that the group has rows in."""
    least = np.concatenate(([lowest_threshold(tally)], check_scores(tally, where="scores")))
    for block in filled_bins(tally):
        for rows, weight, squares in zip(block.rows, block.weight, block.squares, strict=True):
            held = np.flatnonzero(rows.any(axis=0))[::-1]
            sums = [_from_nobody(cells[label, held]) for cells in (weight, squares) for label in (1, 0)]
            yield Selections(np.concatenate(([np.inf], least[block.bins[held]])), *sums)


def lowest_threshold(tally: Tally) -> float:
    """A threshold that selects everyone: the lowest score, or 0 where bins reach from there."""
    edges = check_scores(tally, where="scores")
    if tally.exact and len(edges):
        return float(edges[0])
    return 0.0 if len(edges) and edges[0] > 0 else -np.inf


def roc_of(found: Selections) -> Roc:
    """The ROC curve of a group that has rows with both labels."""
    kept = corners(found.fp, found.tp)
    fp, tp = found.fp[kept], found.tp[kept]
    return Roc(fp / fp[-1], tp / tp[-1])


def corners(x: Array, y: Array) -> NDArray[np.intp]:
    """Places of the points at which a polygon turns, and of both ends."""
    run, rise = np.diff(x), np.diff(y)
    turns = run[:-1] * rise[1:] != rise[:-1] * run[1:]
    ends = np.ones(1, dtype=bool)
    return np.flatnonzero(np.concatenate((ends, turns, ends[: len(x) - 1])))


def sides(roc: Roc, x: Array) -> tuple[Array, Array]:
    """Heights just left and just right of each x, which differ where the curve is vertical.

    Example:
        >>> steep = Roc(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.5, 1.0]))
        >>> [side.tolist() for side in sides(steep, np.array([0.0, 0.5]))]
        [[0.0, 0.75], [0.5, 0.75]]
    """
    last = len(roc.x) - 1
    at = np.searchsorted(roc.x, x, side="left")
    left = _on_line(roc, np.maximum(at - 1, 0), at, x, anchor=at)
    at = np.searchsorted(roc.x, x, side="right") - 1
    right = _on_line(roc, at, np.minimum(at + 1, last), x, anchor=at)
    return left, right


def area_between(first: Roc, second: Roc) -> float:
    """The area between two ROC curves, ∫ |ROC_1 − ROC_2| dFPR, exactly.

    Example:
        >>> perfect = Roc(np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0]))
        >>> area_between(perfect, Roc(np.arange(2.0), np.arange(2.0)))
        0.5
    """
    x = np.union1d(first.x, second.x)
    (left, right), (other_left, other_right) = sides(first, x), sides(second, x)
    start, end = (right - other_right)[:-1], (left - other_left)[1:]
    size = np.abs(start) + np.abs(end)
    crossed = np.divide(start**2 + end**2, size, out=np.zeros_like(size), where=size > 0)
    return float(np.diff(x) @ np.where(start * end < 0, crossed, size)) / 2


def _from_nobody(cells: Array) -> Array:
    return np.concatenate(([0.0], np.cumsum(cells)))


def _on_line(
    roc: Roc, start: NDArray[np.intp], end: NDArray[np.intp], x: Array, *, anchor: NDArray[np.intp]
) -> Array:
    """Heights at x of the lines from corner to corner, measured from one of the two."""
    run = roc.x[end] - roc.x[start]
    slope = np.divide(roc.y[end] - roc.y[start], run, out=np.zeros_like(run), where=run > 0)
    return np.asarray(roc.y[anchor] + (x - roc.x[anchor]) * slope)
