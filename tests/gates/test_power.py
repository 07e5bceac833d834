"""How many rows a verdict takes, against formulas worked out by hand."""

import math
from statistics import NormalDist

import pytest
from scipy.stats import studentized_range

from rai.gates.power import POWER, Power

Z = NormalDist().inv_cdf


def power(**changes):
    given = {"error": 0.05, "distance": 0.1, "n": 200, "limit": 0.1, **changes}
    return Power(**given)


def test_one_quantity_takes_what_textbooks_say():
    # (z.95 + z.80)² σ² / δ², Chow, Shao and Wang (2008), one-sided
    p, n, distance = 0.3, 200, 0.05
    one = power(error=math.sqrt(p * (1 - p) / n), distance=distance, n=n)
    assert one.rows_needed(0.05) == math.ceil((Z(0.95) + Z(0.8)) ** 2 * p * (1 - p) / distance**2)
    assert one.rows_needed(0.05) == 520


def test_the_error_at_the_limit_is_another_one():
    # n = (z.95 √(p₀q₀) + z.80 √(p₁q₁))² / (p₁ − p₀)²
    p0, p1, n = 0.2, 0.15, 100
    one = power(
        error=math.sqrt(p1 * (1 - p1) / n),
        limit_error=math.sqrt(p0 * (1 - p0) / n),
        distance=p0 - p1,
        limit=p0,
        n=n,
    )
    by_hand = ((Z(0.95) * math.sqrt(p0 * (1 - p0)) + Z(0.8) * math.sqrt(p1 * (1 - p1))) / (p1 - p0)) ** 2
    assert one.rows_needed(0.05) == math.ceil(by_hand) == 368
    reach = (Z(0.95) + Z(0.8)) * 0.04
    assert one.detectable(0.05) == pytest.approx(0.2 + reach)


@pytest.mark.parametrize(("rate", "needed"), [(0.05, 6535), (0.1, 3096), (0.3, 803), (0.5, 344)])
def test_two_equal_groups_have_two_sides(rate, needed):
    # 2 (1 − p) / p × ((z.95 + z.90) / ln 1.25)²: either group may seem the lower one
    error = math.sqrt(2 * (1 - rate) / rate / 100)
    fair = power(
        error=error, distance=math.log(1.25), groups=2, n=100, limit=0.8, scale="ratio", worse=-1
    )
    by_hand = 2 * (1 - rate) / rate * ((Z(0.95) + Z(0.9)) / math.log(1.25)) ** 2
    assert fair.rows_needed(0.05) == pytest.approx(by_hand, abs=1.5)
    assert fair.rows_needed(0.05) == pytest.approx(needed, abs=1)


def test_more_groups_take_more_rows_and_show_less():
    each = [power(groups=groups) for groups in (2, 3, 5, 10, 20)]
    needed, detectable = ([f(one) for one in each] for f in (_needed, _detectable))
    assert needed == sorted(needed)
    assert detectable == sorted(detectable)
    stray, near = (studentized_range.ppf(share, 5, 1e7) / math.sqrt(2) for share in (0.8, 0.95))
    assert needed[2] == pytest.approx(200 * ((Z(0.95) + stray) / 2) ** 2, rel=0.002)
    assert detectable[2] == pytest.approx(0.1 + 0.05 * (near + Z(0.8)), rel=0.001)


def _needed(one):
    return one.rows_needed(0.05)


def _detectable(one):
    return one.detectable(0.05)


def test_two_groups_need_a_two_sided_bound_to_fail():
    assert power(groups=2).detectable(0.05) == pytest.approx(
        0.1 + 0.05 * (Z(0.975) + Z(POWER)), abs=1e-4
    )
    assert power().detectable(0.05) == pytest.approx(0.1 + 0.05 * (Z(0.95) + Z(POWER)))


def test_what_is_detectable_lies_on_the_side_that_is_worse():
    reach = 0.05 * (Z(0.95) + Z(0.8))
    assert power(worse=-1, limit=0.9).detectable(0.05) == pytest.approx(0.9 - reach)
    ratio = power(worse=-1, limit=0.8, scale="ratio")
    assert ratio.detectable(0.05) == pytest.approx(0.8 * math.exp(-reach))


def test_a_smaller_error_takes_more_rows():
    assert power().rows_needed(0.01) > power().rows_needed(0.05)
    assert power().detectable(0.01) > power().detectable(0.05)


def test_where_there_are_rows_enough_the_value_seen_is_looked_at():
    enough = power(error=0.01, distance=0.1, seen_error=0.01, seen_distance=0.005)
    assert enough.rows_needed(0.05) == math.ceil(200 * ((Z(0.95) + Z(0.8)) * 2) ** 2)
    assert power(error=0.01).rows_needed(0.05) is None
    assert power(error=0.01, seen_error=0.01, seen_distance=0.1).rows_needed(0.05) is None


@pytest.mark.parametrize(
    "changes", [{"distance": 0.0}, {"error": math.nan}, {"error": math.inf}, {"distance": 1e-12}]
)
def test_no_number_where_there_is_none_to_tell(changes):
    assert power(**changes).rows_needed(0.05) is None


def test_nothing_is_detectable_without_an_error():
    assert power(error=math.nan).detectable(0.05) is None
