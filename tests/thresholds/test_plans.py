import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai import ArgumentError, DataError, RoleError, TallyError, ThresholdPlan


def test_apply_is_a_threshold_for_each_group(plan):
    low, high = (plan.thresholds[key,] for key in ("F", "M"))
    scores = [low, low - 1e-9, high, high - 1e-9]
    assert plan.apply(scores, ["F", "F", "M", "M"]).tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    "groups",
    [
        np.array(["F", "M", "M"]),
        pd.Series(["F", "M", "M"], name="whatever"),
        pl.Series("sex", ["F", "M", "M"]),
        {"sex": ["F", "M", "M"]},
        pd.DataFrame({"other": [1, 2, 3], "sex": ["F", "M", "M"]}),
    ],
    ids=["array", "pandas series", "polars series", "dict", "frame"],
)
def test_groups_come_in_many_forms(plan, groups):
    assert plan.apply([0.9, 0.9, 0.0], groups).tolist() == [True, True, False]


def test_two_columns_make_a_group(fitted):
    both = rai.optimize_thresholds(fitted, strategy="group_thresholds", along=["sex", "region"])
    frame = pd.DataFrame({"region": ["N", "W"], "sex": ["F", "M"]})
    at = [both.thresholds["F", "N"], both.thresholds["M", "W"]]
    assert both.apply(at, frame).tolist() == [True, True]
    assert both.apply(np.array(at) - 1e-9, frame.to_numpy()[:, ::-1]).tolist() == [False, False]
    with pytest.raises(RoleError) as error:
        both.apply(at, frame[["sex"]])
    assert str(error.value) == "groups: no column 'region'; expected the columns 'sex', 'region'."


def test_numbers_are_cut_as_they_were():
    rng = np.random.default_rng(0)
    age, y = rng.integers(18, 80, 400), rng.integers(0, 2, 400)
    audit = rai.audit(
        y_true=y, y_score=np.clip(0.3 * y + 0.6 * rng.random(400), 0, 1), sensitive_features={"age": age},
        cuts={"age": [35, 50]},
    )  # fmt: skip
    plan = rai.optimize_thresholds(audit, strategy="group_thresholds")
    names = ["< 35", "35 to < 50", "≥ 50"]
    at = [plan.thresholds[name,] for name in names]
    assert plan.apply(at, [34.9, 35, 50]).tolist() == [True] * 3
    assert plan.apply(np.array(at) - 1e-9, [34.9, 35, 50]).tolist() == [False] * 3


@pytest.mark.parametrize(
    ("scores", "groups", "error", "message"),
    [
        (
            [0.5, None],
            ["F", "M"],
            DataError,
            "y_score: 1 missing value, the first in row 2; expected a score for every row. "
            "Decide those rows by other means, or leave them out.",
        ),
        (
            [0.5, np.inf],
            ["F", "M"],
            DataError,
            "y_score: 1 infinite value, the first in row 2; expected finite numbers.",
        ),
        (
            [0.5, 0.5],
            ["F", "X"],
            DataError,
            "apply: group 'X'; expected one that the plan knows: 'F', 'M'. Choose with rows of every "
            'group, or pass unseen="single_threshold".',
        ),
        (
            [0.5, 0.5],
            ["F", None],
            DataError,
            "apply: group '(missing)'; expected one that the plan knows: 'F', 'M'. Choose with rows of "
            'every group, or pass unseen="single_threshold".',
        ),
        (["a", "b"], ["F", "M"], RoleError, "y_score: text such as 'a'; expected numeric scores."),
        (
            [0.5, 0.5],
            [[1], [2]],
            DataError,
            "apply: group '1', '2'; expected one that the plan knows: 'F', 'M'. Choose with rows of "
            'every group, or pass unseen="single_threshold".',
        ),
        (
            [0.5, 0.5],
            [0.5, 1.5],
            RoleError,
            "group 'sex': a fraction, 0.5; expected the levels that the thresholds are for.",
        ),
    ],
)
def test_rows_that_cannot_be_decided(plan, scores, groups, error, message):
    with pytest.raises(error) as raised:
        plan.apply(scores, groups)
    assert str(raised.value) == message


def test_an_unseen_group_may_have_the_single_threshold(plan):
    assert plan.apply(
        [plan.single, plan.single - 1e-9], ["X", None], unseen="single_threshold"
    ).tolist() == [
        True,
        False,
    ]


