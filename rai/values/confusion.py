"""Four numbers per group: the confusion matrix at one threshold.

           predicted 0   predicted 1
    label 0     tn            fp
    label 1     fn            tp

Each cell is a sum of weights; without weights, of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.records import Records, Row
from rai.values.grouping import Grouped
from rai.values.levels import Key

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Confusion(Grouped, Records):
    """Confusion matrices of all groups.

    Args:
        axes: Names of the columns that split rows.
        groups: One key per group, one level per axis.
        n: Rows, shape (g, 2, 2): group × label × predicted.
        weight: Sum of weights, the same shape; equal to `n` without weights.
        weight_sq: Sum of squared weights, the same shape.
        weighted: Whether rows carried weights.

    Example:
        >>> from rai import audit
        >>> both = audit(y_true=[1, 0, 1, 1], y_pred=[1, 0, 0, 1],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]}).confusion()
        >>> both.tp.tolist(), both.fn.tolist()
        ([1.0, 1.0], [0.0, 1.0])
    """

    stacked: ClassVar[tuple[str, ...]] = ("n", "weight", "weight_sq")

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    n: NDArray[np.int64]
    weight: Array
    weight_sq: Array
    weighted: bool = False

    @property
    def tn(self) -> Array:
        """True negatives per group, shape (g,), in units of weight."""
        return self.weight[:, 0, 0]

    @property
    def fp(self) -> Array:
        """False positives per group, shape (g,), in units of weight."""
        return self.weight[:, 0, 1]

    @property
    def fn(self) -> Array:
        """False negatives per group, shape (g,), in units of weight."""
        return self.weight[:, 1, 0]

    @property
    def tp(self) -> Array:
        """True positives per group, shape (g,), in units of weight."""
        return self.weight[:, 1, 1]

    def to_dicts(self) -> list[Row]:
        """One row per group: its levels, tp, fp, fn, tn and n."""
        return [
            {
                **dict(zip(self.axes, key, strict=True)),
                "tp": _plain(cells[1, 1], weighted=self.weighted),
                "fp": _plain(cells[0, 1], weighted=self.weighted),
                "fn": _plain(cells[1, 0], weighted=self.weighted),
                "tn": _plain(cells[0, 0], weighted=self.weighted),
                "n": int(rows.sum()),
            }
            for key, cells, rows in zip(self.groups, self.weight, self.n, strict=True)
        ]


def _plain(value: float, *, weighted: bool) -> int | float:
    return float(value) if weighted else int(value)
