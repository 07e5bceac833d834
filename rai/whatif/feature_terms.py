"""How far two values of one column are apart, and columns made ready to be asked.

numbers          |a − b| / unit            unit: the difference that counts as 1
anything else    0 if equal, else unit     unit: what a mismatch costs
missing          1 against a value; against another missing value what the term says
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Codes, Floats, encode
from rai.engines.features import is_categorical
from rai.engines.frames import Rows, is_date
from rai.engines.numbers import NotNumbersError, check_finite
from rai.ground.errors import ArgumentError, RoleError, sentence
from rai.ground.records import Row
from rai.values import Level

GAP = 1.0  # a missing value against one that is there
MISSING, UNKNOWN = -1, -2  # codes: no value, and a value that no row has
BLOCK = 1 << 15  # rows at a time: what is computed with them stays in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one column adds to a distance.

    Args:
        name: The column.
        numeric: Whether its values have differences.
        unit: Of numbers the difference that counts as 1 (0: no difference counts); of anything else
            what a mismatch costs.
        both_missing: What two missing values cost.
        weight: How many times as far differences of this column count.

    Example:
        >>> Term(name="age", numeric=True, unit=10.0).to_dict()
        {'feature': 'age', 'numeric': True, 'unit': 10.0, 'weight': 1.0}
    """

    name: str
    numeric: bool
    unit: float
    both_missing: float = 0.0
    weight: float = 1.0

    def to_dict(self) -> Row:
        """The term as a flat row."""
        return {
            "feature": self.name,
            "numeric": self.numeric,
            "unit": self.unit,
            "weight": self.weight,
        }


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Column:
    """A column made ready: numbers as floats, anything else as small codes.

    Args:
        values: Numbers, NaN where missing; or codes, -1 where missing. Shape (n,).
        places: Of codes: value to code; None for numbers.
        gaps: Whether a value is missing.
    """

    values: Any
    places: Mapping[Level, int] | None
    gaps: bool

    @property
    def numeric(self) -> bool:
        """Whether its values have differences."""
        return self.places is None

    @property
    def present(self) -> Any:
        """The values that are there."""
        if not self.gaps:
            return self.values
        return self.values[~np.isnan(self.values) if self.numeric else self.values != MISSING]

    def take(self, places: Any) -> Column:
        """The values at these places."""
        return Column(values=self.values[places], places=self.places, gaps=self.gaps)

    def asked(self, row: Rows, name: str) -> float:
        """The one value of a row as this column would hold it.

        Raises:
            ArgumentError: If it is of another kind than the column.
        """
        try:
            held = coded(row, name) if self.places is not None else _numbers_of_row(row, name)
        except ArgumentError:
            if len(self.present):
                raise
            return 0.0  # a column without a value is of no kind, and every row is a gap away
        if isinstance(held, Codes):
            assert self.places is not None
            known = self.places.get(held.levels[0], UNKNOWN) if held.levels else MISSING
            return float(known)
        return float(held[0])

    def apart(self, asked: float, term: Term, *, part: slice) -> Floats:
        """The term's distance of each row in a part to one value, without the weight, shape (m,)."""
        values = self.values[part]
        if not self.numeric:
            return self._mismatches(values, asked, term)
        if np.isnan(asked):
            return np.where(np.isnan(values), term.both_missing, GAP)
        if not term.unit:
            return np.where(np.isnan(values), GAP, 0.0) if self.gaps else np.zeros(len(values))
        found: Floats = np.subtract(values, asked)
        np.abs(found, out=found)
        np.divide(found, term.unit, out=found)
        if self.gaps:
            np.copyto(found, GAP, where=np.isnan(found))
        return found

    def _mismatches(self, codes: Any, asked: float, term: Term) -> Floats:
        if asked == MISSING:
            return np.where(codes == MISSING, term.both_missing, GAP)
        found: Floats = np.multiply(codes != int(asked), term.unit)
        if self.gaps and term.unit != GAP:
            np.copyto(found, GAP, where=codes == MISSING)
        return found


def column_of(rows: Rows, name: str) -> Column:
    """A column of rows made ready.

    Raises:
        RoleError: If it holds neither numbers, nor dates, nor values that name something.
        DataError: If a number is infinite.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> column_of(open_rows({"sex": ["F", "M", None]}), "sex").values.tolist()
        [0, 1, -1]
    """
    held = numbers_or_codes(rows, name)
    if isinstance(held, Codes):
        small = held.codes.astype(np.min_scalar_type(-max(len(held.levels), 1)))
        places = {level: place for place, level in enumerate(held.levels)}
        return Column(values=small, places=places, gaps=held.gaps)
    return Column(values=held, places=None, gaps=bool(np.isnan(held).any()))


def numbers_or_codes(rows: Rows, name: str) -> Floats | Codes:
    """A column as numbers if its values have differences, and as codes otherwise."""
    series = rows.column(name)
    if is_date(series):
        return rows.numbers(name)
    if is_categorical(series):
        codes = coded(rows, name, fractions=True)
        if codes.fraction is None:
            return codes
    try:
        values = rows.numbers(name)
    except NotNumbersError:
        return coded(rows, name)
    check_finite(values, where=f"column {name!r}", first_row=1)
    return values


def coded(rows: Rows, name: str, *, fractions: bool = False) -> Codes:
    """A column as codes.

    Args:
        rows: The rows.
        name: The column.
        fractions: Whether numbers that are not whole may be among its values, which then have no codes.

    Raises:
        RoleError: If its values name nothing, or are of several kinds.
    """
    try:
        codes = encode(rows.column(name))
    except (TypeError, UnicodeDecodeError) as error:
        seen = f"column {name!r} with values that name nothing ({error})"
        expected = "numbers, text, true/false values, dates or categories"
        raise RoleError(sentence("distance", seen, expected=expected)) from None
    if codes.fraction is not None and not fractions:
        seen = f"column {name!r} with text and the number {codes.fraction:g}"
        raise RoleError(sentence("distance", seen, expected="values of one kind in a column"))
    return codes


def total(
    terms: Sequence[Term], columns: Sequence[Column], asked: Sequence[float], *, squared: bool
) -> Floats:
    """The distance of each row to one row, summed in the order of the terms, shape (n,).

    Args:
        terms: What each column adds.
        columns: The columns.
        asked: The row's values, as the columns hold them.
        squared: Whether each column's distance is squared before it is added.
    """
    found = np.zeros(len(columns[0].values))
    for start in range(0, len(found), BLOCK):
        part = slice(start, start + BLOCK)
        summed = found[part]
        for term, column, value in zip(terms, columns, asked, strict=True):
            each = column.apart(value, term, part=part)
            if term.weight != 1.0:
                each *= term.weight
            summed += np.square(each, out=each) if squared else each
    return found


def _numbers_of_row(row: Rows, name: str) -> Floats:
    """The one number of a row, or the sentence that it is none."""
    try:
        values = row.numbers(name)
    except NotNumbersError:
        seen = f"{row.value(name, 0)!r} for {name!r}"
        raise ArgumentError(sentence("row", seen, expected="a number, as in the rows")) from None
    check_finite(values, where=f"column {name!r}", first_row=1)
    return values
