import numpy as np
import pytest

import rai
from rai.measure.thresholds.judging import cost, decided
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule

HALF = [Rule(("a",), (0.5,)), Rule(("b",), (0.5,))]
LOTS = [Rule(("a",), (0.7, 0.3), (0.25, 0.75)), Rule(("b",), (0.5,))]


def audit(rows=600, *, seed=0, weighted=False):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, rows)
    return rai.audit(
        y_true=y,
        y_score=np.round(np.clip(0.35 + 0.3 * y + rng.normal(0, 0.2, rows), 0, 1), 2),
        sensitive_features={"g": rng.choice(["a", "b"], rows)},
        sample_weight=rng.exponential(size=rows) if weighted else None,
    )


def test_one_threshold_a_group_is_the_confusion_at_it():
    tally = audit().tally
    found = decided(tally, [Rule(("a",), (0.4,)), Rule(("b",), (0.6,))])
    assert found.to_dicts() == tally.confusion({("a",): 0.4, ("b",): 0.6}).to_dicts()


def test_lots_give_expected_counts():
    tally = audit().tally
    found, high, low = decided(tally, LOTS), tally.confusion(0.7), tally.confusion(0.3)
    assert found.weight[0] == pytest.approx(0.25 * high.weight[0] + 0.75 * low.weight[0])
    assert found.weight[1].tolist() == tally.confusion(0.5).weight[1].tolist()
    assert found.n.sum(axis=2).tolist() == tally.n.sum(axis=2).tolist()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "objective", [Objective(cost_fp=2.0, benefit_tp=0.5), Objective(name="balanced_accuracy")]
)
def test_a_cost_is_that_of_its_table(weighted, objective):
    tally = audit(weighted=weighted).tally
    cells = decided(tally, LOTS).weight.sum(axis=0)
    loss = objective.loss(positives=cells[1].sum(), negatives=cells[0].sum())
    assert cost(tally, LOTS, objective=objective, level=0.95).value == pytest.approx(
        float(loss.over(cells)), abs=1e-12
    )


def test_two_rules_cost_the_difference():
    tally, one = audit().tally, Objective(cost_fp=3.0)
    each = [cost(tally, rules, objective=one, level=0.95).value for rules in (LOTS, HALF)]
    both = cost(tally, LOTS, objective=one, level=0.95, less=HALF)
    assert both.value == pytest.approx(each[0] - each[1], abs=1e-12)
    same = cost(tally, HALF, objective=one, level=0.95, less=HALF)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("less", [(), HALF], ids=["a cost", "a difference"])
@pytest.mark.parametrize("name", ["cost", "balanced_accuracy"])
def test_intervals_hold_the_truth(name, less):
    prices = {"cost_fp": 1.0, "cost_fn": 3.0} if name == "cost" else {}
    objective, rules = Objective(name=name, **prices), [Rule(("a",), (0.6,)), Rule(("b",), (0.45,))]
    truth = cost(audit(400_000, seed=99).tally, rules, objective=objective, level=0.95, less=less).value
    held = [
        found.low <= truth <= found.high
        for seed in range(300)
        for found in [cost(audit(seed=seed).tally, rules, objective=objective, level=0.95, less=less)]
    ]
    assert 0.915 < np.mean(held) < 0.985


def test_few_rows_without_errors_are_no_certainty():
    tally = rai.audit(
        y_true=[1, 0, 1, 0], y_score=[0.9, 0.2, 0.8, 0.1], sensitive_features={"g": list("abab")}
    ).tally
    found = cost(tally, HALF, objective=Objective(), level=0.95)
    assert found.value == 0.0
    # six rows with one error: two of them added, half of either label decided wrongly
    assert found.high == pytest.approx(1 / 6 + 1.959964 * np.sqrt(5 / 36 / 6), abs=1e-6)
    assert found.low == 0.0
