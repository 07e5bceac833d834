import numpy as np
import pytest
from scipy import stats

import rai
from rai.explainers import explain
from rai.explainers.summaries import by_confusion
from rai.ground.errors import ArgumentError, DataError, RoleError

RNG = np.random.default_rng(5)
FP_TN, FN_TP = "false_positive_minus_true_negative", "false_negative_minus_true_positive"


def one(found, **conditions):
    (row,) = found.where(**conditions)
    return row


def test_counted_by_hand(attributions):
    found = attributions([[-1.0], [2.0], [4.0], [-3.0], [5.0], [-2.0]])
    rows = by_confusion(found, y_true=[0, 0, 0, 1, 1, 0])
    told = [
        (r["feature"], r["cell"], r["n"], r["mean"], r["mean_abs"], r["rank"]) for r in rows.to_dicts()
    ]
    assert told == [
        ("x0", "true_negative", 2, -1.5, 1.5, 1),
        ("x0", "false_positive", 2, 3.0, 3.0, 1),
        ("x0", "false_negative", 1, -3.0, 3.0, 1),
        ("x0", "true_positive", 1, 5.0, 5.0, 1),
        ("x0", FP_TN, 4, 4.5, None, 1),
        ("x0", FN_TP, 2, -8.0, None, 1),
    ]


