"""Score intervals of areas: their ends, what they lean on, and how bins widen them."""

import numpy as np
import pytest

from rai.measure.area_intervals import (
    Area,
    ScoreInterval,
    binned_within,
    informants,
    kish,
    unbiased,
    why_without,
)
from rai.measure.intervals import wilson


def make_area(value, *, variance=0.0, misplaced=0.0, rows=20.0, below=0.0, above=0.0, informants=1e9):
    fields = (value, variance, informants, misplaced, below, above, rows, rows)
    return Area(*(np.array([field], dtype=float) for field in fields))


def flat(spread):
    """A model whose variance is t(1 − t) / 20, as a proportion of twenty rows has."""
    return np.full_like(spread, 1 / 20)


def test_a_proportion_has_wilsons_interval():
    """With the variance that the model gives, and many misplaced rows, the ratio is 1."""
    area = make_area(0.7, variance=0.7 * 0.3 / 20, misplaced=1e12)
    interval = ScoreInterval(area, flat)
    assert interval.ratio == pytest.approx(1.0)
    for z in (0.5, 1.0, 1.96, 5.0):
        np.testing.assert_allclose(interval(z), wilson([14], [20], z=z), atol=1e-12)


@pytest.mark.parametrize(("misplaced", "ratio"), [(0.0, 1.2), (2.0, 2.6), (6.0, 3.3), (1e12, 4.0)])
def test_the_model_is_trusted_where_few_rows_are_out_of_order(misplaced, ratio):
    area = make_area(0.9, variance=4 * 0.9 * 0.1 / 20, misplaced=misplaced)
    assert ScoreInterval(area, flat).ratio[0] == pytest.approx(ratio)


def test_a_variance_of_few_rows_is_raised():
    area = make_area(0.9, variance=0.9 * 0.1 / 20, misplaced=1e12, informants=4.0)
    assert ScoreInterval(area, flat).ratio[0] == pytest.approx(1.5)


def test_an_area_of_one_keeps_doubt_below_and_none_above():
    low, high = ScoreInterval(make_area(1.0), flat)(1.96)
    assert high[0] == 1.0
    assert low[0] == pytest.approx(wilson([20 / 1.2], [20 / 1.2], z=1.96).low[0])


def test_bins_widen_to_either_side_and_stay_inside():
    plain = ScoreInterval(make_area(0.97, variance=0.001, misplaced=5), flat)(1.96)
    wide = ScoreInterval(make_area(0.97, variance=0.001, misplaced=5, below=0.02, above=0.5), flat)(1.96)
    assert wide.low[0] == pytest.approx(plain.low[0] - 0.02)
    assert wide.high[0] == 1.0


@pytest.mark.parametrize(
    ("slack", "note"),
    [
        (0.0, ""),
        (float("nan"), ""),
        (0.000314, "binned: within 0.00032 of the exact value"),
        (0.00031, "binned: within 0.00031 of the exact value"),
        (0.25, "binned: within 0.25 of the exact value"),
        (0.3333, "binned: within 0.34 of the exact value"),
        (0.0999, "binned: within 0.1 of the exact value"),
    ],
)
def test_bounds_are_rounded_up(slack, note):
    assert binned_within(slack) == note
    assert not note or float(note.split()[2]) >= slack * (1 - 1e-8)


def test_effective_rows():
    assert kish(np.array([4.0, 0.0]), np.array([8.0, 0.0])).tolist() == [2.0, 0.0]
    assert unbiased(np.array([0.0, 1.0, 2.0, 11.0])).tolist() == [1.0, 1.0, 2.0, 1.1]


def test_the_rows_that_a_variance_rests_on():
    """Ten rows that add alike are ten; one that adds nearly everything is about one."""
    alike = np.array([[[5.0, 5.0], [0.0, 0.0]]])
    assert informants(alike, np.array([[[5.0, 5.0], [0.0, 9.0]]]))[0] == pytest.approx(10.0)
    lone = np.array([[[1.0, 0.001], [0.0, 0.0]]])
    assert informants(lone, np.array([[[1.0, 9.0], [0.0, 0.0]]]))[0] == pytest.approx(1.0, abs=0.01)
    assert informants(np.zeros((1, 2, 3)), np.ones((1, 2, 3)))[0] == 1.0


def test_the_label_that_is_lacking(make):
    tally = make.tally([[0, 2, 0], [0, 0, 0], [0, 0, 3]])
    area = make_area(np.nan)._replace(positives=np.array([0.0]), negatives=np.array([0.0]))
    both = ("positive", "negative")
    assert why_without(area, tally, labels=both) == ["undefined: no rows with a positive label (n=5)"]
    area = area._replace(positives=np.array([3.0]))
    assert why_without(area, tally, labels=both) == ["undefined: no rows with a negative label (n=5)"]
    assert why_without(area, tally, labels=("positive",)) == [""]
