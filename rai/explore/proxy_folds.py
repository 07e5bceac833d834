"""What is asked of all features alike, and the folds that rows fall into: by what they hold, not where.

    rows ── sorted by what they hold ── shuffled within each group ──▶ fold 0 1 2 3 4 0 1 2 …

So the same rows in another order fall into the same folds, and give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explore.proxy_targets import Target

_SMALL = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of all features alike.

    Args:
        rows: All rows, n of them.
        weight: Weight of each, above 0, shape (n,); None without weights.
        folds: How many folds.
        level: Coverage of intervals.
        seed: What draws come from.
    """

    rows: Rows
    weight: Floats | None
    folds: int
    level: float
    seed: int

    def weights(self, target: Target) -> Floats | None:
        """The weights of the target's rows, shape (m,)."""
        return None if self.weight is None else self.weight[target.rows]

    def shuffled(self, target: Target, *held: Ints | Floats) -> Ints:
        """Places of the target's rows by chance, whatever order the rows are in.

        Args:
            target: What is to be told, on m rows.
            held: What else rows hold that makes a difference, each of shape (m,).
        """
        keys = [*held, self.weights(target), target.y, target.group]
        order = np.lexsort([_small(key) for key in keys if key is not None])
        return np.asarray(order[np.random.default_rng(self.seed).permutation(len(order))])

    def fold(self, target: Target, *held: Ints | Floats) -> Ints:
        """A fold for each row of the target, each group spread evenly, shape (m,); as for `shuffled`."""
        order = self.shuffled(target, *held)
        fold = np.empty(len(order), dtype=np.intp)
        fold[order] = self.dealt(target.group[order])
        return fold

    def dealt(self, group: Ints) -> Ints:
        """The folds of shuffled rows, in turn within each group, shape (m,)."""
        order = np.argsort(_small(group), kind="stable")
        fold = np.empty(len(order), dtype=np.intp)
        fold[order] = np.arange(len(order)) % self.folds
        return fold


def _small(key: Ints | Floats) -> NDArray[Any]:
    """Small whole numbers in 16 bits, which sort the fastest."""
    return key.astype(np.int16) if key.dtype.kind in "iu" and key.max(initial=0) <= _SMALL else key
