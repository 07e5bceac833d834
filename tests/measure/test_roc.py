"""ROC curves as polygons: corners, heights beside a vertical piece, and the area between two."""

import numpy as np
import pytest

import rai
from rai.measure.roc import Roc, area_between, corners, lowest_threshold, roc_of, selections, sides
from rai.values import Tally


def roc(*points):
    x, y = zip(*points, strict=True)
    return Roc(np.array(x, float), np.array(y, float))


CHANCE = roc((0, 0), (1, 1))
PERFECT = roc((0, 0), (0, 1), (1, 1))


@pytest.mark.parametrize(
    ("x", "y", "kept"),
    [
        ([0, 0, 0, 1, 2], [0, 1, 3, 3, 3], [0, 2, 4]),
        ([0, 1, 2, 4], [0, 1, 2, 4], [0, 3]),
        ([0, 1, 2, 4], [0, 1, 2, 3], [0, 2, 3]),
        ([0, 2], [0, 3], [0, 1]),
        ([0], [0], [0]),
    ],
)
def test_corners_are_where_the_curve_turns(x, y, kept):
    assert corners(np.array(x, float), np.array(y, float)).tolist() == kept


def test_heights_differ_where_the_curve_is_vertical():
    steps = roc((0, 0), (0, 0.4), (0.5, 0.4), (0.5, 0.8), (1, 1))
    left, right = sides(steps, np.array([0.0, 0.25, 0.5, 0.75, 1.0]))
    assert left == pytest.approx([0.0, 0.4, 0.4, 0.9, 1.0])
    assert right == pytest.approx([0.4, 0.4, 0.8, 0.9, 1.0])


@pytest.mark.parametrize(
    ("first", "second", "area"),
    [
        (CHANCE, CHANCE, 0.0),
        (PERFECT, CHANCE, 0.5),
        # crossing in the middle: twice a triangle of base ½ and height ½
        (roc((0, 0), (0, 0.5), (1, 0.5), (1, 1)), CHANCE, 0.25),
        # above by 0.2 at x = ½, a triangle on the whole line
        (roc((0, 0), (0.5, 0.7), (1, 1)), CHANCE, 0.1),
        # one climbs at once, the other half way
        (roc((0, 0), (0.5, 0), (0.5, 1), (1, 1)), PERFECT, 0.5),
    ],
)
def test_areas_by_hand(first, second, area):
    assert area_between(first, second) == pytest.approx(area)
    assert area_between(second, first) == pytest.approx(area)


def test_the_triangle_inequality():
    rng = np.random.default_rng(0)

    def drawn():
        x, y = np.sort(rng.random((2, 9)).round(1), axis=1)
        return Roc(np.r_[0, x, 1], np.r_[0, y, 1])

    for _ in range(200):
        a, b, c = drawn(), drawn(), drawn()
        assert area_between(a, c) <= area_between(a, b) + area_between(b, c) + 1e-12
        assert area_between(a, a) == pytest.approx(0.0, abs=1e-15)


def test_selections_stand_at_the_scores_of_their_group():
    audit = rai.audit(
        y_true=[1, 0, 1, 0], y_score=[0.9, 0.4, 0.4, 0.2], bins="exact",
        sensitive_features={"g": ["A", "A", "A", "B"]}, sample_weight=[1.0, 2.0, 3.0, 4.0],
    )  # fmt: skip
    first, second = selections(audit.tally)
    assert first.threshold.tolist() == [np.inf, 0.9, 0.4]
    assert (first.tp.tolist(), first.fp.tolist()) == ([0, 1, 4], [0, 0, 2])
    assert (first.tp_squares.tolist(), first.fp_squares.tolist()) == ([0, 1, 10], [0, 0, 4])
    assert second.threshold.tolist() == [np.inf, 0.2]
    drawn = roc_of(first)
    assert (drawn.x.tolist(), drawn.y.tolist()) == ([0, 0, 1], [0, 0.25, 1])


@pytest.mark.parametrize(
    ("edges", "exact", "lowest"),
    [([0.2, 0.5], True, 0.2), ([0.2, 0.5], False, 0.0), ([-1.0, 0.5], False, -np.inf)],
)
def test_the_lowest_threshold_selects_everyone(edges, exact, lowest):
    n = np.zeros((1, 2, 3), dtype=np.int64)
    tally = Tally(("g",), (("A",),), (0, 1), np.array(edges), (), n, exact=exact)
    assert lowest_threshold(tally) == lowest
