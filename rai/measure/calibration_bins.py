"""Bins of predictions as rows: what reliability curves and predicted-against-true have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.ground.checks import check_choice, check_count
from rai.measure.calibration_error import mass_bins
from rai.measure.intervals import Bounds
from rai.measure.measured import finite
from rai.values import CalibrationBin, Level
from rai.values.binning import Intervals

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Group = tuple[tuple[str, Level], ...]

WHERE = "calibration"
STRATEGIES = ("quantile", "uniform")


class Laid(NamedTuple):
    """Points laid into bins.

    Args:
        low, high: Ends of the bins, each of shape (b,).
        places: The bin of each point, shape (m,), rising.
    """

    low: Array
    high: Array
    places: Places

    def summed(self, values: NDArray[np.generic]) -> Array:
        """Values of points, shape (m,), added up in each bin."""
        return np.asarray(np.bincount(self.places, values, len(self.low)), dtype=np.float64)


def check_bins(bins: int, strategy: str) -> None:
    """Bins and strategy are allowed."""
    check_count(bins, where="bins")
    check_choice(strategy, STRATEGIES, where="strategy")


def by_mass(low: Array, high: Array, *, weight: Array, bins: int) -> Laid:
    """Bins of about equal weight, from the lowest to the highest of their points.

    Bins that ties leave empty are left out.

    Args:
        low, high: Ends of the points, rising, each of shape (m,).
        weight: Their weights, shape (m,).
        bins: How many bins, at most.
    """
    _, places = np.unique(mass_bins(weight, bins), return_inverse=True)
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    ends = np.append(starts[1:], len(places)) - 1
    return Laid(low[starts], high[ends], places.astype(np.intp))


def by_edges(middle: Array, edges: Array) -> Laid:
    """Bins between edges; an edge belongs to the bin above it, what lies beyond to the outer ones."""
    opened = Intervals(np.array([-np.inf, *edges[1:-1], np.inf]))
    return Laid(edges[:-1], edges[1:], opened.places(middle))


def calibration_rows(
    group: Group,
    laid: Laid,
    *,
    predicted: Array,
    value: Array,
    bounds: Bounds,
    numerator: Array,
    total: Array,
    rows: Array,
    level: float,
    notes: Sequence[str],
) -> list[CalibrationBin]:
    """One row per bin; all arrays of shape (b,), NaN where undefined."""
    return [
        CalibrationBin(
            group=group,
            bin_low=float(laid.low[i]),
            bin_high=float(laid.high[i]),
            mean_predicted=finite(predicted[i]),
            value=finite(value[i]),
            low=finite(bounds.low[i]),
            high=finite(bounds.high[i]),
            level=level,
            numerator=float(numerator[i]),
            denominator=float(total[i]),
            n=int(rows[i]),
            note=note,
        )
        for i, note in enumerate(notes)
    ]


def no_rows(group: Group, *, level: float, note: str) -> CalibrationBin:
    """The one row of a group that has none to show."""
    return CalibrationBin(
        group=group,
        bin_low=None,
        bin_high=None,
        mean_predicted=None,
        value=None,
        level=level,
        note=note,
    )
