"""A column of any library and type, summarised: the one place that reads what a column holds.

    NumPy · pandas · Polars · PyArrow ──▶ a Polars series ──by its type──▶ ColumnSummary
                                          objects of several types ──────▶ … of kind "mixed"

Every type ends in numbers, in categories, or in both; what has neither is counted as `other`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, is_a
from rai.engines.features import is_categorical
from rai.engines.sources import as_array
from rai.engines.spelling import level
from rai.values.column_summary import MOST_DECIMALS, ColumnKind, ColumnSummary
from rai.values.distinct import Distinct
from rai.values.level_counts import MOST, LevelCounts
from rai.values.levels import Level
from rai.values.number_counts import NumberCounts

if TYPE_CHECKING:
    import polars

DAY = 86_400e6  # microseconds


def summarise(column: Any, weight: Floats | None = None) -> ColumnSummary:
    """The summary of a column.

    Args:
        column: A NumPy array, a pandas or Polars series, a PyArrow array, or a list; n values.
        weight: A weight for each row, shape (n,); None for none.

    Example:
        >>> found = summarise(["F", "M", None, "F"])
        >>> found.kind, found.count, found.levels.levels
        ('category', 3, ('F', 'M'))
    """
    column = as_array(column, where="column")
    if weight is None and _is_arrow_text(column):
        return _of_arrow_text(column)
    column = readable(column)
    if is_a(column, "pandas", "Series") and is_categorical(column):
        return _of_pandas_categories(column, weight)
    known = is_a(column, "polars", "Series") and not is_a(column.dtype, "polars", "Object")
    return _of_series(column, weight) if known else _of_objects(column, weight)


def readable(column: Any) -> Any:
    """A column as a Polars series; pandas' categories, and what Polars has no type for, as they are."""
    if is_a(column, "pandas", "Series") and is_categorical(column):
        return column
    series = as_polars(column)
    return column if series is None else series


def numbers_of(series: polars.Series) -> tuple[Floats, ColumnKind] | None:
    """The numbers of a Polars series, NaN where missing, and their kind; None where it has another type.

    Dates are days since 1970 (of those with a time zone in UTC), durations and times of a day seconds.
    """
    import polars as pl

    kind = series.dtype
    if kind.is_float() or kind.is_integer() or kind.is_decimal():
        return _floats(series), "integer" if kind.is_integer() else "number"
    if kind in (pl.Date, pl.Datetime):  # divided by NumPy, which rounds correctly
        return _floats(series.cast(pl.Datetime("us")).to_physical()) / DAY, "date"
    if kind in (pl.Duration, pl.Time):
        return _floats(series.cast(pl.Duration("us")).to_physical()) / 1e6, "duration"
    return None


def summary_of_numbers(values: Floats, kind: ColumnKind, weight: Floats | None = None) -> ColumnSummary:
    """The summary of a column from its numbers, NaN where missing, shape (n,)."""
    there = ~np.isnan(values)
    finite = np.isfinite(values)
    below = above = 0
    held, weight_there = values, weight
    if not finite.all():
        below, above = int((values == -np.inf).sum()), int((values == np.inf).sum())
        held, weight_there = values[finite], None if weight is None else weight[finite]
    numbers = NumberCounts.of(held, weight_there)
    return _summary(
        kind,
        values,
        weight,
        there=there,
        below=below,
        above=above,
        numbers=numbers,
        decimals=_decimals(numbers, held, whole=kind in ("integer", "date", "duration")),
    )


def named_level(value: Any) -> Any:
    """A value of any type as a level; its text where it names nothing, None where it is missing."""
    try:
        return level(value)
    except (TypeError, ValueError):
        return repr(value)[:200]


