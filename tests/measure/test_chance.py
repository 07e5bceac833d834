"""What chance alone shows, against answers in closed form."""

from math import pi, sqrt

import numpy as np
import pytest

from rai.measure.chance import chance
from rai.measure.contrasts import BETWEEN, OVERALL, contrasts


def found(
    make,
    cells,
    *,
    kind="difference",
    versus=BETWEEN,
    combine="worst_case",
    aggregate="worst_case",
    names=("selection_rate",),
):
    counts = make.rates(*cells)
    both = [make.compared(counts, name) for name in names]
    families = [contrasts(c.measured, versus=versus, rest=c.rest) for c in both]
    return chance(
        families, kind=kind, combine=combine, aggregate=aggregate, rng=np.random.default_rng(0)
    )


@pytest.mark.parametrize("rows", [200, 2000])
def test_two_equal_groups(make, rows):
    """The expected size of a difference of two normals: √(2/π) of its standard error."""
    null, p_value = found(make, [(rows // 2, rows)] * 2)
    assert null == pytest.approx(sqrt(2 / pi) * sqrt(0.5 / rows), rel=0.08)
    assert p_value == 1.0


def test_three_equal_groups(make):
    """The expected range of three normals is 3 / √π."""
    null, _ = found(make, [(500, 1000)] * 3)
    assert null == pytest.approx(3 / sqrt(pi) * sqrt(0.25 / 1000), rel=0.06)


def test_one_group_against_everyone(make):
    """Against everyone, two equal groups are half as far apart as from each other."""
    between, _ = found(make, [(500, 1000)] * 2)
    overall, _ = found(make, [(500, 1000)] * 2, versus=OVERALL)
    assert overall == pytest.approx(between / 2, rel=0.02)


def test_p_value_of_two_groups_is_the_score_test(make):
    # 0.52 against 0.48 of 2000: z = 0.04 / √(2 · 0.25 / 2000) = 2.53, p = 0.0114
    _, p_value = found(make, [(1040, 2000), (960, 2000)])
    assert p_value == pytest.approx(0.0114, abs=0.008)
    _, p_value = found(make, [(1020, 2000), (980, 2000)])  # z = 1.265, p = 0.206
    assert p_value == pytest.approx(0.206, abs=0.04)


def test_the_smallest_p_value_is_one_of_all_draws(make):
    assert found(make, [(990, 1000), (10, 1000)])[1] == 1 / 1001


def test_a_small_group_does_not_drown_the_others(make):
    """Two large groups are surely apart, whatever a group of four rows shows."""
    null, p_value = found(make, [(450, 1000), (550, 1000), (2, 4)])
    assert null > 0.15
    assert p_value < 0.01


def test_ratios_stay_between_0_and_1(make):
    assert 0.9 < found(make, [(500, 1000)] * 2, kind="ratio")[0] < 1
    assert 0 <= found(make, [(1, 3), (1, 4), (0, 2)], kind="ratio")[0] < 0.5
    # errors of a regression scatter below 0 in normal draws, but are not
    noisy = make.compared(make.moments(([1, 2], [1.5, 2]), ([1, 2, 3], [1, 2, 4])), "mae")
    family = contrasts(noisy.measured, versus=BETWEEN, rest=noisy.rest)
    null, _ = chance(
        [family],
        kind="ratio",
        combine="worst_case",
        aggregate="worst_case",
        rng=np.random.default_rng(0),
    )
    assert 0 <= null <= 1


def test_means_are_smaller_than_worst_cases(make):
    cells = [(50, 100)] * 4
    worst, _ = found(make, cells)
    mean, _ = found(make, cells, aggregate="mean")
    # of six pairs of normals: expected size 2/√π of a standard error against the range 2.059
    assert mean / worst == pytest.approx(2 / sqrt(pi) / 2.059, rel=0.05)
    both = ("selection_rate", "accuracy")
    assert found(make, cells, names=both)[0] > found(make, cells, names=both, combine="mean")[0]


def test_nothing_varies(make):
    assert found(make, [(0, 10), (0, 20)]) == (0.0, 1.0)
    null, p_value = found(make, [(0, 10), (0, 20)], kind="ratio")
    assert (np.isnan(null), p_value) == (True, 1.0)


def test_counts_have_no_chance(make):
    null, p_value = found(make, [(5, 10), (5, 20)], names=("count",))
    assert (np.isnan(null), p_value) == (True, None)
