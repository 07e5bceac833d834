import numpy as np
import pytest

import rai
from rai import ArgumentError

PARITIES = ["demographic_parity", "equal_opportunity", "predictive_equality", "equalized_odds"]


@pytest.mark.parametrize("strategy", PARITIES)
def test_plans_lie_on_or_above_the_line(fitted, strategy):
    line = rai.threshold_frontier(fitted, strategy=strategy, along="sex", cost_fn=2.0)
    plans = [point for point in line if point.kind == "thresholds"]
    assert len(plans) > 3
    assert all(point.cost >= line.cost_at(point.gap) - 1e-9 for point in plans)
    (current,) = (point for point in line if point.kind == "current")
    assert current.cost >= line.cost_at(current.gap) - 1e-9


@pytest.mark.parametrize("strategy", PARITIES)
def test_the_line_is_what_plans_with_lots_cost(fitted, strategy):
    line = rai.threshold_frontier(fitted, strategy=strategy, along="sex", cost_fn=2.0)
    for tolerance in (0.0, 0.013, 0.05, 0.2):
        plan = rai.optimize_thresholds(
            fitted, strategy=strategy, along="sex", cost_fn=2.0, tolerance=tolerance, randomized=True
        )
        assert plan.fitted.cost.value == pytest.approx(line.cost_at(tolerance), abs=1e-8)


def test_the_present_threshold_is_where_the_audit_says(fitted):
    line = rai.threshold_frontier(fitted, strategy="equal_opportunity", along="sex")
    (current,) = (point for point in line if point.kind == "current")
    (gap,) = fitted.gaps("equal_opportunity", along="sex")
    (accuracy,) = fitted.metrics("accuracy", by=())
    assert current.gap == pytest.approx(gap.value)
    assert current.cost == pytest.approx(1 - accuracy.value)


def test_a_group_without_positives_adds_what_it_costs():
    rng = np.random.default_rng(1)
    group = np.repeat(["a", "b", "c"], 100)
    y = np.where(group == "c", 0, rng.integers(0, 2, 300))
    audit = rai.audit(
        y_true=y, y_score=np.round(np.clip(0.3 * y + 0.7 * rng.random(300), 0, 1), 2),
        sensitive_features={"g": group}, bins=100,
    )  # fmt: skip
    line = rai.threshold_frontier(audit, strategy="equal_opportunity")
    for tolerance in (0.0, 0.1):
        plan = rai.optimize_thresholds(
            audit, strategy="equal_opportunity", tolerance=tolerance, randomized=True
        )
        assert plan.fitted.cost.value == pytest.approx(line.cost_at(tolerance), abs=1e-9)


def test_beyond_reach_the_cost_is_infinite(fitted):
    line = rai.threshold_frontier(fitted, strategy="equal_opportunity", along="sex")
    assert line.cost_at(-0.1) == np.inf
    assert rai.Frontier([]).cost_at(0.5) == np.inf


def test_a_strategy_without_a_rate_has_no_line(fitted):
    with pytest.raises(
        ArgumentError, match=r"^threshold_frontier: 'group_thresholds'; expected a strategy"
    ):
        rai.threshold_frontier(fitted, strategy="group_thresholds")


def test_with_one_group_there_is_nothing_to_trade():
    audit = rai.audit(
        y_true=[1, 0, 1, 1], y_score=[0.2, 0.3, 0.9, 0.8], sensitive_features={"g": list("aabb")}
    )
    with pytest.raises(rai.DataError) as error:
        rai.threshold_frontier(audit, strategy="equalized_odds")
    assert str(error.value) == (
        "threshold_frontier: 1 group with a true positive rate and a false positive rate; "
        "expected at least two."
    )
