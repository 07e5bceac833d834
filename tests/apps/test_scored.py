"""The rows with what models say of them, against pandas."""

import numpy as np
import pandas
import pytest

import rai
from apps import answers, scored
from apps.opening import Opening, opened
from apps.project import ColumnRoles, Project

TEXT = "streamlit.runtime.scriptrunner_utils.script_run_context"


@pytest.fixture(autouse=True)
def _without_a_session(caplog):
    """Settings have their defaults outside a session; Streamlit would warn of that."""
    caplog.set_level("ERROR", logger=TEXT)


def project_of(frame, *, task, model, classes=None, positive=None):
    known = rai.load_model(model, task=task, classes=classes, positive_label=positive)
    return Project("test", frame, ColumnRoles(y_true="y", positive_label=positive), {"m": known})


def test_a_binary_model_adds_score_decision_and_outcome():
    frame = pandas.DataFrame({"x": [0.1, 0.6, 0.5, 0.4, 0.9], "y": ["n", "n", "p", "p", None]})
    project = project_of(
        frame, task="binary", model=lambda rows: rows["x"], classes=["n", "p"], positive="p"
    )
    found = scored.scored(project)
    assert scored.added_columns(project) == ("m score", "m decision", "m outcome")
    assert found["m score"].tolist() == frame["x"].tolist()
    assert found["m decision"].tolist() == ["n", "p", "p", "n", "p"]
    assert found["m outcome"].tolist()[:4] == [
        *("true negative", "false positive", "true positive", "false negative")
    ]
    assert found["m outcome"].isna().tolist() == [False] * 4 + [True]
    assert list(project.frame.columns) == ["x", "y"]


def test_outcomes_count_up_to_the_confusion_matrix_of_an_audit():
    project = opened(Opening(data="dataset:acs_employment/2018"))
    (name,) = project.models
    counts = np.bincount(scored.outcomes(project, name), minlength=4)
    matrix = answers.audit(project, name, along=("sex",)).confusion().n.sum(axis=0)
    assert sorted(counts.tolist()) == sorted(matrix.ravel().tolist())
    labels = project.frame["employed"] == 1
    decided = project.frame["probability"] >= 0.5
    assert counts.tolist() == [
        int((~labels & ~decided).sum()),
        int((~labels & decided).sum()),
        int((labels & ~decided).sum()),
        int((labels & decided).sum()),
    ]


def test_a_multiclass_model_adds_its_decision():
    frame = pandas.DataFrame({"x": [0, 1, 2], "y": ["a", "b", "c"]})
    project = project_of(
        frame,
        task="multiclass",
        model=lambda rows: np.eye(3)[[2, 1, 0]][rows["x"]],
        classes=["a", "b", "c"],
    )
    assert scored.scored(project)["m decision"].tolist() == ["c", "b", "a"]


def test_a_regression_adds_prediction_and_error():
    frame = pandas.DataFrame({"x": [1.0, 2.0], "y": [0.5, 4.0]})
    project = project_of(frame, task="regression", model=lambda rows: rows["x"] * 2)
    found = scored.scored(project)
    assert found["m prediction"].tolist() == [2.0, 4.0]
    assert found["m error"].tolist() == [1.5, 0.0]
