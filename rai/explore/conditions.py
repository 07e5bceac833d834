"""Conditions on one column, as frozen data: the leaves of every query.

    Condition("age", ">=", 30)    Condition("sex", "in", ["F", "X"])    Condition("job", "matches", "^P")

A missing value meets no condition but `missing`: not `!=`, and not `not in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.engines.spelling import kind, plain_level
from rai.explore.patterns import check_pattern, matching
from rai.explore.query_words import days_of, name_text, value_text
from rai.explore.readings import WHERE, Reading, Readings, unreadable
from rai.explore.truths import Bools, Truth
from rai.ground.checks import check_one
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.values.levels import Level

MOST_WHOLE = 1 << 53  # beyond it, floats skip whole numbers

ORDERED: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
SEVERAL = ("in", "not in")
MATCHES = ("matches", "not matches")
THERE = ("missing", "present")
OPS = ("==", "!=", *ORDERED, *SEVERAL, *MATCHES, *THERE)

_OPPOSITE = {"!=", "not in", "not matches", "missing"}
_SPELLED = {"==": "=", "matches": "~", "not matches": "!~"}
_SPELLED |= {"missing": "is missing", "present": "is not missing"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column.

    Args:
        column: The column.
        op: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `matches`, `not matches`, `missing` or
            `present`.
        value: What is compared with; several for `in` and `not in`; a regular expression, found anywhere
            in the text, for `matches` and `not matches`; None for the last two. Dates are ISO text.

    Raises:
        ArgumentError: If it is no condition.

    Example:
        >>> str(Condition("age", ">=", 30)), str(Condition("sex", "in", ["F", "New York"]))
        ('age >= 30', 'sex in (F, "New York")')
    """

    column: str
    op: str
    value: Level | tuple[Level, ...] | None = None

    def __post_init__(self) -> None:
        check_one(self.column, where=WHERE, what="column")
        check_one(self.op, where=WHERE, what="op", options=OPS)
        object.__setattr__(self, "value", _value(self.op, self.value))

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column, as queries have several."""
        return (self.column,)

    @property
    def depth(self) -> int:
        """How deep it nests: not at all."""
        return 0

    @property
    def wanted(self) -> tuple[Level, ...]:
        """The values that are compared with."""
        if isinstance(self.value, tuple):
            return self.value
        return () if self.value is None else (self.value,)

    def mask(self, rows: Rows) -> Bools:
        """Whether each row meets it, shape (n,).

        Raises:
            RoleError: If there is no such column.
            ArgumentError: If the column holds something that can't be compared with the value.
        """
        return self.truth(Readings(rows)).yes

    def truth(self, columns: Readings) -> Truth:
        """What is known of each row; it raises what `mask` raises."""
        reading = columns[self.column]
        if self.op in THERE:
            found = Truth(reading.there, ~reading.there)
        elif reading.trouble:
            raise unreadable(reading)
        elif reading.values is not None:
            found = _of_numbers(self, reading, reading.values)
        else:
            found = _of_levels(self, reading)
        return ~found if self.op in _OPPOSITE else found

    def __str__(self) -> str:
        column, op = name_text(self.column), _SPELLED.get(self.op, self.op)
        if self.op in THERE:
            return f"{column} {op}"
        texts = [value_text(each) for each in self.wanted]
        return (
            f"{column} {op} ({', '.join(texts)})" if self.op in SEVERAL else f"{column} {op} {texts[0]}"
        )

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
            raise ArgumentError(sentence(WHERE, in_short(plain), expected=expected))
        return cls(**plain)


def _of_numbers(condition: Condition, reading: Reading, values: Floats) -> Truth:
    """Of numbers or dates: where the plain comparison (`==` for `!=` and so on) holds."""
    if not reading.there.any():
        return Truth(reading.there, reading.there)
    if condition.op in MATCHES:
        raise _unfit(condition, reading, f"text for {_SPELLED[condition.op]!r}")
    as_number = _days if reading.dates else _number
    wanted = [as_number(condition, value) for value in condition.wanted]
    ordered = ORDERED.get(condition.op)
    met = np.isin(values, wanted) if ordered is None else ordered(values, wanted[0])
    return Truth(met & reading.there, ~met & reading.there)


def _of_levels(condition: Condition, reading: Reading) -> Truth:
    """Of text, truth values and categories: looked up level by level."""
    assert reading.codes is not None
    levels = reading.codes.levels
    met: Sequence[bool] = ()
    if not levels:
        pass
    elif condition.op in ORDERED:
        met = _ordered(condition, reading, levels)
    elif condition.op in MATCHES:
        met = _matched(condition, reading, levels)
    else:
        met = _equal(condition, reading, levels)
    yes = np.array([*met, False], dtype=np.bool_)[reading.codes.codes]
    return Truth(yes, ~yes & reading.there)


def _equal(condition: Condition, reading: Reading, levels: Sequence[Level]) -> Sequence[bool]:
    """Which levels are among the values; text that reads as one date equals another of that time."""
    held = reading.kinds
    strange = next((v for v in condition.wanted if kind(v) not in held), None)
    if strange is not None:
        raise _unlike(condition, strange, " or ".join(held))
    wanted = {(kind(value), value) for value in condition.wanted}
    days = {days_of(value) for value in condition.wanted if isinstance(value, str)} - {None}
    return [
        (kind(level), level) in wanted
        or (bool(days) and isinstance(level, str) and days_of(level) in days)
        for level in levels
    ]


def _ordered(condition: Condition, reading: Reading, levels: Sequence[Level]) -> Sequence[bool]:
    """Which levels are before or after a date, where all of them are text that reads as dates."""
    days = [days_of(level) if isinstance(level, str) else None for level in levels]
    if None in days:
        raise _unfit(condition, reading, f"numbers or dates for {condition.op!r}")
    met = ORDERED[condition.op](days, _days(condition, condition.wanted[0]))
    return [bool(each) for each in met]


def _matched(condition: Condition, reading: Reading, levels: Sequence[Level]) -> Sequence[bool]:
    """Which levels match the regular expression; numbers among text don't."""
    if "text" not in reading.kinds:
        raise _unfit(condition, reading, f"text for {_SPELLED[condition.op]!r}")
    texts = [level if isinstance(level, str) else None for level in levels]
    return matching(texts, str(condition.value), column=reading.name)


