"""Edits: what is to be changed in a column, as frozen data that can be saved and read.

    Edit.set("income", 50)                      every row gets 50
    Edit.add("age", 5)                          what is there, plus 5
    Edit.scale("income", 1.1)                   what is there, times 1.1
    Edit.replace("sex", {"M": "F"})             these values, by those
    Edit.map("pronoun", {"F": "she"}, source="sex")   a value for each value of another column

Values are checked against the column when the edit meets rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rai.engines.spelling import plain_level
from rai.ground.checks import check_one
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.values import Level
from rai.values.features import Value
from rai.whatif.edit_kinds import KINDS

WHERE = "edit"
Plain = Level | None

EXPECTED = "text, a finite number, True or False, a date, or None"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one column. Write it with `Edit.set`, `add`, `scale`, `replace` or `map`.

    Args:
        column: The column that changes.
        kind: `set`, `add`, `scale`, `replace` or `map`.
        value: What is set (None for missing; dates as ISO text), the amount, or the factor.
        values: Of a replacement or a map: pairs of an old value and its new one.
        source: Of a map: the column that the old values are of.

    Raises:
        ArgumentError: If it is no such edit. Whether values fit the column is checked with the rows.

    Example:
        >>> str(Edit.scale("income", 1.1)), str(Edit.replace("sex", {"M": "F"}))
        ('income × 1.1', 'sex: M → F')
    """

    column: str
    kind: str
    value: Plain = None
    values: tuple[tuple[Plain, Plain], ...] = ()
    source: str | None = None

    def __post_init__(self) -> None:
        check_one(self.column, where=WHERE, what="column")
        check_one(self.kind, where=WHERE, what="kind", options=KINDS)
        object.__setattr__(self, "value", _plain(self.value))
        object.__setattr__(self, "values", _pairs(self.values))
        KINDS[self.kind].check(self)

    @classmethod
    def set(cls, column: str, value: Value) -> Edit:
        """Every row gets this value; None makes it missing."""
        return cls(column, "set", value=value)  # type: ignore[arg-type]

    @classmethod
    def add(cls, column: str, amount: float) -> Edit:
        """What is there, plus an amount; missing stays missing."""
        return cls(column, "add", value=amount)

    @classmethod
    def scale(cls, column: str, factor: float) -> Edit:
        """What is there, times a factor; missing stays missing."""
        return cls(column, "scale", value=factor)

    @classmethod
    def replace(cls, column: str, values: Mapping[Any, Any]) -> Edit:
        """Some values by others, all at once; the rest stay."""
        return cls(column, "replace", values=_items(values))

    @classmethod
    def map(cls, column: str, values: Mapping[Any, Any], *, source: str) -> Edit:
        """A value for each value of another column; rows with a value that is not named stay."""
        return cls(column, "map", values=_items(values), source=source)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs."""
        return (self.column,) if self.source is None else (self.column, self.source)

    def __str__(self) -> str:
        return KINDS[self.kind].words(self)

    def to_dict(self) -> dict[str, Any]:
        """The edit as data for JSON."""
        held: dict[str, Any] = {"column": self.column, "kind": self.kind}
        if not self.values:
            return {**held, "value": self.value}
        held["values"] = [list(pair) for pair in self.values]
        return held if self.source is None else {**held, "source": self.source}

    @classmethod
    def from_dict(cls, plain: Any) -> Edit:
        """The edit from such data.

        Raises:
            ArgumentError: If it is no edit.
        """
        known = set(cls.__dataclass_fields__)
        if not isinstance(plain, Mapping) or not {"column", "kind"} <= set(plain) <= known:
            raise ArgumentError(sentence(WHERE, in_short(plain), expected="an edit's fields"))
        return cls(**{**plain, "values": plain.get("values", ())})


def as_edits(given: Any) -> tuple[Edit, ...]:
    """Edits from one, several, or a dict of column to the value it gets.

    Raises:
        ArgumentError: If there are none, or something else is among them.

    Example:
        >>> [str(edit) for edit in as_edits({"age": 40, "sex": "F"})]
        ['age = 40', 'sex = F']
    """
    if isinstance(given, Edit):
        return (given,)
    if isinstance(given, Mapping):
        edits: tuple[Any, ...] = tuple(Edit.set(column, value) for column, value in given.items())
    else:
        edits = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    strange = next((edit for edit in edits if not isinstance(edit, Edit)), None)
    if strange is not None or not edits:
        seen = "none" if not edits else in_short(strange)
        hint = 'Write {"age": 40}, or Edit.add("age", 5).'
        raise ArgumentError(sentence("edits", seen, expected="edits", hint=hint))
    return edits


def _plain(value: Any) -> Plain:
    return None if value is None else plain_level(value, where=WHERE, expected=EXPECTED)


def _pairs(values: Any) -> tuple[tuple[Plain, Plain], ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ArgumentError(sentence(WHERE, in_short(values), expected="pairs of old and new values"))
    pairs = [tuple(pair) if isinstance(pair, (list, tuple)) else () for pair in values]
    if any(len(pair) != 2 for pair in pairs):
        raise ArgumentError(sentence(WHERE, in_short(values), expected="pairs of old and new values"))
    return tuple((_plain(pair[0]), _plain(pair[1])) for pair in pairs)


def _items(values: Any) -> tuple[tuple[Any, Any], ...]:
    if not isinstance(values, Mapping):
        raise ArgumentError(sentence(WHERE, in_short(values), expected="a dict of old value to new"))
    return tuple(values.items())
