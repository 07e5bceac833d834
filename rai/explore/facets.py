"""Rows into facets: two passes over any source, the first for the buckets, the second for the counts.

source ──outlines──▶ binning of each axis ──codes, piece by piece──▶ bincount ──▶ Facets
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.numbers import row_weights
from rai.engines.sources import Piece, Source, open_source
from rai.engines.typed_files import typed_source
from rai.explore.binning import BINS, Bins, binning_of
from rai.explore.columns import readable
from rai.explore.facet_tables import AXES, FacetAxis, Facets
from rai.explore.placing import outline, placed
from rai.explore.row_choices import choose_rows
from rai.ground.checks import check_one
from rai.ground.errors import ArgumentError, sentence
from rai.values.column_summary import ColumnSummary

MOST_CELLS = 1_000_000
PIECE = 1 << 20  # rows that are coded at once

_OPTIONS = dict(zip(AXES, ("row_bins", "column_bins", "color_bins"), strict=True))


def facet(
    data: Any,
    *,
    rows: str | None = None,
    columns: str | None = None,
    color: str | None = None,
    row_bins: Bins = BINS,
    column_bins: Bins = BINS,
    color_bins: Bins = BINS,
    method: str = "equal_width",
    sample_weight: str | None = None,
    where: Any = None,
) -> Facets:
    """How many rows are in each cell of a grid of two columns, by the colour that a third gives them.

    Missing values have a bucket of their own on each axis, and the values beyond the most frequent share
    a counted one, `other`.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet, which is read twice, in pieces.
        rows: The column that splits rows of the grid; None for one row.
        columns: The column that splits its columns; None for one.
        color: The column that colours what is inside; None for one colour.
        row_bins, column_bins, color_bins: The most bins of each, not counting `other`; edges between
            them; or a binning, such as `rows.binning` of other facets.
        method: `equal_width`, `quantile` or `freedman_diaconis`, as for `rai.explore.binning_of`.
        sample_weight: The column of row weights.
        where: Which rows to count: a query such as `age > 40 and sex = Female`; all of them if None.

    Raises:
        RoleError: If a column is not there, or its values have no buckets, as lists have not.
        ArgumentError: If no column is named, or something else stands for bins, a method or a query.
        DataError: If the rows can't be read, a weight is none, or a value is in no bucket of a binning.

    Example:
        >>> frame = {"age": [20, 30, 60, 61], "sex": ["F", "M", "F", "F"], "paid": [0, 1, 1, None]}
        >>> found = facet(frame, rows="age", columns="sex", color="paid", row_bins=[40])
        >>> found.rows.labels, found.n[1, 0].tolist()
        (('< 40', '≥ 40', '(missing)'), [0, 1, 1])
    """
    names = {"rows": rows, "columns": columns, "color": color}
    used = {role: name for role, name in names.items() if name is not None}
    if not used:
        raise ArgumentError(sentence("facet", "no column", expected="rows, columns or color"))
    source, query = _source(data, used, sample_weight, where)
    bins = {"rows": row_bins, "columns": column_bins, "color": color_bins}
    axes = _axes(source, used, bins, method)
    shape = tuple(len(axes[role]) for role in AXES)
    if np.prod(shape) > MOST_CELLS:
        seen = f"{' × '.join(map(str, shape))} buckets"
        raise ArgumentError(sentence("facet", seen, expected=f"at most {MOST_CELLS:,} cells"))
    n, weight = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    wanted = list(dict.fromkeys((*used.values(), *([sample_weight] if sample_weight else []))))
    for piece in source.pieces(wanted, PIECE):
        cell = _cells(piece, axes)
        held = np.bincount(cell, minlength=n.size).reshape(shape)
        n += held
        weight += held if sample_weight is None else _weighed(piece, sample_weight, cell, shape)
    return Facets(**axes, n=n, weight=weight, sample_weight=sample_weight, where=query)


def _source(
    data: Any, used: dict[str, str], sample_weight: str | None, where: Any
) -> tuple[Source, str | None]:
    """The rows to count, with types, and the text of the query that chose them."""
    source = open_source(data)
    roles = {**used, **({} if sample_weight is None else {"sample_weight": sample_weight})}
    for role, name in roles.items():
        check_one(name, where=role, what="column")
        source.check_column(name, role=role)
    chosen = choose_rows(source, where=where, names=roles.values())
    query = None if chosen.where is None else str(chosen.where)
    return typed_source(chosen.source, list(dict.fromkeys(roles.values()))), query


def _axes(
    source: Source, used: dict[str, str], bins: dict[str, Bins], method: str
) -> dict[str, FacetAxis]:
    """The buckets of each axis, from a first pass over the rows."""
    known: dict[str, ColumnSummary] = {}
    for piece in source.pieces(list(dict.fromkeys(used.values())), PIECE):
        columns = {name: readable(column) for name, column in piece.items()}
        for role, name in used.items():
            part = outline(columns[name], bins=bins[role], method=method, where=f"{role} {name!r}")
            known[role] = known[role] + part if role in known else part
    nothing = outline(readable(np.empty(0)), bins=0, method=method, where="rows")
    axes = dict.fromkeys(AXES, FacetAxis())
    for role, name in used.items():
        summary = known.get(role, nothing)
        binning = binning_of(summary, bins[role], method=method, where=_OPTIONS[role])
        axes[role] = FacetAxis(name, summary.kind, binning)
    return axes


def _cells(piece: Piece, axes: dict[str, FacetAxis]) -> Any:
    """The cell of each row, counted through all axes, shape (n,)."""
    cell: Any = np.zeros(len(next(iter(piece.values()))), dtype=np.intp)
    for role, axis in axes.items():
        cell *= len(axis)
        if axis.name is not None and axis.binning is not None:
            cell += placed(readable(piece[axis.name]), axis.binning, where=f"{role} {axis.name!r}")
    return cell


def _weighed(piece: Piece, name: str, cell: Any, shape: tuple[int, ...]) -> Any:
    weights = row_weights(piece[name], where=f"sample_weight {name!r}")
    return np.bincount(cell, weights, minlength=int(np.prod(shape))).reshape(shape)
