"""What a group can reach when decisions may be drawn between thresholds: convex hulls, from one pass.

    true positives   ___•     the cuts of a group are points; drawing between two thresholds gives
          │      _•─´         every point between them, so the group reaches the whole hull
          │    •´   .´        pooling adjacent violators leaves just its corners
          └──────────── false positives

Source: Fawcett and Niculescu-Mizil (2007), doi:10.1007/s10994-007-5011-0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.thresholds.cuts import Cuts

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """The least loss a group can have at each rate: convex and piecewise linear.

    Args:
        rate: Rates of the corners, rising, shape (h,).
        loss: Their losses, shape (h,).
        cut: The cuts they are, shape (h,).
    """

    rate: Array
    loss: Array
    cut: Places

    @property
    def best(self) -> float:
        """The rate at which the loss is least; of equals the lowest."""
        return float(self.rate[int(np.argmin(self.loss))])

    def at(self, rates: Array | float) -> Array:
        """The least loss at some rates."""
        return np.asarray(np.interp(rates, self.rate, self.loss))


def corners(cuts: Cuts) -> Places:
    """The cuts that are corners of the hull of a group's (false positive, true positive) points.

    Nobody and everyone are among them. The upper chain has the best trade-offs, the lower the worst.
    """
    upper = _chain(cuts.fp, cuts.tp)
    lower = _chain(cuts.tp, cuts.fp)
    return np.union1d(upper, lower)


def envelope(rate: Array, loss: Array, cut: Places) -> Envelope:
    """The lower convex hull of a group's losses over one of its rates.

    Args:
        rate: Rates of the cuts, any order, none of them NaN, shape (c,).
        loss: Losses of the cuts, shape (c,).
        cut: Which cuts they are, shape (c,).
    """
    order = np.lexsort((cut, loss, rate))
    kept = order[np.concatenate(([True], np.diff(rate[order]) > 0))]
    corner = _lower(rate[kept], loss[kept])
    return Envelope(rate[kept][corner], loss[kept][corner], cut[kept][corner])


def _chain(along: Array, up: Array) -> Places:
    """Places of the upper hull of a rising path: ends of the blocks of an isotonic regression."""
    from scipy.optimize import isotonic_regression

    steps = np.diff(along) + np.diff(up)
    share = np.diff(up) / steps
    if not len(steps):
        return np.zeros(1, dtype=np.intp)
    blocks = isotonic_regression(share, weights=steps, increasing=False).blocks
    return np.asarray(blocks, dtype=np.intp)


def _lower(x: Array, y: Array) -> Places:
    """Places of the lower hull of points with distinct, rising x."""
    from scipy.optimize import isotonic_regression

    if len(x) < 3:
        return np.arange(len(x))
    widths = np.diff(x)
    blocks = isotonic_regression(np.diff(y) / widths, weights=widths, increasing=True).blocks
    return np.asarray(blocks, dtype=np.intp)
