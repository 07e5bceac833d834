"""Scenarios put to a rule whose answers are known: who flips, at which threshold, in which group."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import binomtest, ttest_1samp

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import Condition, Edit, Scenario, compare_models, run_scenario

FRAME = pd.DataFrame(
    {
        "income": [40.0, 60.0, 48.0, 30.0, 55.0, 49.0],
        "sex": ["F", "M", "F", "M", "F", "M"],
        "age": [20, 30, 40, 50, 60, 70],
    }
)
RAISE = Scenario("raise", Edit.scale("income", 1.1))


def by_income(frame):
    """Score is income in hundreds: selected from 50 on."""
    return (frame["income"] / 100).clip(0, 1)


def rows_of(found):
    return [
        (rate.name, rate.n, rate.changed, rate.to_positive, rate.to_negative) for rate in found.flips
    ]


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_flips_are_exactly_those_of_the_rule(frame):
    found = run_scenario(by_income, frame, scenario=RAISE, sensitive_features="sex")
    # 48 → 52.8 (F) and 49 → 53.9 (M) pass 50; 40 → 44 and 30 → 33 don't; 60 and 55 were there.
    assert rows_of(found) == [("F", 3, 1, 1, 0), ("M", 3, 1, 1, 0)]
    assert found.before.tolist() == [0.4, 0.6, 0.48, 0.3, 0.55, 0.49]
    assert found.after == pytest.approx([0.44, 0.66, 0.528, 0.33, 0.605, 0.539])
    assert found.decided_before.tolist() == [0, 1, 0, 0, 1, 0]
    assert found.decided_after.tolist() == [0, 1, 1, 0, 1, 1]
    assert found.edited_rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.overall.changed == 2
    assert found.overall.n == 6
    assert found.marks.words == "income: above 60, the largest that occurs (2 rows)"
    assert repr(found) == (
        "ScenarioResult('raise: income × 1.1', 6 of 6 rows edited, 2 decisions change (0.333))"
    )


def test_rows_of_the_table_have_one_shape():
    found = run_scenario(by_income, FRAME, scenario=RAISE, sensitive_features=["sex"])
    rows = found.to_dicts()
    assert list(rows[0]) == [
        *("sex", "n", "changed", "share", "low", "high", "to_positive", "to_negative", "mean_delta"),
        *("mean_delta_low", "mean_delta_high", "mean_absolute_delta", "note"),
    ]
    assert rows[0]["share"] == pytest.approx(1 / 3)
    assert rows[0]["mean_delta"] == pytest.approx(0.1 * (40 + 48 + 55) / 300)


def test_intervals_are_those_of_scipy():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"income": rng.gamma(4, 12, 400), "sex": rng.choice(["F", "M"], 400)})
    found = run_scenario(by_income, frame, scenario=RAISE, sensitive_features="sex", level=0.9)
    for rate in found.flips:
        mine = (frame["sex"] == rate.name).to_numpy()
        wilson = binomtest(rate.changed, rate.n).proportion_ci(0.9, method="wilson")
        assert (rate.low, rate.high) == pytest.approx((wilson.low, wilson.high))
        moved = (found.after - found.before)[mine]
        student = ttest_1samp(moved, 0).confidence_interval(0.9)
        assert (rate.mean_delta_low, rate.mean_delta_high) == pytest.approx((student.low, student.high))
        assert rate.mean_delta == pytest.approx(moved.mean())
        assert rate.mean_absolute_delta == pytest.approx(np.abs(moved).mean())
        assert 0 < rate.changed < rate.n


def test_only_rows_that_change_are_predicted_again():
    asked = []

    def counting(frame):
        asked.append(frame["income"].tolist())
        return frame["income"] / 100

    some = Scenario("some", Edit.replace("income", {40: 70, 60: 60}), where=Condition("age", "<", 60))
    found = run_scenario(counting, FRAME, scenario=some)
    assert asked == [FRAME["income"].tolist(), [70.0]]
    assert found.edited_rows.tolist() == [0]
    assert [rate.name for rate in found.flips] == ["everyone"]
    asked.clear()
    known = found.before
    again = run_scenario(counting, FRAME, scenario=some, y_score=known)
    assert asked == [[70.0]]
    assert again.after.tolist() == found.after.tolist()


def test_what_the_model_does_not_read_changes_nothing_and_says_so():
    model = rai.load_model(by_income, features=["income"])
    found = run_scenario(model, FRAME, scenario=Scenario("older", Edit.add("age", 1)))
    assert found.overall.changed == 0
    assert found.marks.words == (
        "age: above 70, the largest that occurs (1 row); age: not read by the model (6 rows)"
    )
    empty = Scenario("nobody", Edit.set("income", 1), where=("age", ">", 99))
    found = run_scenario(model, FRAME, scenario=empty, sensitive_features="sex")
    assert found.overall.changed == 0
    assert found.marks.words == "where: no row meets the conditions (0 rows)"


def test_people_stay_in_their_group_and_thresholds_follow_the_edited_row():
    swap = Scenario("all women", Edit.set("sex", "F"))
    found = run_scenario(
        by_income, FRAME, scenario=swap, threshold={"F": 0.45, "M": 0.52}, along="sex",
        sensitive_features="sex",
    )  # fmt: skip
    # Scores don't move. Men at .6 .3 .49 meet .45 instead of .52: the last one is selected now.
    assert found.decided_before.tolist() == [0, 1, 1, 0, 1, 0]
    assert found.decided_after.tolist() == [0, 1, 1, 0, 1, 1]
    assert rows_of(found) == [("F", 3, 0, 0, 0), ("M", 3, 1, 1, 0)]
    rates = {(e.group[0][1], e.group[1][1]): e.value for e in found.selection_rates}
    assert rates == {
        ("F", "before"): 2 / 3, ("F", "after"): 2 / 3, ("M", "before"): 1 / 3, ("M", "after"): 2 / 3,
    }  # fmt: skip


def test_a_group_without_a_threshold_is_refused():
    swap = Scenario("other", Edit.set("sex", "X"))
    with pytest.raises(DataError) as caught:
        run_scenario(by_income, FRAME, scenario=swap, threshold={"F": 0.4, "M": 0.5}, along="sex")
    assert str(caught.value) == (
        "threshold: group 'X'; expected one of 'F', 'M'. Give a threshold for it, or one number for "
        "everyone."
    )


def test_the_largest_changes_come_first_with_their_rows():
    found = run_scenario(by_income, FRAME, scenario=RAISE, sensitive_features="sex")
    assert [case.row for case in found.largest(3)] == [1, 4, 5]
    assert [case.row for case in found.largest(100)] == [1, 4, 5, 2, 0, 3]
    assert found.largest(2).to_dicts()[1] == {
        "row": 4,
        "sex": "F",
        "before": 0.55,
        "after": pytest.approx(0.605),
        "delta": pytest.approx(0.055),
        "decision_before": 1,
        "decision_after": 1,
        "changed": False,
    }
    with pytest.raises(ArgumentError, match="largest: 0; expected a whole number of at least 1"):
        found.largest(0)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(3)
    n = 600
    frame = pd.DataFrame(
        {
            "income": rng.gamma(4, 12, n),
            "sex": rng.choice(["F", "M"], n),
            "site": rng.choice(["a", "b", "c"], n),
            "age": rng.integers(18, 80, n),
        }
    )
    frame["won"] = (frame["income"] / 100 + rng.normal(0, 0.2, n) > 0.5).astype(int)
    return frame


def test_gaps_before_and_after_are_those_of_two_audits(drawn):
    found = run_scenario(
        by_income, drawn, scenario=Scenario("x", Edit.scale("income", 1.2), where=("sex", "==", "F")),
        y_true="won", sensitive_features=["sex", "site"],
    )  # fmt: skip
    names = ("demographic_parity", "equal_opportunity", "accuracy")
    both = found.gaps(*names)
    for when, decided in (("before", found.decided_before), ("after", found.decided_after)):
        alone = rai.audit(
            y_true=drawn["won"], y_pred=decided, positive_label=1,
            sensitive_features={"sex": drawn["sex"], "site": drawn["site"]},
        )  # fmt: skip
        mine = [gap for gap in both if gap.within == (("edit", when),)]
        held = {(gap.metric, gap.along): gap for gap in alone.gaps(*names)}
        assert len(mine) == len(held) == 9
        for gap in mine:
            other = held[gap.metric, gap.along]
            assert (gap.value, gap.low, gap.high, gap.null, gap.highest, gap.lowest) == (
                other.value, other.low, other.high, other.null, other.highest, other.lowest,
            )  # fmt: skip
        metrics = found.metrics("true_positive_rate", by=("sex", "edit"))
        assert [e.value for e in metrics if ("edit", when) in e.group] == [
            e.value for e in alone.metrics("true_positive_rate", by="sex")
        ]
    rates = {e.group: (e.value, e.low, e.high) for e in found.selection_rates}
    audited = found.metrics("selection_rate")
    assert {e.group: (e.value, e.low, e.high) for e in audited} == rates
    two = found.gaps("demographic_parity", along="sex")
    assert [gap.within[0][1] for gap in two] == ["before", "after"]
    assert two[0].value != two[1].value


def test_labels_may_be_spelled_as_the_classes_or_be_missing(drawn):
    model = rai.load_model(by_income, classes=[False, True])
    truth = pd.Series(drawn["won"].astype(float)).mask(drawn.index < 50)
    found = run_scenario(
        model, drawn, scenario=RAISE, y_true=truth, sensitive_features={"s": drawn["sex"]}
    )
    assert sum(found.audit.dropped.values()) == 100
    assert found.audit.rows == 1100
    assert found.audit.roles.positive_label is True


def test_ages_are_cut(drawn):
    found = run_scenario(
        by_income, drawn, scenario=RAISE, y_true="won", sensitive_features="age", cuts={"age": [40, 60]}
    )
    assert [rate.name for rate in found.flips] == ["< 40", "40 to < 60", "≥ 60"]
    assert [gap.within[0][1] for gap in found.gaps("accuracy")] == ["before", "after"]
    with pytest.raises(RoleError) as caught:
        run_scenario(by_income, drawn, scenario=RAISE, sensitive_features="age")
    assert str(caught.value).startswith(
        "sensitive_features 'age': 62 distinct numbers; expected at most"
    )


def test_several_classes():
    def three(frame):
        x = frame["income"].to_numpy() / 100
        return np.c_[0.5 - x / 2, np.full(len(x), 0.3), 0.2 + x / 2]

    model = rai.load_model(three, classes=["low", "middle", "high"])
    found = run_scenario(
        model, FRAME, scenario=Scenario("x", Edit.set("income", 5), rows=[1, 2]), y_true=["low"] * 6,
        sensitive_features="sex",
    )  # fmt: skip
    before, after = three(FRAME), three(FRAME.assign(income=[40, 5, 5, 30, 55, 49]))
    assert found.decided_before.tolist() == before.argmax(1).tolist()
    assert found.decided_after.tolist() == after.argmax(1).tolist()
    changed = (before.argmax(1) != after.argmax(1)).nonzero()[0].tolist()
    assert changed == [1, 2]
    assert [(r.name, r.changed, r.to_positive) for r in found.flips] == [("F", 1, None), ("M", 1, None)]
    case = found.largest(1)[0]
    assert (case.row, case.decision_before, case.decision_after) == (1, "high", "low")
    assert case.before == before[1, 2]
    assert case.after == after[1, 2]
    assert found.selection_rates == ()
    assert [e.value for e in found.metrics("accuracy", by="edit") if e.group[0][1] == "(all)"] == [
        *(1 / 6, 3 / 6)
    ]


def test_a_regression():
    model = rai.load_model(lambda frame: frame["income"] * 2, task="regression")
    found = run_scenario(
        model, FRAME, scenario=Scenario("x", Edit.add("income", 5), where=("sex", "==", "F")),
        sensitive_features="sex", y_true=[80, 120, 90, 70, 100, 90], tolerance=9,
    )  # fmt: skip
    assert [(r.name, r.changed, r.mean_delta, r.to_positive) for r in found.flips] == [
        *(("F", 3, 10.0, None), ("M", 0, 0.0, None)),
    ]
    still = run_scenario(model, FRAME, scenario=Scenario("x", Edit.add("income", 5)), tolerance=10)
    assert still.overall.changed == 0
    assert found.decided_before is None
    errors = found.metrics("mean_absolute_error", by=("sex", "edit"))
    assert [e.value for e in errors if ("sex", "F") in e.group] == [
        pytest.approx((0 + 6 + 10) / 3),
        pytest.approx((10 + 16 + 20) / 3),
    ]
    assert repr(found).endswith("3 of 6 rows edited, 3 values change (0.5))")


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"scenario": Edit.set("age", 1)},
            ArgumentError,
            'scenario: something of type Edit; expected a Scenario. Write Scenario("name", edits).',
        ),
        (
            {"y_true": "wonn"},
            RoleError,
            "y_true: no column 'wonn'; expected one of 'income', 'sex', 'age'.",
        ),
        (
            {"y_true": ["yes"] * 6},
            RoleError,
            "y_true: 'yes'; expected one of the model's classes: 0, 1. Pass classes=[…] to rai.load_model.",
        ),
        (
            {"sensitive_features": "gender"},
            RoleError,
            "sensitive_features: no column 'gender'; expected one of 'income', 'sex', 'age'.",
        ),
        (
            {"sensitive_features": {"edit": ["a"] * 6}},
            RoleError,
            "sensitive_features: rows split by 'edit'; expected a name that no table of results uses. "
            "Copy the column under another name.",
        ),
        (
            {"tolerance": 0.1},
            ArgumentError,
            "tolerance: 0.1 for a binary model; expected none. Decisions change or don't.",
        ),
        (
            {"level": 2},
            ArgumentError,
            "level: 2; expected a number between 0 and 1. 0.95 is usual.",
        ),
        (
            {"scenario": Scenario("x", Edit.set("age", 1), rows=[6])},
            ArgumentError,
            "rows: 6; expected positions from 0 to 5.",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(asked, error, message):
    with pytest.raises(error) as caught:
        run_scenario(by_income, FRAME, **{"scenario": RAISE, **asked})
    assert str(caught.value) == message


def test_without_labels_there_is_no_audit():
    found = run_scenario(by_income, FRAME, scenario=RAISE, sensitive_features="sex")
    with pytest.raises(ArgumentError) as caught:
        found.gaps()
    assert str(caught.value) == (
        "audit: a scenario without; expected true labels and groups. "
        "Pass y_true= and sensitive_features= to run_scenario."
    )
    column = rai.load_model(column="age", probabilities=False)
    with pytest.raises(ArgumentError, match="run_scenario: a column of predictions"):
        run_scenario(column, FRAME, scenario=RAISE)


def test_before_and_after_are_compared_as_two_models_on_the_same_people():
    rng = np.random.default_rng(4)
    people = pd.DataFrame(
        {
            "income": rng.integers(20, 90, 400),
            "sex": rng.choice(["F", "M"], 400),
            "y": rng.choice([0.0, 1.0, np.nan], 400, p=[0.45, 0.5, 0.05]),
        }
    )
    raised = Scenario("a raise for women", Edit.add("income", 7), where=Condition("sex", "==", "F"))
    found = run_scenario(by_income, people, scenario=raised, y_true="y", sensitive_features="sex").paired

    def after(frame):
        return by_income(frame.assign(income=frame["income"] + 7 * (frame["sex"] == "F")))

    models = {"before": by_income, "after": after}
    apart = compare_models(models, people, y_true="y", sensitive_features="sex")
    asked = ("true_positive_rate", "selection_rate")
    assert found.differences(*asked).to_dicts() == apart.differences(*asked).to_dicts()
    assert found.gap_differences().to_dicts() == apart.gap_differences().to_dicts()
    assert found.flips().to_dicts() == apart.flips().to_dicts()
    assert found.dropped == apart.dropped == {"y_true is missing": int(people["y"].isna().sum())}
    women, men = found.differences("selection_rate")
    assert women.value > 0.05
    assert (men.value, men.low < 0 < men.high) == (0.0, True)


def test_without_labels_what_is_decided_can_still_be_compared():
    found = run_scenario(by_income, FRAME, scenario=RAISE, sensitive_features="sex").paired
    assert {row.metric for row in found.differences()} == {"selection_rate"}
