"""Expected calibration error: how far mean label and mean score are apart, in ten bins of equal mass.

    ECE = Σ share_b · |mean label_b − mean score_b|       shares of weight, bins of each group's own

A distance is never negative, so chance alone makes it positive: the note says how much of it a perfectly
calibrated model would show on average at these sizes. By the triangle inequality the estimate is off by
no more than R = Σ share_b · |d̂_b − d_b|; the interval is the estimate ± the quantile of R, so it covers
the calibration error of these ten bins at least as often as it says, however large that is.

Source: Naeini, Cooper and Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602; Roelofs et al. (2022),
arXiv:2012.08668 (equal mass, bias).
"""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import counted, number
from rai.measure.intervals import Bounds
from rai.measure.measured import Measured
from rai.measure.score_points import Answer, ScorePoints, binned_note, group_metric, joined
from rai.values import Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]

BINS = 10
_SAME_BINS = "the value of exact scores in these bins"
_FOLDED = np.sqrt(2 / np.pi)  # mean of |Z|, Z standard normal


def expected_calibration_error(name: str, tally: Tally) -> Measured:
    """The calibration error of ten bins of equal mass per group; scores that tie stay together."""
    return group_metric(
        name, tally, _expected_error, method="triangle inequality", reach=_triangle, limits=(0.0, 1.0)
    )


def mass_bins(weight: Array, bins: int) -> Places:
    """The bin of each point, so that bins hold about the same weight; a point is never split.

    A point goes where the middle of its weight falls. Numbers rise and may leave gaps.

    Args:
        weight: Weights of points in rising order, shape (m,).
        bins: How many.

    Example:
        >>> mass_bins(np.array([1.0, 1.0, 1.0, 3.0]), 3).tolist()
        [0, 0, 1, 2]
    """
    upto = np.cumsum(weight)
    middle = bins * (upto - weight / 2) / upto[-1]
    return np.asarray(np.minimum(middle + 1e-9, bins - 1), dtype=np.intp)


def pooled(points: ScorePoints, bins: Places) -> ScorePoints:
    """The points of each bin as one, at their mean score; slack becomes its mean, too."""
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    weight, square = (np.add.reduceat(cells, starts, axis=1) for cells in (points.weight, points.square))
    total = weight[0] + weight[1]
    score, slack = (
        np.add.reduceat(points.total * values, starts) / total for values in (points.score, points.slack)
    )
    rows = np.add.reduceat(points.rows, starts)
    return replace(points, score=score, slack=slack, weight=weight, square=square, rows=rows)


def bin_errors(points: ScorePoints, bins: Places) -> Array:
    """Standard errors of mean label minus mean score in each bin that occurs, shape (b,).

    One row of each label, at the bin's mean score, is added to the variance.
    """
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    moved, row = points.weight * points.residual, points.row_weight

    def summed(cells: Array) -> Array:
        return np.asarray(np.add.reduceat(cells[0] + cells[1], starts))

    total, square = summed(points.weight), summed(points.square)
    around = np.maximum(summed(moved * points.residual) - summed(moved) ** 2 / total, 0.0)
    rate = np.add.reduceat(points.weight[1], starts) / total
    spread = around + row * ((1 - rate) ** 2 + rate**2)
    return np.asarray(np.sqrt(spread / (total + 2 * row) * square) / total)


def _expected_error(points: ScorePoints) -> Answer:
    bins = mass_bins(points.total, BINS)
    together = pooled(points, bins)
    share = together.total / points.all
    apart = (together.weight * together.residual).sum(axis=0) / together.total
    by_chance = f"a calibrated model would show about {number(_by_chance(points, bins))}"
    few = f"{counted(len(share), 'bin')} only, since scores are few" if len(share) < BINS else ""
    errors = share * bin_errors(points, bins)
    slack = points.mean_slack
    value, mean = float(share @ np.abs(apart)), _FOLDED * float(errors.sum())
    spread = float(np.sqrt((1 - _FOLDED**2) * (errors**2).sum()))
    return Answer(
        value=value, basis=(value, mean, spread), slack=slack,
        note=joined(by_chance, few, binned_note(points, slack, _SAME_BINS)),
    )  # fmt: skip


def _by_chance(points: ScorePoints, bins: Places) -> float:
    """The mean of the error where every score is the probability of its label."""
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    variance = points.square.sum(axis=0) * points.score * (1 - points.score)
    return float(_FOLDED * np.sqrt(np.add.reduceat(variance, starts)).sum() / points.all)


def _triangle(basis: Array, z: float) -> Bounds:
    """Estimate ± the quantile of R, by the gamma distribution with the mean and spread of R."""
    from scipy.special import gammaincinv

    value, mean, spread = basis
    level = 2 * NormalDist().cdf(z) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = spread**2 / mean * gammaincinv((mean / spread) ** 2, level)
    return Bounds(value - reach, value + reach)
