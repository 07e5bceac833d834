"""Confusion matrices at many thresholds at once are those at each threshold alone."""

import numpy as np
import pytest

import rai
from rai import ArgumentError, TallyError
from rai.measure.at_thresholds import at_thresholds, check_points, nearest, selected_from, threshold_grid


def audit_of(rows=60, bins="exact", axis="sex", **options):
    rng = np.random.default_rng(rows)
    return rai.audit(
        y_true=rng.integers(0, 2, rows), y_score=rng.random(rows).round(2), positive_label=1,
        sensitive_features={axis: rng.choice(list("FM"), rows), "city": rng.choice(list("XYZ"), rows)},
        bins=bins, **options,
    )  # fmt: skip


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("bins", ["exact", 20])
def test_each_threshold_is_counted_as_if_alone(bins, weights):
    weight = np.random.default_rng(0).exponential(size=60) if weights else None
    tally = audit_of(bins=bins, sample_weight=weight).tally
    thresholds = np.array([-np.inf, 0.05, 0.5, 0.95, np.inf])
    found = at_thresholds(tally, thresholds)
    assert found.axes == ("sex", "city", "threshold")
    for threshold in thresholds:
        ours, theirs = found.only(threshold=float(threshold)), tally.confusion(threshold)
        assert ours.groups == theirs.groups
        for name in ("n", "weight", "weight_sq"):
            np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=1e-12)
    assert found.weighted == weights


def test_thresholds_between_scores_select_what_lies_above():
    tally = audit_of().tally
    between = at_thresholds(tally, np.array([-3.0, 0.123456, 0.12345678, 7.0]))
    for threshold in (-3.0, 0.123456, 0.12345678, 7.0):
        assert between.only(threshold=threshold).n.tolist() == tally.confusion(threshold).n.tolist()


def test_a_threshold_that_is_no_edge_is_an_error():
    with pytest.raises(TallyError, match=r"threshold 0.123 is not an edge of this tally"):
        at_thresholds(audit_of(bins=20).tally, np.array([0.5, 0.123]))


def test_an_axis_of_that_name_is_refused():
    with pytest.raises(ArgumentError) as error:
        audit_of(axis="threshold").curves("tpr")
    assert str(error.value) == (
        "curves: an axis named 'threshold'; expected another name. Rename the column."
    )


def test_sums_from_each_cut_on():
    cells = np.arange(10).reshape(1, 2, 5)
    found = selected_from(cells, np.array([0, 3, 3, 5, 4]))
    assert found.tolist() == [[[10, 7, 7, 0, 4], [35, 17, 17, 0, 9]]]


@pytest.mark.parametrize(
    ("bins", "most", "count", "first", "second"),
    [(1000, 201, 199, 0.005, 0.01), (1000, 41, 39, 0.025, 0.05), (100, 201, 99, 0.01, 0.02),
     (7, 5, 3, 2 / 7, 0.5)],
)  # fmt: skip
def test_a_grid_is_even_where_bins_are(bins, most, count, first, second):
    grid = threshold_grid(audit_of(bins=bins).tally, most=most)
    assert (len(grid), grid[0], grid[1]) == (count, first, second)


def test_a_grid_of_exact_scores_is_even_among_them():
    tally = audit_of(rows=5000).tally
    assert len(tally.edges) == 101
    assert threshold_grid(tally, most=101).tolist() == tally.edges.tolist()
    assert threshold_grid(tally, most=11).tolist() == tally.edges[::10].tolist()


def test_some_thresholds_always_belong_to_it():
    tally = audit_of(bins=1000, thresholds=[0.3333]).tally
    assert 0.3333 not in threshold_grid(tally, most=41)
    grid = threshold_grid(tally, most=41, always=(0.3333,))
    assert 0.3333 in grid
    assert (np.diff(grid) > 0).all()


def test_the_nearest_edges():
    edges = np.array([0.1, 0.2, 0.4])
    assert nearest(edges, np.array([0.14, 0.16, 0.31])).tolist() == [0, 1, 2]
    assert nearest(edges, np.array([-1.0, 0.16, 9.0])).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("points", "found"), [(0.5, [0.5]), ([0.7, 0.2, 0.7], [0.2, 0.7]), (np.array([1]), [1.0])]
)
def test_points_are_put_in_order(points, found):
    assert check_points(points, where="points").tolist() == found


@pytest.mark.parametrize(
    ("points", "seen"),
    [([], "none"), ([0.5, np.nan], "nan"), ([np.inf], "inf"), ("high", "'high'"), (["a"], "['a']"),
     ({"x": 1}, "{'x': 1}")],
)  # fmt: skip
def test_points_that_are_no_thresholds(points, seen):
    with pytest.raises(ArgumentError) as error:
        check_points(points, where="points")
    assert str(error.value) == f"points: {seen}; expected finite thresholds."
