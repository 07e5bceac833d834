"""The same rows decided twice: counts by group, label, and both decisions.

                 second no   second yes
    first no        stay         gain         one such table for each group and true label
    first yes       lose         stay

Two models, or before and after a change of the rows, are both such pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.records import Records, Row
from rai.values.confusion import Confusion
from rai.values.grouping import Grouped
from rai.values.levels import Key, Level
from rai.values.tally import Tally

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

BOTH = ("before", "after")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Paired(Grouped, Records):
    """Counts of rows by group, label and two decisions.

    Args:
        axes: Names of the columns that split rows.
        groups: One key per group, one level per axis.
        classes: The classes, of two the positive one last.
        n: Rows, shape (g, k, k, k): group × label × first decision × second decision.
        weight: Sums of weights, the same shape; equal to `n` without weights.
        weight_sq: Sums of squared weights, the same shape.
        weighted: Whether rows carried weights.
        labelled: Whether labels are known; otherwise all rows stand under the first class.
        names: What decided first, and second.

    Example:
        >>> n = np.array([[[[5, 1], [0, 2]], [[1, 3], [0, 8]]]])
        >>> both = Paired.of_counts(n, axes=("sex",), groups=(("F",),), classes=("no", "yes"))
        >>> both.first.tp.tolist(), both.second.tp.tolist()
        ([8.0], [11.0])
    """

    stacked: ClassVar[tuple[str, ...]] = ("n", "weight", "weight_sq")

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    classes: tuple[Level, ...]
    n: Counts
    weight: Array
    weight_sq: Array
    weighted: bool = False
    labelled: bool = True
    names: tuple[str, str] = BOTH

    @classmethod
    def of_counts(
        cls,
        n: Counts,
        *,
        axes: tuple[str, ...],
        groups: tuple[Key, ...],
        classes: tuple[Level, ...],
        labelled: bool = True,
        names: tuple[str, str] = BOTH,
    ) -> Paired:
        """The same from counts without weights, shape (g, k, k, k)."""
        plain = n.astype(np.float64)
        return cls(
            axes=axes,
            groups=groups,
            classes=classes,
            n=n,
            weight=plain,
            weight_sq=plain,
            labelled=labelled,
            names=names,
        )

    @property
    def group_rows(self) -> Counts:
        """Rows per group, shape (g,)."""
        return np.asarray(self.n.sum(axis=(1, 2, 3)), dtype=np.int64)

    @property
    def first(self) -> Confusion:
        """Confusion matrices of the first of two-class decisions."""
        return self._confusion(3)

    @property
    def second(self) -> Confusion:
        """Confusion matrices of the second."""
        return self._confusion(2)

    @property
    def tallies(self) -> tuple[Tally, Tally]:
        """Label × decision of the first and of the second, for any number of classes."""
        return self._tally(3), self._tally(2)

    @property
    def agreement(self) -> Tally:
        """First × second decision, as a tally whose labels are the first decisions."""
        return self._tally(1)

    def one_vs_rest(self, label: Level) -> Paired:
        """One class against all others, as two-class decisions."""
        is_it = np.array([int(each == label) for each in self.classes], dtype=np.intp)
        places = np.ix_(is_it, is_it, is_it)

        def folded(cells: NDArray[np.generic]) -> NDArray[np.generic]:
            out = np.zeros((len(self.groups), 2, 2, 2), dtype=cells.dtype)
            np.add.at(out, (slice(None), *places), cells)  # type: ignore[arg-type]
            return out

        counts: dict[str, Any] = {name: folded(getattr(self, name)) for name in self.stacked}
        return replace(self, classes=("rest", label), **counts)

    def to_dicts(self) -> list[Row]:
        """One row for each group, label and pair of decisions."""
        first, second = self.names
        return [
            {
                **dict(zip(self.axes, key, strict=True)),
                "label": self.classes[place[0]] if self.labelled else None,
                first: self.classes[place[1]],
                second: self.classes[place[2]],
                "n": int(cells[place]),
            }
            for key, cells in zip(self.groups, self.n, strict=True)
            for place in np.ndindex(cells.shape)
            if self.labelled or place[0] == 0
        ]

    def _confusion(self, axis: int) -> Confusion:
        n, weight, squares = (getattr(self, name).sum(axis=axis) for name in self.stacked)
        return Confusion(self.axes, self.groups, n, weight, squares, self.weighted)

    def _tally(self, axis: int) -> Tally:
        n, weight, squares = (getattr(self, name).sum(axis=axis) for name in self.stacked)
        weights = (weight, squares) if self.weighted else (None, None)
        return Tally(self.axes, self.groups, self.classes, None, self.classes, n, *weights)
