"""Raw values as levels, and levels as they would be spelled: one reading, wherever a value comes from.

    1, 1.0, np.int8(1), Decimal("1"), True …  ── level ──▶  1, 1, 1, 1, True
    "1", " 1", "1.0" in a CSV file            ── typed ──▶  1, 1, 1      (if the whole column reads so)

A frame has types, so its values are taken as they are. A CSV file has only text, so its columns are
typed at the end, when every distinct text has been seen: true and false if all of them are, numbers
if all of them are, and text otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any

from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.formatting import number
from rai.values.levels import MISSING, Level

MISSING_WORDS = frozenset({"", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "<NA>"})
BOOL_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_NAMED_BY_TEXT = {"Interval", "Period", "Timedelta", "timedelta", "UUID"}


def level(value: Any) -> Level | None:
    """A value as plain Python; None where it is missing.

    Whole numbers are ints, also in float columns (pandas stores whole numbers with gaps so). Dates are
    ISO text.

    Raises:
        TypeError: A list, a dict, or anything else that names no group.

    Example:
        >>> level(2.0), level(date(2024, 5, 1)), level(float("nan")), level("F")
        (2, '2024-05-01', None, 'F')
    """
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if is_bool(value):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, (Real, Decimal)):
        return _number(value)
    if isinstance(value, (date, time)):
        return _moment(value)
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if type(value).__name__ in _NAMED_BY_TEXT:
        return str(value)
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    raise TypeError(type(value).__name__)


def plain_level(value: Any, *, where: str, expected: str) -> Level | None:
    """The same for a value that a user wrote: what names nothing, or has no end, is refused.

    Args:
        value: What was written.
        where: How messages call it.
        expected: What a message says should be there.

    Raises:
        ArgumentError: If it is no value of a column, or has no end.
    """
    try:
        plain = level(value)
    except (TypeError, ValueError, OverflowError):
        raise ArgumentError(sentence(where, in_short(value), expected=expected)) from None
    if type(plain) is int and abs(plain) >= 1 << 53 and not isinstance(value, Integral):
        plain = float(value)
    if isinstance(plain, float) and not isfinite(plain):
        raise ArgumentError(sentence(where, number(plain), expected=expected))
    if type(plain) is int and abs(plain) >= 1 << 63:
        raise ArgumentError(sentence(where, "a whole number beyond 64 bits", expected=expected))
    return plain


def is_bool(value: object) -> bool:
    """Whether a value is true or false, of Python or of NumPy."""
    return type(value).__name__ in {"bool", "bool_"}


def spelled(text: str | None) -> str | None:
    """A cell of a CSV file without the blanks around it; None where it says that it is missing.

    Example:
        >>> spelled(" Male "), spelled("NA"), spelled("None")
        ('Male', None, 'None')
    """
    stripped = "" if text is None else text.strip()
    return None if stripped in MISSING_WORDS else stripped


def typed(texts: Collection[str]) -> dict[str, Level]:
    """What each text of a column means, given all of them.

    Numbers with leading zeros are names (postcodes), so that nothing is lost.

    Example:
        >>> typed({"1", "0"}) == {"1": 1, "0": 0}, typed(["1", "x"]), typed(["True"]), typed(["007"])
        (True, {'1': '1', 'x': 'x'}, {'True': True}, {'007': '007'})
    """
    if texts and all(text in BOOL_WORDS for text in texts):
        return {text: BOOL_WORDS[text] for text in texts}
    if all(_NUMBER.fullmatch(text) for text in texts):
        return {text: _read(text) for text in texts}
    return {text: text for text in texts}


def canonical(value: Level) -> str:
    """The one spelling of a level, the same for a frame and for the CSV file written from it.

    Example:
        >>> canonical(1), canonical("1.0"), canonical(True), canonical("TRUE"), canonical("a")
        ('1', '1', 'true', 'true', 'a')
    """
    if isinstance(value, str):
        text = value.strip()
        value = typed([text])[text]
    if isinstance(value, bool):
        return str(value).lower()
    return repr(level(value)) if not isinstance(value, str) else value


def kind(value: Level) -> str:
    """Which family a level belongs to; only levels of one family share a column."""
    if isinstance(value, bool):
        return "true/false values"
    return "text" if isinstance(value, str) else "numbers"


def example_of_each(levels: Collection[Level]) -> Mapping[str, Level]:
    """Family of levels to one of its members; the missing belong to all of them."""
    return {kind(value): value for value in levels if value != MISSING}


def _number(value: Real | Decimal) -> Level | None:
    number = float(value)
    if number != number:  # noqa: PLR0124  # NaN is the one number that differs from itself
        return None
    return int(number) if number.is_integer() else number


def _moment(value: date | time) -> str | None:
    if value != value:  # noqa: PLR0124  # so does NaT
        return None
    midnight = isinstance(value, datetime) and value.time() == time() and value.tzinfo is None
    return value.date().isoformat() if midnight else value.isoformat()  # type: ignore[union-attr]


def _read(text: str) -> Level:
    whole = not set(text) & set(".eE")
    return int(text) if whole else level(float(text))  # type: ignore[return-value]
