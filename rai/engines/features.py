"""What each column of some rows may hold, read off all of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Codes, encode, is_a
from rai.engines.frames import Rows, is_date
from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.errors import RoleError, sentence
from rai.values.features import Feature, Features, Kind


def features_of(rows: Rows, names: tuple[str, ...] | None = None) -> Features:
    """Kind, range and categories of the columns, from every row.

    Args:
        rows: The rows.
        names: Columns; all of them if None.

    Raises:
        RoleError: A column that holds neither numbers, nor dates, nor values that name something.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> [f.kind for f in features_of(open_rows({"age": [30, 40], "sex": ["F", "M"]}))]
        ['integer', 'category']
    """
    return Features(feature_of(rows, name) for name in (rows.names if names is None else names))


def feature_of(rows: Rows, name: str) -> Feature:
    """Kind, range and categories of one column."""
    series = rows.column(name)
    if is_date(series):
        days = rows.numbers(name)
        there = np.flatnonzero(~np.isnan(days))
        ends = (None, None) if not len(there) else _ends(rows, name, days, there)
        return Feature(name=name, kind="date", low=ends[0], high=ends[1], missing=len(there) < len(days))
    if is_categorical(series):
        return _of_codes(name, encode(series))
    try:
        values = numbers(series)
    except NotNumbersError:
        return _of_codes(name, _coded(series, name))
    held = values[~np.isnan(values)]
    kind: Kind = "integer" if is_whole(series) else "number"
    as_kind = int if kind == "integer" else float
    low, high = (as_kind(held.min()), as_kind(held.max())) if len(held) else (None, None)
    return Feature(name=name, kind=kind, low=low, high=high, missing=len(held) < len(values))


def is_categorical(series: Any) -> bool:
    """Whether a native series is of a type for categories, whatever they are."""
    if is_a(series, "polars", "Series"):
        import polars as pl

        return isinstance(series.dtype, (pl.Categorical, pl.Enum))
    return type(series.dtype).__name__ == "CategoricalDtype"


def is_whole(series: Any) -> bool:
    """Whether a native series is of a type for whole numbers."""
    if is_a(series, "polars", "Series"):
        return bool(series.dtype.is_integer())
    return getattr(series.dtype, "kind", "") in "iu"


def _coded(series: Any, name: str) -> Codes:
    try:
        codes = encode(series)
    except (TypeError, UnicodeDecodeError) as error:
        seen = f"column {name!r} with values that name nothing ({error})"
        expected = "numbers, text, true/false values, dates or categories"
        raise RoleError(sentence("rows", seen, expected=expected)) from None
    if codes.fraction is not None:
        seen = f"column {name!r} with text and the number {codes.fraction:g}"
        raise RoleError(sentence("rows", seen, expected="values of one kind in a column"))
    return codes


def _of_codes(name: str, codes: Codes) -> Feature:
    counts = np.bincount(codes.codes[codes.codes >= 0], minlength=len(codes.levels))
    order = np.argsort(-counts, kind="stable")
    levels = tuple(codes.levels[place] for place in order)
    boolean = bool(levels) and all(isinstance(each, bool) for each in levels)
    kind: Kind = "boolean" if boolean else "category"
    return Feature(name=name, kind=kind, categories=levels, missing=codes.gaps)


def _ends(rows: Rows, name: str, days: Any, held: Any) -> tuple[str, str]:
    first, last = held[days[held].argmin()], held[days[held].argmax()]
    return (rows.value(name, first).isoformat(), rows.value(name, last).isoformat())
