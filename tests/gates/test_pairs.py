"""Two models on the same rows: the baseline's decisions as one more axis of the counts."""

import numpy as np
import pytest

import rai
from rai.gates.pairs import joint_audit, paired_of
from rai.ground.errors import ArgumentError, DataError, RaiError
from rai.measure.paired import paired_counts


def rows_of(n=500, *, seed=0, classes=(0, 1)):
    rng = np.random.default_rng(seed)
    y, new, old = (rng.choice(classes, n) for _ in range(3))
    return {
        "y": y, "new": new, "old": old, "g": rng.choice(["A", "B", "C"], n),
        "s": rng.random(n).round(2), "t": rng.random(n).round(2), "w": rng.choice([0.5, 2.0], n),
    }  # fmt: skip


def direct(rows, old, new, *, classes=(0, 1), weight=None):
    """The same counts, made from the rows."""
    code = {level: place for place, level in enumerate(classes)}
    as_codes = [np.array([code[v] for v in column]) for column in (old, new, rows["y"])]
    return paired_counts(
        as_codes[0], as_codes[1], classes=classes, label=as_codes[2],
        group=np.searchsorted(["A", "B", "C"], rows["g"]), axes=("g",),
        groups=(("A",), ("B",), ("C",)), weight=weight,
    )  # fmt: skip


def same(mine, theirs):
    assert (mine.axes, mine.groups, mine.classes) == (theirs.axes, theirs.groups, theirs.classes)
    assert mine.n.tolist() == theirs.n.tolist()
    for name in ("weight", "weight_sq"):
        assert getattr(mine, name) == pytest.approx(getattr(theirs, name))


def test_predictions_are_counted_as_the_rows_say():
    rows = rows_of()
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    joint = joint_audit(rows, found, "old")
    pairs = paired_of(joint, "old", None)
    same(pairs, direct(rows, rows["old"], rows["new"]))
    assert pairs.names == ("baseline", "candidate")


def test_weights_are_summed_and_squared():
    rows = rows_of()
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g", sample_weight="w")
    pairs = paired_of(joint_audit(rows, found, "old"), "old", None)
    assert pairs.weighted
    w, old, new, y, g = (np.asarray(rows[name]) for name in ("w", "old", "new", "y", "g"))
    for place, group in enumerate("ABC"):
        for label, first, second in np.ndindex(2, 2, 2):
            here = w[(g == group) & (y == label) & (old == first) & (new == second)]
            assert pairs.n[place, label, first, second] == len(here)
            assert pairs.weight[place, label, first, second] == pytest.approx(here.sum())
            assert pairs.weight_sq[place, label, first, second] == pytest.approx((here**2).sum())


@pytest.mark.parametrize("bins", ["exact", 20])
@pytest.mark.parametrize("threshold", [0.25, 0.5, 0.8])
def test_scores_of_both_are_cut_at_one_threshold_and_those_on_it_are_above(threshold, bins):
    rows = rows_of()
    rows["s"][:9] = rows["t"][:9] = [0.25, 0.5, 0.8] * 3
    found = rai.audit(
        rows, y_true="y", y_score="s", sensitive_features="g", thresholds=[0.25, 0.5, 0.8], bins=bins
    )
    pairs = paired_of(joint_audit(rows, found, "t"), "t", threshold)
    cut = [(rows[name] >= threshold).astype(int) for name in ("t", "s")]
    same(pairs, direct(rows, *cut))


def test_several_classes():
    rows = rows_of(classes=("a", "b", "c"))
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    pairs = paired_of(joint_audit(rows, found, "old"), "old", None)
    same(pairs, direct(rows, rows["old"], rows["new"], classes=("a", "b", "c")))


def test_a_class_that_only_the_baseline_predicts_is_a_class():
    rows = rows_of(classes=("a", "b", "c"))
    rows["old"] = np.where(np.arange(500) < 50, "d", rows["old"])
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    pairs = paired_of(joint_audit(rows, found, "old"), "old", None)
    assert set(pairs.classes) == {"a", "b", "c", "d"}
    place = pairs.classes.index("d")
    assert pairs.n[:, :, place, :].sum() == 50
    assert pairs.n.sum() == 500


@pytest.mark.parametrize("names", [("no", "yes"), (0.0, 1.0), (False, True), ("0", "1")])
def test_labels_are_what_they_are_written_as(names):
    rows = rows_of()
    plain = direct(rows, rows["old"], rows["new"])
    for column in ("y", "old", "new"):
        rows[column] = [names[v] for v in rows[column]]
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g", positive_label=names[1])
    pairs = paired_of(joint_audit(rows, found, "old"), "old", None)
    assert pairs.n.tolist() == plain.n.tolist()


def test_the_same_labels_as_other_numbers_are_the_same():
    rows = rows_of()
    plain = direct(rows, rows["old"], rows["new"])
    rows["old"] = rows["old"].astype(float)
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    pairs = paired_of(joint_audit(rows, found, "old"), "old", None)
    assert pairs.n.tolist() == plain.n.tolist()


def test_rows_without_a_baseline_are_refused():
    rows = rows_of()
    rows["old"] = [None, *rows["old"][1:].tolist()]
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    with pytest.raises(DataError, match=r"baseline 'old': 1 row without one; expected a value in every"):
        joint_audit(rows, found, "old")
    rows["t"] = [float("nan")] * 3 + rows["t"][3:].tolist()
    scored = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g")
    with pytest.raises(DataError, match=r"baseline 't': 3 rows without one"):
        joint_audit(rows, scored, "t")


def test_other_rows_than_those_audited_are_refused():
    rows = rows_of()
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    fewer = {name: column[:400] for name, column in rows.items()}
    with pytest.raises(DataError, match="400 rows; expected the 500 that were audited"):
        joint_audit(fewer, found, "old")


def test_what_the_baseline_predicts_is_one_of_two_labels():
    rows = rows_of()
    rows["old"] = [2, *rows["old"][1:].tolist()]
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    joint = joint_audit(rows, found, "old")
    with pytest.raises(DataError, match="baseline 'old': 2; expected one of"):
        paired_of(joint, "old", None)


def test_a_threshold_that_was_not_cut_at_is_refused():
    rows = rows_of()
    found = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", thresholds=[0.5])
    with pytest.raises(DataError, match=r"threshold: 0.6; expected one of"):
        paired_of(joint_audit(rows, found, "t"), "t", 0.6)


def test_a_regression_is_refused():
    rows = rows_of()
    found = rai.audit(rows, y_true="s", y_pred="t", sensitive_features="g", task="regression")
    with pytest.raises(DataError, match="a regression; expected an audit of the baseline"):
        joint_audit(rows, found, "old")


def test_a_column_that_is_not_there_is_refused():
    rows = rows_of()
    found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="g")
    with pytest.raises(RaiError, match="elder"):
        joint_audit(rows, found, "elder")
    with pytest.raises((ArgumentError, RaiError), match="two roles"):
        joint_audit(rows, found, "g")
