"""The façade: what an audit answers, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import rai
from rai import ArgumentError, Moments, RoleError, TallyError


@pytest.fixture(scope="module")
def frame():
    # by sex: F has tp 2, fn 1, fp 1, tn 2; M has tp 3, fn 0, fp 0, tn 3
    rows = {
        "y": [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0],
        "score": [0.9, 0.7, 0.3, 0.6, 0.2, 0.1, 0.9, 0.8, 0.6, 0.4, 0.3, 0.2],
        "sex": ["F"] * 6 + ["M"] * 6,
        "city": ["A", "B"] * 6,
        "w": [1.0, 2.0] * 6,
    }
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def audit(frame):
    return rai.audit(
        frame,
        y_true="y",
        y_score="score",
        sensitive_features=["sex", "city"],
        thresholds=[0.5, 0.25],
    )


def values(table):
    return [row["value"] for row in table.to_dicts()]


def test_metrics_by_one_axis(audit):
    rows = audit.metrics("true_positive_rate", by="sex").to_dicts()
    assert [(r["sex"], r["numerator"], r["denominator"], r["n"]) for r in rows] == [
        ("F", 2.0, 3.0, 6),
        ("M", 3.0, 3.0, 6),
    ]
    assert list(rows[0]) == [
        "sex",
        "metric",
        "value",
        "low",
        "high",
        "numerator",
        "denominator",
        "n",
        "note",
    ]


def test_by_none_is_every_axis_and_by_nothing_is_everyone(audit):
    assert [e.group for e in audit.metrics("count")] == [
        (("sex", sex), ("city", city)) for sex in "FM" for city in "AB"
    ]
    everyone = audit.metrics("count", by=()).to_dicts()
    assert [(row["value"], "sex" in row) for row in everyone] == [(12.0, False)]


def test_another_threshold(audit):
    # at 0.25 F's row with 0.3 is caught, and M's 0.4 and 0.3 become false positives
    assert values(audit.metrics("tpr", by="sex", threshold=0.25)) == [1.0, 1.0]
    assert values(audit.metrics("fpr", by="sex", threshold=0.25)) == [1 / 3, 2 / 3]
    assert values(audit.metrics("fpr", by="sex")) == [1 / 3, 0.0]


def test_a_threshold_for_each_group(audit):
    thresholds = {key: 0.25 if key[0] == "F" else 0.5 for key in audit.tally.groups}
    assert values(audit.metrics("tpr", by="sex", threshold=thresholds)) == [1.0, 1.0]
    assert values(audit.metrics("fpr", by="sex", threshold=thresholds)) == [1 / 3, 0.0]


def test_gaps_along_each_feature_and_their_intersection(audit):
    rows = audit.gaps("equal_opportunity").to_dicts()
    assert [row["along"] for row in rows] == ["sex", "city", "sex × city"]
    assert [row["value"] for row in rows] == [pytest.approx(1 / 3), 0.25, 0.5]
    assert list(rows[0]) == [
        "metric", "along", "kind", "versus", "value", "low", "high", "highest", "lowest", "null", "note",
    ]  # fmt: skip
    assert (rows[0]["highest"], rows[0]["lowest"]) == ("M", "F")


def test_an_intersection_has_two_spellings(audit):
    by_list = audit.gaps("accuracy", along=["sex", "city"]).to_dicts()
    assert by_list == audit.gaps("accuracy", along="sex × city").to_dicts()


def test_gaps_within_an_axis(audit):
    rows = audit.gaps("equal_opportunity", along="sex", within="city").to_dicts()
    # city A: F catches 1 of 2, M 2 of 2; city B: F catches 1 of 1, M 1 of 1
    assert [(row["city"], row["value"]) for row in rows] == [("A", 0.5), ("B", 0.0)]


def test_pairs_are_signed(audit):
    rows = audit.pairs("fpr", along="sex").to_dicts()
    assert [(row["group"], row["versus"], row["value"]) for row in rows] == [
        ("F", "M", pytest.approx(1 / 3))
    ]


def test_pooled_gaps_default_to_the_control_features(frame):
    audit = rai.audit(
        frame, y_true="y", y_score="score", sensitive_features="sex", control_features="city"
    )
    row = audit.pooled_gaps("tpr").to_dicts()[0]
    # A: 2 and 2 positives, gap 1/2; B: 1 and 1 positives, gap 0; so (4 · 1/2 + 2 · 0) / 6
    assert row["value"] == pytest.approx(1 / 3)
    assert row["note"] == "over 2 levels"
    assert audit.comparisons == (("sex",),)


def test_confusion_of_some_axes(audit):
    assert audit.confusion("sex").to_dicts() == [
        {"sex": "F", "tp": 2, "fp": 1, "fn": 1, "tn": 2, "n": 6},
        {"sex": "M", "tp": 3, "fp": 0, "fn": 0, "tn": 3, "n": 6},
    ]


def test_weights(frame):
    audit = rai.audit(frame, y_true="y", y_score="score", sensitive_features="sex", sample_weight="w")
    # F's positives weigh 1, 2, 1 and the last is missed
    first = audit.metrics("tpr").to_dicts()[0]
    assert (first["numerator"], first["denominator"], first["value"]) == (3.0, 4.0, 0.75)


def test_arrays_give_the_same_as_columns(frame, audit):
    arrays = rai.audit(
        y_true=frame["y"].to_numpy(),
        y_score=frame["score"].to_numpy(),
        sensitive_features={"sex": frame["sex"], "city": frame["city"]},
        thresholds=[0.5, 0.25],
    )
    assert arrays.gaps().to_dicts() == audit.gaps().to_dicts()


def test_audits_add_up(frame, audit):
    options = {
        "y_true": "y",
        "y_score": "score",
        "sensitive_features": ["sex", "city"],
        "thresholds": [0.5, 0.25],
    }
    first, second = (rai.audit(part, **options) for part in (frame[:5], frame[5:]))
    both = first + second
    assert both.metrics().to_dicts() == audit.metrics().to_dicts()
    assert both.provenance["rows_read"] == 12


def test_other_roles_do_not_add_up(audit, frame):
    other = rai.audit(frame, y_true="y", y_score="score", sensitive_features="sex")
    with pytest.raises(TallyError) as error:
        audit + other
    assert str(error.value) == (
        "adding audits: other roles, task or thresholds; expected the same on both sides."
    )


def test_multiclass():
    audit = rai.audit(
        y_true=["a", "b", "c", "a", "b", "c"],
        y_pred=["a", "b", "c", "a", "c", "c"],
        sensitive_features={"sex": ["F", "F", "F", "M", "M", "M"]},
    )
    rows = audit.metrics("accuracy", "recall").to_dicts()
    assert [(r["label"], r["sex"], r["value"]) for r in rows if r["sex"] == "M"] == [
        ("(all)", "M", pytest.approx(2 / 3)),
        ("a", "M", 1.0),
        ("b", "M", 0.0),
        ("c", "M", 1.0),
        ("(macro)", "M", pytest.approx(2 / 3)),
        ("(micro)", "M", pytest.approx(2 / 3)),
    ]
    # predicted (1/3, 1/3, 1/3) against (1/3, 0, 2/3)
    assert audit.gaps("total_variation").to_dicts()[0]["value"] == pytest.approx(1 / 3)
    with pytest.raises(
        ArgumentError, match=r"^confusion: a multiclass audit; expected a binary audit\.$"
    ):
        audit.confusion()


def test_regression():
    audit = rai.audit(
        y_true=[1.0, 2.0, 3.5, 4.0],
        y_pred=[2.0, 2.0, 3.0, 3.0],
        sensitive_features={"sex": list("FFMM")},
    )
    assert isinstance(audit.tally, Moments)
    assert values(audit.metrics("mean_error", "mae")) == [0.5, -0.75, 0.5, 0.75]
    with pytest.raises(
        ArgumentError, match=r"^threshold: 0.5; expected none: this audit has no scores\.$"
    ):
        audit.metrics(threshold=0.5)


def test_the_seed_makes_it_repeatable(frame):
    def gaps(seed):
        return rai.audit(
            frame, y_true="y", y_score="score", sensitive_features=["sex", "city"], seed=seed
        ).gaps(along="sex × city")

    assert gaps(1).to_dicts() == gaps(1).to_dicts()
    assert gaps(1).to_dicts() != gaps(2).to_dicts()


def test_printing(audit):
    assert repr(audit) == "Audit(binary, 12 rows, 4 groups of sex × city)"
    assert str(audit).splitlines()[0].split() == list(audit.gaps().to_dicts()[0])


def test_missing_labels_are_counted_as_dropped():
    audit = rai.audit(
        y_true=[1, None, 0], y_pred=[1, 1, 0], sensitive_features={"sex": ["F", "F", None]}
    )
    assert audit.dropped == {"missing y_true": 1}
    assert audit.tally.groups == (("F",), ("(missing)",))
    assert (audit.rows, audit.provenance["rows_read"]) == (2, 3)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"y_pred": "y"}, ArgumentError, "audit: both y_pred and y_score; expected one of them."),
        ({"y_score": None}, ArgumentError, "audit: neither y_pred nor y_score; expected one of them."),
        ({"level": 95}, ArgumentError, "level: 95; expected a number between 0 and 1. 0.95 is usual."),
        ({"seed": -1}, ArgumentError, "seed: -1; expected a whole number of at least 0."),
        (
            {"sensitive_features": []},
            RoleError,
            "sensitive_features: none; expected at least one column that names groups.",
        ),
        (
            {"sensitive_features": np.array([1, 2])},
            RoleError,
            "sensitive_features: a ndarray; expected the name of a column of the data. "
            "Leave out the data to pass arrays.",
        ),
        (
            {"y_true": 3},
            RoleError,
            "y_true: a int; expected the name of a column of the data. Leave out the data to pass arrays.",
        ),
        (
            {"sensitive_features": ["sex", "sex"]},
            RoleError,
            "roles: column 'sex' in two roles; expected each column in one role. "
            "Copy the column under another name if you need it twice.",
        ),
        (
            {"cuts": {"age": [30]}},
            RoleError,
            "cuts: 'age', which splits nothing; expected names of sensitive or control features.",
        ),
    ],
)
def test_what_is_refused(frame, changes, kind, message):
    options = {"y_true": "y", "y_score": "score", "sensitive_features": "sex", **changes}
    with pytest.raises(kind) as error:
        rai.audit(frame, **options)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda a: a.metrics("tpr", threshold=0.123456),
            "confusion: threshold 0.123456 is not an edge of this tally; expected one of its 999 edges. "
            "Pass thresholds=[0.123456] when counting.",
        ),
        (lambda a: a.gaps(along="sx"), "axis: 'sx'; expected one of 'sex', 'city'. Did you mean 'sex'?"),
        (
            lambda a: a.gaps(kind="rato"),
            "kind: 'rato'; expected one of 'difference', 'ratio'. Did you mean 'ratio'?",
        ),
        (
            lambda a: a.gaps(aggregate="median"),
            "aggregate: 'median'; expected one of 'worst_case', 'mean'. Did you mean 'mean'?",
        ),
        (
            lambda a: a.gaps("tpr", along="sex", versus="f"),
            "versus: 'f'; expected one of 'between_groups', 'to_overall', 'F', 'M'. Did you mean 'F'?",
        ),
        (
            lambda a: a.gaps(along="sex", within="sex"),
            "within: 'sex'; expected axes that are not compared along.",
        ),
        (lambda a: a.gaps(along=()), "along: nothing; expected one of 'sex', 'city'."),
        (
            lambda a: a.pooled_gaps(along="sex"),
            "within: nothing; expected the axes to hold fixed. Name a control feature.",
        ),
        (
            lambda a: a.pooled_gaps("f1", along="sex", within="city", method="mantel_haenszel"),
            "method: 'mantel_haenszel' for 'f1'; expected a proportion.",
        ),
    ],
)
def test_questions_that_make_no_sense(audit, ask, message):
    with pytest.raises((ArgumentError, TallyError)) as error:
        ask(audit)
    assert str(error.value) == message


def test_an_unknown_name_is_met_with_the_nearest(audit):
    with pytest.raises(ArgumentError, match=r"Did you mean 'equal_opportunity'\?$"):
        audit.gaps("equal_oportunity")
    with pytest.raises(ArgumentError, match=r"Did you mean 'true_positive_rate'\?$"):
        audit.metrics("true_positve_rate")


def test_pooled_gaps_of_a_regression():
    audit = rai.audit(
        y_true=[1.0, 2.0, 3.5, 4.0], y_pred=[2.0, 2.5, 3.0, 3.0], sensitive_features={"g": list("xyxy")},
        control_features={"c": list("ppqq")},
    )  # fmt: skip
    # mean errors: p 1 and 0.5, q -0.5 and -1; half the rows in each level
    row = audit.pooled_gaps("mean_error").to_dicts()[0]
    assert (row["value"], row["highest"], row["lowest"]) == (0.5, "x", "y")


def test_cuts_that_are_no_dict_are_refused_everywhere():
    from rai import whatif

    rows = {"y": [0, 1, 1, 0], "s": [0.1, 0.9, 0.4, 0.2], "age": [20, 30, 40, 50]}
    audited = {"y_true": "y", "sensitive_features": "age", "cuts": [30]}
    model = rai.load_model(column="s")
    asked = (
        lambda: rai.audit(rows, y_score="s", **audited),
        lambda: rai.profile(rows, **audited),
        lambda: rai.check_data(rows, **audited),
        lambda: rai.find_proxies(rows, **audited),
        lambda: whatif.compare_models([model, model], rows, **audited),
        lambda: whatif.predict_edit(
            lambda f: f["s"],
            rows,
            row=0,
            edits={"age": 31},
            along="age",
            threshold={"< 30": 0.5},
            cuts=[30],
        ),
    )
    for ask in asked:
        with pytest.raises(rai.ArgumentError) as refusal:
            ask()
        assert (
            str(refusal.value)
            == "cuts: [30]; expected a dict of column to edges, or to a number of groups."
        )
