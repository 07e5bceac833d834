"""Metrics and gaps against the threshold are those at each threshold alone."""

import numpy as np
import pytest

import rai
from rai import ArgumentError, TallyError
from rai.measure.metrics import METRICS


@pytest.fixture(scope="module")
def audit():
    rng = np.random.default_rng(5)
    y = rng.integers(0, 2, 400)
    return rai.audit(
        y_true=y, y_score=np.clip(rng.normal(0.4 + 0.2 * y, 0.2), 0, 1), positive_label=1,
        sensitive_features={"sex": rng.choice(list("FM"), 400), "race": rng.choice(list("ABC"), 400)},
        thresholds=[0.1, 0.5, 0.9], bins=40,
    )  # fmt: skip


def close(ours, theirs):
    assert (ours is None) == (theirs is None)
    assert ours is None or ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("name", [metric.name for metric in METRICS])
def test_a_metric_at_each_threshold_is_the_metric_at_that_threshold(audit, name):
    rows = audit.curves(name, by="race", points=[0.1, 0.5, 0.9]).to_dicts()
    for threshold in (0.1, 0.5, 0.9):
        theirs = audit.metrics(name, by="race", threshold=threshold).to_dicts()
        ours = [row for row in rows if row["threshold"] == threshold]
        assert [row["race"] for row in ours] == ["A", "B", "C"]
        for one, other in zip(ours, theirs, strict=True):
            assert (one["curve"], one["x"], one["n"]) == (name, threshold, other["n"])
            for mine, its in (("y", "value"), ("low", "low"), ("high", "high")):
                close(one[mine], other[its])
            assert one["note"] == other["note"]


def test_gaps_at_each_threshold_are_the_gaps_at_that_threshold(audit):
    found = audit.gap_curves(points=[0.1, 0.5, 0.9])
    rows = found.to_dicts()
    assert next(iter(rows[0])) == "threshold"
    for threshold in (0.1, 0.5, 0.9):
        theirs = audit.gaps(threshold=threshold).to_dicts()
        ours = [row for row in rows if row["threshold"] == threshold]
        assert [{k: v for k, v in row.items() if k != "threshold"} for row in ours] == theirs
    assert {row["along"] for row in rows} == {"sex", "race", "sex × race"}


def test_other_kinds_and_references(audit):
    (found,) = audit.gap_curves("tpr", along="race", points=[0.5], kind="ratio", versus="A")
    (gap,) = audit.gaps("tpr", along="race", kind="ratio", versus="A", threshold=0.5)
    assert found.to_dict() == {"threshold": 0.5, **gap.to_dict()}
    named = audit.gap_curves("tpr", points=[0.5], versus="A")  # along sex there is no A
    assert [gap.along for gap in named] == ["race"]


def test_thresholds_are_all_edges_where_these_are_few(audit):
    edges = audit.tally.edges.tolist()
    assert audit.curves("tpr", by=())[0].threshold.tolist() == edges
    assert [gap.within for gap in audit.gap_curves("tpr", along="sex")] == [
        (("threshold", edge),) for edge in edges
    ]


def test_many_edges_are_thinned_and_keep_the_thresholds_of_the_audit():
    rng = np.random.default_rng(0)
    audit = rai.audit(
        y_true=rng.integers(0, 2, 50), y_score=rng.random(50), thresholds=[0.1234],
        sensitive_features={"g": ["A", "B"] * 25}, positive_label=1,
    )  # fmt: skip
    curve, _ = audit.curves("tpr")
    assert len(curve.x) == 200
    assert 0.1234 in curve.threshold
    shown = {gap.within[0][1] for gap in audit.gap_curves("tpr", along="g")}
    assert len(shown) == 40
    assert 0.1234 in shown


def test_a_point_without_a_value_says_why():
    audit = rai.audit(
        y_true=[0, 1, 1, 0], y_score=[0.2, 0.4, 0.6, 0.3], bins="exact",
        sensitive_features={"g": ["A"] * 4},
    )  # fmt: skip
    (curve,) = audit.curves("precision", points=[0.35, 0.5, 0.7])
    assert curve.name == "positive_predictive_value"
    assert curve.reasons == ("", "", "undefined: no rows predicted positive (n=4)")
    rows = curve.to_dicts()
    assert [row["y"] for row in rows] == [1.0, 1.0, None]
    assert [row["note"] for row in rows] == list(curve.reasons)
    assert (rows[2]["low"], rows[2]["high"], rows[2]["x"]) == (None, None, 0.7)


def test_a_metric_that_is_nowhere_defined_has_no_points():
    audit = rai.audit(
        y_true=[0, 0, 1],
        y_score=[0.2, 0.4, 0.6],
        sensitive_features={"g": ["A", "A", "B"]},
        bins="exact",
    )
    undefined, fine = audit.curves("tpr")
    assert (len(undefined.x), undefined.note) == (0, "undefined: no rows with a positive label (n=2)")
    assert (len(fine.x), fine.reasons) == (4, ())


def test_counts_have_no_band(audit):
    (curve,) = audit.curves("true_positives", by=(), points=[0.5])
    assert np.isnan(curve.low).all()
    assert curve.to_dicts()[0]["high"] is None


@pytest.mark.parametrize("name", ["auc", "average_precision", "brier_score"])
def test_a_number_over_all_thresholds_has_no_curve(audit, name):
    for ask in (audit.curves, audit.gap_curves):
        with pytest.raises(ArgumentError) as error:
            ask(name)
        assert str(error.value) == (
            f"curve: {name!r}; expected a metric of decisions. "
            "It is one number over all thresholds: ask metrics() or gaps()."
        )


def test_the_area_between_curves_has_no_curve(audit):
    with pytest.raises(ArgumentError, match="curve: 'abroca'; expected a metric of decisions"):
        audit.gap_curves("abroca")


@pytest.mark.parametrize(
    ("name", "hint"), [("rocc", " Did you mean 'roc'?"), (["roc"], " Did you mean 'roc'?"), ("xyz", "")]
)
def test_an_unknown_curve(audit, name, hint):
    with pytest.raises(ArgumentError) as error:
        audit.curves(name)
    assert str(error.value).startswith(
        f"curve: {name!r}; expected one of 'roc', 'precision_recall', 'selection_rate', "
    )
    assert str(error.value).endswith(f" more.{hint}")


def test_points_must_be_edges(audit):
    for ask in (audit.curves, audit.gap_curves):
        with pytest.raises(TallyError, match=r"threshold 0.333 is not an edge of this tally"):
            ask(points=[0.333])
        with pytest.raises(ArgumentError, match="points: none; expected finite thresholds"):
            ask(points=[])


TRUTHS = {
    "binary": [0, 1, 1, 0],
    "multiclass": ["a", "b", "c", "a"],
    "regression": [0.5, 1.5, 2.5, 7.25],
}


@pytest.mark.parametrize(
    ("task", "seen"),
    [("binary", "an audit of predictions"), ("multiclass", "a multiclass audit"),
     ("regression", "a regression audit")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["curves", "gap_curves", "score_distributions"])
def test_only_scores_of_two_classes_have_curves(task, seen, name):
    y = TRUTHS[task]
    audit = rai.audit(y_true=y, y_pred=y[::-1], sensitive_features={"g": list("AABB")}, task=task)
    with pytest.raises(ArgumentError) as error:
        getattr(audit, name)()
    assert str(error.value) == (
        f"{name}: {seen}; expected scores of two classes. Audit with y_score= instead of y_pred=."
    )