def test_lots_are_drawn_as_often_as_they_should(lots):
    rule = next(rule for rule in lots.rules if rule.drawn)
    between = np.full(20_000, np.mean(rule.thresholds))
    chance = lots.probabilities(between, np.full(20_000, rule.group[0]))
    assert chance[0] == pytest.approx(rule.shares[1])
    drawn = lots.apply(between, np.full(20_000, rule.group[0]), rng=0)
    assert abs(drawn.mean() - rule.shares[1]) < 4 * np.sqrt(0.25 / 20_000)
    assert (drawn == lots.apply(between, np.full(20_000, rule.group[0]), rng=0)).all()
    assert (drawn != lots.apply(between, np.full(20_000, rule.group[0]))).any()


def test_a_plan_with_lots_has_no_single_thresholds(lots):
    name = next(rule for rule in lots.rules if rule.drawn).group[0]
    with pytest.raises(ArgumentError, match=rf"^thresholds: decisions drawn by lot in .*'{name}'"):
        _ = lots.thresholds


def test_on_other_rows_a_plan_is_judged_anew(plan, fitted, held_out):
    there = plan.evaluate(held_out)
    assert there.note == ""
    assert not there.same_rows
    by_hand = held_out.tally.by("sex").confusion(plan.thresholds)
    assert there.confusion.to_dicts() == by_hand.to_dicts()
    here = plan.evaluate(fitted)
    assert here.note == "chosen and judged on the same rows: optimistic"
    assert here.to_dicts() == plan.to_dicts()
    assert here.sentences()[-1] == (
        "The thresholds were chosen on these same rows, which flatters them."
    )
    assert there.residual.value > here.residual.value


def test_rows_that_a_plan_cannot_judge(plan, fitted):
    turned = rai.audit(
        y_true=["repaid", "defaulted"], y_score=[0.2, 0.4], sensitive_features={"sex": ["F", "M"]},
        positive_label="defaulted",
    )  # fmt: skip
    with pytest.raises(ArgumentError) as error:
        plan.evaluate(turned)
    assert str(error.value) == (
        "evaluate: positive label 'defaulted'; expected 'repaid', as in the plan."
    )
    strange = rai.audit(
        y_true=["repaid", "defaulted"], y_score=[0.2, 0.4], sensitive_features={"sex": ["F", "D"]},
        positive_label="repaid",
    )  # fmt: skip
    with pytest.raises(DataError, match=r"^evaluate: group 'D'; expected one that the plan knows"):
        plan.evaluate(strange)
    assert plan.evaluate(strange, unseen="single_threshold").rules[0].thresholds == (plan.single,)
    coarse = rai.audit(
        y_true=["repaid", "defaulted"], y_score=[0.2, 0.4], sensitive_features={"sex": ["F", "M"]},
        positive_label="repaid", bins=7,
    )  # fmt: skip
    with pytest.raises(
        TallyError, match=r"is not an edge of this tally; expected one of its 7 edges\. Pass"
    ):
        plan.evaluate(coarse)


def test_exact_bins_judge_thresholds_that_they_do_not_hold(plan, audit_of):
    exact, binned = (audit_of(seed=1, bins=bins) for bins in ("exact", 1000))
    assert plan.evaluate(exact).to_dicts() == plan.evaluate(binned).to_dicts()


@pytest.mark.parametrize("which", ["plan", "lots"])
def test_an_audit_cut_where_the_plan_says_can_be_judged(request, which, audit_of):
    plan = request.getfixturevalue(which)
    there = audit_of(seed=1, bins=7, thresholds=plan.cut_at)
    assert plan.evaluate(there).to_dicts() == plan.evaluate(audit_of(seed=1)).to_dicts()
    assert plan.cut_at == tuple(sorted(plan.cut_at))
    assert {plan.single, *plan.rules[0].thresholds} <= {*plan.cut_at}


@pytest.mark.parametrize("which", ["plan", "lots"])
def test_a_plan_that_is_saved_comes_back(request, which, tmp_path, held_out):
    plan = request.getfixturevalue(which)
    again = ThresholdPlan.load(plan.save(tmp_path / "plan.json"))
    assert again.summary() == plan.summary()
    assert again.to_dicts() == plan.to_dicts()
    assert again.evaluate(held_out).to_dicts() == plan.evaluate(held_out).to_dicts()
    assert again.fitted.residual == plan.fitted.residual
    assert (again.rules, again.unconstrained, again.single) == (
        plan.rules,
        plan.unconstrained,
        plan.single,
    )


