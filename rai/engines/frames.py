"""Rows that a model is asked about: taken, changed column by column, and handed on as they came.

    open_rows(frame)  ──▶  Rows ── take([3, 3, 7]) ──▶ Rows
                                ├─ with_column("sex", pool, places) ──▶ Rows
                                └─ native ──▶ the frame that the model knows (pandas or Polars)

A changed column is gathered from a pool: the values that are there, followed by new ones of the same
type. So a value copied from another row, a grid, and an edit are one operation, and types stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Codes, Floats, Ints, encode, is_a
from rai.engines.numbers import numbers
from rai.engines.sources import Piece, Source, open_source, reading
from rai.engines.spelling import level, typed
from rai.ground.errors import DataError, RoleError, did_you_mean, listing, sentence
from rai.ground.formatting import counted
from rai.values.levels import Level

if TYPE_CHECKING:
    import pandas

WHOLE = 1 << 62  # rows of a piece that holds everything


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows in memory, of pandas or of Polars.

    Args:
        frame: The rows as a narwhals frame.

    Example:
        >>> import pandas as pd
        >>> rows = open_rows(pd.DataFrame({"age": [30, 40], "sex": ["F", "M"]}))
        >>> older = rows.with_column("age", rows.pool("age", [50]), [2, 1])
        >>> older.record(0), rows.record(0)
        ({'age': 50, 'sex': 'F'}, {'age': 30, 'sex': 'F'})
    """

    frame: Any

    def __len__(self) -> int:
        return int(self.frame.shape[0])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.frame.columns)

    @property
    def native(self) -> Any:
        """The rows as the library that they came from knows them."""
        return self.frame.to_native()

    def column(self, name: str) -> Any:
        """A column as a series of that library."""
        self.check(name)
        return self.frame.get_column(name).to_native()

    def numbers(self, name: str) -> Floats:
        """A column as floats, NaN where missing.

        Raises:
            NotNumbersError: If it holds something else; dates become days since 1970.
        """
        series = self.column(name)
        return _days(self.frame.get_column(name)) if is_date(series) else numbers(series)

    def codes(self, name: str) -> Codes:
        """A column as codes and levels; a number that is not whole has none (`Codes.fraction`)."""
        return encode(self.column(name))

    def value(self, name: str, place: int) -> Any:
        """One value as plain Python, None where missing; dates stay dates."""
        held = self.frame.get_column(name)[int(place)]
        if hasattr(held, "isoformat"):
            return None if held != held else getattr(held, "to_pydatetime", lambda: held)()  # noqa: PLR0124
        plain = level(held)
        return float(plain) if isinstance(held, float) and isinstance(plain, int) else plain

    def record(self, place: int) -> dict[str, Any]:
        """One row as plain Python."""
        return {name: self.value(name, place) for name in self.names}

    def select(self, names: Sequence[str], *, where: str = "rows") -> Rows:
        """These columns, in this order.

        Raises:
            RoleError: If one is not there.
        """
        for name in names:
            self.check(name, where=where)
        return Rows(self.frame.select(list(names)))

    def take(self, places: Sequence[int] | Ints) -> Rows:
        """The rows at these places, as often as they are named."""
        return Rows(self.frame[np.asarray(places, dtype=np.intp)])

    def part(self, start: int, stop: int) -> Rows:
        """The rows from `start` to before `stop`."""
        return Rows(self.frame[start:stop])

    def pool(self, name: str, values: Sequence[Any] = ()) -> Any:
        """The values of a column, followed by others of the same type: what new columns come from.

        Args:
            name: The column.
            values: Plain Python values or None. Where its type can't hold them the pool has a wider one.
        """
        self.check(name)
        return pooled(self.column(name), list(values))

    def with_column(self, name: str, pool: Any, places: Sequence[int] | Ints) -> Rows:
        """The rows with a column gathered from a pool, at one place for each row."""
        return self.with_columns({name: (pool, places)})

    def with_columns(self, gathered: Mapping[str, tuple[Any, Sequence[int] | Ints]]) -> Rows:
        """The rows with several columns, each gathered from a pool at one place for each row."""
        import narwhals as nw

        taken = {name: (pool, np.asarray(at, dtype=np.intp)) for name, (pool, at) in gathered.items()}
        if self.frame.implementation.is_pandas():
            index = self.native.index
            series = {name: pool.take(at).set_axis(index) for name, (pool, at) in taken.items()}
            return Rows(nw.from_native(self.native.assign(**series), eager_only=True))
        columns = [pool.gather(at).alias(name) for name, (pool, at) in taken.items()]
        return Rows(nw.from_native(self.native.with_columns(columns), eager_only=True))

    def gathered(self, places: Mapping[str, Ints]) -> Rows:
        """Rows whose columns are each taken at places of their own.

        Args:
            places: Column to the rows that its values come from, all of one length.

        Example:
            >>> rows = open_rows({"age": [30, 40], "sex": ["F", "M"]})
            >>> rows.gathered({"age": np.array([1]), "sex": np.array([0])}).record(0)
            {'age': 40, 'sex': 'F'}
        """
        import narwhals as nw

        if self.frame.implementation.is_pandas():
            import pandas as pd

            taken = {name: self.native[name].array.take(at) for name, at in places.items()}
            return Rows(nw.from_native(pd.DataFrame(taken, copy=False), eager_only=True))
        columns = {name: self.native.get_column(name).gather(at) for name, at in places.items()}
        return Rows(nw.from_native(type(self.native)(columns), eager_only=True))

    def of_records(self, records: Sequence[Mapping[str, Any]], *, where: str = "row") -> Rows:
        """Rows with the columns and types of these, from plain Python.

        Raises:
            RoleError: If a record names a column that is not here. A column it leaves out is missing.
        """
        for name in (name for record in records for name in record):
            self.check(name, where=where)
        if not len(self) and records:
            raise DataError(sentence(where, "no rows", expected="at least one, to know the types from"))
        if not records:
            return self.part(0, 0)
        first = self.part(0, 1)
        columns = {
            name: _values_like(first.column(name), [record.get(name) for record in records])
            for name in self.names
        }
        return _of_series(columns)

    def append(self, other: Rows) -> Rows:
        """These rows, then others with the same columns."""
        held, places = self, np.arange(len(self) + len(other))
        longer = self.take(np.concatenate((np.arange(len(self)), np.zeros(len(other), dtype=np.intp))))
        for name in self.names:
            pool = joined(held.column(name), other.column(name))
            longer = longer.with_column(name, pool, places)
        return longer

    def check(self, name: str, *, where: str = "rows") -> None:
        """The column is there.

        Raises:
            RoleError: If it is not.
        """
        if name not in self.frame.columns:
            expected = f"one of {listing(self.names)}" if self.names else "a column, but there are none"
            hint = did_you_mean(name, self.names)
            raise RoleError(sentence(where, f"no column {name!r}", expected=expected, hint=hint))


