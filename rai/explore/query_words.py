"""The words of the search language: what stands for a number, a date or a name, and what needs quotes.

    40, -1.5, 1e3        numbers            true, false          truth values
    2024-05-01           dates, ISO         Female, 5th-6th      text, and names of columns
    "New York", 'a''b'   text               `hours per week`     names of columns

What is reserved, or has blanks or signs in it, needs quotes: a double one inside is written twice.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from math import isfinite

from rai.values.levels import Level

MISSING_NAMES = frozenset({"missing", "null", "none", "nan", "na"})
TRUTHS = {"true": True, "false": False}
RESERVED = frozenset({"and", "or", "not", "in", "is", "between"}) | MISSING_NAMES | TRUTHS.keys()

# Letters, digits and some signs; any sign beyond ASCII but quotation marks, blanks and ≤ ≥ ≠; two full
# stops are a range.
WORD = (
    r"(?:[A-Za-z0-9_\-:/%+?]|\.(?!\.)"
    r"|[^\x00-\x9f\s\ud800-\udfff≤≥≠“”„‘’‚«»])+"
)

_WORD = re.compile(WORD)
_NUMBER = re.compile(
    r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
)  # with a zero in front it is a name, as a postcode is
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def days_of(text: str) -> float | None:
    """A date in ISO form as days since 1970 (a time is a part of a day, UTC); None if it is none.

    Example:
        >>> days_of("1970-01-02T12:00"), days_of("1970-01-01T01:00+01:00"), days_of("May")
        (1.5, 0.0, None)
    """
    if _DATE.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    since = moment - datetime.combine(date(1970, 1, 1), time())
    return since.days + (since.seconds * 1_000_000 + since.microseconds) / 86_400e6


def is_number(word: str) -> bool:
    """Whether a word stands for a number."""
    return _NUMBER.fullmatch(word) is not None


def number_of(word: str) -> int | float | None:
    """The number that a word stands for; None if it is beyond all floats.

    Example:
        >>> number_of("40"), number_of("1e3"), number_of("0.5"), number_of("1e999")
        (40, 1000.0, 0.5, None)
    """
    value = float(word)
    if not isfinite(value):
        return None
    return value if set(word) & set(".eE") else int(word)


def value_text(value: Level) -> str:
    """A value as the language spells it, quoted where it must be.

    Example:
        >>> [value_text(value) for value in ("Female", "New York", "40", 40, True)]
        ['Female', '"New York"', '"40"', '40', 'true']
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    return value if _is_plain(value) else _quoted(value, '"')


def name_text(name: str) -> str:
    """A column's name as the language spells it.

    Example:
        >>> name_text("hours-per-week"), name_text("hours per week"), name_text("and")
        ('hours-per-week', '`hours per week`', '`and`')
    """
    return name if _is_plain(name) and days_of(name) is None else _quoted(name, "`")


def _is_plain(text: str) -> bool:
    reserved = text.lower() in RESERVED or is_number(text)
    return not reserved and _WORD.fullmatch(text) is not None


def _quoted(text: str, mark: str) -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
