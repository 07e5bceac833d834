"""Every threshold of a group that makes a difference, with what it selects.

    scores of a group      0.2  0.2  0.5  0.9
    cuts, nobody first     ∞    0.9  0.5  0.2      a threshold is the least score that is selected

Between two scores every threshold selects the same rows of this group; the highest stands for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.scores import check_scores
from rai.values import Key, Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """The cuts of one group, from nobody to everyone.

    Args:
        group: Its key.
        threshold: The least score selected by each cut, falling, shape (c,); inf first.
        tp, fp: Weight of positive and negative labels selected, rising, shape (c,); 0 first.
    """

    group: Key
    threshold: Array
    tp: Array
    fp: Array

    @property
    def positives(self) -> float:
        """Weight of positive labels."""
        return float(self.tp[-1])

    @property
    def negatives(self) -> float:
        """Weight of negative labels."""
        return float(self.fp[-1])

    @property
    def total(self) -> float:
        """Weight of all rows."""
        return self.positives + self.negatives

    def thinned(self, places: Places) -> Cuts:
        """Only some of the cuts, in the order given."""
        return Cuts(self.group, self.threshold[places], self.tp[places], self.fp[places])


def cuts_of(tally: Tally) -> tuple[Cuts, ...]:
    """The cuts of every group of a binary tally of scores."""
    edges = check_scores(tally, where="optimize_thresholds")
    least = np.concatenate(([-np.inf], edges))
    weights = tally.n if tally.weight is None else tally.weight
    return tuple(_cuts(key, cells, least) for key, cells in zip(tally.groups, weights, strict=True))


def _cuts(key: Key, cells: NDArray[np.generic], least: Array) -> Cuts:
    filled = np.flatnonzero((cells[0] != 0) | (cells[1] != 0))[::-1]
    fp, tp = (np.concatenate(([0.0], np.cumsum(cells[label, filled]))) for label in (0, 1))
    return Cuts(key, np.concatenate(([np.inf], least[filled])), tp, fp)
