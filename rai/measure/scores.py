"""A tally of scores, seen bin by bin: its edges, its weights, and the score that stands for each bin.

bins      0     1     2
edges        e₀    e₁          exact: a bin holds the one score that is its lower edge
scores    ·     ·     ·        otherwise its middle stands for it, half a width off at most
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, sentence
from rai.values import Tally

Array = NDArray[np.float64]


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
