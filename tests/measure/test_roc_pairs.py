"""Which ROC curves are compared: all pairs, each with a reference, each with all others."""

import numpy as np
import pytest

from rai.measure.roc import area_between
from rai.measure.roc_auc import roc_areas
from rai.measure.roc_pairs import roc_pairs
from rai.values import Tally


@pytest.fixture
def tally():
    """Groups A to D in four bins; D has no negative rows."""
    n = np.array(
        [
            [[0, 4, 2, 1, 0], [0, 1, 1, 2, 6]],
            [[0, 3, 3, 3, 1], [0, 1, 2, 3, 4]],
            [[0, 5, 5, 0, 0], [0, 5, 0, 5, 0]],
            [[0, 0, 0, 0, 0], [0, 1, 1, 1, 1]],
        ]
    )
    keys = tuple((name,) for name in "ABCD")
    return Tally(("g",), keys, (0, 1), np.arange(1.0, 5), (), n, exact=True)


def test_every_pair(tally):
    pairs = roc_pairs(tally, roc_areas(tally), versus="between_groups")
    assert pairs.names == ("A", "B", "C")
    assert pairs.pairs == [(0, 1), (0, 2), (1, 2)]
    assert (pairs.positives.tolist(), pairs.negatives.tolist()) == ([10, 10, 10], [7, 10, 10])
    assert pairs.areas_between[1] == area_between(pairs.rocs[0], pairs.rocs[2])
    assert pairs.pair_slack.tolist() == [0, 0, 0]


def test_a_reference(tally):
    pairs = roc_pairs(tally, roc_areas(tally), versus="B")
    assert [(pairs.names[i], pairs.names[j]) for i, j in pairs.pairs] == [("A", "B"), ("C", "B")]


def test_everyone_else(tally):
    """D has no curve of its own, but its rows are among the others."""
    pairs = roc_pairs(tally, roc_areas(tally), versus="to_overall")
    assert pairs.names == ("A", "B", "C", "overall", "overall", "overall")
    assert pairs.pairs == [(0, 3), (1, 4), (2, 5)]
    assert pairs.positives.tolist() == [10, 10, 10, 24, 24, 24]
    rest = Tally(("g",), (("x",),), (0, 1), tally.edges, (), tally.n[1:].sum(0)[None], exact=True)
    assert pairs.areas[3] == pytest.approx(roc_areas(rest).value[0])


@pytest.mark.parametrize("versus", ["D", "E"])
def test_a_reference_without_a_curve(tally, versus):
    assert roc_pairs(tally, roc_areas(tally), versus=versus) is None


@pytest.mark.parametrize("versus", ["between_groups", "to_overall", "A"])
def test_a_single_curve_has_nothing_to_compare_with(tally, versus):
    alone = tally.by("g")
    alone = Tally(("g",), (("A",),), (0, 1), alone.edges, (), alone.n[:1], exact=True)
    assert roc_pairs(alone, roc_areas(alone), versus=versus) is None


def test_effective_rows_are_whole_and_at_least_one(tally):
    weight = tally.n * 1.0
    light = Tally(
        ("g",), tally.groups, (0, 1), tally.edges, (), tally.n, weight, tally.n * 30.0, exact=True
    )
    pairs = roc_pairs(light, roc_areas(light), versus="between_groups")
    assert pairs.positives.tolist() == [1, 1, 1]
