"""Two data sets counted in the same cells, and what chance does to such counts.

    split      the rows of both, dealt again at random     what chance alone would show: p-values
    resampled  each data set drawn again from its shares    how far the sample may be from the truth

Under the first the counts are multivariate hypergeometric, so that a permutation of rows is a draw of
counts and no row is needed. Weighted rows, and more than a billion, are drawn from the pooled shares, as
many as their weights are worth (Kish).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rai.measure.distance_laws import Draw, Scale
from rai.measure.distances import DistanceMeasure

Array = NDArray[np.float64]

SMOOTHED = 2.0  # rows spread evenly over the cells before resampling, so that none is certainly empty

_MOST_EXACT = 10**9  # rows; what NumPy deals without replacement


@dataclass(frozen=True, eq=False, kw_only=True)
class CellPair:
    """Counts of a data set and of the reference in the same cells.

    Args:
        ours, theirs: Rows or weights in each cell, shape (k,): first cells of numbers in rising order,
            or none; then those that have no order, such as categories and the missing.
        rows: How many rows each side is worth; None for as many as were counted.
        numbers: How many cells hold numbers in order.
        starts: The first cell of each bin, for distances that look at bins; None if cells are bins.
        scale: Where the numbers of the first cells lie.

    Example:
        >>> pair = CellPair(ours=np.array([3, 1]), theirs=np.array([4, 4]))
        >>> pair.n, [share.tolist() for share in pair.shares]
        ((4, 8), [[0.75, 0.25], [0.5, 0.5]])
    """

    ours: NDArray[np.generic]
    theirs: NDArray[np.generic]
    rows: tuple[float, float] | None = None
    numbers: int = 0
    starts: NDArray[np.intp] | None = None
    scale: Scale = Scale()  # noqa: RUF009  # frozen

    @cached_property
    def n(self) -> tuple[int, int]:
        """Rows of each side; of weighted ones what they are worth, rounded down but to 1 at least."""
        if self.rows is None:
            return int(self.ours.sum()), int(self.theirs.sum())
        return max(int(self.rows[0]), 1), max(int(self.rows[1]), 1)

    @cached_property
    def shares(self) -> tuple[Array, Array]:
        """Shares of each side, shapes (k,)."""
        return self.ours / self.ours.sum(), self.theirs / self.theirs.sum()

    @cached_property
    def pooled(self) -> Array:
        """Shares of both together, each row counted alike, shape (k,)."""
        n, m = self.n
        return np.asarray((self.shares[0] * n + self.shares[1] * m) / (n + m))

    @property
    def testable(self) -> bool:
        """Whether rows differ at all, so that there is something to deal."""
        return bool(np.count_nonzero(self.pooled) > 1)

    def seen_by(self, measure: DistanceMeasure, shares: Array) -> Array:
        """What a measure looks at: the shares of bins, or of cells among the rows with a number."""
        if measure.looks_at != "numbers":
            return shares if self.starts is None else np.add.reduceat(shares, self.starts, axis=-1)
        held = shares[..., : self.numbers]
        total = held.sum(axis=-1, keepdims=True)
        return np.asarray(np.divide(held, total, out=np.zeros_like(held), where=total > 0))

    def distance(self, measure: DistanceMeasure, p: Array, q: Array) -> Array:
        """A distance of shares of the cells, shape (..., k) to (...)."""
        return measure.law.between(self.seen_by(measure, p), self.seen_by(measure, q), self.scale)

    def split(self, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Shares of both sides after dealing all rows again, shapes (draws, k)."""
        n, m = self.n
        if self.rows is None and n + m < _MOST_EXACT:
            both = (self.ours + self.theirs).astype(np.int64)  # type: ignore[operator]
            dealt = rng.multivariate_hypergeometric(both, n, size=draws, method="marginals")
            return dealt / n, (both - dealt) / m
        return _drawn(n, self.pooled, draws, rng), _drawn(m, self.pooled, draws, rng)

    def resampled(self, draws: int, rng: np.random.Generator) -> Draw:
        """Draws from the shares of both sides, slightly smoothed."""
        even = (self.pooled > 0) / np.count_nonzero(self.pooled)
        p, q = (
            (share * n + even * SMOOTHED) / (n + SMOOTHED)
            for share, n in zip(self.shares, self.n, strict=True)
        )
        return Draw(p, q, _drawn(self.n[0], p, draws, rng), _drawn(self.n[1], q, draws, rng))


def _drawn(n: int, shares: Array, draws: int, rng: np.random.Generator) -> Array:
    return np.asarray(rng.multinomial(n, shares / shares.sum(), size=draws) / n)
