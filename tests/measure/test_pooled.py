"""Gaps with something held fixed: standardized by hand, and the common odds ratio."""

from math import exp, log, sqrt

import numpy as np
import pytest

from rai.measure.gaps import Question
from rai.measure.metrics import find_metric
from rai.measure.pooled import (
    cmh_test,
    common_odds_ratio,
    mantel_haenszel_gap,
    standardized,
    standardized_gap,
)

# selection rates, (selected, rows) of A and B in two strata; A applies where few are taken
EASY = [(8, 10), (60, 100)]
HARD = [(30, 100), (2, 10)]


def strata(make, *levels, name="selection_rate", **options):
    return [find_metric(name).measure(make.rates(*level)) for level in levels]


def ask(pooled, levels, **changes):
    return pooled(levels, Question(**{"name": "selection_rate", "along": "g", **changes}))


def test_standardized_by_hand_turns_the_order_round(make):
    """Raw, A has 38 of 110 and B 62 of 110; in each stratum A has more."""
    found = ask(standardized_gap, strata(make, EASY, HARD))
    # both strata have 110 of 220 rows: A (0.8 + 0.3) / 2, B (0.6 + 0.2) / 2
    assert found.value == pytest.approx(0.55 - 0.4)
    assert (found.highest, found.lowest, found.n, found.note) == ("A", "B", 220, "over 2 levels")
    assert found.low <= found.value <= found.high
    assert (found.kind, found.versus) == ("difference", "between_groups")


def test_standardized_weights_are_everyones(make):
    uneven = strata(make, [(8, 10), (15, 20)], [(10, 50), (2, 20)])
    measured = standardized(uneven)
    assert measured.value.tolist() == [
        pytest.approx(0.3 * 0.8 + 0.7 * 0.2),
        pytest.approx(0.3 * 0.75 + 0.7 * 0.1),
    ]
    assert (measured.n.tolist(), measured.method) == ([60, 40], "standardized")
    ratio = ask(standardized_gap, uneven, kind="ratio")
    assert ratio.value == pytest.approx(0.295 / 0.38)


def test_one_level_is_the_plain_gap(make):
    found = ask(standardized_gap, strata(make, EASY))
    assert found.value == pytest.approx(0.2)
    assert found.note == "over 1 level"
    plain = make.gap(make.rates(*EASY), "selection_rate")
    assert [found.low, found.high] == [pytest.approx(plain.low), pytest.approx(plain.high)]


def test_levels_where_a_group_has_no_value_are_left_out(make):
    found = ask(standardized_gap, strata(make, EASY, [(5, 9), (0, 0)], HARD))
    assert found.value == pytest.approx(0.15)
    assert found.note == "over 2 of 3 levels; in the others a group has no selection rate"
    rates = [find_metric("tpr").measure(make.confusion(*cells)) for cells in (
        [(3, 0, 1, 5), (1, 0, 1, 5)], [(0, 2, 0, 3), (4, 0, 1, 0)],
    )]  # fmt: skip
    found = standardized_gap(rates, Question(name="true_positive_rate", along="g"))
    assert (found.value, found.note) == (
        pytest.approx(0.25), "over 1 of 2 levels; in the others a group has no true positive rate",
    )  # fmt: skip


def test_a_group_that_is_missing_from_a_level(make):
    lone = find_metric("selection_rate").measure(make.rates((5, 9)))
    found = ask(standardized_gap, [lone, *strata(make, EASY, HARD)])
    assert found.value == pytest.approx(0.15)
    assert found.n == 229


@pytest.mark.parametrize("pooled", [standardized_gap, mantel_haenszel_gap])
def test_no_level_to_compare_in(make, pooled):
    found = ask(pooled, strata(make, [(5, 9), (0, 0)], [(0, 0), (5, 9)]))
    assert (found.value, found.low, found.high, found.highest) == (None, None, None, None)
    assert (
        found.note
        == {
            standardized_gap: "undefined: no level in which every group has a value",
            mantel_haenszel_gap: "undefined: no level in which two groups have both outcomes",
        }[pooled]
    )


def test_a_pooled_ratio_keeps_its_own_reasons(make):
    nothing = ask(standardized_gap, strata(make, [(0, 9), (0, 8)], [(0, 5), (0, 4)]), kind="ratio")
    assert (nothing.value, nothing.note) == (
        None,
        "undefined: every rate is 0, so no ratio exists; over 2 levels",
    )
    signed = [find_metric("mcc").measure(make.confusion((3, 1, 1, 5), (2, 4, 3, 6))) for _ in range(2)]
    question = Question(name="matthews_correlation", along="g", kind="ratio")
    found = standardized_gap(signed, question, signed=True)
    assert (found.value, found.note) == (
        None, "undefined: a ratio of a metric that can be negative; over 2 levels",
    )  # fmt: skip


