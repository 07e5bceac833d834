"""Points laid into bins, and bins as rows."""

import numpy as np

from rai.measure.calibration_bins import by_edges, by_mass, calibration_rows, no_rows
from rai.measure.intervals import Bounds


def test_bins_of_equal_mass_reach_from_their_lowest_to_their_highest_point():
    low, high = np.array([0.0, 1.0, 4.0, 6.0]), np.array([0.5, 2.0, 5.0, 6.0])
    laid = by_mass(low, high, weight=np.array([1.0, 1.0, 1.0, 1.0]), bins=2)
    assert (laid.low.tolist(), laid.high.tolist()) == ([0.0, 4.0], [2.0, 6.0])
    assert laid.places.tolist() == [0, 0, 1, 1]
    assert laid.summed(np.array([1, 2, 3, 4])).tolist() == [3.0, 7.0]


def test_bins_that_ties_leave_empty_are_left_out():
    laid = by_mass(np.arange(3.0), np.arange(3.0), weight=np.array([1.0, 20.0, 1.0]), bins=5)
    assert laid.places.tolist() == [0, 1, 2]
    assert len(laid.low) == 3


def test_an_edge_belongs_to_the_bin_above_and_the_last_bin_is_closed():
    laid = by_edges(np.array([0.0, 0.5, 0.9, 1.0]), np.array([0.0, 0.5, 1.0]))
    assert laid.places.tolist() == [0, 1, 1, 1]
    assert laid.summed(np.ones(4)).tolist() == [1.0, 3.0]


def test_rows_turn_nan_into_none():
    laid = by_edges(np.array([0.2]), np.array([0.0, 0.5, 1.0]))
    nothing = np.array([0.5, np.nan])
    rows = calibration_rows(
        (("g", "A"),), laid, predicted=nothing, value=nothing, bounds=Bounds(nothing, nothing),
        numerator=np.array([1.0, 0.0]), total=np.array([2.0, 0.0]), rows=np.array([2.0, 0.0]),
        level=0.9, notes=["", "why"],
    )  # fmt: skip
    assert [(row.value, row.low, row.n, row.note, row.level) for row in rows] == [
        (0.5, 0.5, 2, "", 0.9), (None, None, 0, "why", 0.9),
    ]  # fmt: skip
    assert no_rows((), level=0.9, note="why").to_dict()["value"] is None
