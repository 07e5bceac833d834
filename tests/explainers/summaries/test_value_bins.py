import numpy as np
import pytest

from rai.explainers.summaries.value_bins import bins_of


def test_few_values_have_a_bin_each_and_the_missing_the_last():
    assert bins_of(np.array([2.0, -1.0, np.nan, 2.0, 0.0]), most=3).tolist() == [2, 0, 3, 2, 1]


def test_what_rounding_leaves_is_no_difference():
    assert bins_of(np.array([0.1 + 0.2, 0.3, 1.0]), most=5).tolist() == [0, 0, 1]


@pytest.mark.parametrize("n", [37, 1_000])
def test_many_values_are_spread_evenly(n):
    counts = np.bincount(bins_of(np.random.default_rng(n).normal(size=n), most=10))
    assert len(counts) == 10
    assert counts.max() - counts.min() <= 2


def test_equal_values_never_part():
    values = np.round(np.random.default_rng(0).exponential(size=500), 1)
    found = bins_of(values, most=6)
    assert all(len(set(found[values == value])) == 1 for value in set(values))
    assert (np.diff(found[np.argsort(values)]) >= 0).all()


def test_nothing_but_missing():
    assert bins_of(np.array([np.nan, np.nan]), most=4).tolist() == [1, 1]
