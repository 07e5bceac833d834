"""A tally of scores in blocks of groups, each without the bins that none of its groups fills.

    exact, five groups    (5, 2, 1,000,000)    most bins are empty in any one group
    blocks                (1, 2, 200,000) …    one group each, and only its own scores

Where there are few bins, one block holds many groups, and all are measured at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rai.measure.scores import check_scores
from rai.values import Tally

Array = NDArray[np.float64]
Found = TypeVar("Found", bound=tuple[Array, ...])

_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class FilledBins:
    """Cells of h groups in the m bins that hold rows of any of them.

    Args:
        bins: Which bins of the tally, rising, shape (m,).
        rows: Rows, shape (h, 2, m): group × label × bin.
        weight: Sums of weights, the same shape; rows where there are no weights.
        squares: Sums of squared weights, the same shape; rows where there are no weights.
    """

    bins: NDArray[np.intp]
    rows: Array
    weight: Array
    squares: Array


def filled_bins(tally: Tally) -> Iterator[FilledBins]:
    """The groups of a binary tally of scores, in order, a block at a time."""
    check_scores(tally, where="scores")
    step = max(1, _AT_ONCE // tally.n.shape[2])
    for first in range(0, len(tally.groups), step):
        block = slice(first, first + step)
        bins = np.flatnonzero(tally.n[block].any(axis=(0, 1)))
        rows = _taken(tally.n[block], bins)
        weight = rows if tally.weight is None else _taken(tally.weight[block], bins)
        squares = rows if tally.weight_sq is None else _taken(tally.weight_sq[block], bins)
        yield FilledBins(bins, rows, weight, squares)


def of_blocks(tally: Tally, measure: Callable[[FilledBins], Found]) -> Found:
    """What a function finds in each block, put together: a tuple of arrays of shape (g,).

    Args:
        tally: A binary tally of scores.
        measure: From a block of h groups to a named tuple of arrays of shape (h,).
    """
    parts = [measure(block) for block in filled_bins(tally)]
    return type(parts[0])(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _taken(cells: NDArray[np.generic], bins: NDArray[np.intp]) -> Array:
    return np.take(cells, bins, axis=2).astype(np.float64)
