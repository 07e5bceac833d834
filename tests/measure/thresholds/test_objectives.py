import numpy as np
import pytest

from rai import ArgumentError
from rai.measure.thresholds.objectives import Objective

TABLE = np.array([[50.0, 10.0], [5.0, 35.0]])  # tn fp / fn tp


@pytest.mark.parametrize(
    ("objective", "value"),
    [
        (Objective(), 15 / 100),
        (Objective(cost_fp=2.0, cost_fn=10.0), 70 / 100),
        (Objective(benefit_tp=1.0, benefit_tn=0.5), (15 - 35 - 25) / 100),
        (Objective(name="accuracy"), 1 - 85 / 100),
        (Objective(name="balanced_accuracy"), 1 - (35 / 40 + 50 / 60) / 2),
    ],
)
def test_what_a_table_costs(objective, value):
    loss = objective.loss(positives=40.0, negatives=60.0)
    assert float(loss.over(TABLE)) == pytest.approx(value, abs=1e-15)


def test_the_loss_of_cuts_is_that_of_their_tables(audit_of, ask):
    asked = ask(audit_of(500), "group_thresholds", objective=Objective(cost_fn=3.0, benefit_tp=2.0))
    for cuts in asked.cuts:
        tables = np.stack(
            [
                np.stack([cuts.negatives - cuts.fp, cuts.fp], axis=1),
                np.stack([cuts.positives - cuts.tp, cuts.tp], axis=1),
            ],
            axis=1,
        )
        assert asked.loss.of(cuts) == pytest.approx(asked.loss.over(tables), abs=1e-12)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cost_fp": -1}, "cost_fp: -1; expected a finite number of at least 0."),
        ({"cost_fn": float("nan")}, "cost_fn: nan; expected a finite number of at least 0."),
        ({"benefit_tp": float("inf")}, "benefit_tp: inf; expected a finite number of at least 0."),
        ({"cost_fp": True}, "cost_fp: True; expected a finite number of at least 0."),
        (
            {"cost_fp": 0, "cost_fn": 0},
            "objective: no costs and no benefits; expected at least one above 0.",
        ),
        (
            {"name": "accuracy", "cost_fp": 2.0},
            "objective: costs or benefits with 'accuracy'; expected them with 'cost' only. "
            'Leave objective out, or leave out the prices: accuracy is "cost" at 1 to 1.',
        ),
        (
            {"name": "acuracy"},
            "objective: 'acuracy'; expected one of 'cost', 'accuracy', 'balanced_accuracy'. "
            "Did you mean 'accuracy'?",
        ),
    ],
)
def test_prices_that_mean_nothing(given, message):
    with pytest.raises(ArgumentError) as error:
        Objective(**given)
    assert str(error.value) == message