def _number(condition: Condition, value: Level) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _unlike(condition, value, "a number")
    if isinstance(value, int) and abs(value) > MOST_WHOLE:
        raise _unlike(condition, value, f"a whole number up to {MOST_WHOLE:,}, as far as floats tell")
    return float(value)


def _days(condition: Condition, value: Level) -> float:
    days = days_of(value) if isinstance(value, str) else None
    if days is None:
        raise _unlike(condition, value, "a date, such as '2024-05-01'")
    return days


def _unlike(condition: Condition, value: Level, expected: str) -> ArgumentError:
    seen = f"{in_short(value)} for {condition.column!r}"
    as_text = expected == "text" and not isinstance(value, str)
    hint = f'Write "{value_text(value)}" in quotes.' if as_text else ""
    return ArgumentError(
        sentence(f"condition {in_short(str(condition))}", seen, expected=expected, hint=hint)
    )


def _unfit(condition: Condition, reading: Reading, expected: str) -> ArgumentError:
    seen = f"{condition.column!r} holds {reading.holds}"
    return ArgumentError(sentence(f"condition {in_short(str(condition))}", seen, expected=expected))


def _value(op: str, value: Any) -> Any:
    if op in THERE:
        if value is not None:
            raise ArgumentError(sentence(WHERE, f"{in_short(value)} for {op!r}", expected="no value"))
        return None
    if op in MATCHES:
        return check_pattern(value)
    if op not in SEVERAL:
        return _level(op, value)
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise ArgumentError(sentence(WHERE, f"{in_short(value)} for {op!r}", expected="several values"))
    return tuple(_level(op, each) for each in value)


def _level(op: str, value: Any) -> Level:
    expected = "text, a finite number, True or False, or a date"
    plain = plain_level(value, where=f"{WHERE} {op!r}", expected=expected)
    if plain is None:
        hint = 'For missing values use op "missing".'
        raise ArgumentError(sentence(f"{WHERE} {op!r}", repr(value), expected=expected, hint=hint))
    return plain
