"""Intervals at their edges: nothing, everything, no trials, and what can't be counted."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import beta, binom, binomtest

from rai import ArgumentError
from rai.measure.intervals import (
    Bounds,
    clopper_pearson,
    critical_value,
    jeffreys,
    koopman_ratio,
    mover_difference,
    mover_ratio,
    mover_sum,
    newcombe,
    wilson,
)


def rounded(bounds, digits=4):
    return [side.round(digits).tolist() for side in bounds]


def test_wilson_at_nothing_everything_and_no_trials():
    z2 = critical_value(0.95) ** 2
    low, high = wilson([0, 5, 10, 0], [10, 10, 10, 0])
    # 0 of n: z² / (n + z²); half of n: ½ ± z / (2 √(n + z²))
    assert low[:3].tolist() == [
        0.0,
        pytest.approx(0.5 - z2**0.5 / 2 / (10 + z2) ** 0.5),
        pytest.approx(10 / (10 + z2)),
    ]
    assert high[:3].tolist() == [pytest.approx(z2 / (10 + z2)), pytest.approx(1 - low[1]), 1.0]
    assert np.isnan([low[3], high[3]]).all()


def test_wilson_takes_counts_that_are_no_whole_numbers():
    assert rounded(wilson([2.5], [7.5])) == rounded(wilson([2.5], [7.5], z=critical_value(0.95)))
    inside = wilson([2.5], [7.5])
    assert inside.low < 1 / 3 < inside.high


@pytest.mark.parametrize(
    ("count", "n", "message"),
    [
        ([11], [10], "wilson: count 11 of n 10; expected counts in [0, n]."),
        ([3, -1], [10, 10], "wilson: count -1 of n 10; expected counts in [0, n]."),
        ([1.5], [1], "wilson: count 1.5 of n 1; expected counts in [0, n]."),
        ([np.nan], [5], "wilson: count nan of n 5; expected counts in [0, n]."),
        (7, 5, "wilson: count 7 of n 5; expected counts in [0, n]."),
    ],
)
def test_wilson_refuses_counts_outside(count, n, message):
    with pytest.raises(ArgumentError) as error:
        wilson(count, n)
    assert str(error.value) == message


def test_wilson_lets_rounding_pass():
    assert wilson([10 * (1 + 1e-15)], [10]).high.tolist() == [1.0]


@pytest.mark.parametrize("level", [0, 1, 1.5, -0.1, "0.95", True, None])
def test_a_level_is_between_0_and_1(level):
    with pytest.raises(ArgumentError) as error:
        wilson([1], [2], level=level)
    assert str(error.value) == f"level: {level!r}; expected a number between 0 and 1. 0.95 is usual."


def test_critical_values():
    assert [round(critical_value(level), 4) for level in (0.5, 0.9, 0.95, 0.99)] == [
        0.6745,
        1.6449,
        1.96,
        2.5758,
    ]


def test_jeffreys_has_closed_ends():
    low, high = jeffreys([0, 10, 0], [10, 10, 0], z=1.96)
    assert (low[0], high[1]) == (0.0, 1.0)
    assert low[1] == pytest.approx(1 - high[0])
    # upper bound for 0 of 10 at z = 1.96: the 97.5 % quantile of Beta(½, 10½)
    assert high[0] == pytest.approx(0.2172, abs=5e-5)
    assert np.isnan([low[2], high[2]]).all()


def test_newcombe_from_the_bounds_of_each():
    # 56 of 70 and 48 of 80, Wilson [0.6918, 0.8773] and [0.4904, 0.7005]... combined by squares
    (l1,), (u1,) = wilson([56], [70])
    (l2,), (u2,) = wilson([48], [80])
    low, high = newcombe([56], [70], other_count=[48], other_n=[80])
    assert low.tolist() == [pytest.approx(0.2 - ((0.8 - l1) ** 2 + (u2 - 0.6) ** 2) ** 0.5)]
    assert high.tolist() == [pytest.approx(0.2 + ((u1 - 0.8) ** 2 + (0.6 - l2) ** 2) ** 0.5)]


def test_newcombe_at_the_edges():
    low, high = newcombe([10, 0, 5, 0], [10, 10, 5, 0], other_count=[0, 0, 5, 1], other_n=[10, 10, 5, 2])
    assert high[0] == 1.0
    assert low[1] == -high[1]
    assert low[2] == pytest.approx(-high[2])
    assert np.isnan([low[3], high[3]]).all()
    # Wilson for 3 of 9 is [0.1206, 0.6458]: √(0.2128² + 0.3125²)
    assert rounded(newcombe([3], [9], other_count=[3], other_n=[9]), 3) == [[-0.378], [0.378]]


def test_mover_difference_of_exact_sides_is_exact():
    exact = Bounds(np.array([0.5]), np.array([0.5]))
    assert rounded(
        mover_difference(np.array([0.5]), exact, other=np.array([0.5]), other_bounds=exact)
    ) == [[0.0], [0.0]]


def test_mover_sum_by_hand():
    sides = Bounds(np.array([[0.2, 0.4]]), np.array([[0.5, 0.9]]))
    low, high = mover_sum(np.array([[0.3, 0.6]]), sides, weights=np.array([0.5, 0.5]))
    # ½(0.3 + 0.6) − √((½·0.1)² + (½·0.2)²), and + √((½·0.2)² + (½·0.3)²)
    assert (low[0], high[0]) == (pytest.approx(0.45 - 0.0125**0.5), pytest.approx(0.45 + 0.0325**0.5))


def test_mover_ratio_at_the_edges():
    value = np.array([0.0, 0.4, 0.4, np.nan])
    other = np.array([0.5, 0.0, 0.5, 0.5])
    low, high = mover_ratio(
        value,
        Bounds(np.array([0.0, 0.3, 0.3, np.nan]), np.array([0.1, 0.5, 0.5, np.nan])),
        other=other,
        other_bounds=Bounds(np.array([0.4, 0.0, 0.0, 0.4]), np.array([0.6, 0.1, 0.6, 0.6])),
    )
    assert low[0] == 0.0
    assert 0 < high[0] < 0.3
    assert high[1] == np.inf  # the other may be 0
    assert high[2] == np.inf
    assert 0 < low[2] < 0.8
    assert np.isnan([low[3], high[3]]).all()


def test_mover_ratio_where_its_quadratic_is_flat():
    """The upper bound of the other is twice its value: the general formula divides 0 by 0."""
    sides = Bounds(np.array([0.3]), np.array([0.5]))
    lows = [
        mover_ratio(
            np.array([0.4]),
            sides,
            other=np.array([0.2]),
            other_bounds=Bounds(np.array([0.1]), np.array([h])),
        ).low[0]
        for h in (0.4 - 1e-6, 0.4, 0.4 + 1e-6)
    ]
    # in the limit: l (2 v − l) / (2 v o) = 0.3 · 0.5 / (2 · 0.4 · 0.2)
    assert lows == [pytest.approx(0.9375, abs=1e-4)] * 3


def test_koopman_at_the_edges():
    low, high = koopman_ratio(
        [0, 5, 0, 10, 3], [10, 10, 10, 10, 0], other_count=[5, 0, 0, 10, 1], other_n=[10, 10, 10, 10, 4]
    )
    assert (low[0], 0 < high[0] < 1) == (0.0, True)
    assert (low[1] > 1, high[1]) == (True, np.inf)
    assert (low[2], high[2]) == (0.0, np.inf)
    assert low[3] == pytest.approx(1 / high[3])
    assert 0.6 < low[3] < 1
    assert np.isnan([low[4], high[4]]).all()


def test_koopman_turns_over_with_its_sides():
    there = koopman_ratio([7], [20], other_count=[15], other_n=[30])
    back = koopman_ratio([15], [30], other_count=[7], other_n=[20])
    assert there.low[0] == pytest.approx(1 / back.high[0])
    assert there.high[0] == pytest.approx(1 / back.low[0])
    assert there.low[0] < 0.7 < there.high[0]


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.9999])
@pytest.mark.parametrize("n", [1, 7, 40, 1_000])
def test_clopper_pearson_is_the_exact_interval(n, level):
    counts = sorted({0, 1, n // 3, n // 2, n - 1, n})
    low, high = clopper_pearson(counts, n, z=critical_value(level))
    for place, count in enumerate(counts):
        exact = binomtest(count, n).proportion_ci(level, method="exact")
        assert (low[place], high[place]) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_clopper_pearson_at_nothing_everything_and_no_trials():
    low, high = clopper_pearson([0, 10, 0], [10, 10, 0], z=critical_value(0.9))
    # 0 of n: 1 − 0.05^(1/n); n of n: 0.05^(1/n)
    assert (low[0], high[1]) == (0.0, 1.0)
    assert (high[0], low[1]) == pytest.approx((1 - 0.05**0.1, 0.05**0.1))
    assert np.isnan([low[2], high[2]]).all()


def test_clopper_pearson_takes_counts_that_are_no_whole_numbers():
    low, high = clopper_pearson([2.5], [7.5], z=critical_value(0.9))
    assert low[0] == pytest.approx(beta.ppf(0.05, 2.5, 6))
    assert high[0] == pytest.approx(beta.ppf(0.95, 3.5, 5))
    barely_over = clopper_pearson([10 * (1 + 1e-15)], [10], z=1.96)
    assert barely_over.high.tolist() == [1.0]


@pytest.mark.parametrize("n", [5, 40])
@pytest.mark.parametrize("tail", [0.05, 0.001])
def test_each_bound_of_clopper_pearson_keeps_its_tail_and_wilsons_does_not(n, tail):
    hits, z = np.arange(n + 1), NormalDist().inv_cdf(1 - tail)
    wrong = {
        method: max(
            float(binom.pmf(hits, n, rate)[bounds.low > rate].sum())
            for rate in np.linspace(0.001, 0.999, 400)
        )
        for method in (clopper_pearson, wilson)
        for bounds in [method(hits, [n] * (n + 1), z=z)]
    }
    assert wrong[clopper_pearson] <= tail
    assert wrong[wilson] > 1.2 * tail


@pytest.mark.parametrize("z", [0.5, 1.96, 4.0])
@pytest.mark.parametrize(("m", "k"), [(1, 1), (7, 300), (8_967_073, 145), (10**7, 10**7)])
def test_a_ratio_where_everybody_succeeds_has_a_closed_form(m, k, z):
    """The score equation is then m(1 − r) = z²r below the ratio, and k(r − 1) = z² above it."""
    low, high = koopman_ratio([m], [m], other_count=[k], other_n=[k], z=z)
    assert 1 - low[0] == pytest.approx(z * z / (m + z * z), rel=1e-6)
    assert high[0] - 1 == pytest.approx(z * z / k, rel=1e-6)
