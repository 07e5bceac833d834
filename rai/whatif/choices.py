"""The values that one feature of a row may take: its own, and those that occur and are permitted.

    own 40, observed 20 … 90, only up  ──▶  pool [40, 41, 43, … 90]
                                            place 0 is its own; numbers are in order

A choice is a place in the pool, so that many edited rows are one small table of places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, is_date, joined, pooled
from rai.whatif.feature_terms import Column, Term
from rai.whatif.limits import Limits

GRID = 64  # values of a feature that are tried first, where it has more


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Choice:
    """The values that one feature of a row may take.

    Args:
        name: The column.
        pool: Its values as a native series: the row's own, then those that it may change to.
        values: They as numbers or codes, shape (v,).
        adds: What each adds to the distance from the row; under `l2` the square.
        numeric: Whether the values have an order, in which they then stand.
        grid: The places of those that are tried first.
    """

    name: str
    pool: Any
    values: Floats
    adds: Floats
    numeric: bool
    grid: Ints

    def __len__(self) -> int:
        return len(self.values)

    def places_of(self, values: Floats) -> Ints:
        """The place of each value; 0, the row's own, where it may not change to it."""
        places = np.zeros(len(values), dtype=np.intp)
        if len(self) == 1:
            return places
        order = np.argsort(self.values[1:], kind="stable") + 1
        at = np.minimum(np.searchsorted(self.values[order], values), len(order) - 1)
        found = self.values[order[at]] == values
        places[found] = order[at[found]]
        return places

    def nearer(self, place: int) -> Ints:
        """The places of numbers between the row's own value and a place, nearest to its own first."""
        own, there = self.values[0], self.values[place]
        if not self.numeric or np.isnan(own):
            return np.empty(0, dtype=np.intp)
        low, high = min(own, there), max(own, there)
        between = np.flatnonzero((self.values > low) & (self.values < high))
        return between if there > own else between[::-1]


def choices_of(
    rows: Rows,
    row: Rows,
    *,
    columns: Mapping[str, Column],
    terms: Mapping[str, Term],
    limits: Limits,
    squared: bool,
) -> tuple[Choice, ...]:
    """The values that each feature of a row may take; features without a choice are left out.

    Args:
        rows: The rows that say which values occur.
        row: The row.
        columns: The columns of the rows, made ready.
        terms: What each adds to the distance; a column without a term adds nothing.
        limits: What may change.
        squared: Whether what is added is squared.
    """
    found = [
        _choice(rows, row, name, columns[name], terms.get(name), limits=limits, squared=squared)
        for name in limits.names
    ]
    return tuple(choice for choice in found if len(choice) > 1)


def _choice(
    rows: Rows, row: Rows, name: str, column: Column, term: Term | None, *, limits: Limits, squared: bool
) -> Choice:
    own = column.asked(row, name)
    values, firsts = _occurring(column)
    allowed = limits.allow(name, column, values, own)
    values, firsts = values[allowed], firsts[allowed]
    pool = joined(row.select([name]).column(name), rows.select([name]).take(firsts).column(name))
    extra = _ends(rows, name, column, limits, known=np.append(values, own), own=own)
    order = np.arange(len(values))
    if extra:
        pool = pooled(pool, [int(v) if v.is_integer() and _whole(column) else v for v in extra])
        values = np.append(values, extra)
        order = np.argsort(values, kind="stable")
        pool = _gathered(pool, name, np.append(0, order + 1))
    every = np.append(own, values[order])
    return Choice(
        name=name,
        pool=pool,
        values=every,
        adds=_adds(column, term, every, own, squared=squared),
        numeric=column.numeric,
        grid=_grid(every, numeric=column.numeric),
    )


def _occurring(column: Column) -> tuple[Floats, Ints]:
    """Distinct values and the first row of each; numbers in order, others the most frequent first."""
    import pandas as pd

    if column.numeric:
        codes, distinct = pd.factorize(column.values)
    else:
        codes, distinct = column.values, np.arange(len(column.places or ()))
    values = np.asarray(distinct, dtype=np.float64)
    there = np.flatnonzero(codes >= 0)
    firsts = np.zeros(len(values), dtype=np.intp)
    firsts[codes[there[::-1]]] = there[::-1]
    counts = np.bincount(codes[there], minlength=len(values))
    order = np.argsort(values if column.numeric else -counts, kind="stable")
    return values[order], firsts[order]


def _ends(
    rows: Rows, name: str, column: Column, limits: Limits, *, known: Floats, own: float
) -> list[float]:
    """The ends of a permitted range, where no row has them."""
    if not column.numeric or is_date(rows.column(name)):
        return []
    ends = np.array(sorted(set(limits.ends(name, whole=_whole(column)))))
    fresh = ends[limits.allow(name, column, ends, own) & ~np.isin(ends, known)] if len(ends) else ends
    return [float(value) for value in fresh]


def _whole(column: Column) -> bool:
    return bool((column.present == np.floor(column.present)).all())


def _gathered(pool: Any, name: str, places: Ints) -> Any:
    import narwhals as nw

    held = Rows(nw.from_native(pool, series_only=True).alias(name).to_frame())
    return held.take(places).column(name)


def _adds(column: Column, term: Term | None, values: Floats, own: float, *, squared: bool) -> Floats:
    """What each value adds to the distance from the row."""
    if term is None:
        return np.zeros(len(values))
    held = values if column.numeric else values.astype(np.intp)
    each = Column(values=held, places=column.places, gaps=True).apart(own, term, part=slice(None))
    each = each * term.weight
    return np.square(each) if squared else each


def _grid(values: Floats, *, numeric: bool) -> Ints:
    """The places tried first: numbers evenly spread and beside its own, or the most frequent values."""
    most = len(values) - 1
    if most <= GRID:
        return np.arange(1, most + 1)
    if not numeric:
        return np.arange(1, GRID + 1)
    spread = np.linspace(1, most, GRID - 4).round().astype(np.intp)
    beside = np.searchsorted(values[1:], values[0]) + np.arange(-1, 3)
    return np.unique(np.append(spread, beside[(beside >= 1) & (beside <= most)]))
