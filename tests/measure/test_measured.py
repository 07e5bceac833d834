"""One metric of every group: taking some, and turning them into estimates."""

import numpy as np
import pytest

from rai.measure.measured import finite
from rai.measure.metrics import find_metric


def test_taking_groups_takes_everything_along(make):
    found = find_metric("tpr").measure(make.confusion((3, 0, 1, 0), (0, 1, 0, 1), (1, 0, 1, 2)))
    some = found.take([2, 0, 2])
    assert some.groups == (("C",), ("A",), ("C",))
    assert some.value.tolist() == [0.5, 0.75, 0.5]
    assert (some.n.tolist(), some.trials.tolist()) == ([4, 4, 4], [2, 4, 2])
    assert some.bounds(2.0).low.tolist() == found.bounds(2.0).low[[2, 0, 2]].tolist()
    assert found.take([1]).notes == ("undefined: no rows with a positive label (n=2)",)
    assert found.defined.tolist() == [True, False, True]


def test_spread_is_half_the_width_at_one(make):
    found = find_metric("accuracy").measure(make.confusion((25, 0, 25, 50)))
    # Wilson at z = 1: ± √(p (1 − p) / n + 1 / 4n²) / (1 + 1 / n) with p = 3/4 and n = 100
    assert found.spread.tolist() == [pytest.approx((0.001875 + 0.000025) ** 0.5 / 1.01)]


def test_estimates_say_everything(make):
    whole, half = (
        find_metric("tpr").measure(make.confusion((3, 0, 1, 0))).estimates(level=v) for v in (0.99, 0.5)
    )
    estimate = whole[0]
    assert (estimate.metric, estimate.group, estimate.value) == (
        "true_positive_rate",
        (("g", "A"),),
        0.75,
    )
    assert (estimate.numerator, estimate.denominator, estimate.n, estimate.method) == (
        3.0,
        4.0,
        4,
        "wilson",
    )
    assert (estimate.level, half[0].level) == (0.99, 0.5)
    assert estimate.low < half[0].low < 0.75 < half[0].high < estimate.high


def test_an_infinite_bound_is_none(make):
    (estimate,) = (
        find_metric("treatment_ratio").measure(make.confusion((0, 1, 3, 0))).estimates(level=0.999)
    )
    assert estimate.value == 3.0
    assert [finite(v) for v in (float("inf"), float("-inf"), float("nan"), np.float64(2))] == [
        None,
        None,
        None,
        2.0,
    ]
    assert type(finite(np.float64(2))) is float
