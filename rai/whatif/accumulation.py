"""Small differences of scores added up to a curve, with a band.

bins     │ ▁ │ ▃ │ ▅ │     mean difference across each, over the rows in it
curve    0 ╱   ╱╱  ╱╱╱     added up, then moved so that its mean over the rows is 0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.measure.intervals import critical_value
from rai.measure.score_points import student


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Steps:
    """Differences of scores across k steps of a scale; a row may lend one to two steps.

    Args:
        step: The step of each difference, shape (m,).
        row: The row that each is from, shape (m,).
        size: How many steps there are.
        weight: Share of the rows at each of the k + 1 points of the scale; they add up to 1.
    """

    step: Ints
    row: Ints
    size: int
    weight: Floats

    @property
    def counts(self) -> Ints:
        """Differences across each step, shape (k,)."""
        return np.bincount(self.step, minlength=self.size)


def accumulated(steps: Steps, difference: Floats, *, level: float) -> tuple[Floats, Floats, Floats]:
    """The curve and its pointwise interval, shape (k + 1,) each; NaN where it has no interval.

    A step with a single difference borrows the others' spread. Bins and the numbers of rows in them are
    taken as given.

    Args:
        steps: Where the differences belong; each step has one at least.
        difference: The differences, shape (m,).
        level: Coverage at each point by itself.

    Example:
        >>> steps = Steps(step=np.array([0, 0, 1, 1]), row=np.arange(4), size=2,
        ...     weight=np.array([0.25, 0.5, 0.25]))
        >>> accumulated(steps, np.array([1.0, 1.0, 2.0, 4.0]), level=0.95)[0].tolist()
        [-1.5, -0.5, 2.5]

    Source: Apley and Zhu (2020), doi:10.1111/rssb.12377.
    """
    if not len(steps.weight):  # a scale without points
        return np.zeros(0), np.zeros(0), np.zeros(0)
    counts = steps.counts
    mean = np.bincount(steps.step, difference, minlength=steps.size) / counts
    curve = np.concatenate([[0.0], np.cumsum(mean)])
    centre = float(steps.weight @ curve)
    error, freedom = _error(steps, difference - mean[steps.step])
    parts = np.stack([curve - centre, error, np.full(len(curve), freedom)])
    low, high = student(parts, critical_value(level))
    return curve - centre, low, high


def _error(steps: Steps, residual: Floats) -> tuple[Floats, float]:
    """Standard error of the curve at each point, and its degrees of freedom."""
    counts, k = steps.counts, steps.size
    squares = np.bincount(steps.step, residual**2, minlength=k)
    freedom = float(np.maximum(counts - 1, 0).sum())
    if k == 0 or freedom < 1:
        return np.full(k + 1, np.nan), np.nan
    spread = np.where(counts > 1, squares / np.maximum(counts - 1, 1), squares.sum() / freedom)
    covariance = np.diag(spread / counts)
    shared = _shared(steps, residual)
    covariance[np.arange(k - 1), np.arange(1, k)] += shared
    covariance[np.arange(1, k), np.arange(k - 1)] += shared
    after = np.cumsum(steps.weight[::-1])[::-1][1:]  # share of the rows beyond each step
    adds = (np.arange(k) < np.arange(k + 1)[:, None]) - after
    variance = np.einsum("pi,ij,pj->p", adds, covariance, adds)
    return np.sqrt(np.maximum(variance, 0.0)), freedom


def _shared(steps: Steps, residual: Floats) -> Floats:
    """Covariance of the means of neighbouring steps, from rows that lend to both, shape (k - 1,)."""
    order = np.lexsort((steps.step, steps.row))
    step, row, held = steps.step[order], steps.row[order], residual[order]
    twice = np.flatnonzero((row[1:] == row[:-1]) & (step[1:] == step[:-1] + 1))
    products = held[twice] * held[twice + 1]
    summed = np.bincount(step[twice], products, minlength=steps.size)[: max(steps.size - 1, 0)]
    counts = steps.counts
    scale = np.sqrt(np.maximum(counts - 1, 1) / counts)  # of n - 1 instead of n, in both
    return np.asarray(summed / (counts[:-1] * counts[1:] * scale[:-1] * scale[1:]))