def test_a_saved_plan_reads_well(plan, tmp_path):
    plain = json.loads(plan.save(tmp_path / "plan.json").read_text("utf-8"))
    assert plain["rules"] == [
        {"group": ["F"], "threshold": plan.thresholds["F",]},
        {"group": ["M"], "threshold": plan.thresholds["M",]},
    ]
    assert plain["objective"]["cost_fn"] == 2.0


def test_nobody_and_everyone_are_words(tmp_path):
    audit = rai.audit(
        y_true=[0, 0, 0, 1], y_score=[0.9, 0.8, 0.7, 0.1], sensitive_features={"g": [*"aaaa"]}
    )
    plan = rai.optimize_thresholds(audit, strategy="group_thresholds")
    path = plan.save(tmp_path / "plan.json")
    assert json.loads(path.read_text())["rules"] == [{"group": ["a"], "threshold": "nobody"}]
    assert ThresholdPlan.load(path).thresholds == {("a",): np.inf}
    (row,) = plan.to_dicts()
    assert (row["threshold"], row["selects"], row["positive_predictive_value"]) == (None, "nobody", None)


HOSTILE = {
    "no JSON": ("{", "no JSON"),
    "an audit": ('{"format": "rai-audit"}', "no saved threshold plan"),
    "a later version": ('{"format": "rai-threshold-plan", "version": 2}', "version 2"),
    "nothing in it": ('{"format": "rai-threshold-plan", "version": 1}', "parts that don't fit together"),
}


@pytest.mark.parametrize(("text", "seen"), HOSTILE.values(), ids=list(HOSTILE))
def test_files_that_are_no_plan(tmp_path, text, seen):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(DataError) as error:
        ThresholdPlan.load(path)
    assert str(error.value) == (
        f"reading {path}: {seen}; expected a threshold plan saved by this version of rai. Choose the thresholds again."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"rules": []},
        {"rules": [{"group": ["F"], "threshold": "some"}]},
        {"rules": [{"group": ["F", "N"], "threshold": 0.5}]},
        {"rules": [{"group": ["F"], "thresholds": [0.6, 0.5], "shares": [0.6, 0.6]}]},
        {"strategy": "fair"},
        {"objective": {"name": "cost", "cost_fp": -1, "cost_fn": 1, "benefit_tp": 0, "benefit_tn": 0}},
        {"limit": {"min_precision": 7}},
        {"fitted": {}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_plans_that_were_tampered_with(plan, tmp_path, change):
    path = plan.save(tmp_path / "plan.json")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}))
    with pytest.raises(DataError, match="parts that don't fit together"):
        ThresholdPlan.load(path)


def test_a_plan_is_shown_in_words(plan):
    told = plan.summary()
    assert told[0] == (
        f"Equal true positive rates along sex, within {plan.held_to:.3g}; least cost per row."
    )
    assert told[1].startswith("Cost per row: 0.")
    assert told[2].startswith("Price of the constraint: 0.")
    assert told[3].startswith("Gap that is left in equal opportunity: 0.")
    assert repr(plan) == "ThresholdPlan(equal_opportunity, 2 groups of sex)"
    assert str(plan).splitlines()[0].split() == [
        *("sex", "threshold", "share", "selects", "n", "selection_rate", "true_positive_rate"),
        *("false_positive_rate", "positive_predictive_value", "accuracy"),
    ]


def test_a_cost_that_needs_both_labels_is_undefined_without_one():
    rows = {"y_score": [0.2, 0.3, 0.9, 0.1], "sensitive_features": {"g": list("aabb")}}
    both, one = (
        rai.audit(y_true=labels, positive_label=1, **rows) for labels in ([1, 0, 1, 0], [1, 1, 1, 1])
    )
    plan = rai.optimize_thresholds(both, strategy="single_threshold", objective="balanced_accuracy")
    found = plan.evaluate(one)
    assert found.cost.to_dict() == {"value": None, "low": None, "high": None}
    assert found.price.value is None
    assert found.sentences()[0] == (
        "1 − balanced accuracy: – (undefined: one of the labels has no rows)."
    )
