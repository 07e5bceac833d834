"""Rows after steps, without touching the original ones: only what differs is held.

original rows, {7: Patch(7, {"age": 40}), 9: Patch(3, {})}, deleted {5}  ──▶  rows, column by column

A row is known by its id: an original one by its position, an added one by a number of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.frames import Rows
from rai.ground.errors import ArgumentError, sentence
from rai.values.features import Value


@dataclass(frozen=True, slots=True)
class Patch:
    """How a row differs from an original one.

    Args:
        base: The original row it comes from; None where it was written from scratch.
        values: Column to the value it has instead.
    """

    base: int | None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class BenchState:
    """Rows after some steps.

    Args:
        size: How many original rows there are; their ids are 0 to size - 1.
        patches: Id to patch, for each row that differs from the original of its id, or has none.
        added: Id to the patch of each added row as it was added, in the order of adding.
        deleted: Ids of rows that were deleted.
    """

    size: int
    patches: Mapping[int, Patch] = field(default_factory=dict)
    added: Mapping[int, Patch] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()

    @property
    def ids(self) -> Ints:
        """Ids of the rows that are there, in order; added ones come last."""
        kept = np.arange(self.size)
        if gone := [row for row in self.deleted if row < self.size]:
            kept = np.delete(kept, gone)
        new = [row for row in self.added if row not in self.deleted]
        return np.concatenate((kept, np.array(new, dtype=np.intp))) if new else kept

    def has(self, row: int) -> bool:
        """Whether a row of this id is there."""
        return row not in self.deleted and (0 <= row < self.size or row in self.added)

    def patch(self, row: int) -> Patch:
        """How a row differs; original ones that don't have an empty patch."""
        return self.patches.get(row) or Patch(row)

    def with_patch(self, row: int, patch: Patch) -> BenchState:
        """The state with one row's patch replaced."""
        rest = {held: old for held, old in self.patches.items() if held != row}
        return replace(self, patches=rest if patch == Patch(row) else {**rest, row: patch})


def state_rows(original: Rows, state: BenchState, *, ids: Ints | None = None) -> Rows:
    """The rows of a state: all of them, or those with these ids, in this order."""
    wanted = state.ids if ids is None else ids
    inside = {row: patch for row, patch in state.patches.items() if state.has(row)}
    at = positions(wanted, list(inside))
    base = wanted.copy()
    base[at[at >= 0]] = [
        patch.base or 0 for patch, place in zip(inside.values(), at.tolist(), strict=True) if place >= 0
    ]
    whole = len(base) == len(original) and bool((base == np.arange(len(base))).all())
    rows = original if whole else original.take(base)
    values: dict[str, list[tuple[int, Value]]] = {}
    for patch, place in zip(inside.values(), at.tolist(), strict=True):
        for name in original.names if patch.base is None else patch.values:
            if place >= 0:
                values.setdefault(name, []).append((place, patch.values.get(name)))
    for name, held in values.items():
        gathered = np.arange(len(rows))
        gathered[[place for place, _ in held]] = len(rows) + np.arange(len(held))
        rows = rows.with_column(name, rows.pool(name, [value for _, value in held]), gathered)
    return rows


def positions(ids: Ints, rows: list[int]) -> Ints:
    """Where some rows stand among ids, -1 where they don't."""
    if not len(ids):
        return np.full(len(rows), -1, dtype=np.intp)
    sorter, wanted = np.argsort(ids, kind="stable"), np.array(rows, dtype=np.intp)
    near = sorter[np.minimum(np.searchsorted(ids, wanted, sorter=sorter), len(ids) - 1)]
    return np.where(ids[near] == wanted, near, -1)


def check_row(state: BenchState, row: Any) -> int:
    """The id of a row that is there.

    Raises:
        ArgumentError: If it is none.
    """
    whole = not isinstance(row, bool) and isinstance(row, (int, np.integer))
    if whole and state.has(int(row)):
        return int(row)
    hint = "It was deleted; undo() brings it back." if whole and int(row) in state.deleted else ""
    expected = "the id of a row that is there"
    raise ArgumentError(sentence("row", repr(row)[:60], expected=expected, hint=hint))
