"""Reliability curves: in each bin of scores, the mean score and the observed rate.

    quantile   bins of about equal weight, of each group's own; scores that tie stay together
    uniform    bins of equal width from 0 to 1, the same for all groups

Bins are made of those of the tally, so where it isn't exact their edges are among its edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, sentence
from rai.ground.formatting import number
from rai.measure.calibration_bins import (
    WHERE,
    Laid,
    by_edges,
    by_mass,
    calibration_rows,
    check_bins,
    no_rows,
)
from rai.measure.intervals import Bounds, critical_value, wilson
from rai.measure.score_points import UNUSABLE, ScorePoints, binned_within, score_points
from rai.measure.scores import bin_scores
from rai.values import Calibration, CalibrationBin, Key, Tally

Array = NDArray[np.float64]


def reliability(tally: Tally, *, bins: int, strategy: str, level: float) -> Calibration:
    """The reliability curve of each group of a binary tally of scores, with Wilson's intervals.

    Args:
        tally: A binary tally of scores between 0 and 1.
        bins: How many bins per group, at most.
        strategy: `quantile` or `uniform`.
        level: Coverage of the intervals, each on its own.

    Raises:
        ArgumentError: Bins or a strategy outside what is allowed.
        TallyError: Scores that are no probabilities.

    Source: Murphy and Winkler (1977), doi:10.2307/2346866; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    check_bins(bins, strategy)
    groups = score_points(tally)
    _check_probabilities(groups)
    edges = _even_edges(tally, bins) if strategy == "uniform" else None
    return Calibration(
        row
        for key, points in zip(tally.groups, groups, strict=True)
        for row in _rows(tally, key, points, bins=bins, edges=edges, level=level)
    )


def _rows(
    tally: Tally, key: Key, points: ScorePoints, *, bins: int, edges: Array | None, level: float
) -> list[CalibrationBin]:
    group = tuple(zip(tally.axes, key, strict=True))
    if not len(points.score):
        return [no_rows(group, level=level, note=points.problem())]
    laid = _by_mass(points, bins) if edges is None else by_edges(points.score, edges)
    total, square = laid.summed(points.total), laid.summed(points.square.sum(axis=0))
    positives = laid.summed(points.weight[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        predicted = laid.summed(points.total * points.score) / total
        value, trials = positives / total, total**2 / square
        slack = laid.summed(points.total * points.slack) / total
    return calibration_rows(
        group, laid, predicted=predicted, value=value, bounds=_wilson(value, trials, level),
        numerator=positives, total=total, rows=laid.summed(points.rows), level=level,
        notes=[_note(t, s) for t, s in zip(total, slack, strict=True)],
    )  # fmt: skip


def _wilson(value: Array, trials: Array, level: float) -> Bounds:
    known = np.nan_to_num(trials)
    low, high = wilson(np.nan_to_num(value) * known, known, z=critical_value(level))
    return Bounds(np.minimum(low, value), np.maximum(high, value))


def _by_mass(points: ScorePoints, bins: int) -> Laid:
    low, high = points.score - points.slack, points.score + points.slack
    if points.binned:  # an end is an edge of the tally, up to rounding
        low, high = np.round(low, 12), np.round(high, 12)
    return by_mass(low, high, weight=points.total, bins=bins)


def _even_edges(tally: Tally, bins: int) -> Array:
    """Edges of equal-width bins; where the tally isn't exact, the nearest of its own."""
    even = np.arange(bins + 1) / bins
    if tally.exact or tally.edges is None:
        return even
    nearest = np.searchsorted(bin_scores(tally).score, even[1:-1])
    ends = np.concatenate(([0.0], tally.edges, [1.0]))
    return np.unique(np.concatenate(([0.0], ends[nearest], [1.0])))


def _note(total: float, slack: float) -> str:
    if total == 0:
        return "undefined: no rows (n=0)"
    return binned_within(slack, "the exact mean_predicted")


def _check_probabilities(groups: list[ScorePoints]) -> None:
    for points in groups:
        low, high = points.span
        if low < 0 or high > 1:
            seen, expected = f"scores from {number(low)} to {number(high)}", "probabilities from 0 to 1"
            raise TallyError(sentence(WHERE, seen, expected=expected, hint=f"{UNUSABLE.capitalize()}."))
