"""What is read from a tally of scores: points of each group, and the answers put together."""

import numpy as np
import pytest

from rai.measure.intervals import Bounds
from rai.measure.score_points import (
    Answer,
    binned_note,
    binned_within,
    group_metric,
    joined,
    score_points,
    student,
)
from rai.values import Tally


def tally(n, *, edges=(0.2, 0.6), weight=None, exact=True):
    n = np.array(n, dtype=np.int64)
    cells = [None, None] if weight is None else [n * weight, n * weight**2]
    keys = tuple((name,) for name in "ABC"[: len(n)])
    return Tally(("g",), keys, (0, 1), np.array(edges), (), n, *cells, exact=exact)


TWO = [[[0, 3, 1], [0, 0, 2]], [[0, 0, 0], [0, 5, 0]]]


def test_each_group_has_the_scores_that_occur_in_it():
    first, second = score_points(tally(TWO))
    assert (first.score.tolist(), first.weight.tolist()) == ([0.2, 0.6], [[3.0, 1.0], [0.0, 2.0]])
    assert (first.n, first.all, first.rate, first.trials) == (6, 6.0, pytest.approx(1 / 3), 6.0)
    assert (first.total.tolist(), first.rows.tolist()) == ([3.0, 3.0], [3, 3])
    assert first.residual.tolist() == [[-0.2, -0.6], [0.8, pytest.approx(0.4)]]
    assert (second.score.tolist(), second.weight.tolist(), second.span) == (
        [0.2],
        [[0], [5]],
        (0.2, 0.6),
    )
    assert not first.binned
    assert first.problem() == second.problem() == ""


def test_weights_and_their_squares():
    first, _ = score_points(tally(TWO, weight=0.5))
    assert (first.weight.sum(), first.square.sum()) == (3.0, 1.5)
    assert (first.trials, first.row_weight) == (6.0, 0.5)
    assert first.rows.tolist() == [3, 3]


def test_bins_that_are_not_exact_have_slack():
    (points,) = score_points(tally([[[2, 0, 0], [1, 0, 3]]], exact=False))
    np.testing.assert_allclose(points.score, [0.1, 0.8])
    np.testing.assert_allclose(points.slack, [0.1, 0.2])
    assert points.binned
    assert points.mean_slack == pytest.approx((3 * 0.1 + 3 * 0.2) / 6)


def test_a_group_without_rows_says_so():
    (points,) = score_points(tally([[[0, 0, 0], [0, 0, 0]]]))
    assert points.problem() == "undefined: no rows (n=0)"
    (points,) = score_points(tally([[[0, 1, 0], [0, 2, 0]]], weight=0.0))
    assert points.problem() == "undefined: no rows with weight (n=3)"


def test_scores_that_are_no_probabilities_say_so_in_every_group():
    for points in score_points(tally(TWO, edges=(-3.0, 0.5))):
        assert points.problem() == (
            "undefined: scores from -3 to 0.5 are no probabilities; turn them into probabilities first "
            f"(n={points.n})"
        )


def test_a_threshold_beyond_the_scores_is_no_score():
    (points,) = score_points(tally([[[0, 1, 0], [0, 2, 0]]], edges=(0.5, 3.0)))
    assert points.problem() == ""


def test_answers_become_a_metric():
    def found(points):
        return Answer(value=points.rate, basis=(points.rate, 0.1, 0.0), slack=0.05, note=f"n {points.n}")

    def reach(basis, z):
        return Bounds(basis[0] - z * basis[1], basis[0] + z * basis[1])

    counts = tally([*TWO, [[0, 0, 0], [0, 0, 0]]])
    metric = group_metric("x", counts, found, method="m", reach=reach, limits=(0.0, 1.0))
    low, high = metric.bounds(2.0)
    np.testing.assert_allclose(low, [1 / 3 - 0.25, 0.75, np.nan])
    np.testing.assert_allclose(high, [1 / 3 + 0.25, 1.0, np.nan])
    assert metric.notes == ("n 6", "n 5", "undefined: no rows (n=0)")
    assert [estimate.value for estimate in metric.estimates(level=0.95)] == [
        pytest.approx(1 / 3), 1.0, None,
    ]  # fmt: skip


def test_students_interval():
    low, high = student(np.array([[1.0], [0.5], [3.0]]), 1.959963984540054)
    assert (low[0], high[0]) == (
        pytest.approx(1 - 0.5 * 3.18244630),
        pytest.approx(1 + 0.5 * 3.18244630),
    )


def test_notes():
    assert binned_within(0.000491, "x") == "binned: within 0.0005 of x"
    assert joined("a", "", "b") == "a; b"
    exact, _ = score_points(tally(TWO))
    assert binned_note(exact, 0.1) == ""
