"""Tango's interval, the correlated MOVER, and p-values from intervals."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from rai.measure.intervals import Bounds, wilson
from rai.measure.paired_intervals import correlated_mover, p_values, tango

Z = 1.959963984540054


def score(b, c, n, difference):
    """The score statistic, with the likelihood maximised by search instead of by its closed form."""

    def loss(lost):
        gained, rest = lost + difference, 1 - 2 * lost - difference
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [
                -count * np.log(rate) if count else 0.0
                for count, rate in ((b, gained), (c, lost), (n - b - c, rest))
            ]
        return sum(parts)

    low, high = max(0.0, -difference), (1 - difference) / 2
    lost = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    return (b - c - n * difference) / np.sqrt(n * (2 * lost + difference * (1 - difference)))


@pytest.mark.parametrize(
    ("b", "c", "n"), [(1, 7, 21), (12, 2, 50), (3, 3, 40), (30, 1, 500), (9, 14, 60)]
)
def test_the_bounds_are_where_the_score_test_just_does_not_reject(b, c, n):
    (low,), (high,) = tango([b], [c], n=[n])
    assert score(b, c, n, low) == pytest.approx(Z, abs=1e-5)
    assert score(b, c, n, high) == pytest.approx(-Z, abs=1e-5)


def test_published_intervals():
    """Fagerland et al. (2014), airway hyper-responsiveness before and after: 1 and 7 of 21 differ."""
    (low,), (high,) = tango([1], [7], n=[21])
    assert (round(low, 3), round(high, 3)) == (-0.517, -0.026)


def test_no_difference_has_a_closed_form():
    (low,), (high,) = tango([0], [0], n=[40])
    assert high == pytest.approx(Z**2 / (40 + Z**2), abs=1e-12)
    assert low == pytest.approx(-high, abs=1e-12)


def test_every_row_differing_ends_at_one():
    (low,), (high,) = tango([12], [0], n=[12])
    assert high == pytest.approx(1, abs=1e-12)
    assert 0 < low < 1


def test_it_turns_round_and_is_undefined_without_rows():
    a, b = tango([3, 0], [8, 0], n=[30, 0]), tango([8, 0], [3, 0], n=[30, 0])
    assert a.low[0] == pytest.approx(-b.high[0], abs=1e-12)
    assert np.isnan([a.low[1], a.high[1]]).all()


def test_without_correlation_it_is_newcombes():
    p, q = np.array([0.7]), np.array([0.4])
    one, other = wilson([28], [40]), wilson([16], [40])
    low, high = correlated_mover(p, one, other=q, other_bounds=other, correlation=np.zeros(1))
    from rai.measure.intervals import newcombe

    exact = newcombe([28], [40], other_count=[16], other_n=[40])
    assert (low[0], high[0]) == pytest.approx((exact.low[0], exact.high[0]), abs=1e-12)
    close = correlated_mover(p, one, other=q, other_bounds=other, correlation=np.array([0.8]))
    assert close.high[0] - close.low[0] < 0.6 * (high[0] - low[0])


def test_newcombes_method_10():
    """The same data: 1 and 7 of 21 differ, 1 and 12 agree; published as -0.507 to -0.026."""
    p, q = np.array([2 / 21]), np.array([8 / 21])
    one, other = wilson([2], [21]), wilson([8], [21])
    product = 1 * 12 - 1 * 7
    phi = max(product - 21 / 2, 0) / np.sqrt(2 * 19 * 8 * 13)
    low, high = correlated_mover(p, one, other=q, other_bounds=other, correlation=np.array([phi]))
    assert (round(low[0], 3), round(high[0], 3)) == (-0.507, -0.026)


def test_p_values_of_normal_intervals():
    from scipy.stats import norm

    value, error = np.array([1.0, -0.3, 0.0, np.nan]), np.array([0.5, 0.3, 1.0, 1.0])
    found = p_values(value, lambda z: Bounds(value - z * error, value + z * error))
    assert found[:2] == pytest.approx(2 * norm.sf([2.0, 1.0]), abs=1e-12)
    assert found[2] == 1
    assert np.isnan(found[3])