def test_contrasts_have_welch_s_interval_and_add_up_to_the_scores(attributions):
    n = 600
    values = RNG.normal(size=(n, 3)) * [1.0, 0.5, 0.2]
    sex = RNG.choice(["F", "M"], size=n)
    y = RNG.integers(0, 2, n)
    found = attributions(values, {"x0": np.zeros(n), "sex": sex})
    rows = by_confusion(found, y_true=y, by="sex", level=0.9)
    score = values.sum(axis=1)
    mine = {
        name: values[(sex == "F") & (y == label) & ((score >= 0) == positive)]
        for name, label, positive in (("fp", 0, True), ("tn", 0, False))
    }
    for at in range(3):
        row = one(rows, feature=f"x{at}", sex="F", cell=FP_TN)
        oracle = stats.ttest_ind(mine["fp"][:, at], mine["tn"][:, at], equal_var=False)
        interval = oracle.confidence_interval(0.9)
        assert row.mean == pytest.approx(mine["fp"][:, at].mean() - mine["tn"][:, at].mean())
        assert (row.low, row.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
        assert row.n == len(mine["fp"]) + len(mine["tn"])
    whole = sum(row.mean for row in rows.where(sex="F", cell=FP_TN))
    assert whole == pytest.approx(mine["fp"].sum(axis=1).mean() - mine["tn"].sum(axis=1).mean())


def test_cells_of_groups_add_up_to_those_of_everyone(attributions):
    values = RNG.normal(size=(300, 2))
    y, group = RNG.integers(0, 2, 300), RNG.choice(["a", "b"], size=300)
    rows = by_confusion(attributions(values), y_true=y, by={"g": group}, min_rows=2)
    for cell in ("true_positive", "false_positive", "true_negative", "false_negative"):
        parts = [one(rows, feature="x0", cell=cell, g=name) for name in "ab"]
        whole = one(rows, feature="x0", cell=cell, g="everyone")
        assert whole.n == sum(part.n for part in parts)
        assert whole.mean == pytest.approx(
            np.average([p.mean for p in parts], weights=[p.n for p in parts])
        )
    assert [group for group in rows.groups if len(group) == 1] == [(("cell", name),) for name in (
        "true_negative", "false_positive", "false_negative", "true_positive", FP_TN, FN_TP)]  # fmt: skip


@pytest.mark.parametrize(
    ("space", "threshold", "positives"),
    [("margin", None, [0, 1, 1]), ("probability", None, [0, 0, 1]), ("probability", 0.3, [0, 1, 1]),
     ("margin", 0.7, [0, 0, 1]), ("decision", None, [0, 0, 1])],
)  # fmt: skip
def test_decisions_come_from_the_model_s_own_numbers(attributions, space, threshold, positives):
    found = attributions([[-0.2], [0.3], [0.8]], space=space)
    rows = by_confusion(found, y_true=[0, 0, 0], threshold=threshold)
    assert one(rows, cell="false_positive").n == sum(positives)


def test_decisions_that_are_given(attributions):
    found = attributions([[-1.0], [1.0]], {"x0": [1, 2], "said": ["yes", "no"]}, outputs=("yes",))
    rows = by_confusion(found, y_true=["yes", "no"], y_pred="said")
    assert {r["cell"]: r["n"] for r in rows.to_dicts()[:4]} == {
        "true_positive": 1, "true_negative": 1, "false_positive": 0, "false_negative": 0,
    }  # fmt: skip


def test_cells_that_are_empty_or_small_say_so(attributions):
    rows = by_confusion(attributions(np.ones((40, 1))), y_true=[0] * 35 + [1] * 5)
    empty, few = one(rows, cell="true_negative"), one(rows, cell="true_positive")
    assert (empty.n, empty.mean, empty.note) == (0, None, "undefined: no rows")
    assert (few.mean, few.low, few.note) == (1.0, None, "no interval: 5 rows, fewer than 30")
    assert one(rows, cell=FP_TN).mean is None
    assert one(rows, cell=FP_TN).note == "undefined: no true negatives"
    rows = by_confusion(attributions([[1.0]] * 40 + [[-1.0]] * 5), y_true=[0] * 45)
    few = one(rows, cell=FP_TN)
    assert (few.mean, few.low, few.note) == (2.0, None, "no interval: 5 true negatives, fewer than 30")


def test_the_feature_behind_planted_false_positives_comes_first():
    """Of one group only, the model adds what the label knows nothing of."""
    n = 2_000
    rows = {
        "skill": RNG.uniform(-1, 1, n),
        "noise": RNG.normal(0, 0.3, n),
        "sex": RNG.choice(["F", "M"], n),
    }
    rows["bonus"] = np.where(rows["sex"] == "M", RNG.integers(0, 2, n), 0) * 1.0
    y = (rows["skill"] > 0).astype(int)
    model = rai.load_model(
        lambda f: f["skill"] + f["noise"] + 0.8 * f["bonus"],
        features=["skill", "noise", "bonus"], probabilities=False,
    )  # fmt: skip
    found = by_confusion(explain(model, rows), y_true=y, by="sex")
    men, women = (one(found, feature="bonus", sex=sex, cell=FP_TN) for sex in ("M", "F"))
    assert men.rank == 1
    assert men.low > 0.4
    assert (women.low, women.high) == pytest.approx((0, 0), abs=1e-9)


def test_what_is_refused(attributions):
    found = attributions(np.ones((3, 1)), {"x0": [1, 2, 3], "cell": ["a", "b", "b"]})
    with pytest.raises(
        ArgumentError, match=r"^by_confusion: a regression; expected a model of two classes"
    ):
        by_confusion(
            attributions(np.ones((3, 1)), outputs=(None,), space="prediction"), y_true=[1, 0, 1]
        )
    with pytest.raises(
        ArgumentError, match=r"^by_confusion: 3 classes; expected a model of two classes"
    ):
        by_confusion(attributions(np.ones((3, 1, 3))), y_true=[1, 0, 1])
    with pytest.raises(
        ArgumentError, match=r"^by_confusion: attributions of losses; expected of scores"
    ):
        by_confusion(attributions(np.ones((3, 1)), outputs=(None,), space="loss"), y_true=[1, 0, 1])
    with pytest.raises(
        ArgumentError, match=r"^threshold: one for attributions of decisions; expected none"
    ):
        by_confusion(attributions(np.ones((3, 1)), space="decision"), y_true=[1, 0, 1], threshold=0.4)
    with pytest.raises(ArgumentError, match=r"^threshold: 'high'; expected a finite number"):
        by_confusion(found, y_true=[1, 0, 1], threshold="high")
    with pytest.raises(ArgumentError, match=r"both a threshold and y_pred"):
        by_confusion(found, y_true=[1, 0, 1], threshold=0.4, y_pred=[1, 0, 1])
    with pytest.raises(DataError, match=r"^y_true: 'yes', 'no'; expected two labels, 1 and another"):
        by_confusion(found, y_true=["yes", "no", "yes"])
    with pytest.raises(DataError, match=r"^y_true: a missing label; expected one for each row"):
        by_confusion(found, y_true=["yes", None, "yes"])
    with pytest.raises(DataError, match=r"y_pred"):
        by_confusion(found, y_true=[1, 0, 1], y_pred=[1, 0])
    with pytest.raises(RoleError, match=r"rows split by 'cell'"):
        by_confusion(found, y_true=[1, 0, 1], by="cell")