def open_rows(data: Any, *, where: str = "rows") -> Rows:
    """Rows from a pandas or Polars frame as they are, and from anything else as a pandas frame.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet.
        where: How messages call it.

    Raises:
        DataError: If no rows can be had from it.
        RoleError: If names of columns are no text, or occur twice.

    Example:
        >>> open_rows({"age": [30, 40]}).names
        ('age',)
    """
    import narwhals as nw

    if isinstance(data, Rows):
        return data
    if is_a(data, "narwhals", "DataFrame"):
        data = data.to_native()
    if is_a(data, "polars", "LazyFrame") or is_a(data, "narwhals", "LazyFrame"):
        with reading(where, "a query that runs"):
            data = data.collect()
    if is_a(data, "pandas", "DataFrame") or is_a(data, "polars", "DataFrame"):
        check_names(list(data.columns), where)
        return Rows(nw.from_native(data, eager_only=True))
    source = open_source(data)
    check_names(list(source.names), where)
    return rows_of_source(source)


def rows_of_source(source: Source) -> Rows:
    """All rows of a source, as a pandas frame."""
    names = [str(name) for name in source.names]
    if not names:
        raise DataError(sentence(source.where, "no columns", expected="at least one"))
    pieces = list(source.pieces(names, WHOLE))
    if not pieces:
        raise DataError(sentence(source.where, "no rows", expected="at least one"))
    whole = rows_of_piece(pieces[0] if len(pieces) == 1 else at_once(pieces, names), names)
    return _retyped(whole) if source.text_only else whole


