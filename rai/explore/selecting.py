"""Sources that yield only the rows that meet a query, piece by piece, wherever the rows are.

    source ── natural pieces ──▶ query, on the columns it asks about ──▶ the rows that meet it

A column of a CSV file has the type that the whole file gives it, so the same rows are chosen from a file
as from a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import is_a
from rai.engines.frames import WHOLE, Rows, rows_of_piece
from rai.engines.sources import Piece, Source, column_part
from rai.engines.typed_files import typed_source
from rai.explore.queries import Query
from rai.explore.readings import Readings
from rai.explore.truths import Bools, Truth
from rai.ground.errors import DataError, in_short, sentence

WHERE = "where"


def filtered(source: Source, query: Query) -> Source:
    """The rows of a source that meet a query.

    Args:
        source: Rows, wherever they are.
        query: What they must meet. A row of which that is not known (a value is missing) is left out.

    Raises:
        RoleError: If a column is not there, or nothing in it can be compared.
        ArgumentError: If a column holds values of another kind than it is compared with.
        DataError: When pieces are asked for, if no row meets it.

    Example:
        >>> from rai.engines.sources import open_source
        >>> from rai.explore.queries import parse_query
        >>> rows = open_source({"age": [30, 50, None], "sex": ["F", "M", "M"]})
        >>> old = filtered(rows, parse_query("age > 40"))
        >>> [piece["sex"].tolist() for piece in old.pieces(["sex"], 10)]
        [['M']]
    """
    check_columns(source, query, where=WHERE)
    typed = typed_source(source, query.columns)

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        first, some = None, False
        for piece in typed.pieces(_union(wanted, query.columns), WHOLE):
            rows = piece_rows(piece, query.columns)
            first = rows if first is None else first
            keep = query.truth(Readings(rows)).yes
            count = int(keep.sum())
            some = some or count > 0
            kept = {name: _kept(piece[name], keep) for name in wanted} if count else {}
            yield from in_parts(kept, count, size)
        if not some:
            raise _nobody(typed, query, first)

    return replace(typed, pieces=pieces, total=None)


def with_columns(source: Source, added: Mapping[str, Query], column: Callable[[Truth], Any]) -> Source:
    """A source with one more column for each query, made of what is known of each row.

    Args:
        source: Rows, wherever they are.
        added: Name of the new column to its query.
        column: From what is known of some rows to the values of the column for them.

    Raises:
        RoleError, ArgumentError: As for `filtered`.
    """
    for name, query in added.items():
        check_columns(source, query, where=f"cohort {name!r}")
    read = _union(*(query.columns for query in added.values()))
    typed = typed_source(source, read)

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        new = {name: added[name] for name in wanted if name in added}
        own = [name for name in wanted if name not in added]
        needed = _union(own, *(query.columns for query in new.values()))
        if not new:
            yield from typed.pieces(own, size)
            return
        for piece in typed.pieces(needed, WHOLE):
            columns = Readings(piece_rows(piece, _union(*(query.columns for query in new.values()))))
            made = {name: column(query.truth(columns)) for name, query in new.items()}
            held = {name: made[name] if name in made else piece[name] for name in wanted}
            yield from in_parts(held, len(columns.rows), size)

    return replace(typed, names=(*typed.names, *added), pieces=pieces)


def rows_in(source: Source, column: str) -> int:
    """How many rows a source has, counted where it doesn't say."""
    if source.total is not None:
        return source.total
    return sum(len(piece[column]) for piece in source.pieces([column], WHOLE))


def check_columns(source: Source, query: Query, *, where: str) -> None:
    """Every column that a query asks about is there, once.

    Raises:
        RoleError: If one is not.
    """
    for name in query.columns:
        source.check_column(name, role=where)


def piece_rows(piece: Piece, names: Sequence[str]) -> Rows:
    """Columns of a piece as rows: of Polars where all of them are, else of pandas."""
    if not all(is_a(piece[name], "polars", "Series") for name in names):
        return rows_of_piece(piece, names)
    import narwhals as nw
    import polars as pl

    return Rows(nw.from_native(pl.DataFrame({name: piece[name] for name in names}), eager_only=True))


def in_parts(piece: Piece, rows: int, size: int) -> Iterator[Piece]:
    """A piece in parts of at most `size` rows."""
    for start in range(0, rows, size):
        yield {name: column_part(column, start, size) for name, column in piece.items()}


def _kept(column: Any, keep: Bools) -> Any:
    """The rows of a column that are kept."""
    if keep.all():
        return column
    if is_a(column, "polars", "Series"):
        import polars as pl

        return column.filter(pl.Series(keep))
    if is_a(column, "pyarrow", "Array", "ChunkedArray"):
        return column.take(np.flatnonzero(keep))
    return column[keep]


def _union(*names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for some in names for name in some))


def _nobody(source: Source, query: Query, first: Rows | None) -> DataError:
    """The error where no row is left, with what is odd about the query."""
    if first is None:
        return DataError(sentence(source.where, "no rows", expected="at least one"))
    hint = next(iter(query.check(first)), "")
    seen = f"no row meets {in_short(str(query))}"
    hint = "" if hint.startswith("No row meets") else hint
    return DataError(sentence(WHERE, seen, expected="at least one", hint=hint))
