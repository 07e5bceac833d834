"""Runs of a workbench: which rows were predicted, and how far each is from its run before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.ground.records import Records, RecordTuple, Row
from rai.values import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """One row in one run.

    Args:
        run: Number of the run, from 1.
        name: What the run is called.
        model: Name of the model.
        row: Id of the row.
        label: The class that the score is of; None for a regression.
        score: The score (the value of a regression).
        delta: Score minus that of the run before that predicted this row; None in its first.
        decision: The class decided; None for a regression.

    Example:
        >>> RunEntry(run=1, name="run 1", model="model", row=7, label=1, score=0.5, delta=None,
        ...     decision=1).to_dict()["score"]
        0.5
    """

    run: int
    name: str
    model: str
    row: int
    label: Level | None
    score: float
    delta: float | None
    decision: Level | None

    def to_dict(self) -> Row:
        """A flat row."""
        return {name: getattr(self, name) for name in self.__slots__}


class RunEntries(RecordTuple[RunEntry]):
    """Rows in runs; of several classes an entry for each."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Run(Records):
    """The rows that one model predicted in one run: those that had changed since the run before.

    Args:
        run: Number of the run, from 1.
        name: What it is called.
        model: Name of the model.
        classes: Its classes; empty for a regression.
        rows: Ids of the rows predicted, shape (m,).
        scores: Their scores, shape (m,), or (m, k) for k classes.
        delta: Scores minus those of the run before that predicted the row, NaN in its first.
        decided: What is decided, as places in `classes`, shape (m,); None for a regression.
    """

    run: int
    name: str
    model: str
    classes: tuple[Level, ...]
    rows: Ints
    scores: Floats
    delta: Floats
    decided: Ints | None

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> Row:
        """The run in one flat row: how many rows it predicted, and what became of them."""
        known = ~np.isnan(self.delta if self.delta.ndim == 1 else self.delta[:, 0])
        moved = self.delta[known] if self.delta.ndim == 1 else np.zeros(0)
        return {
            "run": self.run,
            "name": self.name,
            "model": self.model,
            "rows": len(self.rows),
            "compared": int(known.sum()),
            "mean_delta": float(moved.mean()) if len(moved) else None,
        }

    def to_dicts(self) -> list[Row]:
        """Every row that was predicted; of several classes a row for each."""
        return [entry.to_dict() for at in range(len(self.rows)) for entry in self._entries(at)]

    def of(self, row: int) -> RunEntries:
        """What it said about one row; nothing if it did not predict it."""
        return RunEntries(
            entry for at in np.flatnonzero(self.rows == row).tolist() for entry in self._entries(at)
        )

    def _entries(self, at: int) -> list[RunEntry]:
        scores, deltas = np.atleast_1d(self.scores[at]).tolist(), np.atleast_1d(self.delta[at]).tolist()
        labels: tuple[Level | None, ...] = self.classes if len(scores) > 1 else self.classes[1:]
        return [
            RunEntry(
                run=self.run,
                name=self.name,
                model=self.model,
                row=int(self.rows[at]),
                label=label,
                score=score,
                delta=None if np.isnan(delta) else delta,
                decision=None if self.decided is None else self.classes[int(self.decided[at])],
            )
            for label, score, delta in zip(labels or (None,), scores, deltas, strict=True)
        ]


class Runs(RecordTuple[Run]):
    """All runs of a workbench, the first one first; with several models one for each of them."""

    __slots__ = ()

    def of(self, row: int) -> RunEntries:
        """The history of one row: what each run that predicted it said."""
        return RunEntries(entry for run in self for entry in run.of(row))