def as_polars(column: Any) -> polars.Series | None:
    """A column as a Polars series; None where its values are of several types, or of none it knows."""
    import polars as pl

    if isinstance(column, pl.Series):
        return None if column.dtype == pl.Object else column
    if is_a(column, "pyarrow", "Array", "ChunkedArray"):
        return pl.Series(values=column)
    if isinstance(column, np.ndarray):
        column = _of_array(column)
    if isinstance(column, pl.Series):
        return column
    if column.dtype == object and column.isna().all():
        return pl.Series([None] * len(column), dtype=pl.Null)
    named = type(column.dtype).__name__
    if named == "SparseDtype":
        column = column.sparse.to_dense()
    elif named in {"PeriodDtype", "IntervalDtype"}:
        column = column.astype(str).where(column.notna(), None)
    try:
        found: Any = pl.from_pandas(column.reset_index(drop=True))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # Arrow, Polars and pandas each have their own
        return None
    return None if found.dtype == pl.Object else found


def _of_array(array: NDArray[Any]) -> Any:
    """A NumPy array as a Polars series where that is no copy, else as a pandas one."""
    import pandas as pd
    import polars as pl

    if isinstance(array, np.ma.MaskedArray):
        plain = array.data.astype(object)
        plain[np.ma.getmaskarray(array)] = None
        array = plain
    if array.dtype.kind in "biu" or array.dtype in (np.float32, np.float64):
        return pl.Series(values=np.ascontiguousarray(array))
    if array.dtype.kind == "f":
        return pl.Series(values=array.astype(np.float64))
    return pd.Series(array.astype(object) if array.dtype.kind in "USVc" else array)


def _of_series(series: polars.Series, weight: Floats | None) -> ColumnSummary:
    """A Polars series, by its type."""
    import polars as pl

    kind, held = series.dtype, numbers_of(series)
    if held is not None:
        return summary_of_numbers(*held, weight)
    if kind == pl.Boolean or kind in (pl.String, pl.Categorical, pl.Enum):
        return _of_levels(series, weight)
    if kind in (pl.List, pl.Array):
        return _of_lists(series.cast(pl.List(kind.inner)), weight)  # type: ignore[attr-defined]
    if kind == pl.Null:
        return _summary("empty", series, weight)
    if kind == pl.Binary:
        return _summary("other", series, weight, lengths=_lengths(series.bin.size(), weight))
    return _summary("other", series, weight)


def _summary(kind: ColumnKind, series: Any, weight: Floats | None, **held: Any) -> ColumnSummary:
    there = held.pop("there", None)
    missing = series.null_count() if there is None else len(there) - int(there.sum())
    rows = len(series)
    if weight is None:
        return ColumnSummary(
            kind=kind, rows=rows, missing=missing, weight=rows, missing_weight=missing, **held
        )
    gaps = series.is_null().to_numpy() if there is None else ~there
    return ColumnSummary(
        kind=kind,
        rows=rows,
        missing=missing,
        weight=float(weight.sum()),
        missing_weight=float(weight[gaps].sum()) if missing else 0.0,
        weight_sq=float(weight @ weight),
        **held,
    )


def _floats(series: polars.Series) -> Floats:
    import polars as pl

    wide = series.cast(pl.Float64)
    return np.asarray((wide.fill_null(np.nan) if wide.null_count() else wide).to_numpy())


def _decimals(numbers: NumberCounts, values: Floats, *, whole: bool) -> tuple[int, ...]:
    """Rows by the digits after the point that their number needs."""
    if whole:
        return (len(values), *[0] * MOST_DECIMALS, 0)
    points, n = (numbers.points, numbers.n) if numbers.exact else (values, None)
    n = np.ones(len(points), dtype=np.int64) if n is None else n
    found, fit = [], fits(points, MOST_DECIMALS)
    rest = int(n[~fit].sum())
    points, n = points[fit], n[fit]
    for digits in range(MOST_DECIMALS + 1):
        fit = fits(points, digits)
        found.append(int(n[fit].sum()))
        points, n = points[~fit], n[~fit]
    return (*found, rest)