def rows_of_piece(piece: Piece, names: Sequence[str]) -> Rows:
    """A piece of a source as a pandas frame; columns of a CSV file stay text."""
    import narwhals as nw
    import pandas as pd

    frame = pd.DataFrame({name: as_pandas(piece[name]) for name in names})
    return Rows(nw.from_native(frame, eager_only=True))


def at_once(pieces: Sequence[Piece], names: Sequence[str]) -> Piece:
    """The pieces of a file as one, whatever categories each of them has."""
    import polars as pl

    columns = {}
    for name in names:
        parts = [piece[name] for piece in pieces]
        if parts[0].dtype == pl.Categorical:
            columns[name] = pl.concat([part.cast(pl.String) for part in parts]).cast(pl.Categorical)
        else:
            columns[name] = pl.concat(parts)
    return columns


def as_pandas(column: Any) -> Any:
    """A column for pandas: words as strings, whole numbers as they are, numbers with gaps as floats.

    Example:
        >>> import polars as pl
        >>> as_pandas(pl.Series([1, None])).tolist()
        [1.0, nan]
    """
    if is_a(column, "pandas", "Series"):
        return column.reset_index(drop=True)
    if is_a(column, "pyarrow", "Array", "ChunkedArray"):
        import polars as pl

        column = pl.Series(values=pl.from_arrow(column))
    if not is_a(column, "polars", "Series"):
        return column
    return _of_polars(column)


def pooled(series: Any, values: list[Any]) -> Any:
    """A series followed by values of its type, or of the nearest type that holds both."""
    if not values:
        return series.reset_index(drop=True) if is_a(series, "pandas", "Series") else series
    if is_a(series, "polars", "Series"):
        return joined(series, _polars_values(series, values))
    return joined(series, _pandas_values(series, values))


def _values_like(series: Any, values: list[Any]) -> Any:
    """Values of a series' type, or of the nearest type that holds both, as a series."""
    polars = is_a(series, "polars", "Series")
    fresh = _polars_values(series, values) if polars else _pandas_values(series, values)
    if fresh.dtype == series.dtype:
        return fresh
    rest = joined(series, fresh)[len(series) :]
    return rest if polars else rest.reset_index(drop=True)


def _of_series(columns: Mapping[str, Any]) -> Rows:
    """Rows from series of one library."""
    import narwhals as nw

    if any(is_a(series, "polars", "Series") for series in columns.values()):
        import polars as pl

        return Rows(nw.from_native(pl.DataFrame(columns), eager_only=True))
    import pandas as pd

    return Rows(nw.from_native(pd.DataFrame(columns), eager_only=True))


def joined(series: Any, others: Any) -> Any:
    """One series after another; of categories the union."""
    import pandas as pd

    if is_a(series, "polars", "Series"):
        return _joined_polars(series, others)
    if isinstance(series.dtype, pd.CategoricalDtype):
        kind = _with_categories(series.dtype, others)
        series, others = series.astype(kind), others.astype(kind)
    elif others.isna().all() and series.dtype.kind in "fmM":
        others = others.astype(series.dtype)
    return pd.concat([series, others], ignore_index=True)


def is_date(series: Any) -> bool:
    """Whether a native series holds dates."""
    if is_a(series, "polars", "Series"):
        return series.dtype.is_temporal() and str(series.dtype).startswith("Date")
    return getattr(series.dtype, "kind", "") == "M" or "timestamp" in str(series.dtype)


