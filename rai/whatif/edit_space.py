"""All edits of one row, and those that the model was asked about.

places (c, f): for each feature the place of its value in the pool, 0 where it is kept
    Space.frame(places) ──model──▶ scores ──aim──▶ met, progress  ──▶  Tried
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.whatif.aims import Aim, Bools
from rai.whatif.choices import Choice


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Space:
    """The edits of one row.

    Args:
        aim: The outcome that is wanted.
        row: The row.
        choices: The features that may change, with the values that they may take.
        offset: What all columns add to the distance while nothing changes.
        root: Whether the distance is the root of what columns add.
        most: How many features may change at once.
    """

    aim: Aim
    row: Rows
    choices: tuple[Choice, ...]
    offset: float
    root: bool
    most: int

    @property
    def size(self) -> int:
        """How many edits there are."""
        by_count = [1, *[0] * self.most]
        for choice in self.choices:
            for count in range(self.most, 0, -1):
                by_count[count] += by_count[count - 1] * (len(choice) - 1)
        return sum(by_count[1:])

    def rows(self, places: Ints) -> Rows:
        """The edited rows."""
        edited = self.row.take(np.zeros(len(places), dtype=np.intp))
        changed = [(choice, at) for choice, at in zip(self.choices, places.T, strict=True) if at.any()]
        return edited.with_columns({choice.name: (choice.pool, at) for choice, at in changed})

    def apart(self, places: Ints) -> Floats:
        """How far edits are from the row, shape (c,)."""
        total = np.full(len(places), self.offset)
        for at, choice in enumerate(self.choices):
            total += choice.adds[places[:, at]] - choice.adds[0]
        total = np.maximum(total, 0.0)
        return np.asarray(np.sqrt(total) if self.root else total)

    def kinds(self, places: Ints) -> Ints:
        """What each feature changes to: words as their place, numbers as 1 for less and 2 for more."""
        columns = [
            np.where(at > 0, 1 + (c.values[at] > c.values[0]), 0) if c.numeric else at
            for c, at in zip(self.choices, places.T, strict=True)
        ]
        return np.stack(columns, axis=1)

    def every(self) -> Ints:
        """All edits, those that change fewest features first, shape (c, f)."""
        sizes = [len(choice) for choice in self.choices]
        parts = [
            grid_of(features, [np.arange(1, sizes[at]) for at in features], len(sizes))
            for count in range(1, min(self.most, len(sizes)) + 1)
            for features in combinations(range(len(sizes)), count)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(sizes)), dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tried:
    """Edits that the model was asked about.

    Args:
        places: The edits, shape (t, f).
        scores: The model's scores of them, shape (t,) or (t, k).
        met: Whether each has the outcome.
        progress: How far each is beyond what is wanted, or short of it.
        apart: How far each is from the row.
        left: How many more predictions may be spent.
        base: Progress of the row itself.
    """

    places: Ints
    scores: Floats
    met: Bools
    progress: Floats
    apart: Floats
    left: int
    base: float

    @property
    def changes(self) -> Ints:
        """How many features each edit changes."""
        return np.asarray((self.places > 0).sum(axis=1))

    def found(self, most: int) -> Ints:
        """The edits that have the outcome with at most so many changes, nearest first."""
        kept = np.flatnonzero(self.met & (self.changes <= most))
        return kept[np.lexsort((kept, self.changes[kept], self.apart[kept]))]


def untried(space: Space, *, budget: int) -> Tried:
    """Nothing tried yet but the row itself, whose score the aim holds."""
    none = np.empty(0)
    return Tried(
        places=np.empty((0, len(space.choices)), dtype=np.intp),
        scores=space.aim.score[:0],
        met=none.astype(np.bool_),
        progress=none,
        apart=none,
        left=budget,
        base=float(space.aim.progress(space.aim.score, space.row)[0]),
    )


def ask(space: Space, tried: Tried, places: Ints) -> Tried:
    """Ask the model about edits, but for those that it was asked about, as far as the budget goes."""
    fresh = _fresh(places, tried.places)[: tried.left]
    if not len(fresh):
        return tried
    rows = space.rows(fresh)
    scores = space.aim.setting.scores(rows)
    return Tried(
        places=np.concatenate((tried.places, fresh)),
        scores=np.concatenate((tried.scores, scores)),
        met=np.append(tried.met, space.aim.met(scores, rows, strict=False)),
        progress=np.append(tried.progress, space.aim.progress(scores, rows)),
        apart=np.append(tried.apart, space.apart(fresh)),
        left=tried.left - len(fresh),
        base=tried.base,
    )


def grid_of(features: Any, values: list[Ints], width: int) -> Ints:
    """All combinations of places of some features, the others kept, shape (c, width)."""
    mesh = np.meshgrid(*values, indexing="ij")
    places = np.zeros((mesh[0].size, width), dtype=np.intp)
    for at, held in zip(features, mesh, strict=True):
        places[:, at] = held.ravel()
    return places


def _fresh(places: Ints, known: Ints) -> Ints:
    """Edits without those that are known, that change nothing, or that come twice; in their order."""
    places = places[(places > 0).any(axis=1)]
    if not len(places):
        return places
    keys = _keys(np.concatenate((known, places)))
    _, first = np.unique(keys, return_index=True)
    first = np.sort(first[first >= len(known)]) - len(known)
    return places[first]


def _keys(places: Ints) -> Any:
    """Each row as one value, so that equal rows are equal."""
    held = np.ascontiguousarray(places, dtype=np.int64)
    return held.view(np.dtype((np.void, held.dtype.itemsize * held.shape[1]))).ravel()
