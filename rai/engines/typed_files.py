"""Files of any size as typed pieces: a column has one type, whichever piece is looked at.

    file ──first pass──▶ type of each column ──second pass──▶ piece, typed ──▶ Rows for a model

What a column holds is only known when the whole file has been seen: an age of 40.5 in the last row
makes all ages floats, one gap makes whole numbers floats and true/false values objects, and categories
are those of all pieces. So a model is handed the same types with every piece, and the same as if the
file had been read at once; its answers can't depend on where the pieces were cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from rai.engines.frames import Rows, as_pandas
from rai.engines.sources import Piece, Source
from rai.engines.spelling import BOOL_WORDS, MISSING_WORDS

if TYPE_CHECKING:
    import polars

Kind = Literal["truth", "whole", "number", "text", "category", "own"]
Progress = Callable[[int, int | None], object]

BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
NUMBER = r"^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$"
MOST_WHOLE = 2.0**63
PIECE = 1 << 18  # rows that are typed at a time


@dataclass(frozen=True, slots=True)
class ColumnType:
    """What a column holds in the whole file.

    Args:
        kind: `truth`, `whole`, `number` or `text`, as the text of a CSV file reads; `category`; or its
            `own`, as a Parquet file says.
        gaps: Whether a value is missing somewhere.
        categories: The values that occur, for a category.
    """

    kind: Kind
    gaps: bool
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A source whose columns have one type each.

    Args:
        source: The file.
        types: Column to what it holds.
        rows: Rows in all.
    """

    source: Source
    types: Mapping[str, ColumnType]
    rows: int

    def frames(self, size: int) -> Iterator[polars.DataFrame]:
        """The columns piece by piece, typed; at most `size` rows in a piece."""
        import polars as pl

        for piece in self.source.pieces(list(self.types), size):
            yield pl.DataFrame(
                {name: _typed(piece[name], kind, name) for name, kind in self.types.items()}
            )

    def pandas(self, frame: polars.DataFrame, names: Sequence[str]) -> Rows:
        """Columns of a typed piece as a model is handed them: a pandas frame, as `open_rows` gives."""
        import narwhals as nw
        import pandas as pd

        columns = {name: _as_pandas(frame.get_column(name), self.types[name]) for name in names}
        return Rows(nw.from_native(pd.DataFrame(columns), eager_only=True))


def typed_file(
    source: Source, names: Sequence[str], *, size: int, progress: Progress | None = None
) -> TypedFile:
    """A file whose columns have been typed, after a first pass over it.

    Args:
        source: The file.
        names: Columns.
        size: Rows of a piece.
        progress: Called with the rows seen so far; how many there are is not known yet.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from rai.engines.sources import open_source
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "rows.csv"
        ...     _ = path.write_text("age,sex\\n30,F\\n40.5,NA\\n")
        ...     found = typed_file(open_source(path), ["age", "sex"], size=1)
        ...     [frame.rows() for frame in found.frames(1)]
        [[(30.0, 'F')], [(40.5, None)]]
    """
    if source.text_only:
        return _of_text(source, list(names), size, progress)
    first: Piece = next(iter(source.pieces(list(names), 1)), {})
    looked_at = [name for name in names if name in first and _depends(first[name])]
    seen = {name: _Held() for name in looked_at}
    if looked_at:
        for piece in source.pieces(looked_at, size):
            for name, held in seen.items():
                held.see(piece[name])
    types = {name: seen[name].type() if name in seen else ColumnType("own", gaps=True) for name in names}
    return TypedFile(source, types, source.total or 0)


def typed_source(source: Source, names: Sequence[str] = ()) -> Source:
    """A CSV file as a source whose columns have their types and whose length is known.

    Any other source comes back as it is.

    Args:
        source: The rows.
        names: Columns to type in the first pass over the file; others are typed when they are asked for.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from rai.engines.sources import open_source
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "rows.csv"
        ...     _ = path.write_text("age,sex\\n30,F\\nNA,M\\n")
        ...     found = typed_source(open_source(path), ["age"])
        ...     found.total, [piece["age"].to_list() for piece in found.pieces(["age"], 9)]
        (2, [[30, None]])
    """
    if not source.text_only:
        return source
    first = typed_file(source, list(dict.fromkeys(names or source.names[:1])), size=PIECE)  # type: ignore[arg-type]
    known = dict(first.types)

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        new = [name for name in wanted if name not in known]
        if new:
            known.update(typed_file(source, new, size=PIECE).types)
        file = TypedFile(source, {name: known[name] for name in wanted}, first.rows)
        for frame in file.frames(size):
            yield {name: frame.get_column(name) for name in wanted}

    return replace(source, pieces=pieces, total=first.rows, text_only=False)


