"""Collections of series: each value holds many rows, and as rows the collection is all of them.

Curves ── Curve (F, roc) ── row, row, row …
       └─ Curve (M, roc) ── row, row, row …
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

import numpy as np

from rai.ground.formatting import text_table
from rai.ground.records import RecordTuple, Row, html_table


class Series(Protocol):
    """What is asked of the values of a collection of series."""

    def head(self) -> Row:
        """What the series is of: the same in each of its rows."""

    def to_dicts(self) -> list[Row]:
        """Its rows."""

    def summary(self) -> Row:
        """The series in one row."""


S = TypeVar("S", bound=Series)


class SeriesTuple(RecordTuple[S]):
    """A tuple of series; exported it is all of their rows, printed it is one row for each."""

    __slots__ = ()

    def to_dicts(self) -> list[Row]:
        """The rows of all series, one after the other."""
        return [row for series in self for row in series.to_dicts()]

    def __str__(self) -> str:
        return text_table([series.summary() for series in self])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} series)\n{self}"

    def _repr_html_(self) -> str:
        return html_table([series.summary() for series in self])

    def _pairs(self) -> Iterator[tuple[S, Row]]:
        return ((series, series.head()) for series in self)


def finite(number: float) -> float | None:
    """A number for a row, or None where it is not finite.

    Example:
        >>> finite(np.inf), finite(np.float64(0.5))
        (None, 0.5)
    """
    return float(number) if np.isfinite(number) else None
