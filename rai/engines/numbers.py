"""A column of anything as 64-bit floats: scores, weights, ages to be cut, values of a regression.

Missing values become NaN. 32-bit floats and decimals are widened, so that a comparison with an edge is
one of doubles. Text and true/false are refused, except the text of a CSV file that reads as a number.
"""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, is_a
from rai.engines.spelling import MISSING_WORDS, is_bool
from rai.ground.errors import DataError, RoleError, sentence
from rai.ground.formatting import counted


class NotNumbersError(TypeError):
    """A column holds something else than numbers; the text says what."""


def numbers(column: Any, *, text_only: bool = False) -> Floats:
    """A column as floats, NaN where a value is missing.

    Args:
        column: A NumPy array, a pandas or Polars series, or a PyArrow array.
        text_only: The column comes from a CSV file, so its text is read as numbers.

    Raises:
        NotNumbersError: Something in it is no number.

    Example:
        >>> numbers(np.array([1, None, 0.5], dtype=object))
        array([1. , nan, 0.5])
    """
    if is_a(column, "pandas", "Series", "Index"):
        return _of_pandas(column)
    if is_a(column, "pyarrow", "Array", "ChunkedArray"):
        import polars

        column = polars.Series(values=polars.from_arrow(column))
    if is_a(column, "polars", "Series"):
        return _of_text(column) if text_only else _of_polars(column)
    return _of_array(column)


def numbers_of_role(column: Any, *, where: str, expected: str, text_only: bool = False) -> Floats:
    """The same, with the sentence that names the role where it fails."""
    try:
        return numbers(column, text_only=text_only)
    except NotNumbersError as error:
        hint = "Pass true/false predictions as y_pred." if "true/false" in str(error) else ""
        hint = hint if where.startswith("y_score") else ""
        raise RoleError(sentence(where, str(error), expected=expected, hint=hint)) from None


def row_weights(column: Any, *, where: str) -> Floats:
    """A column of weights: finite, none missing, none below 0.

    Raises:
        RoleError: Something in it is no number.
        DataError: A number is no weight.

    Example:
        >>> row_weights(np.array([1, 0.5]), where="sample_weight 'w'")
        array([1. , 0.5])
    """
    expected = "a weight of at least 0 for every row"
    weights = numbers_of_role(column, where=where, expected=expected)
    bad = ~(weights >= 0) | np.isinf(weights)
    if bad.any():
        seen = f"{counted(int(bad.sum()), 'row')} with {weights[bad.argmax()]:g}"
        raise DataError(sentence(where, seen, expected=expected))
    return weights


def check_finite(values: Floats, *, where: str, first_row: int) -> None:
    """No infinities; NaN passes, it means missing.

    Args:
        values: The numbers, shape (rows,).
        where: The role and column, for the message.
        first_row: The number of the first of these rows, counting from 1.
    """
    bad = np.isinf(values)
    if bad.any():
        row = first_row + int(bad.argmax())
        seen = f"{counted(int(bad.sum()), 'infinite value')}, the first in row {row:,}"
        raise DataError(sentence(where, seen, expected="finite numbers"))


def _of_array(array: NDArray[Any]) -> Floats:
    if isinstance(array, np.ma.MaskedArray):
        wide = _of_array(array.data).copy()
        wide[np.ma.getmaskarray(array)] = np.nan
        return wide
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "O":
        return _of_objects(array)
    raise NotNumbersError(_called(array.dtype, array[0] if len(array) else ""))


def _of_objects(array: NDArray[Any]) -> Floats:
    import pandas as pd

    try:
        distinct = pd.unique(array)
    except TypeError:  # lists, and others that have no hash
        raise NotNumbersError(_called(array.dtype, array[0])) from None
    first = next((v for v in distinct if not _is_number(v)), None)
    if first is not None:
        raise NotNumbersError(_called(array.dtype, first))
    series = pd.Series(array, dtype=object)
    return np.asarray(series.where(series.notna(), np.nan).to_numpy(dtype=np.float64))


def _of_pandas(series: Any) -> Floats:
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.dtype.categories.dtype)
    if isinstance(series.dtype, np.dtype):
        return _of_array(series.to_numpy())
    types = pd.api.types
    if not types.is_numeric_dtype(series.dtype) or types.is_bool_dtype(series.dtype):
        raise NotNumbersError(_called(series.dtype, next(iter(series.dropna()), "")))
    return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))


def _of_polars(series: Any) -> Floats:
    import polars as pl

    if series.dtype == pl.Null:
        return np.full(len(series), np.nan)
    if not series.dtype.is_numeric():
        raise NotNumbersError(_called(series.dtype, next(iter(series.drop_nulls().head(1)), "")))
    wide = series.cast(pl.Float64)
    return np.asarray(wide.fill_null(np.nan).to_numpy() if wide.null_count() else wide.to_numpy())


def _of_text(series: Any) -> Floats:
    import polars as pl

    read = series.cast(pl.Float64, strict=False)
    if read.null_count():
        plain = series.str.strip_chars()
        plain = plain.set(plain.is_in(list(MISSING_WORDS)).fill_null(value=False), None)
        read = plain.cast(pl.Float64, strict=False)
        strange = plain.filter(read.is_null() & plain.is_not_null())
        if len(strange):
            raise NotNumbersError(_called(series.dtype, strange[0]))
    return np.asarray(read.fill_null(np.nan).to_numpy())


def _is_number(value: Any) -> bool:
    if is_bool(value):
        return False
    missing = value is None or type(value).__name__ == "NAType"
    return missing or isinstance(value, (Real, Decimal))


def _called(dtype: Any, example: Any) -> str:
    """What a column holds, in words."""
    if is_bool(example):
        return "true/false values"
    return (
        f"text such as {str(example)[:40]!r}" if isinstance(example, str) else f"values of type {dtype}"
    )
