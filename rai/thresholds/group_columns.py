"""Columns of a table of features that name groups: taken out, and left out.

X (frame or 2-D array), ["sex"] or [3]  ──▶  {"sex": values}  and  X without them
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from rai.engines.arrays import named_features
from rai.engines.encoding import is_a
from rai.ground.errors import ArgumentError, RoleError, did_you_mean, listing, sentence

Wanted = str | int | Sequence[str | int] | None

WHERE = "sensitive_features"


def as_wanted(wanted: Wanted) -> tuple[str | int, ...]:
    """Names or positions of columns, always as a tuple.

    Raises:
        ArgumentError: If something else is given, or a column twice.

    Example:
        >>> as_wanted("sex"), as_wanted([3, "race"]), as_wanted(None)
        (('sex',), (3, 'race'), ())
    """
    if wanted is None:
        return ()
    single = isinstance(wanted, (str, Integral)) or not isinstance(wanted, Iterable)
    columns = (wanted,) if single else tuple(wanted)  # type: ignore[arg-type]
    if not all(isinstance(c, (str, Integral)) and not isinstance(c, bool) for c in columns):
        expected = "names or positions of columns of X"
        hint = "Pass the groups themselves as sensitive_features= to fit and predict."
        raise ArgumentError(sentence(WHERE, f"a {type(wanted).__name__}", expected=expected, hint=hint))
    if len(set(columns)) < len(columns):
        raise ArgumentError(sentence(WHERE, listing(columns), expected="each column once"))
    return columns  # type: ignore[return-value]


def group_columns(table: Any, wanted: Sequence[str | int]) -> dict[str, Any]:
    """The columns that name groups, by name; a column without a name is called `x0`, `x1` ….

    Args:
        table: A frame (pandas, Polars and others), a 2-D array, a sparse matrix, or a list of rows.
        wanted: Names or positions.

    Raises:
        RoleError: If there is no such column.

    Example:
        >>> group_columns(np.array([[0.5, 1], [0.7, 0]]), [1])
        {'x1': array([1., 0.])}
    """
    if not wanted:
        return {}
    if _is_frame(table):
        columns = named_features(table, "x")
        places = _places([name for name, _ in columns], wanted)
        return {columns[place][0]: columns[place][1] for place in places}
    cells = _indexable(table)
    places = _places(cells.shape[1], wanted)
    return {f"x{place}": _dense(cells[:, [place]]) for place in places}


def without_columns(table: Any, wanted: Sequence[str | int]) -> Any:
    """The table without these columns, of the same kind."""
    if not _is_frame(table):
        cells = _indexable(table)
        return cells[:, _others(cells.shape[1], wanted)]
    kept = _others([name for name, _ in named_features(table, "x")], wanted)
    if is_a(table, "pandas", "DataFrame"):
        return table.iloc[:, kept]
    import narwhals as nw

    return nw.from_native(table, eager_only=True)[:, kept].to_native()


def named_groups(given: Any) -> dict[str, Any]:
    """Groups that were given apart from X, by name; one without a name is a `sensitive_feature`.

    Raises:
        RoleError: If two have one name.

    Example:
        >>> named_groups(["F", "M"])
        {'sensitive_feature': array(['F', 'M'], dtype=object)}
    """
    found = named_features(given, "sensitive_feature")
    _check_once([name for name, _ in found])
    return dict(found)


def _is_frame(table: Any) -> bool:
    """Whether columns have names."""
    import narwhals as nw

    return nw.dependencies.is_into_dataframe(table)


def _others(columns: list[str] | int, wanted: Sequence[str | int]) -> list[int]:
    """Positions of all other columns."""
    left_out = _places(columns, wanted)
    count = columns if isinstance(columns, int) else len(columns)
    return [place for place in range(count) if place not in left_out]


def _check_once(names: Sequence[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        seen = f"two columns named {twice!r}"
        raise RoleError(sentence(WHERE, seen, expected="each name once"))


def _places(columns: list[str] | int, wanted: Sequence[str | int]) -> list[int]:
    """Positions of the columns: of a list of names, or of so many without a name."""
    names = columns if isinstance(columns, list) else None
    _check_once([name for name in names or [] if name in wanted])
    count = columns if isinstance(columns, int) else len(columns)
    return [_place(one, names, count) for one in wanted]


def _place(one: str | int, names: list[str] | None, count: int) -> int:
    if isinstance(one, str) and names is not None and one in names:
        return names.index(one)
    if not isinstance(one, str) and -count <= one < count:
        return int(one) % count
    if not isinstance(one, str):
        raise RoleError(sentence(WHERE, f"position {one}", expected=f"one from 0 to {count - 1}"))
    if names is None:
        hint = "Pass X as a frame, or give positions."
        raise RoleError(sentence(WHERE, repr(one), expected="columns with names", hint=hint))
    expected = f"one of {listing(names)}"
    raise RoleError(
        sentence(WHERE, f"no column {one!r}", expected=expected, hint=did_you_mean(one, names))
    )


def _indexable(table: Any) -> Any:
    """A 2-D array or sparse matrix that can be indexed by column."""
    if hasattr(table, "tocsc"):
        return table.tocsc()
    cells = np.asarray(table) if hasattr(table, "__array__") else np.array(table, dtype=object)
    if cells.ndim != 2:
        seen = f"X of shape {cells.shape}"
        raise RoleError(sentence(WHERE, seen, expected="rows and columns, to take groups from"))
    return cells


def _dense(column: Any) -> Any:
    return np.asarray(column.toarray() if hasattr(column, "toarray") else column).ravel()
