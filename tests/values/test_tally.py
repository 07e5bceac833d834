"""The tally: addition, thresholds, one class against the rest, and every refusal."""

import numpy as np
import pytest

from rai import TallyError

ONE = [[[4, 1], [2, 3]]]  # label × predicted: tn fp, fn tp
SCORES = [[[5, 4, 3, 2], [1, 2, 3, 4]], [[1, 0, 0, 1], [0, 2, 0, 2]]]
CLASSES = [[[3, 1, 0], [1, 2, 0], [0, 1, 4]]]
ABC = {"labels": ("a", "b", "c"), "outcomes": ("a", "b", "c"), "edges": None}


def test_addition_is_over_the_union_of_groups(tally, same):
    f, m = tally([("F",)], ONE), tally([("M",)], [[[1, 1], [1, 1]]], dropped={"missing y_true": 2})
    both = f + m
    assert both.groups == (("F",), ("M",))
    assert both.n.tolist() == [[[4, 1], [2, 3]], [[1, 1], [1, 1]]]
    assert same(both, m + f)
    assert (f + f).n.tolist() == [[[8, 2], [4, 6]]]
    assert ((both + m).dropped, (both + m).rows) == ({"missing y_true": 4}, 18)


def test_addition_is_associative(tally, same):
    rng = np.random.default_rng(0)
    parts = [
        tally(
            [(g,) for g in groups],
            rng.integers(0, 9, (len(groups), 2, 2)),
            weight=w,
            dropped={groups: 1},
        )
        for groups, w in (("ab", 1), ("bc", 2), ("a", 0.5))
    ]
    left, right = (parts[0] + parts[1]) + parts[2], parts[0] + (parts[1] + parts[2])
    assert same(left, right)
    assert dict(left.dropped) == dict(right.dropped) == {"a": 1, "ab": 1, "bc": 1}
    assert same(parts[0] + parts[1], parts[1] + parts[0])


def test_weights_add_up(tally):
    both = tally([("F",)], ONE, weight=2) + tally([("F",)], ONE, weight=0.5)
    assert both.weight.tolist() == [[[10.0, 2.5], [5.0, 7.5]]]
    assert both.weight_sq.tolist() == [[[17.0, 4.25], [8.5, 12.75]]]


def test_classes_of_either_side(tally):
    first = tally([("F",)], [[[1, 2], [3, 4]]], labels=("a", "c"), outcomes=("a", "c"), edges=None)
    second = tally([("F",)], [[[5, 6], [7, 8]]], labels=("b", "c"), outcomes=("b", "c"), edges=None)
    both = first + second
    assert (both.labels, both.outcomes) == (("a", "b", "c"), ("a", "b", "c"))
    assert both.n[0].tolist() == [[1, 0, 2], [0, 5, 6], [3, 7, 12]]


def test_exact_edges_merge(tally):
    first = tally([("F",)], [[[1, 2], [3, 4]]], edges=(0.5,), exact=True)
    second = tally([("F",)], [[[1, 0, 2], [0, 1, 0]]], edges=(0.25, 0.75), exact=True)
    both = first + second
    assert both.edges.tolist() == [0.25, 0.5, 0.75]
    # bins: < 0.25, 0.25 to < 0.5, 0.5 to < 0.75, ≥ 0.75; a score of the first stands on its own edge
    assert both.n.tolist() == [[[2, 0, 2, 2], [3, 1, 4, 0]]]
    assert both.rows == first.rows + second.rows
    assert both.confusion(0.5).tp.tolist() == (first.confusion(0.5).tp + 0).tolist()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"axes": ("race",)}, "adding tallies: axes ['race']; expected ['sex']."),
        (
            {"edges": None, "outcomes": (0, 1)},
            "adding tallies: scores on one side and classes on the other; expected the same kind of outcome.",
        ),
        (
            {"weight": 1},
            "adding tallies: weights on one side only; expected weights on both sides or on neither.",
        ),
        (
            {"edges": (0.4,)},
            "adding tallies: other score edges; expected the same bins and thresholds on both sides.",
        ),
        (
            {"exact": True},
            "adding tallies: other score edges; expected the same bins and thresholds on both sides.",
        ),
        (
            {"labels": (1, 0)},
            "adding tallies: labels (1, 0); expected (0, 1): the positive label comes last.",
        ),
    ],
)
def test_what_does_not_add_up(tally, changes, message):
    with pytest.raises(TallyError) as error:
        tally([("F",)], ONE) + tally([("F",)], ONE, **changes)
    assert str(error.value) == message


def test_one_threshold(tally):
    scores = tally([("F",), ("M",)], SCORES, edges=(0.25, 0.5, 0.75))
    at_half = scores.confusion(0.5)
    assert at_half.to_dicts() == [
        {"sex": "F", "tp": 7, "fp": 5, "fn": 3, "tn": 9, "n": 24},
        {"sex": "M", "tp": 2, "fp": 1, "fn": 2, "tn": 1, "n": 6},
    ]
    assert scores.confusion(0.25).tp.tolist() == [9, 4]
    assert scores.confusion(0.75).fp.tolist() == [2, 1]
    assert at_half.weight_sq.tolist() == at_half.n.tolist()


def test_a_threshold_for_each_group(tally):
    scores = tally([("F",), ("M",)], SCORES, edges=(0.25, 0.5, 0.75))
    each = scores.confusion({("F",): 0.75, ("M",): 0.25})
    assert each.tp.tolist() == [4, 4]
    assert each.fp.tolist() == [2, 1]


def test_weights_follow_the_threshold(tally):
    scores = tally([("F",), ("M",)], SCORES, edges=(0.25, 0.5, 0.75), weight=3).confusion(0.5)
    assert (scores.weighted, scores.tp.tolist(), scores.weight_sq[0, 1, 1]) == (True, [21.0, 6.0], 63.0)
    assert scores.n[0].tolist() == [[9, 5], [3, 7]]


