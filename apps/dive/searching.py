"""The search, and a query for what was selected: both in the language of cohorts.

"age > 60 and sex == Female" ──searched──▶ whether each row is found, or what is wrong with the query
selected rows ──described──▶ a query that finds just these, where there is one
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import rai

from .. import cohorts
from ..overview.picking import bar_query
from .columns import MOST_LEVELS, Column, Rows, coded
from .columns import described as columns_of

MOST_NAMED = 12  # levels in a query
LONGEST = 400  # characters of a search
FEW = 10  # bins of which an example takes the fullest


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a search finds.

    Args:
        mask: Whether each row is found; None where there is no search, or a wrong one.
        message: What is wrong with it.
    """

    mask: Any = None
    message: str = ""


def searched(rows: Rows, text: str) -> Found:
    """What a query finds; a wrong one finds nothing out, and says why."""
    if not text:
        return Found()
    return rows.project.answer(("dive search", text, *rows.version), lambda: _searched(rows, text))


def visible(rows: Rows, text: str) -> Any:
    """Whether each row is shown: found, and in the cohort that pages are confined to; None for all."""
    masks = [mask for mask in (searched(rows, text).mask, _cohort(rows)) if mask is not None]
    return None if not masks else np.logical_and.reduce(masks)


def described(
    rows: Rows, columns: tuple[Column, ...], *, names: tuple[str, ...], text: str, chosen: Any
) -> str | None:
    """A query that finds the chosen rows and no other of those that are shown; None if none is found.

    It is the smallest box around them in some columns: of what was drawn as a box or chosen by level.

    Args:
        rows: The rows that are drawn.
        columns: Their columns.
        names: The columns of the box.
        text: The search.
        chosen: Places of the chosen rows.
    """
    wanted = np.zeros(len(rows), dtype=bool)
    wanted[chosen] = True
    shown = visible(rows, text)
    known = {column.name: column for column in columns if column.name in rows.project.columns}
    parts = [part for name in names if name in known for part in _around(rows, known[name], chosen)]
    if not len(chosen) or not parts:
        return None
    if searched(rows, text).mask is not None:
        parts.append(f"({text})")
    query = " and ".join(parts)
    try:
        found = _mask(rows, query)
    except rai.RaiError:
        return None
    within = found if shown is None else found & shown
    return query if np.array_equal(within, wanted) else None


def example(rows: Rows) -> str:
    """A query that finds some rows: those in the fullest bin of a column of the data."""
    return rows.project.answer(("dive example",), lambda: _example(rows))


def savable(rows: Rows, text: str) -> bool:
    """Whether a query asks only about columns of the data, so that it can be a cohort."""
    try:
        return set(rai.explore.parse_query(text).columns) <= set(rows.project.columns)
    except rai.RaiError:
        return False


def _example(rows: Rows) -> str:
    columns = [column for column in columns_of(rows) if not column.added]
    kinds = [next((c.name for c in columns if c.kind == kind), None) for kind in ("number", "category")]
    there = [str(rai.explore.Condition(rows.project.columns[0], op)) for op in ("present", "missing")]
    offered = (*(_fullest(rows, name) for name in kinds if name is not None), *there)
    return next((text for text in offered if text and np.any(_searched(rows, text).mask)), "")


def _fullest(rows: Rows, name: str) -> str | None:
    held = coded(rows, name, FEW)
    there = held.n[:-1]
    return bar_query(name, held.binning, int(there.argmax()), kind=held.kind) if there.any() else None


def _searched(rows: Rows, text: str) -> Found:
    try:
        return Found(mask=_mask(rows, text[:LONGEST]))
    except rai.RaiError as error:
        return Found(message=" ".join(str(error).split()))


def _mask(rows: Rows, text: str) -> Any:
    query = rai.explore.parse_query(text)
    asked = query.columns
    known = [name for name in rows.frame.columns if name in asked]
    return np.asarray(query.mask(rows.frame[known] if len(known) == len(set(asked)) else rows.frame))


def _cohort(rows: Rows) -> Any:
    where = cohorts.shown()
    if where is None:
        return None
    return rows.project.answer(("dive cohort", where), lambda: _mask(rows, where))


def _around(rows: Rows, column: Column, chosen: Any) -> list[str]:
    """What the chosen rows have in common in one column, and others have not."""
    if column.kind == "number":
        values = rows.frame[column.name]
        inside = values.iloc[chosen]
        if inside.isna().any():
            return []
        ends = ((">=", inside.min(), values.min()), ("<=", inside.max(), values.max()))
        return [_condition(column.name, op, end) for op, end, outer in ends if end != outer]
    if column.kind != "category":
        return []
    held = coded(rows, column.name, MOST_LEVELS)
    codes = np.unique(held.codes[chosen])
    if len(codes) == len(np.unique(held.codes)) or len(codes) > MOST_NAMED or held.missing in codes:
        return []
    levels = getattr(held.binning, "levels", ())
    if codes[-1] >= len(levels):
        return []
    named = tuple(levels[code] for code in codes)
    op, value = ("==", named[0]) if len(named) == 1 else ("in", named)
    return [str(rai.explore.Condition(column.name, op, value))]


def _condition(name: str, op: str, end: Any) -> str:
    value = getattr(end, "item", lambda: end)()
    return str(rai.explore.Condition(name, op, value))
