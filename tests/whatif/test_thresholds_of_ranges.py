"""Thresholds for ranges of a number: an edit that leaves its range is decided at the new one's."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.ground.errors import ArgumentError, RoleError
from rai.whatif import Edit, Scenario

EDGES = (30, 45)
AT = {"< 30": 0.2, "30 to < 45": 0.7, "≥ 45": 0.45, "(missing)": 0.9}
BY_AGE = {"threshold": AT, "along": "age", "cuts": {"age": EDGES}}


def score(frame):
    return frame["x"] * 0.8 + (frame["sex"] == "F") * 0.1


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    age = rng.integers(17, 70, 300).astype(float)
    age[:6] = [29.5, 30, 44, 45, np.nan, 29]
    x, sex = rng.random(300), rng.choice(["F", "M"], 300)
    x[:6], sex[:6] = 0.35, "F"
    return pd.DataFrame({"age": age, "sex": sex, "x": x})


def threshold_of(age):
    """By hand, one person at a time."""
    if age is None or np.isnan(age):
        return AT["(missing)"]
    return AT["< 30"] if age < 30 else AT["30 to < 45"] if age < 45 else AT["≥ 45"]


def decided(frame):
    return np.array([int(s >= threshold_of(a)) for s, a in zip(score(frame), frame["age"], strict=True)])


@pytest.mark.parametrize("age", [20, 29.999, 30, 44, 45, 60, None])
def test_an_edited_person_is_decided_at_the_range_they_move_to(frame, age):
    now = decided(frame.assign(age=age))
    for row in range(12):
        found = rai.whatif.predict_edit(score, frame, row=row, edits={"age": age}, **BY_AGE)
        assert (found.decision_before, found.decision_after) == (decided(frame)[row], now[row])
    assert len({*decided(frame)[:12]}) == 2


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.from_pandas], ids=["pandas", "polars"])
@pytest.mark.parametrize("years", [8, 15, -20])
def test_a_scenario_decides_each_row_at_its_own_range(frame, kind, years):
    found = rai.whatif.run_scenario(
        score, kind(frame), scenario=Scenario("older", Edit.add("age", years)), **BY_AGE
    )
    before, after = decided(frame), decided(frame.assign(age=frame["age"] + years))
    assert found.decided_before.tolist() == before.tolist()
    assert found.decided_after.tolist() == after.tolist()
    assert found.overall.changed == (before != after).sum() > 20


def test_one_cuts_serves_groups_and_thresholds(frame):
    asked = {"scenario": Scenario("older", Edit.add("age", 8)), "threshold": AT, "along": "age"}
    for groups, cuts in [
        ("age", {"age": EDGES}),
        (["age", "x"], {"age": EDGES, "x": [0.5]}),
        (["sex", "x"], {"age": EDGES, "x": [0.5]}),
    ]:
        found = rai.whatif.run_scenario(score, frame, sensitive_features=groups, cuts=cuts, **asked)
        changed = decided(frame) != decided(frame.assign(age=frame["age"] + 8))
        assert sum(rate.changed for rate in found.flips) == changed.sum()
        assert dict(found.flips[0].group).keys() == {*np.atleast_1d(groups)}


@pytest.mark.parametrize("decide_as", ["edited", "original"])
def test_a_flip_test_decides_at_the_new_range_or_the_old(frame, decide_as):
    values = [25, 40, 50]
    found = rai.whatif.flip_test(
        score, frame, change="age", values=values, decide_as=decide_as,
        sensitive_features="age", **BY_AGE,
    )  # fmt: skip
    scores, own = score(frame), decided(frame)
    changed = np.zeros(len(frame), dtype=bool)
    for value in values:
        asked = (frame["age"] != value).to_numpy()
        new = scores >= threshold_of(value) if decide_as == "edited" else own
        changed |= asked & (np.asarray(new) != own)
    assert found.overall.changed == changed.sum()
    assert (changed.sum() > 50) == (decide_as == "edited")


def test_the_nearest_row_is_decided_otherwise_at_its_own_range(frame):
    own = decided(frame)
    for row in range(8):
        found = rai.whatif.nearest_counterfactual(score, frame, row=row, k=3, **BY_AGE)
        assert all(own[each.row] != own[row] for each in (found, *found.others))
        assert found.decision_to == own[found.row]
    everyone = rai.whatif.nearest_counterfactual(score, frame, row=0, threshold=0.5)
    assert everyone.decision_from != own[0]


def test_counterfactuals_may_change_the_range_alone(frame):
    found = rai.whatif.counterfactuals(score, frame, row=0, frozen=["x", "sex"], k=2, **BY_AGE)
    assert [change.feature for each in found for change in each.changes] == ["age"]
    assert found[0].decision == decided(frame.iloc[[0]].assign(age=found[0].record["age"]))[0]
    assert found[0].decision != decided(frame)[0]
    ages = frame["age"].dropna()
    flip = ages[[decided(frame.iloc[[0]].assign(age=a))[0] != decided(frame)[0] for a in ages]]
    assert abs(found[0].record["age"] - 29.5) == (flip - 29.5).abs().min()


def test_a_workbench_follows_an_edit(frame):
    unread = rai.load_model(score, features=["x", "sex"])
    bench = rai.whatif.Workbench({"all": score, "few": unread}, frame, **BY_AGE)
    for age, wanted in [(20, 1), (40, 0), (50, 0)]:
        bench = bench.edit(1, age=age).run()
        assert [int(run.decided[run.rows == 1][0]) for run in bench.history[-2:]] == [wanted] * 2
        assert decided(frame.iloc[[1]].assign(age=age))[0] == wanted


def test_models_are_compared_at_each_rows_range(frame):
    found = rai.whatif.compare_models(
        {"by range": score, "at half": score}, frame,
        threshold={"by range": AT, "at half": 0.5}, along="age", cuts={"age": EDGES},
    )  # fmt: skip
    assert found.decided["by range"].tolist() == decided(frame).tolist()
    assert found.decided["at half"].tolist() == (score(frame) >= 0.5).astype(int).tolist()


def test_quantile_groups_are_those_of_the_rows(frame):
    middle = float(frame["age"].median())
    by_hand = rai.audit(
        y_true=[0] * 300, y_score=score(frame), sensitive_features=frame[["age"]], cuts={"age": 2}
    )
    names = [key[0] for key in by_hand.tally.groups]
    assert names[0] == f"< {middle:g}"
    found = rai.whatif.run_scenario(
        score, frame, scenario=Scenario("older", Edit.add("age", 20)), along="age", cuts={"age": 2},
        threshold={names[0]: 0.2, names[1]: 0.7, "(missing)": 0.9},
    )  # fmt: skip
    at = np.where(frame["age"].isna(), 0.9, np.where(frame["age"] + 20 < middle, 0.2, 0.7))
    assert found.decided_after.tolist() == (score(frame) >= at).astype(int).tolist()


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"cuts": {"agee": EDGES}},
            RoleError,
            "cuts: 'agee', which no threshold goes by; expected columns of along ('age'). "
            "Did you mean 'age'?",
        ),
        (
            {"along": None},
            RoleError,
            "cuts: 'age', which no threshold goes by; expected along=, with the columns to cut.",
        ),
        (
            {"along": "sex", "cuts": {"sex": EDGES}},
            RoleError,
            "along 'sex': text such as 'F'; expected numbers to cut.",
        ),
        (
            {"along": "agee", "cuts": {"agee": EDGES}},
            RoleError,
            "along: no column 'agee'; expected one of 'age', 'sex', 'x'. Did you mean 'age'?",
        ),
        (
            {"cuts": {"age": (45, 30)}},
            ArgumentError,
            "cuts['age']: (45, 30); expected increasing edges such as [25, 45], or a number of quantile "
            "groups such as 4.",
        ),
    ],
)
def test_what_cannot_be_cut_is_refused(frame, asked, error, message):
    for ask in (
        lambda **held: rai.whatif.predict_edit(score, frame, row=0, edits={"age": 50}, **held),
        lambda **held: rai.whatif.nearest_counterfactual(score, frame, row=0, **held),
        lambda **held: rai.whatif.counterfactuals(score, frame, row=0, **held),
        lambda **held: rai.whatif.Workbench(score, frame, **held),
    ):
        with pytest.raises(error) as caught:
            ask(**{**BY_AGE, **asked})
        assert str(caught.value) == message


def test_cuts_that_split_nothing_are_refused_beside_groups(frame):
    with pytest.raises(RoleError) as caught:
        rai.whatif.flip_test(score, frame, change="sex", sensitive_features="sex", **{
            **BY_AGE, "cuts": {"age": EDGES, "x": [0.5]}})  # fmt: skip
    assert str(caught.value).startswith("cuts: 'x', which splits nothing")
    with pytest.raises(RoleError):
        rai.whatif.flip_test(score, frame, change="sex", cuts={"age": EDGES})
