"""Thresholds that decide: held in the address, the same groups as an audit, the same decisions."""

import numpy as np
import pandas
import pytest

import rai
from apps import answers, cutoffs
from apps.cutoffs import Cut
from apps.project import ColumnRoles, Project

N = 40


@pytest.fixture
def project():
    score = np.tile([0.1, 0.9, 0.5, 0.7, 0.2, 0.4, 0.6, 0.3], 5)
    frame = pandas.DataFrame(
        {
            "label": np.tile([0, 1, 0, 1, 1, 0, 1, 0], 5),
            "score": score,
            "word": np.array(["a", "b", None, "a", "b", "a", "b", "b"] * 5, dtype=object),
            "age": np.tile([20.5, 30, np.nan, 50, 60, 20, 33, 41], 5),
            "pay": np.arange(40) * 1234.5678,
            "few": np.tile([1, 2, 3, 1], 10),
            "flag": np.tile([True, False], 20),
        }
    )
    model = rai.load_model(column="score", task="binary", classes=(0, 1), positive_label=1)
    return Project("rows", frame, ColumnRoles(y_true="label", y_score="score"), {"score": model})


@pytest.fixture
def held(monkeypatch):
    """What the setting holds, apart from a session."""
    values = {}
    kept = type("Kept", (), {"value": values, "put": lambda self, new: setattr(self, "value", new)})()
    monkeypatch.setattr(cutoffs, "CUTS", kept)
    return kept


@pytest.mark.parametrize(
    "along", [("word",), ("age",), ("pay",), ("few",), ("flag",), ("word", "age"), ("age", "flag")]
)
def test_groups_are_those_of_an_audit(project, along):
    cuts = {c: edges for c in along if (edges := cutoffs.edges_of(project, c))}
    audit = answers.audit(project, "score", along=answers.Split(along, tuple(cuts.items())))
    groups, place = cutoffs.groups_of(project, along, cuts=cuts)
    sizes = np.bincount(place, minlength=len(groups))
    shown = {key: int(n) for key, n in zip(groups, sizes, strict=True) if n}
    wanted = zip(audit.tally.groups, audit.tally.group_rows, strict=True)
    assert shown == {key: int(n) for key, n in wanted}


def test_numbers_are_cut_and_words_are_not(project):
    assert cutoffs.edges_of(project, "word") == ()
    assert cutoffs.edges_of(project, "few") == ()
    assert cutoffs.edges_of(project, "flag") == ()
    assert len(cutoffs.edges_of(project, "age")) == 3


def test_a_model_decides_by_its_own_threshold_until_another_is_set(project, held):
    assert cutoffs.cut(project, "score") == Cut(0.5)
    cutoffs.set_cut("score", Cut(0.3))
    assert cutoffs.decisions(project, "score").tolist() == (project.frame["score"] >= 0.3).tolist()
    cutoffs.reset("score")
    assert cutoffs.cut(project, "score") == Cut(0.5)


def test_each_group_is_decided_by_its_threshold(project, held):
    new = Cut(0.5, ("age",), {("< 35",): 0.25, ("≥ 35",): 0.65}, cuts={"age": (35.0,)})
    cutoffs.set_cut("score", new)
    assert cutoffs.cut(project, "score") == new
    age, score = project.frame["age"], project.frame["score"]
    at = np.select([age < 35, age >= 35], [0.25, 0.65], 0.5)
    assert cutoffs.decisions(project, "score").tolist() == (score >= at).tolist()


@pytest.mark.parametrize(
    "nonsense",
    [
        3,
        "x",
        {"single": "x"},
        {"groups": [1]},
        {"single": 0.5, "groups": [["a", "b", "c"]]},
        {"along": 1},
    ],
)
def test_what_can_not_be_read_is_left_out(project, held, nonsense):
    held.value = {"score": nonsense}
    assert cutoffs.cut(project, "score") == Cut(0.5)


def test_thresholds_lie_on_the_grid_that_audits_are_exact_on(project, held):
    held.value = {"score": {"single": 0.12345, "groups": [[["a"], 7.0]], "along": ["word"]}}
    cut = cutoffs.cut(project, "score")
    assert cut.single == 0.123
    assert cut.groups == {("a",): cutoffs.NOBODY}
    edges = set(answers.audit(project, "score", along=("few",)).tally.edges.tolist())
    assert {round(place / 1000, 3) for place in range(1, 1001)} <= edges


def test_an_audit_of_other_rows_is_of_those_rows(project):
    other = project.frame.head(16)
    both = Project(
        "rows", project.frame, project.roles, project.models, others={"before": other}, source=""
    )
    audit = answers.audit(both, "score", along=("flag",), on="before")
    assert audit.rows == 16
    assert answers.audit(both, "score", along=("flag",)).rows == N
