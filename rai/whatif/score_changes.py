"""What a change of rows did to their scores and decisions, one entry for each question asked.

scores before and after, decisions before and after  ──▶  Changes: delta, changed, direction, the largest

Of two classes the score is the positive one's; of several it is that of the class decided before, so
that a falling score always means: less sure of what was decided. A regression has values instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.ground.errors import ArgumentError, sentence
from rai.ground.records import RecordTuple, Row
from rai.models import Model
from rai.values import Level

Bools = NDArray[np.bool_]
Group = tuple[tuple[str, Level], ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Changes:
    """m comparisons of a row with what became of it.

    Args:
        classes: The model's classes; empty for a regression.
        before, after: The score followed, shape (m,).
        decided_before, decided_after: Places in `classes`, shape (m,); None for a regression.
        changed: Whether the decision differs; of a regression, whether the value moved by more than
            the tolerance. Shape (m,).
    """

    classes: tuple[Level, ...]
    before: Floats
    after: Floats
    decided_before: Ints | None
    decided_after: Ints | None
    changed: Bools

    def __len__(self) -> int:
        return len(self.before)

    @property
    def delta(self) -> Floats:
        """After minus before, shape (m,)."""
        return self.after - self.before

    @property
    def directed(self) -> tuple[Bools, Bools] | None:
        """Of two classes: which decisions became positive, and which became negative."""
        if len(self.classes) != 2 or self.decided_after is None:
            return None
        return self.changed & (self.decided_after == 1), self.changed & (self.decided_after == 0)

    def at(self, places: Ints) -> Changes:
        """Some of the entries."""
        decided = (self.decided_before, self.decided_after)
        first, then = (None if held is None else held[places] for held in decided)
        return Changes(
            classes=self.classes,
            before=self.before[places],
            after=self.after[places],
            decided_before=first,
            decided_after=then,
            changed=self.changed[places],
        )

    def decision(self, place: int, *, after: bool) -> Level | None:
        """The class decided for an entry; None for a regression."""
        decided = self.decided_after if after else self.decided_before
        return None if decided is None else self.classes[int(decided[place])]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCase:
    """One row, and what a change did to it.

    Args:
        row: Its position (or its id).
        group: (name, level) pairs: its group, or what was changed from and to.
        before, after: The score; of several classes that of the class decided before.
        decision_before, decision_after: The class decided; None for a regression.
        changed: Whether the decision differs (of a regression: the value, by more than the tolerance).

    Example:
        >>> ChangeCase(row=7, before=0.25, after=0.75, decision_before=0, decision_after=1,
        ...     changed=True).delta
        0.5
    """

    row: int
    group: Group = ()
    before: float
    after: float
    decision_before: Level | None
    decision_after: Level | None
    changed: bool

    @property
    def delta(self) -> float:
        """After minus before."""
        return self.after - self.before

    def to_dict(self) -> Row:
        """A flat row."""
        return {
            "row": self.row,
            **dict(self.group),
            "before": self.before,
            "after": self.after,
            "delta": self.delta,
            "decision_before": self.decision_before,
            "decision_after": self.decision_after,
            "changed": self.changed,
        }


class ChangeCases(RecordTuple[ChangeCase]):
    """Rows whose scores changed, the largest change first."""

    __slots__ = ()


def changes_of(
    model: Model,
    before: Floats,
    after: Floats,
    *,
    decided: tuple[Ints, Ints] | None,
    tolerance: float = 0.0,
) -> Changes:
    """The changes of m rows.

    Args:
        model: The model.
        before, after: Its scores, shape (m,), or (m, k) for k classes.
        decided: What was decided before and after, as places in its classes; None for a regression.
        tolerance: Of a regression: how far a value may move without counting as changed.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda frame: frame["x"])
        >>> decided = np.array([0, 1]), np.array([1, 1])
        >>> found = changes_of(model, np.array([0.2, 0.7]), np.array([0.6, 0.9]), decided=decided)
        >>> found.changed.tolist(), found.delta.round(3).tolist()
        ([True, False], [0.4, 0.2])
    """
    if decided is None:
        moved = np.abs(after - before) > tolerance
        held = {"decided_before": None, "decided_after": None}
        return Changes(classes=(), before=before, after=after, changed=moved, **held)
    if before.ndim == 2:
        entries = np.arange(len(before))
        before, after = before[entries, decided[0]], after[entries, decided[0]]
    return Changes(
        classes=model.classes,
        before=before,
        after=after,
        decided_before=decided[0],
        decided_after=decided[1],
        changed=np.asarray(decided[0] != decided[1]),
    )


def largest_changes(
    changes: Changes, most: int, *, row_of: Callable[[int], int], group_of: Callable[[int], Group]
) -> ChangeCases:
    """The entries whose score moved furthest, the furthest first; of equals the first.

    Args:
        changes: The changes.
        most: How many, at most; entries that did not move are left out.
        row_of: From an entry to its row's position.
        group_of: From an entry to the names and levels that it is shown with.
    """
    far = np.abs(changes.delta)
    moved = np.flatnonzero((far > 0) | changes.changed)
    if len(moved) > most > 0:
        least = np.partition(far[moved], len(moved) - most)[len(moved) - most]
        moved = moved[far[moved] >= least]
    order = moved[np.argsort(-far[moved], kind="stable")][:most]
    return ChangeCases(
        ChangeCase(
            row=row_of(place),
            group=group_of(place),
            before=float(changes.before[place]),
            after=float(changes.after[place]),
            decision_before=changes.decision(place, after=False),
            decision_after=changes.decision(place, after=True),
            changed=bool(changes.changed[place]),
        )
        for place in order.tolist()
    )


def check_tolerance(model: Model, tolerance: Any) -> float:
    """How far a regression's values may move; 0 for classes, which either change or don't.

    Raises:
        ArgumentError: If it is no such number, or given for classes.
    """
    real = isinstance(tolerance, (int, float)) and not isinstance(tolerance, bool)
    if not real or not 0 <= tolerance < np.inf:
        expected = "a finite number of at least 0"
        raise ArgumentError(sentence("tolerance", repr(tolerance), expected=expected))
    if tolerance and model.task != "regression":
        seen = f"{tolerance:g} for a {model.task} model"
        hint = "Decisions change or don't."
        raise ArgumentError(sentence("tolerance", seen, expected="none", hint=hint))
    return float(tolerance)
