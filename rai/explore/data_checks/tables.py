"""The rows of a data set, a column at a time: which rows they are, and which are equal.

    source ──▶ Table ── columns    as they came, for a profile
                     ├─ series     Polars, of a type that compares between data sets
                     ├─ codes      groups and labels as small integers
                     └─ hashes     one number for each row, equal where the rows are

Each is made ready when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints, encode, is_a
from rai.engines.frames import WHOLE
from rai.engines.numbers import row_weights
from rai.engines.sources import Source
from rai.engines.typed_files import typed_source
from rai.explore.columns import named_level, numbers_of, readable
from rai.explore.data_checks.check import MOST_EVIDENCE
from rai.explore.profiling import Axis
from rai.values.levels import MISSING, Level

if TYPE_CHECKING:
    import polars

Hashes = NDArray[np.uint64]
SEEDS = (1, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The group of each row.

    Args:
        codes: Place in `levels`, shape (rows,).
        levels: Groups that occur, the missing last.
    """

    codes: Ints
    levels: tuple[Level, ...]

    @property
    def n(self) -> NDArray[np.int64]:
        """Rows of each group, shape (g,)."""
        return np.bincount(self.codes, minlength=len(self.levels)).astype(np.int64)


class Table:
    """A data set.

    Args:
        name: Its name.
        columns: Its columns by name, Polars series wherever possible.
        rows: How many rows it has.
        axes: The columns that split rows.

    Example:
        >>> from rai.engines.sources import open_source
        >>> table = read_table("data", open_source({"age": [30, -1], "sex": ["F", "M"]}))
        >>> table.places("age", lambda ages: ages < 0), table.numbers("age").tolist()
        ((1,), [30.0, -1.0])
    """

    def __init__(self, name: str, columns: dict[str, Any], rows: int) -> None:
        self.name, self.columns, self.rows = name, columns, rows
        self._series: dict[str, Any] = {}
        self._points: dict[str, tuple[Floats, NDArray[np.int64]]] = {}
        self._groups: dict[Axis, Groups] = {}
        self._hashes: dict[tuple[str, ...], Hashes] = {}

    def series(self, name: str) -> polars.Series:
        """A column as a Polars series that compares with that of another data set."""
        if name not in self._series:
            self._series[name] = comparable(self.columns[name])
        return self._series[name]  # type: ignore[no-any-return]

    def numbers(self, name: str) -> Floats:
        """A column of numbers, dates in days or durations in seconds; NaN where missing or no number."""
        found = numbers_of(self.series(name))
        return np.full(self.rows, np.nan) if found is None else found[0]

    def points(self, name: str) -> tuple[Floats, NDArray[np.int64]]:
        """The distinct finite numbers of a column, rising, and the rows of each, shapes (k,)."""
        if name not in self._points:
            values = self.numbers(name)
            points, n = np.unique(values[np.isfinite(values)], return_counts=True)
            self._points[name] = points, n.astype(np.int64)
        return self._points[name]

    def weights(self, name: str | None) -> Floats:
        """The weight of each row, ones without a name."""
        if name is None:
            return np.ones(self.rows)
        return row_weights(self.columns[name], where=f"sample_weight {name!r}")

    def groups(self, axis: Axis) -> Groups:
        """The group of each row along an axis."""
        if axis not in self._groups:
            found = axis.codes(self.columns[axis.name], where=f"column {axis.name!r}")
            gaps = found.codes < 0
            codes = np.where(gaps, len(found.levels), found.codes)
            levels = (*found.levels, MISSING) if gaps.any() else found.levels
            self._groups[axis] = Groups(codes, levels)
        return self._groups[axis]

    def hashes(self, names: Sequence[str], *, wide: tuple[str, ...] = ()) -> Hashes:
        """A number for each row, equal where all these columns are, shape (rows,).

        Args:
            names: The columns.
            wide: Those whose numbers are taken as floats, because they are in another data set.
        """
        import polars as pl

        wanted = (*names, "\0", *wide)
        if wanted not in self._hashes:
            columns = {name: self.series(name) for name in names}
            for name in wide:
                columns[name] = columns[name].cast(pl.Float64)
            frame = pl.DataFrame(columns)
            one, two = (frame.hash_rows(seed).to_numpy() for seed in SEEDS)
            self._hashes[wanted] = one ^ (two >> np.uint64(1))
        return self._hashes[wanted]

    def places(self, name: str, test: Callable[[Any], Any]) -> tuple[int, ...]:
        """Positions of the first rows whose number passes a test."""
        return first_places(test(self.numbers(name)))

    def places_of(self, name: str, values: Sequence[Level]) -> tuple[int, ...]:
        """Positions of the first rows with one of these values."""
        series = self.series(name)
        if numbers_of(series) is not None:
            return first_places(np.isin(self.numbers(name), np.array(values, dtype=np.float64)))
        import polars as pl

        wanted = pl.Series([str(value) for value in values], dtype=pl.String)
        held = series.cast(pl.String) if series.dtype != pl.String else series
        return first_places(held.is_in(wanted.implode()).fill_null(value=False).to_numpy())

    def missing(self, name: str) -> NDArray[np.bool_]:
        """Which rows have no value, shape (rows,)."""
        numbers = numbers_of(self.series(name))
        if numbers is not None:
            return np.isnan(numbers[0])
        return np.asarray(self.series(name).is_null().to_numpy(), dtype=np.bool_)

    def gaps(self, name: str) -> tuple[int, ...]:
        """Positions of the first rows without a value."""
        return first_places(self.missing(name))


def read_table(name: str, source: Source) -> Table:
    """All rows of a source."""
    source = typed_source(source)
    names = [str(each) for each in source.names]
    pieces = list(source.pieces(names, WHOLE))
    columns = {each: _whole([readable(piece[each]) for piece in pieces]) for each in names}
    return Table(name, columns, len(next(iter(columns.values()))))


def first_places(mask: Any) -> tuple[int, ...]:
    """The first positions at which a mask is true."""
    return tuple(np.flatnonzero(np.asarray(mask))[:MOST_EVIDENCE].tolist())


def comparable(column: Any) -> polars.Series:
    """A column as a Polars series whose values compare across data sets, whatever library it is from.

    Categories become what they name, decimals numbers, and values of several types their text.
    """
    import polars as pl

    if isinstance(column, pl.Series) and column.dtype != pl.Object:
        if isinstance(column.dtype, (pl.Categorical, pl.Enum)):
            return column.cast(pl.String)
        return column.cast(pl.Float64) if column.dtype.is_decimal() else column
    if is_a(column, "pandas", "Series") and hasattr(column, "cat"):
        return _of_categories(column)
    held = column.to_list() if hasattr(column, "to_list") else list(column)
    texts = [None if (level := named_level(value)) is None else f"{level}" for value in held]
    return pl.Series(texts, dtype=pl.String)


def _of_categories(column: Any) -> polars.Series:
    import polars as pl

    found = encode(column)
    names: list[Any] = [*found.levels, None]
    if len({type(name) for name in found.levels}) > 1:
        names = [*map(str, found.levels), None]
    return pl.Series(names, strict=False).gather(
        np.where(found.codes < 0, len(found.levels), found.codes)
    )


def _whole(parts: list[Any]) -> Any:
    """The pieces of a column as one."""
    import polars as pl

    if not parts:
        return pl.Series([], dtype=pl.Null)
    if len(parts) == 1:
        return parts[0]
    categories = any(isinstance(part.dtype, (pl.Categorical, pl.Enum)) for part in parts)
    return pl.concat([part.cast(pl.String) if categories else part for part in parts])
