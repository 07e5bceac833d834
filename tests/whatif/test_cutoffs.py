"""Where scores become decisions, for everyone or for each group."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif.cutoffs import Cutoffs

SCORES = np.array([0.3, 0.5, 0.7, 0.5])
FRAME = pd.DataFrame({"sex": ["F", "F", "M", "M"], "age": [20, 40, 20, 40]})
MODEL = rai.load_model(lambda frame: frame["age"] / 100)


def decided(threshold, *, along=None, frame=FRAME, model=MODEL, scores=SCORES):
    cutoffs = Cutoffs.of(model, threshold, along=along)
    return cutoffs.decide(scores, open_rows(frame)).tolist()


def test_one_threshold_decides_for_everyone_and_itself_is_selected():
    assert decided(0.5) == [0, 1, 1, 1]
    assert decided(0.51) == [0, 0, 1, 0]
    assert decided(None) == [0, 1, 1, 1]


def test_margins_are_cut_at_zero():
    margins = rai.load_model(lambda frame: frame["age"] - 30, probabilities=False)
    assert decided(None, model=margins, scores=np.array([-1.0, 0.0, 2.0, -3.0])) == [0, 1, 1, 0]


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_each_group_has_its_own(frame):
    assert decided({"F": 0.2, "M": 0.6}, along="sex", frame=frame) == [1, 1, 1, 0]
    assert decided({("M",): 0.2, ("F",): 0.6}, along=["sex"], frame=frame) == [0, 0, 1, 1]


def test_whoever_changes_group_changes_threshold():
    cutoffs = Cutoffs.of(MODEL, {"F": 0.2, "M": 0.6}, along="sex")
    rows = open_rows(FRAME)
    swapped = rows.with_column("sex", rows.pool("sex"), [2, 3, 0, 1])
    assert cutoffs.of_rows(rows).tolist() == [0.2, 0.2, 0.6, 0.6]
    assert cutoffs.of_rows(swapped).tolist() == [0.6, 0.6, 0.2, 0.2]


def plan(**asked):
    audit = rai.audit(
        y_true=[1, 1, 0, 0, 1, 1, 0, 0],
        y_score=[0.9, 0.8, 0.7, 0.1, 0.6, 0.5, 0.2, 0.1],
        sensitive_features={"sex": [*"FFFFMMMM"]},
        bins="exact",
    )
    return rai.optimize_thresholds(audit, along="sex", **asked)


def test_a_plan_decides_as_it_does_when_it_is_applied():
    found = plan(strategy="group_thresholds")
    assert len(set(found.thresholds.values())) == 2
    scores = np.linspace(0, 1, 41)
    frame = pd.DataFrame({"sex": ["F", "M"] * 20 + ["F"]})
    mine = Cutoffs.of(MODEL, found).decide(scores, open_rows(frame))
    assert mine.astype(bool).tolist() == found.apply(scores, frame["sex"]).tolist()
    assert 0 < mine.sum() < 41


def test_a_plan_with_ranges_of_a_number_decides_by_range():
    audit = rai.audit(
        y_true=[1, 1, 0, 0, 1, 1, 0, 0],
        y_score=[0.9, 0.8, 0.7, 0.1, 0.6, 0.5, 0.2, 0.1],
        sensitive_features={"age": [20, 21, 22, 23, 50, 51, 52, 53]},
        bins="exact",
        cuts={"age": (30,)},
    )
    found = rai.optimize_thresholds(audit, strategy="group_thresholds", along="age")
    frame = pd.DataFrame({"age": [29, 30]})
    at = Cutoffs.of(MODEL, found).of_rows(open_rows(frame))
    assert at.tolist() == [found.thresholds[("< 30",)], found.thresholds[("≥ 30",)]]
    assert at[0] != at[1]


def test_several_classes_go_by_the_largest_score():
    model = rai.load_model(lambda frame: frame, classes=["a", "b", "c"])
    scores = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]])
    assert decided(None, model=model, scores=scores, frame=FRAME.head(3)) == [1, 0, 2]
    with pytest.raises(ArgumentError) as caught:
        Cutoffs.of(model, 0.5)
    assert str(caught.value) == "threshold: a threshold for a multiclass model; expected none."


def test_a_regression_decides_nothing():
    model = rai.load_model(lambda frame: frame["age"], task="regression")
    with pytest.raises(ArgumentError) as caught:
        decided(None, model=model)
    assert str(caught.value) == (
        "decisions: a regression, which decides nothing; expected a model with classes."
    )


@pytest.mark.parametrize(
    ("threshold", "along", "error", "message"),
    [
        ("high", None, ArgumentError, "threshold: 'high'; expected a finite number."),
        (True, None, ArgumentError, "threshold: True; expected a finite number."),
        (float("nan"), None, ArgumentError, "threshold: nan; expected a finite number."),
        (
            {"F": 0.5},
            None,
            ArgumentError,
            'threshold: groups without their columns; expected along=. Pass along="sex", or whichever '
            "columns the groups are of.",
        ),
        (
            {("F", "old"): 0.5},
            "sex",
            ArgumentError,
            "threshold: group 'F × old'; expected a level of each of 'sex'.",
        ),
        (
            {"F": 0.5},
            "sex",
            DataError,
            "threshold: group 'M'; expected one of 'F'. Give a threshold for it, or one number for everyone.",
        ),
        (
            {"F": 0.5, "M": 0.5},
            "sexx",
            RoleError,
            "threshold: no column 'sexx'; expected one of 'sex', 'age'. Did you mean 'sex'?",
        ),
    ],
)
def test_what_can_decide_nothing_is_refused(threshold, along, error, message):
    with pytest.raises(error) as caught:
        decided(threshold, along=along)
    assert str(caught.value) == message


def test_a_plan_that_draws_lots_is_refused():
    rng = np.random.default_rng(0)
    truth, sex = rng.integers(0, 2, 200), rng.choice(["F", "M"], 200)
    score = np.clip(truth * 0.2 + rng.random(200) * 0.6 + (sex == "M") * 0.2, 0, 1)
    audit = rai.audit(y_true=truth, y_score=score, sensitive_features={"sex": sex}, bins="exact")
    drawn = rai.optimize_thresholds(audit, strategy="equalized_odds", along="sex", randomized=True)
    assert any(rule.drawn for rule in drawn.rules)
    with pytest.raises(ArgumentError) as caught:
        Cutoffs.of(MODEL, drawn)
    assert str(caught.value) == (
        "threshold: a plan that draws lots near its thresholds, so that no edit has one answer; "
        "expected a plan without lots. Choose thresholds without lots (randomized=False)."
    )


def test_a_plan_for_another_label_is_refused():
    other = rai.load_model(lambda frame: frame["age"], classes=["no", "yes"])
    with pytest.raises(ArgumentError) as caught:
        Cutoffs.of(other, plan(strategy="group_thresholds"))
    assert str(caught.value) == (
        "threshold: a plan for positive label 1; expected 'yes', as the model's. "
        "Pass positive_label= to rai.load_model."
    )
