"""Confusion matrices per group, as small multiples: counts, and each count's share of its row.

With more than two classes the rows are true classes and the columns predicted ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.colours import Mark, marks
from rai.ground.formatting import number
from rai.measure.tables import split_axes
from rai.reports.facts import Facts
from rai.reports.group_tables import FEW_GROUPS, MOST_GROUPS, ends_of_gaps
from rai.reports.words import clean, figure
from rai.values import Confusion, Tally
from rai.values.levels import key_name

MOST_CLASSES = 8
MOST_MATRICES = 48

_BINARY = (("true negatives", "false positives"), ("false negatives", "true positives"))


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One cell.

    Args:
        count: Rows (or weight), as text.
        share: Its share of its row, as text.
        shade: The same from 0 to 1, for the background.
        right: Whether label and prediction agree.
        name: What such rows are called, where there are two classes.
    """

    count: str
    share: str
    shade: float
    right: bool
    name: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of one group: its rows are labels, its columns predictions."""

    name: str
    mark: Mark | None
    n: int
    rows: tuple[tuple[MatrixCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrices:
    """Matrices of the groups of one comparison.

    Args:
        along: What splits the rows, for reading.
        labels, outcomes: Names of the rows and of the columns.
        first: The matrices to show.
        more: Those to unfold.
        left_out: Groups that are not shown.
    """

    along: str
    labels: tuple[str, ...]
    outcomes: tuple[str, ...]
    first: tuple[Matrix, ...]
    more: tuple[Matrix, ...]
    left_out: int


def matrices(facts: Facts, along: str) -> Matrices | None:
    """The matrices of one comparison; None for a regression, or where classes are too many to read."""
    tally = facts.audit.tally
    if not isinstance(tally, Tally) or len(tally.labels) > MOST_CLASSES:
        return None
    counts = _counts(facts, split_axes(along))
    names = [key_name(key) for key in counts.groups]
    looks = marks(names)
    cells = np.asarray(counts.n if counts.weight is None else counts.weight, dtype=np.float64)
    drawn = {
        name: Matrix(clean(name), looks[name], int(counts.n[place].sum()), _cells(cells[place]))
        for place, name in enumerate(names)
    }
    first = _first(facts, along, names)
    more = [name for name in names if name not in first][
        : MOST_MATRICES if len(names) <= MOST_GROUPS else 0
    ]
    labels = tuple(clean(label) for label in tally.labels)
    outcomes = labels if tally.edges is not None else tuple(clean(label) for label in tally.outcomes)
    return Matrices(
        along=clean(along),
        labels=labels,
        outcomes=outcomes,
        first=tuple(drawn[name] for name in first),
        more=tuple(drawn[name] for name in more),
        left_out=len(names) - len(first) - len(more),
    )


def _first(facts: Facts, along: str, names: list[str]) -> list[str]:
    """All groups where they are few, else those at the ends of a gap."""
    if len(names) <= FEW_GROUPS:
        return names
    return list(ends_of_gaps(facts, along)) or names[:FEW_GROUPS]


def _counts(facts: Facts, axes: tuple[str, ...]) -> Confusion | Tally:
    if facts.audit.task == "binary":
        return facts.audit.confusion(by=axes)
    assert isinstance(facts.audit.tally, Tally)
    return facts.audit.tally.by(*axes)


def _cells(cells: NDArray[np.float64]) -> tuple[tuple[MatrixCell, ...], ...]:
    totals = cells.sum(axis=1, keepdims=True)
    shares = np.divide(cells, totals, out=np.zeros_like(cells), where=totals > 0)
    binary = cells.shape == (2, 2)
    return tuple(
        tuple(
            MatrixCell(
                count=number(
                    int(cells[i, j]) if cells[i, j] == int(cells[i, j]) else float(cells[i, j])
                ),
                share=figure(float(shares[i, j])) if totals[i, 0] > 0 else "–",
                shade=round(float(shares[i, j]), 3),
                right=i == j,
                name=_BINARY[i][j] if binary else "",
            )
            for j in range(cells.shape[1])
        )
        for i in range(cells.shape[0])
    )