def fits(numbers: Floats, digits: int) -> NDArray[np.bool_]:
    """Whether each number has no more digits after the point, shape (n,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = numbers * 10.0**digits
        return (np.abs(scaled - np.rint(scaled)) <= 4e-16 * np.abs(scaled)) | np.isinf(scaled)


def _of_levels(series: polars.Series, weight: Floats | None) -> ColumnSummary:
    """Text, categories, true and false."""
    import polars as pl

    text = series.dtype != pl.Boolean
    levels = _level_counts(series, weight)
    lengths = None
    if text and levels.exact:
        characters = np.array([len(str(held)) for held in levels.levels], dtype=np.float64)
        lengths = _repeated(characters, levels)
    elif text:
        lengths = _lengths(series.cast(pl.String).str.len_chars(), weight)
    return _summary("category" if text else "boolean", series, weight, levels=levels, lengths=lengths)


def _level_counts(series: polars.Series, weight: Floats | None) -> LevelCounts:
    """How often each value of a series occurs, the missing left out."""
    import polars as pl

    frame = pl.DataFrame({"level": series})
    if weight is not None:
        frame = frame.with_columns(weight=pl.Series(weight))
    summed = [pl.len().alias("n"), *([pl.col("weight").sum()] if weight is not None else [])]
    held = frame.group_by("level").agg(summed).drop_nulls("level")
    if isinstance(series.dtype, (pl.Categorical, pl.Enum)):
        held = held.with_columns(pl.col("level").cast(pl.String))
    ordered = tuple(series.dtype.categories) if isinstance(series.dtype, pl.Enum) else ()
    return _of_counted(held, ordered=ordered if len(ordered) <= MOST else ())


def _of_counted(held: polars.DataFrame, *, ordered: tuple[str, ...] = ()) -> LevelCounts:
    """Counts from a frame of distinct levels, their rows n, and perhaps their weight."""
    import polars as pl

    weighed = "weight" in held.columns
    distinct = Distinct.of(held.get_column("level").cast(pl.String).hash(0).to_numpy())
    top = held.sort(["n", "level"], descending=[True, False]).head(MOST)
    return LevelCounts.of(
        tuple(top.get_column("level").to_list()),
        top.get_column("n").cast(pl.Int64).to_numpy(),
        top.get_column("weight").to_numpy() if weighed else None,
        distinct=distinct,
        others=int(held.get_column("n").sum()) - int(top.get_column("n").sum()),
        others_weight=float(held.get_column("weight").sum()) - float(top.get_column("weight").sum())
        if weighed
        else 0.0,
        ordered=ordered,
    )


def _is_arrow_text(column: Any) -> bool:
    """Whether a column is pandas' text kept by Arrow, which counts it where it lies."""
    kind = getattr(column, "dtype", None)
    return is_a(kind, "pandas", "StringDtype") and kind.storage == "pyarrow"  # type: ignore[union-attr]


def _of_arrow_text(column: Any) -> ColumnSummary:
    import polars as pl
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(column, from_pandas=True)
    counted = pc.value_counts(words)
    frame = pl.DataFrame({"level": counted.field(0), "n": counted.field(1)}).drop_nulls("level")
    levels = _of_counted(frame)
    if not levels.exact:  # the lengths are those of all rows
        return _of_series(pl.Series(values=words), None)
    characters = np.array([len(str(held)) for held in levels.levels], dtype=np.float64)
    return ColumnSummary(
        kind="category",
        rows=len(words),
        missing=words.null_count,
        weight=len(words),
        missing_weight=words.null_count,
        levels=levels,
        lengths=_repeated(characters, levels),
    )


def _repeated(numbers: Floats, levels: LevelCounts) -> NumberCounts:
    """Counts of a number of each level."""
    rising, places = np.unique(numbers, return_inverse=True)
    n = np.bincount(places, levels.n, minlength=len(rising)).astype(np.int64)
    weight = np.bincount(places, levels.weight, minlength=len(rising)).astype(np.float64)
    return NumberCounts.of_counts(rising, n, weight)