def check_names(names: list[Any], where: str) -> None:
    """Names of columns are text, and each occurs once.

    Raises:
        RoleError: If one is something else, or two are the same.
    """
    odd = next((name for name in names if not isinstance(name, str)), None)
    if odd is not None:
        hint = "Name the columns by strings."
        raise RoleError(sentence(where, f"a column named {odd!r}", expected="names of text", hint=hint))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        seen = f"{counted(names.count(twice), 'column')} named {twice!r}"
        raise RoleError(sentence(where, seen, expected="each name once", hint="Rename the others."))


def _of_polars(column: Any) -> Any:
    import pandas as pd
    import polars as pl

    if column.dtype == pl.String:
        levels = column.drop_nulls().unique(maintain_order=True)
        codes = column.cast(pl.Enum(levels)).to_physical().cast(pl.Int64).fill_null(len(levels))
        return pd.Series([*levels, None]).take(codes.to_numpy()).reset_index(drop=True)
    if column.dtype.is_numeric():
        wide = str(column.dtype) in {"Int128", "UInt128"}  # NumPy has none
        return (column.cast(pl.Float64) if column.null_count() or wide else column).to_numpy()
    return column.to_pandas()


def _retyped(rows: Rows) -> Rows:
    """Columns of text from a CSV file, as numbers or true/false where all of a column reads so."""
    import narwhals as nw
    import pandas as pd

    columns = {}
    for name in rows.names:
        codes = encode(rows.column(name), text_only=True)
        meant = typed([str(text) for text in codes.levels])
        values = [_narrow(meant[str(text)]) for text in codes.levels]
        pool = pd.Series([*values, None] if codes.gaps or not values else values)
        columns[name] = pool.take(codes.codes).reset_index(drop=True)
    return Rows(nw.from_native(pd.DataFrame(columns), eager_only=True))


def _narrow(value: Level) -> Level:
    """A whole number beyond 64 bits as a float: pandas would make objects of its whole column."""
    wide = isinstance(value, int) and not -(2**63) <= value < 2**63
    return float(value) if wide else value


def _days(series: Any) -> Floats:
    """Dates as days since 1970, NaN where missing."""
    return numbers(series.dt.timestamp("us").to_native()) / 86_400e6


def _pandas_values(series: Any, values: list[Any]) -> Any:
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return pd.Series(values, dtype=object)
    if kind == np.bool_ and None in values:  # pandas would make False of it
        return pd.Series(values, dtype=object)
    try:
        return pd.Series(values, dtype=kind)
    except (TypeError, ValueError, OverflowError):
        return pd.Series(values)


def _with_categories(kind: pandas.CategoricalDtype, others: Any) -> pandas.CategoricalDtype:
    import pandas as pd

    fresh = [v for v in pd.unique(others.dropna()) if v not in kind.categories]
    return pd.CategoricalDtype([*kind.categories, *fresh], ordered=kind.ordered) if fresh else kind


def _polars_values(series: Any, values: list[Any]) -> Any:
    import polars as pl

    if isinstance(series.dtype, (pl.Categorical, pl.Enum)):
        return pl.Series(series.name, values, dtype=pl.String)
    try:
        return pl.Series(series.name, values, dtype=series.dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return pl.Series(series.name, values, strict=False)


def _joined_polars(series: Any, others: Any) -> Any:
    import polars as pl

    if isinstance(series.dtype, pl.Enum):
        known = series.dtype.categories.to_list()
        new = others.cast(pl.String).drop_nulls().unique(maintain_order=True)
        kind = pl.Enum([*known, *(value for value in new if value not in known)])
        return pl.concat([series.cast(pl.String).cast(kind), others.cast(pl.String).cast(kind)])
    if series.dtype == pl.Categorical:
        return pl.concat([series.cast(pl.String), others.cast(pl.String)]).cast(pl.Categorical)
    if others.dtype == pl.Null:
        others = others.cast(series.dtype)
    frames = [pl.DataFrame({"value": each}) for each in (series, others)]
    return pl.concat(frames, how="vertical_relaxed").get_column("value").alias(series.name)
