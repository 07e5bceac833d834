"""Two looks at a column: what decides its bins, then the bucket of each row.

    column ──outline──▶ ColumnSummary ──binning_of──▶ Binning ──placed──▶ 0 2 1 0 …   one number a row

Buckets are counted from 0, and a row without a value has the one behind the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, is_a
from rai.explore.binning import level_places, number_places
from rai.explore.columns import fits, named_level, numbers_of, summarise, summary_of_numbers
from rai.ground.errors import DataError, RoleError, in_short, sentence
from rai.ground.formatting import counted
from rai.values.binning import Binning, Places, TopLevels
from rai.values.column_summary import ColumnKind, ColumnSummary
from rai.values.levels import level_key

if TYPE_CHECKING:
    import polars

Buckets = NDArray[np.unsignedinteger[Any]]

HEAD = 1 << 13  # rows that show whether there are few distinct numbers


def outline(column: Any, *, bins: Any, method: str, where: str) -> ColumnSummary:
    """A summary that has the same bins as that of the whole column, quicker to come by.

    Bins of equal width need only the ends of many numbers, and whether they are whole. Outlines of
    pieces add up to one of all of them.

    Args:
        column: A column as `columns.readable` gives it.
        bins: What the bins will be asked to be.
        method: How they will be found.
        where: How messages call the column.

    Raises:
        RoleError: If its values have no buckets: lists, bytes, structures.
    """
    held = numbers_of(column) if _is_series(column) else None
    if held is not None and method == "equal_width" and len(column) > HEAD:
        return summary_of_numbers(_decisive(*held, bins), held[1])
    summary = summarise(column)
    if summary.kind == "list" or (summary.kind == "other" and summary.levels is None):
        what = "lists" if summary.kind == "list" else "values that can't be compared"
        expected = "numbers, text, true/false values, dates or categories"
        raise RoleError(sentence(where, what, expected=expected))
    return summary


def placed(column: Any, binning: Binning, *, where: str) -> Buckets:
    """The bucket of each row, shape (n,), in the smallest type that holds them.

    Args:
        column: A column as `columns.readable` gives it.
        binning: Its bins.
        where: How messages call the column.

    Raises:
        DataError: If a value has no bucket.
    """
    places, missing = _places(column, binning)
    found = places.astype(np.min_scalar_type(len(binning)))
    stray = int((found == len(binning)).sum()) - missing
    if stray:
        example = in_short(_first_stray(column, found == len(binning)))
        seen = f"{counted(stray, 'row')} without a bucket, such as {example}"
        hint = "Bin all data sets together, or pass edges."
        raise DataError(sentence(where, seen, expected="values that the bins hold", hint=hint))
    return found


def _decisive(values: Floats, kind: ColumnKind, bins: Any) -> Floats:
    """Some numbers that have the same bins as all of them."""
    head = values[:HEAD]
    most = bins if isinstance(bins, int | np.integer) else 0
    if len(np.unique(head[np.isfinite(head)])) <= most:
        return values
    there = np.isfinite(values)
    finite = values if there.all() else values[there]
    ends = [finite.min(), finite.max()]
    if finite is not values:
        ends += [end for end in (-np.inf, np.inf) if (values == end).any()]
    if kind == "number" and fits(head, 0)[np.isfinite(head)].all():
        broken = ~fits(finite, 0)
        ends += [finite[broken.argmax()]] if broken.any() else []
    return np.concatenate((head, ends))


def _places(column: Any, binning: Binning) -> tuple[Places, int]:
    """The bucket of each row, and how many have no value."""
    if is_a(column, "pandas", "Series") and hasattr(column, "cat"):
        held = [named_level(value) for value in column.cat.categories.tolist()]
        codes = np.asarray(column.cat.codes, dtype=np.intp)
        return np.append(level_places(binning, held), len(binning))[codes], int((codes < 0).sum())
    if not _is_series(column):
        return _of_objects(column, binning)
    numbers = numbers_of(column)
    if numbers is not None:
        return number_places(binning, numbers[0]), int(np.isnan(numbers[0]).sum())
    return _of_text(column, binning), column.null_count()


def _of_text(series: polars.Series, binning: Binning) -> Places:
    """Text, categories, true and false: a place in a list of the values that have a bucket."""
    import polars as pl

    if series.dtype == pl.Boolean:
        each = np.append(level_places(binning, [False, True]), len(binning))
        return np.asarray(each[series.cast(pl.UInt8).fill_null(2).to_numpy()])
    known = [v for v in binning.levels if isinstance(v, str)] if isinstance(binning, TopLevels) else []
    if isinstance(series.dtype, (pl.Categorical, pl.Enum)):
        series = series.cast(pl.String)
    codes = series.cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int64)
    other = len(binning.levels) if isinstance(binning, TopLevels) else len(binning)
    each = np.append(level_places(binning, known), [other, len(binning)])
    at = codes.fill_null(len(known)).to_numpy()
    if series.null_count():
        at = np.where(series.is_null().to_numpy(), len(known) + 1, at)
    return np.asarray(each[at])


def _of_objects(column: Any, binning: Binning) -> tuple[Places, int]:
    """Values of several types."""
    values = column.to_list() if hasattr(column, "to_list") else list(column)
    read = [named_level(value) for value in values]
    distinct = {level_key(held): held for held in read if held is not None}
    places = dict(zip(distinct, level_places(binning, list(distinct.values())).tolist(), strict=True))
    found = [len(binning) if held is None else places[level_key(held)] for held in read]
    return np.array(found, dtype=np.intp), sum(held is None for held in read)


def _first_stray(column: Any, outside: NDArray[np.bool_]) -> Any:
    """The first value that has no bucket, as plain Python."""
    held = column.to_list() if hasattr(column, "to_list") else list(column)
    levels = (named_level(held[row]) for row in np.flatnonzero(outside).tolist())
    return next(level for level in levels if level is not None)


def _is_series(column: Any) -> bool:
    """Whether it is a Polars series of a type that is known."""
    return is_a(column, "polars", "Series") and not is_a(column.dtype, "polars", "Object")