def test_metrics_without_a_denominator_weigh_by_rows(make):
    levels = [find_metric("informedness").measure(make.confusion(*cells)) for cells in (
        [(4, 1, 1, 4), (3, 1, 2, 4)], [(10, 5, 5, 10), (5, 5, 10, 10)],
    )]  # fmt: skip
    # 20 and 60 rows: A ¼ · 0.6 + ¾ · ⅓, B ¼ · 0.4 + ¾ · 0
    assert standardized(levels).value.tolist() == [pytest.approx(0.4), pytest.approx(0.1)]


def test_mantel_haenszel_by_hand(make):
    found = ask(mantel_haenszel_gap, strata(make, EASY, HARD))
    up, down = 8 * 40 / 110 + 30 * 8 / 110, 2 * 60 / 110 + 70 * 2 / 110
    assert found.value == pytest.approx(down / up)  # folded below 1: B to A
    assert (found.kind, found.highest, found.lowest, found.n) == ("odds_ratio", "A", "B", 220)
    assert found.note == "common odds ratio, lowest to highest; parity is 1; over 2 levels"
    assert found.low < found.value < found.high
    assert found.null is None


def test_one_table_has_woolfs_interval(make):
    """With one stratum the variance of Robins, Breslow and Greenland is the sum of 1 / cell."""
    found = ask(mantel_haenszel_gap, strata(make, [(30, 100), (60, 100)]))
    ratio, reach = 30 * 40 / (60 * 70), 1.959963984540054 * sqrt(1 / 30 + 1 / 70 + 1 / 60 + 1 / 40)
    assert [found.value, found.low, found.high] == [
        pytest.approx(v) for v in (ratio, exp(log(ratio) - reach), exp(log(ratio) + reach))
    ]


def test_mantel_haenszel_over_more_groups_shares_the_level(make):
    levels = strata(make, [(30, 100), (60, 100), (50, 100)])
    found = ask(mantel_haenszel_gap, levels)
    reach = 2.3939797998185104 * sqrt(1 / 30 + 1 / 70 + 1 / 60 + 1 / 40)  # z of 1 − 0.05 / 3
    assert (found.highest, found.lowest) == ("B", "A")
    assert found.low == pytest.approx(2 / 7 * exp(-reach))
    to_one = ask(mantel_haenszel_gap, levels, versus="C")
    assert (to_one.highest, to_one.lowest) == ("C", "A")
    assert to_one.value == pytest.approx(30 * 50 / (50 * 70))


def test_a_group_with_no_odds(make):
    found = ask(mantel_haenszel_gap, strata(make, [(0, 10), (6, 10)]))
    assert (found.value, found.low, found.high, found.lowest) == (0.0, None, None, "A")
    assert found.note == (
        "common odds ratio, lowest to highest; parity is 1; over 1 level; "
        "no interval: the odds of one group are 0 throughout"
    )
    turned = ask(mantel_haenszel_gap, strata(make, [(6, 10), (0, 10)]))
    assert (turned.value, turned.lowest) == (0.0, "B")


def test_cmh_by_hand():
    table = np.array([[[8.0, 2.0], [60.0, 40.0]], [[30.0, 70.0], [2.0, 8.0]]])
    expected = 10 * 68 / 110 + 100 * 32 / 110
    variance = sum(10 * 100 * yes * (110 - yes) / (110**2 * 109) for yes in (68, 32))
    statistic = (abs(38 - expected) - 0.5) ** 2 / variance
    from scipy.stats import chi2

    assert cmh_test(table) == pytest.approx(chi2.sf(statistic, 1))
    assert cmh_test(np.zeros((0, 2, 2))) == 1.0
    assert cmh_test(np.array([[[5.0, 0.0], [7.0, 0.0]]])) == 1.0


def test_common_odds_ratio_at_its_ends():
    assert common_odds_ratio(np.array([[[1.0, 0.0], [3.0, 2.0]]])) == float("inf")
    assert common_odds_ratio(np.array([[[0.0, 4.0], [3.0, 2.0]]])) == 0.0
    assert np.isnan(common_odds_ratio(np.array([[[5.0, 0.0], [3.0, 0.0]]])))
