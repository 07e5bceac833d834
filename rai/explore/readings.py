"""What a column holds, read once, so that conditions can be put to it.

numbers            floats, NaN where missing
dates              days since 1970, the same
anything else      codes and levels: text, true/false values, categories
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Codes, Floats
from rai.engines.frames import Rows, is_date
from rai.engines.numbers import NotNumbersError
from rai.engines.spelling import kind
from rai.explore.truths import Bools
from rai.ground.errors import RoleError, sentence

WHERE = "condition"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A column, read.

    Args:
        name: The column.
        there: Where it has a value, shape (n,).
        values: Numbers, or days since 1970, shape (n,); None for anything else.
        codes: Codes and levels of anything else; None where there are values, or nothing can be told.
        dates: Whether the values are dates.
        trouble: Why nothing can be told but what is missing; empty if all is well.
    """

    name: str
    there: Bools
    values: Floats | None = None
    codes: Codes | None = None
    dates: bool = False
    trouble: str = ""

    @property
    def holds(self) -> str:
        """What it holds, in words."""
        if self.values is not None:
            return "dates" if self.dates else "numbers"
        return " and ".join(self.kinds) or "no value"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Families of the levels that occur."""
        return () if self.codes is None else tuple(sorted({kind(each) for each in self.codes.levels}))


class Readings:
    """The columns of some rows, each read when it is first asked for.

    Args:
        rows: The rows.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._read: dict[str, Reading] = {}

    def __getitem__(self, name: str) -> Reading:
        """A column.

        Raises:
            RoleError: If there is none of that name.
        """
        if name not in self._read:
            self._read[name] = read_column(self.rows, name)
        return self._read[name]


def read_column(rows: Rows, name: str) -> Reading:
    """A column of some rows, read.

    Raises:
        RoleError: If there is none of that name.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> found = read_column(open_rows({"sex": ["F", None, "M"]}), "sex")
        >>> found.holds, found.there.tolist()
        ('text', [True, False, True])
    """
    rows.check(name, where=WHERE)
    dates = is_date(rows.column(name))
    try:
        values = rows.numbers(name)
    except NotNumbersError:
        return _of_levels(rows, name)
    return Reading(name, ~np.isnan(values), values=values, dates=dates)


def _of_levels(rows: Rows, name: str) -> Reading:
    trouble = ""
    try:
        codes = rows.codes(name)
    except (TypeError, UnicodeDecodeError) as error:
        trouble = f"column {name!r} with values that name nothing ({error})"
    else:
        if codes.fraction is None:
            return Reading(name, codes.codes >= 0, codes=codes)
        trouble = f"column {name!r} with text and the number {codes.fraction:g}"
    there = ~np.asarray(rows.frame.get_column(name).is_null().to_numpy(), dtype=np.bool_)
    return Reading(name, there, trouble=trouble)


def unreadable(reading: Reading) -> RoleError:
    """The error for a column of which nothing can be told."""
    expected = "numbers, text, true/false values, dates or categories"
    return RoleError(sentence(WHERE, reading.trouble, expected=expected))
