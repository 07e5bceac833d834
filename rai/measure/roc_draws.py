"""ROC curves of rows drawn anew, a thousand at a time, on a grid of false positive rates.

    grid    x₀ = 0      x₁          x₂ … 1       a rise at each point, and one between two points

Negative rows fall between points, positive rows into any rise: two multinomial draws give a curve. Only
the order of scores matters here, so groups with other scores but one ROC curve are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.roc import Roc, sides

Array = NDArray[np.float64]

_MOST_POINTS = 101
_MANY = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class RocGrid:
    """False positive rates at which curves are compared.

    Args:
        x: From 0 to 1, rising, shape (k + 1,).
    """

    x: Array

    @property
    def widths(self) -> Array:
        """What stands between two points, shape (k,)."""
        return np.diff(self.x)

    @property
    def middles(self) -> Array:
        """Half way between two points, shape (k,)."""
        return np.asarray((self.x[1:] + self.x[:-1]) / 2)

    @property
    def even(self) -> Array:
        """The rises of a curve by chance, the diagonal, shape (2k + 1,)."""
        rises = np.zeros(2 * len(self.x) - 1)
        rises[1::2] = self.widths
        return rises

    def rises(self, roc: Roc) -> Array:
        """What a curve rises at each point and between two, shape (2k + 1,); 1 in all."""
        left, right = sides(roc, self.x)
        left[0], right[-1] = 0.0, 1.0
        found = np.empty(2 * len(self.x) - 1)
        found[0::2], found[1::2] = right - left, left[1:] - right[:-1]
        return np.maximum(found, 0.0)

    def heights(self, rises: Array) -> Array:
        """The curve at the middles, shape (k,)."""
        y = np.concatenate(([0.0], np.cumsum(rises / rises.sum())))
        return np.interp(self.middles, np.repeat(self.x, 2), y)

    def drawn(
        self, rises: Array, *, positives: int, negatives: int, draws: int, rng: np.random.Generator
    ) -> Array:
        """The curves of rows drawn anew, at the middles, shape (draws, k)."""
        y = _drawn_shares(rises, positives, draws=draws, rng=rng)
        x = np.repeat(_drawn_shares(self.widths, negatives, draws=draws, rng=rng), 2, axis=1)
        own = 2.0 * np.arange(draws)[:, None]  # keeps the curves apart, so that one search serves all
        found = np.interp((self.middles + own).ravel(), (x + own).ravel(), y.ravel())
        return found.reshape(draws, -1)


def roc_grid(rocs: Sequence[Roc]) -> RocGrid:
    """The false positive rates at which these curves turn, at most 101, spread along the curves."""
    x = np.unique(np.concatenate([_spread(roc) for roc in rocs]))
    places = np.linspace(0, len(x) - 1, min(len(x), _MOST_POINTS)).round().astype(np.intp)
    return RocGrid(x[places])


def _spread(roc: Roc) -> Array:
    """The false positive rates of corners about evenly far apart along the curve, with both ends."""
    along = roc.x + roc.y
    places = np.searchsorted(along, np.linspace(0.0, 2.0, _MOST_POINTS))
    return roc.x[np.minimum(places, len(along) - 1)]


def _drawn_shares(chances: Array, rows: int, *, draws: int, rng: np.random.Generator) -> Array:
    """Shares of that many rows up to each cell, from 0 to 1, shape (draws, cells + 1).

    Many rows are drawn from the normal limit, which is a Brownian bridge.
    """
    chances = chances / chances.sum()
    if rows < _MANY:
        each = rng.multinomial(rows, chances, size=draws) / rows
    else:
        noise = rng.standard_normal((draws, len(chances))) * np.sqrt(chances / rows)
        each = chances + noise - chances * noise.sum(axis=1, keepdims=True)
    rising = np.maximum.accumulate(np.cumsum(each, axis=1), axis=1)
    rising[:, -1] = 1.0
    return np.concatenate((np.zeros((draws, 1)), np.clip(rising, 0.0, 1.0)), axis=1)