def test_one_edge_needs_no_threshold(tally):
    assert tally([("F",)], ONE).confusion().to_dicts() == [
        {"sex": "F", "tp": 3, "fp": 1, "fn": 2, "tn": 4, "n": 10}
    ]


@pytest.mark.parametrize(
    ("changes", "threshold", "message"),
    [
        ({}, None, "confusion: no threshold; expected one of this tally's 3 edges."),
        (
            {},
            0.3,
            "confusion: threshold 0.3 is not an edge of this tally; expected one of its 3 edges. "
            "Pass thresholds=[0.3] when counting.",
        ),
        (
            {},
            1.5,
            "confusion: threshold 1.5 is not an edge of this tally; expected one of its 3 edges. "
            "Pass thresholds=[1.5] when counting.",
        ),
        (
            {},
            [0.5],
            "confusion: threshold [0.5] is not an edge of this tally; expected one of its 3 edges. "
            "Pass thresholds=[[0.5]] when counting.",
        ),
        ({}, {("F",): 0.5}, "confusion: no threshold for group 'M'; expected one for every group."),
        (
            {},
            {("F",): 0.5, ("M",): 0.6},
            "confusion: threshold 0.6 is not an edge of this tally; expected one of its 3 edges. "
            "Pass thresholds=[0.6] when counting.",
        ),
        (
            {"edges": None, "outcomes": ("a", "b", "c", "d")},
            None,
            "confusion: a tally of 4 predicted classes; expected two classes. Take one_vs_rest(label) first.",
        ),
    ],
)
def test_thresholds_that_can_not_be(tally, changes, threshold, message):
    options = {"edges": (0.25, 0.5, 0.75), **changes}
    with pytest.raises(TallyError) as error:
        tally([("F",), ("M",)], SCORES, **options).confusion(threshold)
    assert str(error.value) == message


def test_two_labels_or_no_confusion_matrix(tally):
    with pytest.raises(TallyError) as error:
        tally([("F",)], CLASSES, labels=("a", "b", "c"), edges=(0.2, 0.7)).confusion(0.2)
    assert str(error.value) == "confusion: labels 'a', 'b', 'c'; expected two labels."


def test_one_against_the_rest(tally):
    each = {c: tally([("F",)], CLASSES, weight=2, **ABC).one_vs_rest(c) for c in "abc"}
    assert each["a"].labels == ("rest", "a")
    assert each["a"].n.tolist() == [[[7, 1], [1, 3]]]
    assert each["b"].confusion().to_dicts() == [
        {"sex": "F", "tp": 4.0, "fp": 4.0, "fn": 2.0, "tn": 14.0, "n": 12}
    ]
    assert each["c"].weight_sq.tolist() == [[[28.0, 0.0], [4.0, 16.0]]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ABC, "one_vs_rest: class 'd'; expected one of 'a', 'b', 'c'."),
        (
            {**ABC, "labels": ("dog", "cat", "cow"), "outcomes": ("dog", "cat", "cow")},
            "one_vs_rest: class 'd'; expected one of 'dog', 'cat', 'cow'.",
        ),
        (
            {"labels": ("a", "b", "d"), "edges": (0.2, 0.4)},
            "one_vs_rest: a tally of scores; expected a tally of predicted classes.",
        ),
    ],
)
def test_one_against_the_rest_of_nothing(tally, options, message):
    with pytest.raises(TallyError) as error:
        tally([("F",)], CLASSES, **options).one_vs_rest("d")
    assert str(error.value) == message


def test_the_nearest_class_is_suggested(tally):
    with pytest.raises(TallyError, match=r"Did you mean 'Bird'\?$"):
        tally([("F",)], CLASSES, **{**ABC, "labels": ("Bird", "b", "c")}).one_vs_rest("bird")


def test_aligned_lays_counts_on_a_wider_frame(tally):
    small = tally([("M",)], ONE, dropped={"missing y_true": 1})
    frame = tally([("F",), ("M",)], np.zeros((2, 2, 2)))
    laid = small.aligned(frame)
    assert laid.groups == frame.groups
    assert laid.n.tolist() == [[[0, 0], [0, 0]], ONE[0]]
    assert dict(laid.dropped) == {"missing y_true": 1}


def test_rows_by_group_and_label(tally):
    assert tally([("F",), ("M",)], SCORES, edges=(0.25, 0.5, 0.75)).to_dicts() == [
        {"sex": "F", "label": 0, "n": 14},
        {"sex": "F", "label": 1, "n": 10},
        {"sex": "M", "label": 0, "n": 2},
        {"sex": "M", "label": 1, "n": 4},
    ]


def test_by_marginal_and_only_keep_the_edges(tally):
    wide = tally(
        [("F", "A"), ("F", "B"), ("M", "A")], [ONE[0], [[1, 0], [0, 0]], [[0, 0], [0, 9]]], axes=("sex", "city"),
        weight=2, dropped={"missing y_true": 3},
    )  # fmt: skip
    assert wide.by("sex").n[0].tolist() == [[5, 1], [2, 3]]
    assert wide.marginal("sex").weight.tolist() == [[[8.0, 2.0], [4.0, 24.0]], [[2.0, 0.0], [0.0, 0.0]]]
    assert wide.only(sex="M").n.tolist() == [[[0, 0], [0, 9]]]
    assert wide.by("sex").edges.tolist() == [0.5]
    assert dict(wide.by().dropped) == {"missing y_true": 3}
    assert (wide.rows, wide.group_rows.tolist()) == (20, [10, 1, 9])
