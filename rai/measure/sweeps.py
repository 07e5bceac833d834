"""What every threshold selects, all at once: cumulative sums along the bins of a tally of scores.

    bins         0     1     2          cut c selects the bins from c on:
    edges           e₀    e₁            cut 0 everyone, cut 1 scores ≥ e₀, …, cut b nobody
    thresholds  −∞  e₀    e₁    ∞

All curves, calibration and the choice of thresholds start from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, sentence
from rai.values import Tally

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """True and false positives of g groups at every cut.

    Args:
        thresholds: The least score that each cut selects, rising, shape (b + 1,): -inf first, inf last.
        tp, fp: Weight selected by each cut, positive and negative labels, shape (g, b + 1), falling.
    """

    thresholds: Array
    tp: Array
    fp: Array

    @property
    def positives(self) -> Array:
        """Weight of positive labels, shape (g,)."""
        return self.tp[:, 0]

    @property
    def negatives(self) -> Array:
        """Weight of negative labels, shape (g,)."""
        return self.fp[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class BinScores:
    """The score that stands for each bin.

    Args:
        score: Shape (b,): the score itself where bins are exact, else the middle; NaN for a bin
            that holds no score.
        slack: How far a score in the bin may be from it, shape (b,); 0 where bins are exact.
    """

    score: Array
    slack: Array


def weights_of(tally: Tally) -> Array:
    """Cells in units of weight, shape (g, 2, b); rows where there are no weights."""
    return tally.n.astype(np.float64) if tally.weight is None else tally.weight


def squares_of(tally: Tally) -> Array:
    """Sums of squared weights per cell, shape (g, 2, b); rows where there are no weights."""
    return tally.n.astype(np.float64) if tally.weight_sq is None else tally.weight_sq


def sweep(tally: Tally) -> Sweep:
    """The cumulative sums of a binary tally of scores, from the highest bin down."""
    edges = check_scores(tally, where="scores")
    cells = weights_of(tally)
    selected = np.zeros((*cells.shape[:2], cells.shape[2] + 1))
    np.cumsum(cells[:, :, ::-1], axis=2, out=selected[:, :, -2::-1])
    thresholds = np.concatenate(([-np.inf], edges, [np.inf]))
    return Sweep(thresholds, selected[:, 1], selected[:, 0])


def bin_scores(tally: Tally) -> BinScores:
    """The score that stands for each bin, and how far off it may be."""
    edges = check_scores(tally, where="scores")
    if tally.exact:
        return BinScores(np.concatenate(([np.nan], edges)), np.zeros(len(edges) + 1))
    ends = np.concatenate(([0.0], edges, [1.0]))
    return BinScores((ends[1:] + ends[:-1]) / 2, np.diff(ends) / 2)


def check_scores(tally: Tally, *, where: str) -> Array:
    """The edges of a binary tally of scores.

    Raises:
        TallyError: If the tally holds predictions, or more than two labels.
    """
    if tally.edges is None or len(tally.labels) != 2:
        seen, expected = f"a tally of {len(tally.labels)} classes", "scores of two classes"
        raise TallyError(sentence(where, seen, expected=expected))
    return tally.edges
