"""A sensitive feature as what is to be told: groups that are large enough, or a quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.cutting import cut, edges_of
from rai.engines.encoding import Codes, Floats, Ints, group_codes
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError
from rai.ground.errors import RoleError, sentence
from rai.ground.formatting import counted
from rai.values.bin_edges import quantile_edges
from rai.values.levels import Level, level_order

FEWEST = 10  # rows of a group
TENTHS = 10  # groups that a quantity is cut into, for what is told of groups only
MOST_WHOLE = 20  # distinct whole numbers that are groups rather than a quantity


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A sensitive feature, on the rows that have it.

    Args:
        name: The feature.
        rows: Places of the rows, shape (n,).
        group: Group of each, shape (n,); of a quantity its tenth.
        levels: The groups; none for a quantity.
        y: The quantity, shape (n,); None for groups.
        note: What was left out.
    """

    name: str
    rows: Ints
    group: Ints
    levels: tuple[Level, ...]
    y: Floats | None = None
    note: str = ""


def target_of(rows: Rows, name: str, given: Any) -> Target:
    """The sensitive feature as groups, or as a quantity where nobody cut it."""
    where = f"sensitive feature {name!r}"
    column = rows.column(name)
    try:
        values = rows.numbers(name)
    except NotNumbersError:
        values = None
    if given is not None:
        if values is None:
            raise RoleError(
                sentence(f"cuts[{name!r}]", "a column without numbers", expected="numbers to cut")
            )
        known = values[~np.isnan(values)]
        return _groups(name, cut(values, edges_of(given, name, lambda: known)))
    if values is not None and not _few(values):
        return _quantity(name, values)
    codes = group_codes(column, where=where)
    if codes.fraction is not None:
        raise RoleError(
            sentence(where, f"the number {codes.fraction:g}", expected="whole numbers or text")
        )
    return _groups(name, codes)


def _quantity(name: str, values: Floats) -> Target:
    """The rows that have a number."""
    at = np.flatnonzero(np.isfinite(values))
    y, left = values[at], len(values) - len(at)
    edges = quantile_edges(*np.unique(y, return_counts=True), TENTHS) if len(at) else ()
    note = f"{counted(left, 'row')} without a number left out" if left else ""
    return Target(name, at, np.searchsorted(edges, y, side="right"), (), y, note)


def _few(values: Floats) -> bool:
    distinct = np.unique(values[~np.isnan(values)])
    return len(distinct) <= MOST_WHOLE and bool((np.floor(distinct) == distinct).all())


def _groups(name: str, codes: Codes) -> Target:
    """The rows of groups that are large enough, the groups in order."""
    n = np.bincount(codes.codes + 1, minlength=len(codes.levels) + 1)[1:]
    kept = sorted(
        (p for p in range(len(n)) if n[p] >= FEWEST), key=lambda p: level_order(codes.levels[p])
    )
    places = np.full(len(n) + 1, -1, dtype=np.intp)
    places[kept] = np.arange(len(kept))
    group = places[codes.codes]
    at = np.flatnonzero(group >= 0)
    levels = tuple(codes.levels[place] for place in kept)
    return Target(name, at, group[at], levels, None, _left_out(len(group) - len(at)))


def _left_out(rows: int) -> str:
    why = f"without a group, or of a group of fewer than {FEWEST}, left out"
    return f"{counted(rows, 'row')} {why}" if rows else ""


def untold(target: Target) -> str:
    """Why nothing can be told of a sensitive feature; empty if something can."""
    if target.y is None:
        held = len(target.levels)
        return "" if held >= 2 else f"undefined: {counted(held, 'group')} of at least {FEWEST} rows"
    return (
        ""
        if len(target.y) >= FEWEST and np.ptp(target.y) > 0
        else "undefined: no spread in the quantity"
    )
