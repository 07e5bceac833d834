"""The kernel: encoded columns become one flat index, and the index is counted.

    sex    [0 1 0 0]  ┐
    race   [2 0 2 1]  ├─▶ cell [0 1 0 2] ─▶ cells that occur, as rows of codes [[0 2 1] [1 0 1] [0 1 0]]
    label  [1 1 1 0]  ┘                         np.bincount(cell · width + bin) ─▶ counts

Only cells that occur are kept, so that ten features of ten levels cost what their rows cost, never 10¹⁰.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Codes, Floats, Ints
from rai.ground.errors import ArgumentError, sentence
from rai.values.levels import MISSING, Key, Level, level_order
from rai.values.tally import Tally

DENSE = 1 << 18  # combinations up to here are looked up in a table, beyond it they are hashed
MOST_CELLS = 200_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The combinations of codes that occur.

    Args:
        of_row: Each row's cell, shape (rows,).
        codes: One code per column for each cell, shape (cells, columns).
        levels: The levels of each column.
    """

    of_row: Ints
    codes: Ints
    levels: tuple[tuple[Level, ...], ...]

    def __len__(self) -> int:
        return len(self.codes)


def cells_of(columns: Sequence[Codes], *, rows: int) -> Cells:
    """The cells of some columns without gaps; one cell of no codes where there are no columns.

    Example:
        >>> sex, label = Codes(np.array([0, 1, 0]), ("F", "M")), Codes(np.array([1, 0, 1]), (0, 1))
        >>> pair = cells_of([sex, label], rows=3)
        >>> pair.of_row.tolist(), pair.codes.tolist()
        ([0, 1, 0], [[0, 1], [1, 0]])
    """
    flat, known = np.zeros(rows, dtype=np.intp), np.zeros((1, 0), dtype=np.intp)
    for column in columns:
        size = len(column.levels)
        flat = flat * size + column.codes if known.shape[1] else column.codes
        if len(known) * size > DENSE:
            flat, occurring = _hashed(flat)
            known = _spread(known, size, occurring)
        else:
            known = _spread(known, size, np.arange(len(known) * size))
    counts = np.bincount(flat, minlength=len(known))
    if not counts.all():
        occurring = np.flatnonzero(counts)
        places = np.zeros(len(known), dtype=np.intp)
        places[occurring] = np.arange(len(occurring))
        flat, known = places[flat], known[occurring]
    return Cells(flat, known, tuple(column.levels for column in columns))


def with_missing(column: Codes) -> Codes:
    """The missing as a level of its own."""
    if not column.gaps:
        return column
    levels = column.levels if MISSING in column.levels else (*column.levels, MISSING)
    return Codes(np.where(column.codes < 0, levels.index(MISSING), column.codes), levels)


def tally_of(
    cells: Cells,
    *,
    axes: tuple[str, ...],
    edges: Floats | None = None,
    bins: Ints | None = None,
    weight: Floats | None = None,
    exact: bool = False,
) -> Tally:
    """A tally of rows whose last columns are the label and, without bins, the prediction.

    Args:
        cells: Axes, then the label, then (without `bins`) the predicted class.
        axes: Names of the leading columns.
        edges: Score cuts, shape (b - 1,).
        bins: Each row's score bin, shape (rows,).
        weight: Each row's weight, shape (rows,).
        exact: Whether `edges` holds every distinct score.
    """
    groups, group_of = group_keys(cells, len(axes))
    labels, label_of = _ordered(cells, len(axes))
    outcomes: tuple[Level, ...] = ()
    if bins is None or edges is None:
        outcomes, outcome_of = _ordered(cells, len(axes) + 1)
        width = len(outcomes)
        index = ((group_of * len(labels) + label_of) * width + outcome_of)[cells.of_row]
    else:
        width = len(edges) + 1
        index = ((group_of * len(labels) + label_of) * width)[cells.of_row] + bins
    check_size(len(groups), len(labels), width)
    shape = (len(groups), len(labels), width)

    def counted(weights: Floats | None, kind: type[np.generic]) -> NDArray[np.generic]:
        found = np.bincount(index, weights, minlength=math.prod(shape))
        return found.astype(kind, copy=False).reshape(shape)

    return Tally(
        axes=axes,
        groups=groups,
        labels=labels,
        edges=edges,
        outcomes=outcomes,
        n=counted(None, np.int64),  # type: ignore[arg-type]
        weight=None if weight is None else counted(weight, np.float64),  # type: ignore[arg-type]
        weight_sq=None if weight is None else counted(weight**2, np.float64),  # type: ignore[arg-type]
        exact=exact,
    )


def check_size(groups: int, labels: int, outcomes: int) -> None:
    """The tally fits into memory."""
    if groups * labels * outcomes > MOST_CELLS:
        seen = f"{groups:,} groups × {labels:,} labels × {outcomes:,} outcomes"
        hint = 'Pass bins=1000 instead of bins="exact", or fewer features.'
        expected = f"at most {MOST_CELLS:,} cells"
        raise ArgumentError(sentence("tally", seen, expected=expected, hint=hint))


def group_keys(cells: Cells, axes: int) -> tuple[tuple[Key, ...], Ints]:
    """Keys of the groups in canonical order, and each cell's place among them."""
    place = np.zeros(len(cells), dtype=np.intp)
    for levels, codes in zip(cells.levels[:axes], cells.codes.T, strict=False):
        _, place = np.unique(place * len(levels) + _ranks(levels)[codes], return_inverse=True)
    one_each = np.unique(place, return_index=True)[1]
    named = [
        [levels[code] for code in codes[one_each].tolist()]
        for levels, codes in zip(cells.levels[:axes], cells.codes.T, strict=False)
    ]
    return tuple(zip(*named, strict=True)) if axes else ((),), place


def _ordered(cells: Cells, column: int) -> tuple[tuple[Level, ...], Ints]:
    """The levels of a column that occur, in canonical order, and each cell's place among them."""
    levels = cells.levels[column]
    ranks, of_cell = np.unique(_ranks(levels)[cells.codes[:, column]], return_inverse=True)
    ordered = sorted(levels, key=level_order)
    return tuple(ordered[rank] for rank in ranks.tolist()), of_cell


def _ranks(levels: Sequence[Level]) -> Ints:
    """The place of each level in canonical order."""
    order = sorted(range(len(levels)), key=lambda i: level_order(levels[i]))
    ranks = np.empty(len(order), dtype=np.intp)
    ranks[order] = np.arange(len(order))
    return ranks


def _hashed(flat: Ints) -> tuple[Ints, Ints]:
    import pandas as pd

    codes, occurring = pd.factorize(flat)
    return np.asarray(codes, dtype=np.intp), np.asarray(occurring, dtype=np.intp)


def _spread(known: Ints, size: int, chosen: Ints) -> Ints:
    """Codes of the chosen places in the product of the known cells and one more column."""
    return np.column_stack([known[chosen // max(size, 1)], chosen % max(size, 1)])
