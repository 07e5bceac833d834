"""One critical value for a family, and Holm's adjustment."""

import numpy as np
import pytest

from rai.measure.contrasts import BETWEEN, OVERALL, contrasts
from rai.measure.intervals import critical_value
from rai.measure.simultaneous import family_critical_value, holm, largest_statistic, range_quantile


def families(make, cells, names=("selection_rate",), versus=BETWEEN):
    counts = make.rates(*cells)
    found = [make.compared(counts, name) for name in names]
    return [contrasts(c.measured, versus=versus, rest=c.rest) for c in found]


def critical(make, cells, level=0.95, **options):
    return family_critical_value(
        families(make, cells, **options), level=level, rng=np.random.default_rng(0)
    )


@pytest.mark.parametrize(
    ("level", "groups", "quantile"),
    [  # Harter's table of the studentized range, infinite freedom
        (0.95, 2, 2.772), (0.95, 3, 3.314), (0.95, 5, 3.858), (0.95, 20, 5.012), (0.99, 3, 4.120),
        (0.99, 10, 5.157), (0.90, 4, 3.240), (0.95, 100, 6.085),
    ],
)  # fmt: skip
def test_range_quantile_is_tukeys(level, groups, quantile):
    assert range_quantile(level, groups) == pytest.approx(quantile, abs=2e-3)


def test_range_of_two_is_a_difference():
    for level in (0.5, 0.9, 0.999):
        assert range_quantile(level, 2) == pytest.approx(critical_value(level) * 2**0.5, abs=1e-4)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_one_comparison_needs_no_more_than_z(make, level):
    assert critical(make, [(3, 9), (5, 9)], level) == (critical_value(level), False, False)


@pytest.mark.parametrize("groups", [3, 6, 12])
def test_all_pairs_of_equal_groups_are_tukeys(make, groups):
    """With equal standard errors the calibration is exact; a tenth of the error is spared."""
    found = critical(make, [(20, 50)] * groups)
    assert found.far
    assert found.z == pytest.approx(range_quantile(0.955, groups) / 2**0.5, rel=1e-9)


def test_unequal_groups_are_close_and_below(make):
    found = critical(make, [(20, 50), (2, 5), (2000, 5000), (7, 9)])
    tukey = range_quantile(0.955, 4) / 2**0.5
    assert critical_value(0.95) < found.z <= tukey * 1.01


def test_fewer_comparisons_need_less(make):
    cells = [(20, 50)] * 6
    to_one, to_all, pairs = (critical(make, cells, versus=v).z for v in ("A", OVERALL, BETWEEN))
    assert critical_value(0.955) < to_one < pairs
    assert critical_value(0.955) < to_all < pairs


def test_more_metrics_need_more(make):
    cells = [(20, 50)] * 4
    one, two = (
        critical(make, cells, names=n).z for n in (("selection_rate",), ("selection_rate", "accuracy"))
    )
    assert one < two
    assert two == pytest.approx(range_quantile(0.955**0.5, 4) / 2**0.5, rel=0.02)


def test_a_higher_level_needs_more(make):
    found = [critical(make, [(20, 50), (3, 9), (70, 90)], level).z for level in (0.5, 0.9, 0.95, 0.99)]
    assert found == sorted(set(found))


def test_more_than_a_thousand_pairs_are_tukeys_at_once(make):
    cells = [(place % 7 + 1, 10 + place) for place in range(26)]
    doubled = make.rates(*cells, *cells)  # 52 groups have 1,326 pairs; beyond 26 the names run out
    many = type(doubled)(
        doubled.axes, tuple((str(i),) for i in range(52)), doubled.n, doubled.weight, doubled.weight_sq
    )
    both = make.compared(many, "selection_rate")
    family = contrasts(both.measured, versus=BETWEEN, rest=both.rest)
    found = family_critical_value([family], level=0.95, rng=np.random.default_rng(0))
    assert len(family.at) == 1326
    assert found == (pytest.approx(range_quantile(0.955, 52) / 2**0.5, rel=1e-9), True, False)
    drawn = largest_statistic(
        family,
        np.random.default_rng(1).standard_normal((2000, 52)) * family.measured.spread,
        family.measured.spread,
    )
    assert float((drawn > found.z).mean()) <= 0.05


def test_largest_statistic_by_hand(make):
    (family,) = families(make, [(1, 2), (1, 2), (1, 2)])
    spread = np.array([3.0, 4.0, 0.0])
    # |0 − 10| / 5 and |0 − 6| / 3 and |10 − 6| / 4
    assert largest_statistic(family, np.array([[0.0, 10.0, 6.0], [1.0, 1.0, 1.0]]), spread).tolist() == [
        2.0,
        0.0,
    ]
    assert largest_statistic(family, np.array([[0.0, 10.0, 6.0]]), np.zeros(3)).tolist() == [0.0]


@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        ([], []),
        ([0.2], [0.2]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.001, 0.5], [1.0, 0.003, 1.0]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([0.04, 0.01, 0.02, 0.03], [0.06, 0.04, 0.06, 0.06]),
    ],
)
def test_holm(p_values, adjusted):
    assert holm(p_values) == pytest.approx(adjusted)
