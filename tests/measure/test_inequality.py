"""Inequality between groups, worked out by hand."""

from math import log

import pytest

from rai.measure.gaps import Question
from rai.measure.inequality import between_group_index, noncentrality_bounds


def ask(counts, name="between_group_entropy", **changes):
    return between_group_index(
        counts, Question(**{"name": name, "along": "g", "kind": "index", **changes})
    )


def test_entropy_by_hand(make):
    # A: 20 rows, 2 false positives and 6 false negatives, mean benefit 0.8
    # B: 10 rows, 3 false positives and 0 false negatives, mean benefit 1.3; all 29/30
    found = ask(make.confusion((6, 2, 6, 6), (5, 3, 0, 2)))
    mean = 29 / 30
    assert found.value == pytest.approx(
        (2 / 3 * (0.8 / mean - 1) ** 2 + 1 / 3 * (1.3 / mean - 1) ** 2) / 2
    )
    assert (found.highest, found.lowest, found.n, found.note) == ("B", "A", 30, "")
    assert (found.kind, found.versus, found.metric) == (
        "index",
        "between_groups",
        "between_group_entropy",
    )
    # the variance within: benefits squared less the mean's square, averaged by rows
    variance = 2 / 3 * (8 / 20 - 0.2**2) + 1 / 3 * (3 / 10 - 0.3**2)
    assert found.null == pytest.approx(variance / (2 * 30 * mean**2))
    assert found.low <= found.value <= found.high


def test_theil_by_hand(make):
    found = ask(make.confusion((6, 2, 6, 6), (5, 3, 0, 2)), "between_group_theil")
    mean = 29 / 30
    assert found.value == pytest.approx(
        2 / 3 * 0.8 / mean * log(0.8 / mean) + 1 / 3 * 1.3 / mean * log(1.3 / mean)
    )
    assert found.low <= found.value <= found.high


def test_a_group_with_nothing_at_all(make):
    """Every row of B is a false negative: 0 · ln 0 counts as 0."""
    found = ask(make.confusion((5, 0, 0, 5), (0, 0, 10, 0)), "between_group_theil")
    assert found.value == pytest.approx(log(2))
    assert found.note == "no interval: every row has the same benefit as the rest of its group"


def test_equal_groups_share_equally(make):
    found = ask(make.confusion((3, 2, 2, 3), (6, 4, 4, 6)))
    assert (found.value, found.low, found.p_value) == (0.0, 0.0, 1.0)
    theil = ask(make.confusion((3, 2, 2, 3), (6, 4, 4, 6)), "between_group_theil")
    assert (theil.value, theil.low, theil.p_value) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ([(3, 2, 2, 3)], "undefined: fewer than two groups with rows"),
        ([(3, 2, 2, 3), (0, 0, 0, 0)], "undefined: fewer than two groups with rows"),
        ([(0, 0, 5, 0), (0, 0, 3, 0)], "undefined: no benefit to share"),
    ],
)
def test_undefined(make, cells, note):
    found = ask(make.confusion(*cells))
    assert (found.value, found.low, found.high, found.p_value, found.note) == (
        None,
        None,
        None,
        None,
        note,
    )


def test_right_every_time(make):
    found = ask(make.confusion((5, 0, 0, 5), (4, 0, 0, 9)))
    assert (found.value, found.low, found.high) == (0.0, None, None)
    assert found.note == "no interval: every row has the same benefit as the rest of its group"


def test_weights_widen_by_kish(make):
    cells = [(6, 2, 6, 6), (5, 3, 0, 2)]
    plain, heavy = (ask(make.confusion(*cells, weight=w)) for w in (None, 9))
    assert heavy.value == pytest.approx(plain.value)
    assert heavy.high == pytest.approx(plain.high)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_noncentrality_turns_its_distribution_over(level):
    from scipy.stats import ncx2

    low, high = noncentrality_bounds(20.0, 2, level=level)
    assert ncx2.cdf(20.0, 2, low) == pytest.approx(1 - (1 - level) / 2, abs=1e-6)
    assert ncx2.cdf(20.0, 2, high) == pytest.approx((1 - level) / 2, abs=1e-6)


def test_noncentrality_of_little_is_nothing():
    assert noncentrality_bounds(0.0, 3, level=0.95) == (0.0, 0.0)
    assert noncentrality_bounds(0.001, 1, level=0.95)[0] == 0.0
