"""Columns as plain Python, for what is written as JSON: text, numbers, true/false, None."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rai.engines.frames import Rows
from rai.ground.errors import DataError, sentence
from rai.ground.formatting import counted

if TYPE_CHECKING:
    import polars

KINDS = "numbers, text, true/false values, dates or categories"


def plain_columns(rows: Rows, *, where: str) -> dict[str, list[Any]]:
    """The columns as lists, None where a value is missing; dates as ISO text.

    Args:
        rows: The rows.
        where: For messages.

    Raises:
        DataError: An infinite number, for which JSON has no word, or values of no plain kind.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> plain_columns(open_rows({"age": [30.0, float("nan")], "sex": ["F", "M"]}), where="rows")
        {'age': [30.0, None], 'sex': ['F', 'M']}
    """
    return {name: plain_series(rows, name, where=where).to_list() for name in rows.names}


def plain_series(rows: Rows, name: str, *, where: str) -> polars.Series:
    """A column as a Polars series of numbers, text or true/false, null where a value is missing."""
    import polars as pl

    rows.check(name, where=where)
    try:
        series: polars.Series = rows.frame.get_column(name).to_polars()
    except (TypeError, ValueError, ArithmeticError, pl.exceptions.PolarsError) as error:
        raise _strange(name, where) from error
    kind = series.dtype
    if kind.is_float():
        return _finite(series, where=where)
    if kind.is_decimal():
        return series.cast(pl.Float64)
    if kind.is_temporal():
        return series.dt.to_string("iso:strict")
    if kind in (pl.Categorical, pl.Enum):
        return series.cast(pl.String)
    if kind in (pl.Boolean, pl.String, pl.Null) or kind.is_integer():
        return series
    raise _strange(name, where)


def _finite(series: polars.Series, *, where: str) -> polars.Series:
    bad = series.is_infinite().fill_null(value=False)
    if bad.any():
        row, held = int(bad.arg_true()[0]) + 1, counted(int(bad.sum()), "infinite value")
        seen = f"column {series.name!r} with {held}, the first in row {row:,}"
        raise DataError(sentence(where, seen, expected="finite numbers: JSON has no others"))
    return series.fill_nan(None)


def _strange(name: str, where: str) -> DataError:
    seen = f"column {name!r} with values of no plain kind"
    return DataError(sentence(where, seen, expected=KINDS))
