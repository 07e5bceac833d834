"""Laws of counting: pieces, order, concatenation and repetition make no difference where they must not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rai.engines import count
from rai.values import Roles

SCORES = Roles(
    y_true="y", y_score="s", sensitive_features=("a", "b"), control_features=("c",), sample_weight="w"
)
HARD = Roles(y_true="y", y_pred="p", sensitive_features=("a", "b"), sample_weight="w")
CLASSES = Roles(y_true="k", y_pred="l", sensitive_features=("a",))
VALUES = Roles(y_true="v", y_pred="s", sensitive_features=("a", "b"), sample_weight="w")
KINDS = {"scores": SCORES, "hard": HARD, "classes": CLASSES, "values": VALUES}
TASKS = {"scores": "binary", "hard": "binary", "classes": "multiclass", "values": "regression"}

ROW = st.fixed_dictionaries(
    {
        "a": st.sampled_from(["x", "y", None]),
        "b": st.sampled_from([1, 2, 30, None]),
        "c": st.booleans(),
        "y": st.sampled_from([0, 1, 1, None]),
        "p": st.sampled_from([0, 1]),
        "k": st.sampled_from(["r", "s", "t", None]),
        "l": st.sampled_from(["r", "s", "t", "u"]),
        "s": st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, None]), st.floats(0, 1)),
        "v": st.floats(-1e3, 1e3),
        "w": st.integers(1, 3),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=40)
KIND = st.sampled_from(sorted(KINDS))
ANCHOR = {"a": "x", "b": 1, "c": True, "y": 1, "p": 0, "k": "r", "l": "s", "s": 0.5, "v": 0.5, "w": 1}


def table(rows):
    """Columns of rows; one row is always countable."""
    return {name: [row[name] for row in [ANCHOR, *rows]] for name in ANCHOR}


def counted(rows, kind, **options):
    return count(table(rows), KINDS[kind], task=TASKS[kind], **options)


@given(rows=ROWS, kind=KIND, piece_rows=st.integers(1, 9))
def test_pieces_make_no_difference(rows, kind, piece_rows, agree):
    whole, pieces = counted(rows, kind), counted(rows, kind, piece_rows=piece_rows)
    agree(whole.tally, pieces.tally)
    assert whole.fingerprint == pieces.fingerprint


@given(data=st.data(), rows=ROWS, kind=KIND)
def test_order_makes_no_difference(data, rows, kind, agree):
    shuffled = data.draw(st.permutations(rows))
    agree(counted(rows, kind).tally, counted(shuffled, kind).tally)
    assert counted(rows, kind).fingerprint == counted(shuffled, kind).fingerprint


@given(first=ROWS, second=ROWS, kind=KIND)
def test_concatenation_is_addition(first, second, kind, agree):
    together = counted([*first, ANCHOR, *second], kind)
    agree(together.tally, counted(first, kind).tally + counted(second, kind).tally)


@given(first=ROWS, second=ROWS)
def test_concatenation_is_addition_with_exact_bins(first, second, agree):
    one, other = (counted(rows, "scores", bins="exact").tally for rows in (first, second))
    agree(counted([*first, ANCHOR, *second], "scores", bins="exact").tally, one + other)


@given(ROWS, KIND)
def test_a_whole_weight_is_repetition(rows, kind):
    if KINDS[kind].sample_weight is None:
        return
    repeated = [row for row in rows for _ in range(row["w"])]
    bare = KINDS[kind].replace(sample_weight=None)
    weighted = counted(rows, kind).tally
    plain = count(table(repeated), bare, task=TASKS[kind]).tally
    if kind == "values":
        np.testing.assert_allclose(weighted.weight, plain.n)
        moved = plain.rebased(weighted.origin)
        scale = 1 + np.abs(plain.sums).max()
        np.testing.assert_allclose(weighted.sums, moved.sums, rtol=1e-9, atol=1e-9 * scale)
    else:
        np.testing.assert_array_equal(weighted.weight, plain.n)
        assert weighted.groups == plain.groups


@given(rows=ROWS)
def test_summing_an_axis_out_is_counting_without_it(rows, agree):
    fewer = SCORES.replace(sensitive_features=("b",))
    agree(counted(rows, "scores").tally.marginal("a"), count(table(rows), fewer).tally)


@given(ROWS)
def test_every_row_is_counted_or_dropped(rows):
    for kind in KINDS:
        done = counted(rows, kind)
        assert done.tally.rows + sum(done.tally.dropped.values()) == done.rows == len(rows) + 1


@settings(max_examples=200)
@given(
    st.lists(st.floats(0, 1), max_size=30),
    st.lists(st.sampled_from([0.001, 0.3, 0.5, 0.7, 1.0, 1 / 3]), min_size=1, max_size=4),
    st.sampled_from([1, 2, 10, 1000]),
)
def test_a_tally_of_scores_knows_every_prediction(scores, thresholds, bins):
    scores = [*scores, *thresholds, *(np.nextafter(t, 0) for t in thresholds)]
    labels = [i % 2 for i in range(len(scores))]
    data = {"y": labels, "s": scores}
    done = count(data, Roles(y_true="y", y_score="s"), thresholds=thresholds, bins=bins)
    for threshold in done.thresholds:
        predicted = [int(score >= threshold) for score in scores]
        hard = count({"y": labels, "p": predicted}, Roles(y_true="y", y_pred="p")).tally
        np.testing.assert_array_equal(done.tally.confusion(threshold).n, hard.confusion().n)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_exact_bins_know_a_prediction_at_every_score(scores):
    labels = [i % 2 for i in range(len(scores))]
    rows, roles = {"y": labels, "s": scores}, Roles(y_true="y", y_score="s")
    tally = count(rows, roles, bins="exact", thresholds=scores[0]).tally
    assert tally.edges.tolist() == sorted({*scores})
    for threshold in {*scores}:
        found = tally.confusion(threshold).n[0].sum(axis=0)[1]
        assert found == sum(score >= threshold for score in scores)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_many_features_cost_only_the_groups_that_occur(kind):
    names = [f"f{i}" for i in range(12)]
    rng = np.random.default_rng(0)
    data = table([ANCHOR] * 199) | {name: rng.integers(0, 15, 200) for name in names}
    done = count(data, KINDS[kind].replace(sensitive_features=tuple(names)), task=TASKS[kind])
    assert len(done.tally.groups) == 200
    assert done.tally.rows == 200
