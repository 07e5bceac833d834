"""What a column of a data set may hold: its kind, its range, its categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from numbers import Real
from typing import Literal

from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.formatting import number
from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level

Kind = Literal["number", "integer", "boolean", "category", "date"]
Value = Level | date | None

_WANTED = {
    "number": "a finite number",
    "integer": "a whole number",
    "boolean": "True or False",
    "category": "text, or a value that occurs",
    "date": "a date, or ISO text such as '2024-05-01'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A column, as far as values for it can be checked.

    Args:
        name: The column.
        kind: `number`, `integer`, `boolean`, `category` or `date`.
        low: The smallest value that occurs (ISO text for dates); None if there is none.
        high: The largest.
        categories: The values that occur, most frequent first; for booleans and categories.
        missing: Whether values are missing.

    Example:
        >>> age = Feature(name="age", kind="integer", low=17, high=90)
        >>> age.mark(95), age.mark(40)
        ('above 90, the largest that occurs', '')
    """

    name: str
    kind: Kind
    low: float | str | None = None
    high: float | str | None = None
    categories: tuple[Level, ...] = ()
    missing: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its values have differences."""
        return self.kind in {"number", "integer"}

    def checked(self, value: Value, *, where: str) -> Value:
        """The value as this column's kind of plain Python, or an error.

        Raises:
            ArgumentError: If it is of another kind. A value that merely never occurred passes.
        """
        if value is None:
            return None
        fitted = self._fitted(value)
        if fitted is None:
            hint = did_you_mean(value, self.categories) if self.kind == "category" else ""
            seen, expected = f"{value!r} for {self.name!r}", _WANTED[self.kind]
            raise ArgumentError(sentence(where, seen, expected=expected, hint=hint))
        return fitted

    def mark(self, value: Value) -> str:
        """What is unusual about a value; empty if nothing is.

        A value outside of what occurs makes the model guess, which is worth knowing and no mistake.
        """
        if value is None:
            return "" if self.missing else "missing, which never occurs"
        if self.kind in {"boolean", "category"}:
            near = did_you_mean(value, self.categories) if isinstance(value, str) else ""
            never = f"{value!r} never occurs" + (f" (d{near[1:]})" if near else "")
            return "" if value in self.categories else never
        if self.low is None or self.high is None:
            return "no value occurs"
        shown = value.isoformat() if isinstance(value, date) else value
        if shown < self.low:  # type: ignore[operator]
            return f"below {number(self.low)}, the smallest that occurs"
        return f"above {number(self.high)}, the largest that occurs" if shown > self.high else ""  # type: ignore[operator]

    def _fitted(self, value: Level | date) -> Level | date | None:
        if self.kind == "date":
            return _as_date(value)
        if self.kind == "boolean":
            return bool(value) if type(value).__name__ in {"bool", "bool_"} or value in (0, 1) else None
        if self.kind == "category":
            if isinstance(value, str) or value in self.categories:
                return value if isinstance(value, str) else self._category(value)
            alike = {type(each) for each in self.categories}
            return value if type(value) in alike and not isinstance(value, date) else None
        if isinstance(value, bool) or not isinstance(value, Real):
            return None
        plain = float(value)
        if not isfinite(plain):
            return None
        if self.kind == "integer":
            return int(plain) if plain.is_integer() else None
        return plain

    def _category(self, value: Level | date) -> Level:
        return next(each for each in self.categories if each == value)

    def to_dict(self) -> Row:
        """The feature as a flat row."""
        held = ", ".join(map(str, self.categories[:12]))
        return {
            "feature": self.name,
            "kind": self.kind,
            "low": self.low,
            "high": self.high,
            "categories": held + (", …" if len(self.categories) > 12 else ""),
            "missing": self.missing,
        }


class Features(RecordTuple[Feature]):
    """The columns of some rows.

    Example:
        >>> Features([Feature(name="age", kind="integer", low=17, high=90)]).named("age").high
        90
    """

    __slots__ = ()

    def named(self, name: str, *, where: str = "feature") -> Feature:
        """The feature of this name.

        Raises:
            ArgumentError: If there is none.
        """
        for feature in self:
            if feature.name == name:
                return feature
        names = [feature.name for feature in self]
        expected, hint = f"one of {listing(names)}", did_you_mean(name, names)
        raise ArgumentError(sentence(where, f"no column {name!r}", expected=expected, hint=hint))

    def chosen(self, names: Iterable[str], *, where: str = "feature") -> Features:
        """The features of these names, in this order."""
        return Features(self.named(name, where=where) for name in names)


def _as_date(value: Level | date) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.date() if len(value) == len("2024-05-01") else moment
