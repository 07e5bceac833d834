"""Rows with one attribute changed to each of its other values, and nothing else.

row 0, F  ──▶  row 0 as M · row 0 as X
row 1, M  ──▶  row 1 as F · row 1 as X        entries (row, new value); a row's own value is no entry

No frame of all entries is made: it is gathered a batch at a time, where it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Ints, encode
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import counted
from rai.values import Key, Level
from rai.values.levels import EVERYONE, MISSING, key_name, key_order
from rai.whatif.edit_kinds import FeatureOf
from rai.whatif.edit_marks import EditMark

WHERE = "flip_test"
MOST_VALUES = 50


@dataclass(frozen=True, slots=True, eq=False)
class FlippedRows:
    """What each row is changed to.

    Args:
        columns: The columns that are changed, jointly.
        pools: Column to its values, followed by new ones.
        source: Where in the pools each new value stands, shape (k,).
        names: How the new values read, k of them.
        own_names: How the values that rows have read.
        own: Each row's place among them, shape (n,).
        code: Each row's value as a number that new values share, shape (n,).
        new_code: That of each new value, shape (k,).
        row: The row of each entry, shape (m,).
        new: Its new value, as a place in `names`, shape (m,).
        marks: Values that never occur.
    """

    columns: tuple[str, ...]
    pools: Mapping[str, Any]
    source: Ints
    names: tuple[Level, ...]
    own_names: tuple[Level, ...]
    own: Ints
    code: Ints
    new_code: Ints
    row: Ints
    new: Ints
    marks: tuple[EditMark, ...] = ()

    def __len__(self) -> int:
        return len(self.row)

    def gathered(self, rows: Rows, places: Ints, source: Ints) -> Rows:
        """Some columns of rows at places, with the changed ones taken from the pools.

        Args:
            rows: Columns of the rows; those that are changed may be among them or not.
            places: Places of rows, shape (b,).
            source: Places in the pools, shape (b,).
        """
        taken = rows.take(places)
        for name in self.columns:
            if name in rows.names:
                taken = taken.with_column(name, self.pools[name], source)
        return taken


def flipped_rows(
    rows: Rows, columns: tuple[str, ...], *, values: Sequence[Any] | None, feature_of: FeatureOf
) -> FlippedRows:
    """Every row with each other value.

    Args:
        rows: The rows.
        columns: The columns that are changed, jointly.
        values: The values to change to, or for several columns tuples of them; all that occur (without
            the missing) if None.
        feature_of: What is known of a column.

    Raises:
        RoleError: If a column is not there.
        ArgumentError: Numbers, or more than 50 values, without `values`; values that don't fit; or
            fewer than two values.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> from rai.whatif.edited_rows import known_features
        >>> rows = open_rows({"sex": ["F", "M", "F"]})
        >>> found = flipped_rows(rows, ("sex",), values=None, feature_of=known_features(rows))
        >>> [(int(row), found.names[new]) for row, new in zip(found.row, found.new, strict=True)]
        [(1, 'F'), (0, 'M'), (2, 'M')]
    """
    given = None if values is None else _checked(columns, values, feature_of)
    if given is None:
        _check_named(rows, columns, feature_of)
    pools = {
        name: rows.pool(name, [each[at] for each in given or ()]) for at, name in enumerate(columns)
    }
    code, keys = _codes([pools[name] for name in columns])
    n, own_code = len(rows), code[: len(rows)]
    if given is None:
        new_code, source = _occurring(own_code, keys, columns)
    else:
        new_code, source = code[n:], n + np.arange(len(given))
    names = tuple(_name(keys[at]) for at in new_code)
    own_names, own = _own(own_code, keys)
    entries = [np.flatnonzero(own_code != new) for new in new_code]
    counts = [len(each) for each in entries]
    if not sum(counts):
        seen, expected = "the value that every row has", "another one"
        raise ArgumentError(sentence("values", seen, expected=expected))
    return FlippedRows(
        columns=columns,
        pools=pools,
        source=source,
        names=names,
        own_names=own_names,
        own=own,
        code=own_code,
        new_code=new_code,
        row=np.concatenate(entries),
        new=np.repeat(np.arange(len(entries)), counts),
        marks=_marks(columns, given, counts, feature_of),
    )


def series_codes(series: Any) -> tuple[Ints, tuple[Level, ...]]:
    """Any column as codes and levels, also numbers that are not whole; the missing are a level."""
    coded = encode(series)
    codes, levels = coded.codes, coded.levels
    if coded.fraction is not None:
        codes, levels = _of_numbers(series)
    if len(codes) and int(codes.min()) < 0:
        codes, levels = np.where(codes < 0, len(levels), codes), (*levels, MISSING)
    return codes, levels


def _of_numbers(series: Any) -> tuple[Ints, tuple[Level, ...]]:
    try:
        values = numbers(series)
    except NotNumbersError as error:
        raise ArgumentError(sentence(WHERE, str(error), expected="values of one kind")) from None
    distinct, places = np.unique(values, return_inverse=True)
    there = distinct[~np.isnan(distinct)]
    return np.where(np.isnan(values), -1, places), tuple(there.tolist())


def _codes(columns: Sequence[Any]) -> tuple[Ints, list[Key]]:
    """The joint values of some columns as one number for each row, and what the numbers stand for."""
    flat: Ints = np.zeros(0, dtype=np.intp)
    keys: list[Key] = [()]
    for at, column in enumerate(columns):
        codes, levels = series_codes(column)
        flat = flat * len(levels) + codes if at else codes
        present, flat = np.unique(flat, return_inverse=True)
        known = keys
        keys = [(*known[p // len(levels)], levels[p % len(levels)]) for p in present.tolist()]
    return flat, keys


def _occurring(code: Ints, keys: list[Key], columns: tuple[str, ...]) -> tuple[Ints, Ints]:
    """The values that occur, without the missing, in canonical order, and a row that has each."""
    present, first = np.unique(code, return_index=True)
    row = dict(zip(present.tolist(), first.tolist(), strict=True))
    new = sorted((at for at in row if MISSING not in keys[at]), key=lambda at: key_order(keys[at]))
    if len(new) > MOST_VALUES:
        expected, hint = f"at most {MOST_VALUES}", "Pass values=[…] to change it to."
        seen = f"{len(new):,} different values of {listing(columns)}"
        raise ArgumentError(sentence(WHERE, seen, expected=expected, hint=hint))
    if len(new) < 2:
        seen = f"{counted(len(new), 'value')} of {listing(columns)}"
        hint = "Pass values=[…] to change it to."
        raise ArgumentError(sentence(WHERE, seen, expected="two or more", hint=hint))
    return np.array(new, dtype=np.intp), np.array([row[at] for at in new], dtype=np.intp)


def _own(code: Ints, keys: list[Key]) -> tuple[tuple[Level, ...], Ints]:
    """The values that rows have, as groups; too many of them are one group."""
    present = np.unique(code)
    if len(present) > MOST_VALUES:
        return (EVERYONE,), np.zeros(len(code), dtype=np.intp)
    order = sorted(present.tolist(), key=lambda at: key_order(keys[at]))
    place = np.zeros(len(keys), dtype=np.intp)
    place[order] = np.arange(len(order))
    return tuple(_name(keys[at]) for at in order), place[code]


def _name(key: Key) -> Level:
    return key[0] if len(key) == 1 else key_name(key)


def _check_named(rows: Rows, columns: tuple[str, ...], feature_of: FeatureOf) -> None:
    """Without values to change to, columns name something."""
    for name in columns:
        rows.check(name, where=WHERE)
        if feature_of(name).numeric:
            held = np.unique(rows.numbers(name))
            held = held[~np.isnan(held)]
            few = ", ".join(f"{value:g}" for value in held) if 0 < len(held) <= 10 else "20, 40, 60"
            hint = f"Pass values=[{few}]."
            seen, expected = f"{name!r} holds numbers", "values to change it to"
            raise ArgumentError(sentence(WHERE, seen, expected=expected, hint=hint))


def _checked(
    columns: tuple[str, ...], values: Sequence[Any], feature_of: FeatureOf
) -> list[tuple[Any, ...]]:
    """Values as tuples with one of each column, as the columns' kinds; each once."""
    listed = list(values) if isinstance(values, (list, tuple)) or hasattr(values, "__array__") else []
    if not listed:
        raise ArgumentError(sentence("values", repr(values)[:60], expected="a list of values"))
    given = [(value,) for value in listed] if len(columns) == 1 else listed
    short = next((v for v in given if not isinstance(v, tuple) or len(v) != len(columns)), None)
    if short is not None:
        expected = f"tuples with a value of each of {listing(columns)}"
        raise ArgumentError(sentence("values", repr(short)[:60], expected=expected))
    checked = [
        tuple(feature_of(name).checked(v, where="values") for name, v in zip(columns, each, strict=True))
        for each in given
    ]
    twice = next((each for at, each in enumerate(checked) if each in checked[:at]), None)
    if twice is not None:
        shown = twice[0] if len(twice) == 1 else twice
        raise ArgumentError(sentence("values", f"{shown!r} twice", expected="each once"))
    return checked


def _marks(
    columns: tuple[str, ...],
    given: list[tuple[Any, ...]] | None,
    counts: list[int],
    feature_of: FeatureOf,
) -> tuple[EditMark, ...]:
    """Given values that are unusual in their column, with the rows that are changed to them."""
    return tuple(
        EditMark(name, count, mark)
        for each, count in zip(given or (), counts if given else (), strict=True)
        for name, value in zip(columns, each, strict=True)
        if (mark := feature_of(name).mark(value))
    )
