"""Slices: the rows that conditions choose, as frozen data that can be saved and read.

    Condition("age", ">=", 30), Condition("sex", "in", ["F", "X"])   ──▶  rows where all of them hold

A missing value meets no condition but `missing`: not `!=`, and not `not in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Codes, Floats, Ints
from rai.engines.frames import Rows, is_date
from rai.engines.numbers import NotNumbersError
from rai.engines.spelling import kind
from rai.ground.errors import ArgumentError, RoleError, listing, sentence
from rai.values import Level
from rai.whatif.edits import check_one, plain_level

WHERE = "condition"

Bools = NDArray[np.bool_]
Where = tuple["Condition", ...]

_ORDERED: Mapping[str, Callable[[Floats, float], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_EQUAL = ("==", "!=", "in", "not in")
_THERE = ("missing", "present")
OPS = (*_EQUAL[:2], *_ORDERED, *_EQUAL[2:], *_THERE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column.

    Args:
        column: The column.
        op: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `missing` or `present`.
        value: What is compared with; several for `in` and `not in`; None for the last two. Dates are
            ISO text.

    Raises:
        ArgumentError: If it is no condition.

    Example:
        >>> str(Condition("age", ">=", 30)), str(Condition("sex", "in", ["F", "X"]))
        ('age >= 30', "sex in 'F', 'X'")
    """

    column: str
    op: str
    value: Level | tuple[Level, ...] | None = None

    def __post_init__(self) -> None:
        check_one(self.column, where=WHERE, what="column")
        check_one(self.op, where=WHERE, what="op", options=OPS)
        object.__setattr__(self, "value", _value(self.op, self.value))

    def mask(self, rows: Rows) -> Bools:
        """Whether each row meets it, shape (n,).

        Raises:
            RoleError: If there is no such column.
            ArgumentError: If the column holds something that can't be compared with the value.
        """
        rows.check(self.column, where=WHERE)
        dates = is_date(rows.column(self.column))
        try:
            values = rows.numbers(self.column)
        except NotNumbersError:
            return self._of_levels(rows)
        return self._of_numbers(values, days=dates)

    def __str__(self) -> str:
        if self.op in _THERE:
            return f"{self.column} {self.op}"
        several = isinstance(self.value, tuple)
        return f"{self.column} {self.op} {listing(self.value) if several else repr(self.value)}"  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, Any]:
        """The condition as data for JSON."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"column": self.column, "op": self.op, "value": value}

    @classmethod
    def from_dict(cls, plain: Any) -> Condition:
        """The condition from such data.

        Raises:
            ArgumentError: If it is no condition.
        """
        known = set(cls.__dataclass_fields__)
        if not isinstance(plain, Mapping) or not {"column", "op"} <= set(plain) <= known:
            expected = "a condition's column, op and value"
            raise ArgumentError(sentence(WHERE, repr(plain)[:60], expected=expected))
        return cls(**plain)

    @property
    def _wanted(self) -> tuple[Level, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)  # type: ignore[return-value]

    def _of_numbers(self, values: Floats, *, days: bool) -> Bools:
        there = ~np.isnan(values)
        if self.op in _THERE:
            return there if self.op == "present" else ~there
        wanted = [self._days(v) if days else self._number(v) for v in self._wanted]
        if self.op in _ORDERED:
            return np.asarray(_ORDERED[self.op](values, wanted[0])) & there
        equal = np.isin(values, wanted)
        return equal & there if self.op in {"==", "in"} else ~equal & there

    def _of_levels(self, rows: Rows) -> Bools:
        codes = self._coded(rows)
        there = codes.codes >= 0
        if self.op in _THERE:
            return there if self.op == "present" else ~there
        held = {kind(each) for each in codes.levels}
        if self.op in _ORDERED:
            shown = " and ".join(sorted(held)) or "no value"
            seen, expected = f"{self.column!r} holds {shown}", f"numbers or dates for {self.op!r}"
            raise ArgumentError(sentence(f"condition {str(self)!r}", seen, expected=expected))
        strange = next((v for v in self._wanted if held and kind(v) not in held), None)
        if strange is not None:
            raise self._unlike(strange, " or ".join(sorted(held)))
        equal = np.array([each in self._wanted for each in codes.levels] + [False])[codes.codes]
        return np.asarray(equal if self.op in {"==", "in"} else ~equal & there)

    def _coded(self, rows: Rows) -> Codes:
        try:
            codes = rows.codes(self.column)
        except (TypeError, UnicodeDecodeError) as error:
            seen = f"column {self.column!r} with values that name nothing ({error})"
            expected = "numbers, text, true/false values, dates or categories"
            raise RoleError(sentence(WHERE, seen, expected=expected)) from None
        if codes.fraction is not None:
            seen = f"column {self.column!r} with text and the number {codes.fraction:g}"
            raise RoleError(sentence(WHERE, seen, expected="values of one kind in a column"))
        return codes

    def _number(self, value: Level) -> float:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise self._unlike(value, "a number")
        return float(value)

    def _days(self, value: Level) -> float:
        """A date as days since 1970."""
        try:
            moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise self._unlike(value, "a date, such as '2024-05-01'") from None
        moment = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
        since = moment - datetime.combine(date(1970, 1, 1), time())
        return since.days + (since.seconds * 1_000_000 + since.microseconds) / 86_400e6

    def _unlike(self, value: Level, expected: str) -> ArgumentError:
        where = f"condition {str(self)!r}"
        return ArgumentError(sentence(where, f"{value!r} for {self.column!r}", expected=expected))


def as_where(given: Any) -> Where:
    """Conditions from one or several, each a `Condition` or its parts.

    Raises:
        ArgumentError: If something else is among them.

    Example:
        >>> [str(condition) for condition in as_where([("age", ">", 30), Condition("sex", "missing")])]
        ['age > 30', 'sex missing']
    """
    if isinstance(given, Condition):
        return (given,)
    if isinstance(given, tuple) and 2 <= len(given) <= 3 and all(isinstance(g, str) for g in given[:2]):
        return (Condition(*given),)
    if isinstance(given, (list, tuple)):
        parts = [
            each if isinstance(each, Condition) else Condition(*each)
            for each in given
            if isinstance(each, Condition) or (isinstance(each, tuple) and 2 <= len(each) <= 3)
        ]
        if len(parts) == len(given):
            return tuple(parts)
    hint = 'Write ("age", ">", 30).'
    raise ArgumentError(sentence("where", repr(given)[:60], expected="conditions", hint=hint))


def places_where(
    rows: Rows, where: Iterable[Condition] = (), *, at: Sequence[int] | None = None
) -> Ints:
    """The rows that meet all conditions, in order, shape (m,).

    Args:
        rows: The rows.
        where: Conditions; without one every row is meant.
        at: Positions of rows, counted from 0, to choose from; all if None.

    Raises:
        RoleError: If there is no such column.
        ArgumentError: If a position is outside, or a column can't be compared with a value.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"age": [30, 40, 50], "sex": ["F", "M", None]})
        >>> places_where(rows, as_where([("age", ">", 30), ("sex", "missing")]))
        array([2])
    """
    kept = np.ones(len(rows), dtype=np.bool_)
    if at is not None:
        places = check_places(at)
        if places and places[-1] >= len(rows):
            expected = f"positions from 0 to {len(rows) - 1:,}"
            raise ArgumentError(sentence("rows", f"{places[-1]}", expected=expected))
        kept = np.isin(np.arange(len(rows)), places)
    for condition in where:
        kept &= condition.mask(rows)
    return np.flatnonzero(kept)


def check_places(at: Any) -> tuple[int, ...]:
    """Positions of rows, each once and in order.

    Raises:
        ArgumentError: If one is no whole number from 0 on.
    """
    listed = list(at) if isinstance(at, Iterable) and not isinstance(at, (str, Mapping)) else [at]
    bad = next((p for p in listed if isinstance(p, bool) or not isinstance(p, Integral) or p < 0), None)
    if bad is not None:
        raise ArgumentError(sentence("rows", repr(bad)[:60], expected="positions, counted from 0"))
    return tuple(sorted({int(place) for place in listed}))


def _value(op: str, value: Any) -> Any:
    if op in _THERE:
        if value is not None:
            raise ArgumentError(sentence(WHERE, f"{value!r} for {op!r}", expected="no value"))
        return None
    if op not in {"in", "not in"}:
        return _level(op, value)
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise ArgumentError(sentence(WHERE, f"{value!r} for {op!r}", expected="several values"))
    return tuple(_level(op, each) for each in value)


def _level(op: str, value: Any) -> Level:
    expected = "text, a finite number, True or False, or a date"
    plain = plain_level(value, where=f"{WHERE} {op!r}", expected=expected)
    if plain is None:
        hint = 'For missing values use op "missing".'
        raise ArgumentError(sentence(f"{WHERE} {op!r}", repr(value), expected=expected, hint=hint))
    return plain
