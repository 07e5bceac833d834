import numpy as np
import pytest

import rai
from rai import ArgumentError
from rai.measure.thresholds.strategies import STRATEGIES

PER_GROUP = [s.name for s in STRATEGIES if s.rates]


@pytest.mark.parametrize("strategy", [s.name for s in STRATEGIES])
def test_a_plan_says_what_it_did(fitted, strategy):
    plan = rai.optimize_thresholds(fitted, strategy=strategy, along="sex", cost_fn=2.0)
    confusion = fitted.confusion(by="sex", threshold=None)
    assert plan.fitted.confusion.groups == confusion.groups
    by_hand = fitted.tally.by("sex").confusion(plan.thresholds)
    assert plan.fitted.confusion.to_dicts() == by_hand.to_dicts()
    cells = by_hand.weight.sum(axis=0)
    assert plan.fitted.cost.value == pytest.approx((cells[0, 1] + 2 * cells[1, 0]) / cells.sum())
    assert plan.positive_label == "repaid"


@pytest.mark.parametrize("strategy", PER_GROUP)
def test_the_gap_that_is_left_is_the_one_of_an_audit_at_those_thresholds(fitted, strategy):
    plan = rai.optimize_thresholds(fitted, strategy=strategy, along="sex", tolerance=0.03)
    left = plan.fitted.residual
    assert left.value <= 0.03 + 1e-12
    both = {key: plan.thresholds[key[:1]] for key in fitted.tally.groups}
    (gap,) = fitted.gaps(strategy, along="sex", threshold=both)
    assert left == gap


def test_the_price_is_what_the_constraint_costs(fitted, plan):
    free = rai.optimize_thresholds(fitted, strategy="group_thresholds", along="sex", cost_fn=2.0)
    assert plan.unconstrained == free.rules
    price = plan.fitted.cost.value - free.fitted.cost.value
    assert plan.fitted.price.value == pytest.approx(price)
    assert plan.fitted.price.low < price < plan.fitted.price.high
    assert free.fitted.price.value == 0


def test_more_tolerance_never_costs_more(fitted):
    costs = [
        rai.optimize_thresholds(
            fitted, strategy="equalized_odds", along=["sex", "region"], tolerance=t
        ).fitted.cost.value
        for t in (0.01, 0.03, 0.1, 0.3)
    ]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


def test_lots_close_the_gap_and_say_so(fitted, plan, lots):
    assert lots.fitted.residual.value == pytest.approx(0, abs=1e-12)
    assert plan.fitted.residual.value > 0
    assert lots.fitted.cost.value <= plan.fitted.cost.value + 1e-12 or plan.held_to > 0
    assert "decisions near a threshold drawn by lot" in lots.summary()[0]
    assert any(
        note.startswith("decisions between thresholds are drawn by lot in") for note in lots.notes
    )


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ({"max_selected": 300}, lambda c: c.tp.sum() + c.fp.sum() <= 300),
        ({"max_selection_rate": 0.1}, lambda c: c.tp.sum() + c.fp.sum() <= 200),
        ({"min_precision": 0.9}, lambda c: c.tp.sum() >= 0.9 * (c.tp.sum() + c.fp.sum())),
    ],
    ids=["max_selected", "max_selection_rate", "min_precision"],
)
@pytest.mark.parametrize("strategy", ["single_threshold", "group_thresholds", "equal_opportunity"])
def test_limits_are_kept(fitted, limit, kept, strategy):
    plan = rai.optimize_thresholds(fitted, strategy=strategy, along="sex", cost_fn=5.0, **limit)
    free = rai.optimize_thresholds(fitted, strategy=strategy, along="sex", cost_fn=5.0)
    assert kept(plan.fitted.confusion)
    assert not kept(free.fitted.confusion)
    assert plan.fitted.confusion.tp.sum() > 50


@pytest.mark.parametrize("objective", ["accuracy", "balanced_accuracy"])
def test_an_objective_is_one_minus_its_metric(fitted, objective):
    plan = rai.optimize_thresholds(fitted, strategy="group_thresholds", along="sex", objective=objective)
    (metric,) = plan.fitted.metrics(objective, by=())
    assert plan.fitted.cost.value == pytest.approx(1 - metric.value)


def test_weights_are_repetition(audit_of):
    rng = np.random.default_rng(3)
    y, s, g = rng.integers(0, 2, 60), rng.integers(1, 20, 60) / 20, rng.choice(["a", "b"], 60)
    times = rng.integers(1, 4, 60)
    options = {"bins": "exact", "thresholds": float(s[0])}
    weighted = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": g}, sample_weight=times, **options
    )
    repeated = rai.audit(
        y_true=np.repeat(y, times),
        y_score=np.repeat(s, times),
        sensitive_features={"g": np.repeat(g, times)},
        **options,
    )
    for strategy in STRATEGIES:
        plans = [
            rai.optimize_thresholds(audit, strategy=strategy.name, tolerance=0.2)
            for audit in (weighted, repeated)
        ]
        assert plans[0].rules == plans[1].rules


def test_two_halves_added_give_the_plan_of_the_whole(audit_of):
    parts = [audit_of(800, seed=seed) for seed in (4, 5)]
    both = rai.optimize_thresholds(parts[0] + parts[1], strategy="equalized_odds", tolerance=0.05)
    turned = rai.optimize_thresholds(parts[1] + parts[0], strategy="equalized_odds", tolerance=0.05)
    assert both.rules == turned.rules
    assert both.fitted.rows == 1600


def test_groups_may_be_everyone(fitted):
    plan = rai.optimize_thresholds(fitted, strategy="single_threshold", along=())
    assert [rule.group for rule in plan.rules] == [()]
    assert plan.fitted.residual is None
    assert plan.apply([0.99, 0.0]).tolist() == [True, False]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"strategy": "equal_oportunity"},
            "strategy: 'equal_oportunity'; expected one of 'single_threshold', 'group_thresholds', "
            "'demographic_parity', 'equal_opportunity', 'equal_accuracy', 'predictive_equality', "
            "'equalized_odds', 'predictive_parity'. Did you mean 'equal_opportunity'?",
        ),
        ({"tolerance": 1.5}, "tolerance: 1.5; expected a number between 0 and 1."),
        ({"tolerance": float("nan")}, "tolerance: nan; expected a number between 0 and 1."),
        (
            {"method": "grid"},
            "method: 'grid'; expected one of 'exact', 'grid101'. Did you mean 'grid101'?",
        ),
        ({"along": "gender"}, "axis: 'gender'; expected one of 'sex', 'region'."),
        (
            {"strategy": "predictive_parity", "randomized": True},
            "randomized: True with 'predictive_parity'; expected randomized=False: between two "
            "thresholds this rate does not move in a straight line.",
        ),
    ],
)
def test_what_cannot_be_asked(fitted, given, message):
    with pytest.raises(ArgumentError) as error:
        rai.optimize_thresholds(fitted, **{"strategy": "equal_opportunity", **given})
    assert str(error.value) == message


def test_without_scores_there_are_no_thresholds():
    audit = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
    with pytest.raises(ArgumentError) as error:
        rai.optimize_thresholds(audit, strategy="single_threshold")
    assert str(error.value) == (
        "optimize_thresholds: a binary audit without scores; expected one of two classes with scores. "
        "Audit with y_score= instead of y_pred=."
    )
