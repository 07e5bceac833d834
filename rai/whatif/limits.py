"""What a counterfactual may change: which columns, which way, to which values, how many at once.

frozen=["sex"], ranges={"hours": (20, 60), "job": ["cook", "nurse"]}, directions={"age": "up"}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from numbers import Real
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.engines.spelling import level
from rai.ground.checks import as_names, check_choice, check_count
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.whatif.aims import Bools
from rai.whatif.feature_terms import Column

Direction = Literal["up", "down"]

DIRECTIONS = ("up", "down")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may change.

    Args:
        names: The columns that may change.
        ranges: Column to the least and greatest number, or to the values, that it may change to.
        directions: Column to the only direction in which it may change.
        most: How many columns may change at once.
    """

    names: tuple[str, ...]
    ranges: Mapping[str, Any]
    directions: Mapping[str, Direction]
    most: int

    def allow(self, name: str, column: Column, values: Floats, own: float) -> Bools:
        """Which values a column may change to, shape (v,).

        Args:
            name: The column.
            column: It, made ready.
            values: Numbers, or codes.
            own: The value of the row, NaN or -1 where missing.
        """
        allowed: Bools = values != own
        if name in self.ranges:
            allowed &= _within(self.ranges[name], column, values)
        if name in self.directions and not np.isnan(own):
            allowed &= values > own if self.directions[name] == "up" else values < own
        return allowed

    def ends(self, name: str, *, whole: bool) -> tuple[float, ...]:
        """The ends of a permitted range of numbers; whole ones where the column holds whole numbers."""
        given = self.ranges.get(name)
        if not isinstance(given, tuple) or not all(v is None or isinstance(v, Real) for v in given):
            return ()
        low, high = given
        found = (None if low is None else float(low), None if high is None else float(high))
        if not whole:
            return tuple(end for end in found if end is not None)
        rounded = (np.ceil, np.floor)
        return tuple(float(f(end)) for f, end in zip(rounded, found, strict=True) if end is not None)


def limits_of(
    rows: Rows,
    read: Collection[str],
    columns: Mapping[str, Column],
    *,
    frozen: str | Iterable[str],
    ranges: Mapping[str, Any] | None,
    directions: Mapping[str, Direction | str] | None,
    most_changes: int,
) -> Limits:
    """What may change, from what a person says.

    Args:
        rows: The rows.
        read: The columns that the model reads.
        columns: They, made ready.
        frozen: Columns that may not change.
        ranges: Column to (low, high) for numbers and dates, with None for an open end, or to the values
            that are permitted otherwise.
        directions: Column to `up` or `down`.
        most_changes: How many columns may change at once.

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If a range or a direction doesn't go with its column.
    """
    given = {"frozen": as_names(frozen), "ranges": ranges or {}, "directions": directions or {}}
    for where, names in given.items():
        for name in names:
            rows.check(name, where=where)
    most = check_count(most_changes, where="most_changes")
    fixed = set(as_names(frozen))
    known = {name: columns[name] for name in read}
    held = {n: _range(v, n, known[n]) for n, v in (ranges or {}).items() if n in known}
    ways = {n: _way(v, n, known[n]) for n, v in (directions or {}).items() if n in known}
    names = tuple(name for name in read if name not in fixed)
    return Limits(names=names, ranges=held, directions=ways, most=most)


def _range(given: Any, name: str, column: Column) -> Any:
    """A permitted range of numbers as a pair, or permitted values as a set of codes."""
    if not column.numeric:
        return _codes(given, name, column)
    expected = "(low, high), in which one end may be None"
    pair = given if isinstance(given, tuple | list) else ()
    if len(pair) != 2:
        raise ArgumentError(sentence("ranges", f"{given!r} for {name!r}", expected=expected))
    low, high = (_end(end, given, name) for end in pair)
    if low is not None and high is not None and low > high:
        seen = f"{given!r} for {name!r}"
        raise ArgumentError(sentence("ranges", seen, expected="the lower end first"))
    return (low, high)


def _end(end: Any, given: Any, name: str) -> float | None:
    if isinstance(end, str):
        try:
            end = datetime.fromisoformat(end)
        except ValueError:
            end = "no date"
    if end is None:
        return None
    if isinstance(end, date):
        moment = end if isinstance(end, datetime) else datetime(end.year, end.month, end.day)  # noqa: DTZ001
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.timestamp() / 86_400
    if isinstance(end, bool) or not isinstance(end, Real) or not np.isfinite(float(end)):
        expected = "(low, high), in which one end may be None"
        raise ArgumentError(sentence("ranges", f"{given!r} for {name!r}", expected=expected))
    return float(end)


def _codes(given: Any, name: str, column: Column) -> frozenset[int]:
    """The codes of permitted values."""
    assert column.places is not None
    if isinstance(given, str) or not isinstance(given, Iterable):
        seen, expected = f"{given!r} for {name!r}", "a list of its values"
        raise ArgumentError(sentence("ranges", seen, expected=expected))
    found = set()
    for value in given:
        held = level(value)
        if held is None or held not in column.places:
            expected = f"values that occur: {listing(column.places)}"
            hint = did_you_mean(value, column.places)
            raise ArgumentError(
                sentence("ranges", f"{value!r} for {name!r}", expected=expected, hint=hint)
            )
        found.add(column.places[held])
    return frozenset(found)


def _way(given: Any, name: str, column: Column) -> Direction:
    if not column.numeric:
        seen = f"{given!r} for {name!r}, whose values have no order"
        expected = "a column of numbers or dates"
        raise ArgumentError(sentence("directions", seen, expected=expected))
    check_choice(given, DIRECTIONS, where=f"directions of {name!r}")
    return given  # type: ignore[no-any-return]


def _within(given: Any, column: Column, values: Floats) -> Bools:
    if not column.numeric:
        return np.isin(values, list(given))
    low, high = given
    within: Bools = np.ones(len(values), dtype=np.bool_)
    if low is not None:
        within &= values >= low
    if high is not None:
        within &= values <= high
    return within
