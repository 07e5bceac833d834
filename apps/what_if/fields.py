"""What a form needs to know of a column: its kind, its range and step, its values in their order.

fields_of(project)["age"] ─▶ Field("age", "integer", low=17, high=90, step=1)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

import numpy as np

from ..project import Project

Kind = Literal["integer", "number", "boolean", "category", "date", "moment"]

SAFE = 2**53 - 1  # whole numbers beyond it are not exact in a browser
LOOKED_AT, MOST_PLACES = 2000, 4  # rows that tell the decimal places
STEPS = 50  # about as many clicks from one end of a column to the other

_WORDS = {"integer": "whole number", "number": "number", "boolean": "true or false",
          "category": "category", "date": "date", "moment": "date and time"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Args:
        name: The column.
        kind: What its values are.
        low, high: The smallest and largest that occur, of numbers and dates.
        step: What one click adds, of numbers.
        places: Decimal places shown.
        levels: The values that occur, of categories, in the order of their type or of the rows.
        missing: Whether values are missing.
    """

    name: str
    kind: Kind
    low: Any = None
    high: Any = None
    step: float = 1
    places: int = 0
    levels: tuple[Any, ...] = ()
    missing: bool = False

    @property
    def words(self) -> str:
        """What it holds, for its help."""
        ends = "" if self.low is None else f" from {self.low} to {self.high}"
        among = f", {len(self.levels)} of which occur" if self.levels else ""
        gaps = "; some are missing" if self.missing else ""
        return f"{_WORDS[self.kind]}{ends}{among}{gaps}"


def fields_of(project: Project) -> Mapping[str, Field]:
    """The columns by name."""
    return project.answer(("fields",), lambda: {n: _field(project.frame[n], n) for n in project.columns})


def spelled(value: Any) -> str:
    """A value as text for people.

    Example:
        >>> spelled(1234567), spelled(None), spelled(0.25), spelled(True)
        ('1,234,567', '(missing)', '0.25', 'True')
    """
    if value is None:
        return "(missing)"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _field(values: Any, name: str) -> Field:
    import pandas

    types, gaps = pandas.api.types, bool(values.isna().any())
    there = values.dropna()
    if isinstance(values.dtype, pandas.CategoricalDtype):
        occurring = set(there.unique())
        levels = tuple(level for level in values.cat.categories.tolist() if level in occurring)
        return Field(name, "category", levels=levels, missing=gaps)
    if types.is_bool_dtype(there.dtype):
        return Field(name, "boolean", levels=(True, False), missing=gaps)
    if types.is_numeric_dtype(values.dtype):
        return _number(there, name, whole=types.is_integer_dtype(values.dtype), gaps=gaps)
    if types.is_datetime64_any_dtype(values.dtype):
        moments = bool((there.dt.normalize() != there).any())
        return _dates(there, name, kind="moment" if moments else "date", gaps=gaps)
    levels = tuple(there.unique().tolist())
    if levels and all(isinstance(level, date) for level in levels):
        moments = any(isinstance(level, datetime) for level in levels)
        return _dates(there, name, kind="moment" if moments else "date", gaps=gaps)
    if levels and all(isinstance(level, bool) for level in levels):
        return Field(name, "boolean", levels=(True, False), missing=gaps)
    return Field(name, "category", levels=levels, missing=gaps)


def _number(there: Any, name: str, *, whole: bool, gaps: bool) -> Field:
    kind: Kind = "integer" if whole else "number"
    if not len(there):
        return Field(name, kind, step=1 if whole else 0.01, places=0 if whole else 2, missing=gaps)
    low, high = there.min().item(), there.max().item()
    if whole:
        return Field(name, kind, low, high, max(1, _round_step(low, high)), missing=gaps)
    places = _places(there.head(LOOKED_AT).to_numpy(dtype=float))
    step = max(_round_step(low, high), 10.0**-places)
    return Field(name, kind, low, high, step, places, missing=gaps)


def _round_step(low: float, high: float) -> Any:
    """A round step that takes about `STEPS` clicks from one end to the other."""
    if not np.isfinite(high - low) or high <= low:
        return 1
    step = 10.0 ** np.floor(np.log10((high - low) / STEPS))
    return int(step) if step >= 1 else float(step)


def _places(values: Any) -> int:
    """The fewest decimal places that show the values as they are."""
    fits = (p for p in range(1, MOST_PLACES) if np.allclose(values.round(p), values, rtol=0, atol=1e-9))
    return next(fits, MOST_PLACES)


def _dates(there: Any, name: str, *, kind: Kind, gaps: bool) -> Field:
    if not len(there):
        return Field(name, kind, missing=gaps)
    low, high = (spelled(getattr(end, "to_pydatetime", lambda end=end: end)())
                 for end in (there.min(), there.max()))  # fmt: skip
    return Field(name, kind, low, high, missing=gaps)
