"""One row, edited and asked about again."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.engines import features
from rai.engines.features import features_of
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError, RoleError
from rai.whatif import Edit, predict_edit
from rai.whatif import edited_rows as edited_rows_module

FRAME = pd.DataFrame(
    {
        "income": [40, 60, 48],
        "sex": ["F", "M", "F"],
        "grade": pd.Series(["a", "b", "a"], dtype="category"),
    }
)


def by_rule(frame):
    """0.3 + 0.5 for an income above 50 + 0.1 for men."""
    return 0.3 + 0.5 * (frame["income"] > 50) + 0.1 * (frame["sex"] == "M")


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_an_edit_of_a_row(frame):
    found = predict_edit(by_rule, frame, row=0, edits={"income": 55})
    assert (found.before, found.after) == (0.3, 0.8)
    assert found.delta == pytest.approx(0.5)
    assert (found.decision_before, found.decision_after, found.changed) == (0, 1, True)
    assert found.record == {"income": 55, "sex": "F", "grade": "a"}
    assert found.marks == ()
    assert found.to_dicts() == [
        {
            "label": 1,
            "before": 0.3,
            "after": 0.8,
            "delta": pytest.approx(0.5),
            "decision_before": 0,
            "decision_after": 1,
            "changed": True,
            "note": "",
        }
    ]
    assert str(found) == "0.3 → 0.8 (+0.5), 0 → 1"
    assert frame["income"].to_list() == [40, 60, 48]


def test_edits_of_every_form():
    plain = predict_edit(by_rule, FRAME, row=-1, edits={"income": 58, "sex": "M"})
    several = predict_edit(by_rule, FRAME, row=2, edits=[Edit.add("income", 10), Edit.set("sex", "M")])
    assert plain.after == several.after == pytest.approx(0.9)
    assert plain.record == several.record
    one = predict_edit(by_rule, FRAME, row=2, edits=Edit.map("income", {"F": 51}, source="sex"))
    assert (one.after, one.changed) == (0.8, True)


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_a_row_that_is_given(frame):
    row = {"income": 52, "sex": "X", "grade": "c"}
    found = predict_edit(by_rule, frame, row=row, edits={"sex": "M", "grade": None})
    assert (found.before, found.after) == (0.8, pytest.approx(0.9))
    assert found.record == {"income": 52, "sex": "M", "grade": None}
    assert found.marks.words == "grade: missing, which never occurs (1 row)"
    part = predict_edit(by_rule, frame, row={"income": 52, "sex": "F"}, edits={"sex": "M"})
    assert (part.before, part.record["grade"]) == (0.8, None)


def test_several_classes_have_a_row_each():
    def three(frame):
        x = frame["income"].to_numpy() / 100
        return np.c_[1 - x, np.zeros(len(x)), x]

    model = rai.load_model(three, classes=["no", "maybe", "yes"])
    found = predict_edit(model, FRAME, row=0, edits={"income": 60})
    assert found.before == (0.6, 0.0, 0.4)
    assert [(r["label"], r["after"]) for r in found.to_dicts()] == [
        ("no", 0.4), ("maybe", 0.0), ("yes", 0.6),
    ]  # fmt: skip
    assert found.delta == pytest.approx((-0.2, 0, 0.2))
    assert str(found) == "no → yes"
    assert found.changed


def test_a_regression_has_no_decision():
    model = rai.load_model(lambda frame: frame["income"] * 2.0, task="regression")
    found = predict_edit(model, FRAME, row=0, edits={"income": 30})
    assert (found.before, found.after, found.delta, found.changed) == (80.0, 60.0, -20.0, True)
    assert found.to_dicts()[0]["label"] is None
    assert str(found) == "80 → 60 (−20), income: below 40, the smallest that occurs (1 row)"
    assert not predict_edit(model, FRAME, row=0, edits={"sex": "M"}).changed


def test_the_edited_row_is_decided_at_its_own_groups_threshold():
    asked = {"threshold": {"F": 0.2, "M": 0.5}, "along": "sex"}
    found = predict_edit(by_rule, FRAME, row=0, edits={"sex": "M"}, **asked)
    assert (found.before, found.after) == (0.3, 0.4)
    assert (found.decision_before, found.decision_after) == (1, 0)
    unread = rai.load_model(lambda frame: frame["income"] / 100, features=["income"])
    found = predict_edit(unread, FRAME, row=0, edits={"sex": "M"}, **asked)
    assert (found.delta, found.changed) == (0.0, True)
    assert found.marks.words == "sex: not read by the model (1 row)"


def test_the_model_is_asked_once():
    asked = []

    def counting(frame):
        asked.append(len(frame))
        return frame["income"] / 100

    predict_edit(counting, FRAME, row=0, edits={"income": 55, "sex": "M"})
    assert asked == [2]


def test_only_edited_columns_are_read(monkeypatch):
    read = []

    def feature_of(rows, name):
        read.append(name)
        return features.feature_of(rows, name)

    monkeypatch.setattr(edited_rows_module, "feature_of", feature_of)
    predict_edit(by_rule, FRAME, row=0, edits={"income": 55})
    assert read == ["income"]
    known = features_of(open_rows(FRAME))
    predict_edit(by_rule, FRAME, row=0, edits={"income": 55, "sex": "M"}, features=known)
    assert read == ["income"]


def test_what_is_unusual_is_said():
    found = predict_edit(by_rule, FRAME, row=0, edits={"income": 61, "sex": "m"})
    assert found.marks.words == (
        "income: above 60, the largest that occurs (1 row); "
        "sex: 'm' never occurs (did you mean 'M'?) (1 row)"
    )
    assert found.to_dicts()[0]["note"] == found.marks.words


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"row": 3}, ArgumentError, "row: 3; expected a position from 0 to 2."),
        (
            {"row": {"incme": 3}},
            RoleError,
            "row: no column 'incme'; expected one of 'income', 'sex', 'grade'. Did you mean 'income'?",
        ),
        (
            {"edits": {"incme": 3}},
            RoleError,
            "edit of 'incme': no column 'incme'; expected one of 'income', 'sex', 'grade'. "
            "Did you mean 'income'?",
        ),
        (
            {"edits": {"income": "much"}},
            ArgumentError,
            "edit of 'income': 'much' for 'income'; expected a whole number.",
        ),
        (
            {"edits": {}},
            ArgumentError,
            'edits: none; expected edits. Write {"age": 40}, or Edit.add("age", 5).',
        ),
        (
            {"edits": {5: 1}},
            ArgumentError,
            "edit: column 5; expected a column's name.",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, error, message):
    with pytest.raises(error) as caught:
        predict_edit(by_rule, FRAME, **{"row": 0, "edits": {"income": 55}, **asked})
    assert str(caught.value) == message