def _of_text(source: Source, names: list[str], size: int, progress: Progress | None) -> TypedFile:
    seen, rows = {name: _Read() for name in names}, 0
    for piece in source.pieces(names, size):
        for name, read in seen.items():
            read.see(_plain(piece[name]))
        rows += len(piece[names[0]])
        if progress is not None:
            progress(rows, None)
    return TypedFile(source, {name: read.type() for name, read in seen.items()}, rows)


class _Read:
    """How the text of a column has read so far."""

    def __init__(self) -> None:
        self.gaps = self.some = False
        self.truth = self.number = self.whole = True

    def see(self, plain: polars.Series) -> None:
        import polars as pl

        self.gaps = self.gaps or plain.null_count() > 0
        self.some = self.some or plain.null_count() < len(plain)
        if self.truth:
            self.truth = bool(plain.is_in(list(BOOL_WORDS)).all())
        if self.number:
            self.number = bool(plain.str.contains(NUMBER).all())
        if self.number and self.whole:
            values = plain.cast(pl.Float64)
            self.whole = bool(((values == values.floor()) & (values.abs() < MOST_WHOLE)).all())

    def type(self) -> ColumnType:
        if not self.some:
            return ColumnType("text", gaps=True)
        if self.truth:
            return ColumnType("truth", self.gaps)
        if self.number:
            return ColumnType("whole" if self.whole else "number", self.gaps)
        return ColumnType("text", self.gaps)


class _Held:
    """What a column of a Parquet file has held so far."""

    def __init__(self) -> None:
        self.gaps, self.categories = False, dict[str, None]()
        self.kind: Kind = "own"

    def see(self, series: polars.Series) -> None:
        import polars as pl

        self.gaps = self.gaps or series.null_count() > 0
        if series.dtype == pl.Categorical:
            self.kind = "category"
            values = series.drop_nulls().unique(maintain_order=True).cast(pl.String)
            self.categories |= dict.fromkeys(values.to_list())

    def type(self) -> ColumnType:
        return ColumnType(self.kind, self.gaps, tuple(self.categories))


def _depends(series: polars.Series) -> bool:
    """Whether pandas would give a piece of it another type for a gap, or for other categories."""
    import polars as pl

    kind = series.dtype
    return kind in (pl.Boolean, pl.Categorical) or kind.is_integer() or kind.is_decimal()


def _plain(series: polars.Series) -> polars.Series:
    """The text of a CSV file without blanks around it, null where it says that it is missing."""
    plain = series.str.strip_chars(BLANKS)
    missing = plain.is_in(list(MISSING_WORDS)).fill_null(value=False)
    return plain.set(missing, None) if missing.any() else plain


def _typed(series: polars.Series, kind: ColumnType, name: str) -> polars.Series:
    """A piece of a column with the type that the column has."""
    import polars as pl

    if kind.kind == "category":
        typed = series.cast(pl.String).cast(pl.Enum(kind.categories))
    elif kind.kind == "own":
        typed = series
    else:
        typed = _of_words(_plain(series), kind)
    return typed.alias(name)


def _of_words(plain: polars.Series, kind: ColumnType) -> polars.Series:
    import polars as pl

    if kind.kind == "truth":
        return plain.is_in([word for word, value in BOOL_WORDS.items() if value])
    if kind.kind == "number":
        return plain.cast(pl.Float64)
    if kind.kind == "whole":
        whole = plain.cast(pl.Int64, strict=False)
        if whole.null_count() > plain.null_count():  # 1.0, 1e3
            return whole.fill_null(plain.cast(pl.Float64).cast(pl.Int64))
        return whole
    return plain


def _as_pandas(series: polars.Series, kind: ColumnType) -> Any:
    """A piece of a column for pandas, with one type however many gaps this piece has."""
    import pandas as pd
    import polars as pl

    if isinstance(series.dtype, pl.Enum) and kind.kind == "category":
        codes = series.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        return pd.Series(pd.Categorical.from_codes(codes, list(kind.categories)))
    if series.dtype == pl.Boolean and kind.gaps:
        return series.to_pandas().astype(object)
    if series.dtype == pl.String:
        words = as_pandas(series)
        held = pd.Series([""]).dtype  # what text is to pandas: objects until pandas 3
        return words if words.dtype == held else words.astype(held)
    if series.dtype.is_numeric() and kind.gaps and not series.dtype.is_float():
        series = series.cast(pl.Float64)
    return as_pandas(series)
