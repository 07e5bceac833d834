"""Bins from the leading bits of numbers: in order, no more than asked for, and nested."""

import numpy as np
import pytest

from rai.values.number_bins import NumberBins, shift_of


def test_few_numbers_have_bins_of_their_own():
    numbers = np.array([3.7, -2.0, 0.0, -0.0, 1e-300, -2.0, 5e69])
    bins, places = NumberBins.of(numbers, most=5)
    assert bins.shift == 0
    assert bins.low.tolist() == bins.high.tolist() == [-2.0, 0.0, 1e-300, 3.7, 5e69]
    assert places.tolist() == [3, 0, 1, 1, 2, 0, 4]


def test_bins_get_coarser_as_far_as_needed():
    numbers = np.array([1.0, 1.25, 1.5, 2.0, 2.5, 3.0, -1.0, -1.5])
    bins, places = NumberBins.of(numbers, most=4)
    # one bit of the fraction more would leave 1, 1.5, 2, 3 and −1, −1.5 apart: six bins
    assert (bins.shift, len(bins)) == (52, 3)
    assert bins.low.tolist() == [np.nextafter(-2.0, 0), 1.0, 2.0]
    assert bins.high.tolist() == [-1.0, np.nextafter(2.0, 0), np.nextafter(4.0, 0)]
    assert places.tolist() == [1, 1, 1, 2, 2, 2, 0, 0]


@pytest.mark.parametrize("most", [50, 512, 2048])
@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_bins_are_about_as_wide_as_they_are_far_from_zero(most, scale):
    numbers = np.random.default_rng(1).normal(size=100_000) * scale
    bins, places = NumberBins.of(numbers, most=most)
    assert most / 2 < len(bins) <= most
    assert (bins.low[places] <= numbers).all()
    assert (numbers <= bins.high[places]).all()
    assert (bins.high[:-1] < bins.low[1:]).all()
    width = (bins.high - bins.low) / np.maximum(abs(bins.high), abs(bins.low))
    if bins.shift < 52:
        assert width.max() < 2.0 ** (bins.shift - 52)


def test_an_outlier_costs_one_bin():
    numbers = 2000 + 20 * np.random.default_rng(1).random(50_000)
    alone, _ = NumberBins.of(numbers, most=512)
    beside, _ = NumberBins.of(np.append(numbers, 1e60), most=512)
    assert (beside.shift, len(beside)) == (alone.shift, len(alone) + 1)


def test_numbers_that_a_table_would_not_hold():
    """Distinct values as far apart as numbers can be, with all their bits in use."""
    numbers = np.array([1e-200, -1e-200, np.pi, -np.pi, 1e200, np.pi])
    bins, places = NumberBins.of(numbers, most=10)
    assert bins.low[places].tolist() == numbers.tolist()
    assert bins.shift == 0


def test_whole_numbers_leave_room_in_the_table():
    numbers = np.arange(-700.0, 701.0)
    bins, places = NumberBins.of(numbers, most=2048)
    assert bins.low.tolist() == numbers.tolist()
    assert places.tolist() == list(range(1401))


def test_no_numbers():
    bins, places = NumberBins.of(np.zeros(0), most=3)
    assert (len(bins), len(places), bins.shift) == (0, 0, 0)


def test_bins_of_a_part_are_no_coarser_than_those_of_all():
    numbers = np.random.default_rng(2).lognormal(size=20_000)
    assert shift_of(numbers[:500], most=64) <= shift_of(numbers, most=64)


def test_merging_says_where_every_bin_went():
    fine, _ = NumberBins.of(np.array([1.0, 1.5, 9.0]), most=3)
    other, _ = NumberBins.of(np.array([1.0, 4.0]), most=3)
    merged, went, others = fine.merged(other, most=3)
    assert merged.low.tolist() == [1.0, 4.0, 8.0]
    assert (went.tolist(), others.tolist()) == ([0, 0, 2], [0, 1])