def _lengths(lengths: polars.Series, weight: Floats | None) -> NumberCounts:
    values = _floats(lengths)
    there = ~np.isnan(values)
    return NumberCounts.of(values[there], None if weight is None else weight[there])


def _of_lists(series: polars.Series, weight: Floats | None) -> ColumnSummary:
    """Lists: their lengths, and what they hold."""
    import polars as pl

    lengths = series.list.len()
    repeats = lengths.fill_null(0).cast(pl.Int64).to_numpy()
    inner = series.drop_nulls()
    values = inner.filter(inner.list.len() > 0).explode()
    held = _of_series(values, None if weight is None else np.repeat(weight, repeats))
    return _summary(
        "list",
        series,
        weight,
        lengths=_lengths(lengths, weight),
        numbers=held.numbers,
        levels=held.levels,
    )


def _of_pandas_categories(series: Any, weight: Floats | None) -> ColumnSummary:
    import polars as pl

    codes = np.asarray(series.cat.codes, dtype=np.intp)
    raw = series.cat.categories.tolist()
    held = [named_level(value) for value in raw]
    n = np.bincount(codes + 1, minlength=len(held) + 1)[1:]
    heavy = n if weight is None else np.bincount(codes + 1, weight, minlength=len(held) + 1)[1:]
    summed = heavy.astype(np.float64)
    there = np.flatnonzero(n)
    levels = LevelCounts.of(
        tuple(held[place] for place in there.tolist()),
        n[there],
        None if weight is None else summed[there],
        distinct=Distinct.of(
            pl.Series([str(held[at]) for at in there.tolist()], dtype=pl.String).hash(0).to_numpy()
        ),
        ordered=tuple(held) if series.cat.ordered and len(held) <= MOST else (),
    )
    lengths = None
    if all(isinstance(value, str) for value in levels.levels):
        lengths = _repeated(np.array([len(str(v)) for v in levels.levels], dtype=np.float64), levels)
    boolean = bool(held) and all(isinstance(value, bool) for value in held)
    kind: ColumnKind = "boolean" if boolean else "category"
    return _summary(kind, series, weight, there=codes >= 0, levels=levels, lengths=lengths)


def _of_objects(column: Any, weight: Floats | None) -> ColumnSummary:
    """Values of several types, or of types that no frame knows."""
    import polars as pl

    values = column.to_list() if hasattr(column, "to_list") else list(column)
    read = [_read(value) for value in values]
    there: NDArray[np.bool_] = np.array([value is not None for value in read], dtype=np.bool_)
    types = Counter(_type(value) for value, held in zip(values, there.tolist(), strict=True) if held)
    frame = pl.DataFrame(
        {"level": pl.Series([None if v is None else v[1] for v in read], dtype=pl.String)}
    )
    first = {held[1]: held[0] for held in reversed(read) if held is not None}
    counts = _level_counts(frame.get_column("level"), weight)
    levels = LevelCounts.of(
        tuple(first[str(text)] for text in counts.levels),
        counts.n,
        counts.weight,
        distinct=counts.distinct,
        others=counts.others,
        others_weight=counts.others_weight,
    )
    kind: ColumnKind = "mixed" if len(types) > 1 else "other"
    return _summary(kind, column, weight, there=there, levels=levels, types=tuple(sorted(types.items())))


def _read(value: Any) -> tuple[Level, str] | None:
    """A value of any type as a level and its text, with the type before it; None where it is missing."""
    held = named_level(value)
    return None if held is None else (held, f"{_type(value)}\0{held}")


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "true/false": lambda value: type(value).__name__ in {"bool", "bool_"},
    "number": lambda value: isinstance(value, (int, float, np.number)),
}


def _type(value: Any) -> str:
    return next((name for name, fits in _TYPES.items() if fits(value)), type(value).__name__)
