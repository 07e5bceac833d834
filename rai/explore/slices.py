"""Slices: the positions of the rows that a query chooses.

    age > 30 and sex is missing   ──▶  [2]

Positions are counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.frames import Rows
from rai.explore.queries import Query
from rai.ground.errors import ArgumentError, in_short, sentence


def places_where(rows: Rows, where: Query | None = None, *, at: Sequence[int] | None = None) -> Ints:
    """The rows that meet a query, in order, shape (m,).

    Args:
        rows: The rows.
        where: The query; without one every row is meant.
        at: Positions of rows, counted from 0, to choose from; all if None.

    Raises:
        RoleError: If there is no such column.
        ArgumentError: If a position is outside, or a column can't be compared with a value.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> from rai.explore.queries import parse_query
        >>> rows = open_rows({"age": [30, 40, 50], "sex": ["F", "M", None]})
        >>> places_where(rows, parse_query("age > 30 and sex is missing"))
        array([2])
    """
    kept = np.ones(len(rows), dtype=np.bool_)
    if at is not None:
        places = check_places(at)
        if places and places[-1] >= len(rows):
            expected = f"positions from 0 to {len(rows) - 1:,}"
            raise ArgumentError(sentence("rows", f"{places[-1]}", expected=expected))
        kept = np.isin(np.arange(len(rows)), places)
    if where is not None:
        kept &= where.mask(rows)
    return np.flatnonzero(kept)


def check_places(at: Any) -> tuple[int, ...]:
    """Positions of rows, each once and in order.

    Raises:
        ArgumentError: If one is no whole number from 0 on.
    """
    listed = list(at) if isinstance(at, Iterable) and not isinstance(at, (str, Mapping)) else [at]
    bad = next((p for p in listed if isinstance(p, bool) or not isinstance(p, Integral) or p < 0), None)
    if bad is not None:
        raise ArgumentError(sentence("rows", in_short(bad), expected="positions, counted from 0"))
    return tuple(sorted({int(place) for place in listed}))
