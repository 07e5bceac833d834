import numpy as np
import pytest

from rai import ArgumentError
from rai.measure.thresholds import frontiers
from rai.measure.thresholds.frontiers import least_losses
from rai.measure.thresholds.limits import Limit
from rai.measure.thresholds.mixtures import linear_program
from rai.measure.thresholds.problems import mixable
from rai.measure.thresholds.solving import solve

LINEAR = (
    "demographic_parity",
    "equal_opportunity",
    "equal_accuracy",
    "predictive_equality",
    "equalized_odds",
)


@pytest.mark.parametrize("strategy", LINEAR)
@pytest.mark.parametrize("limit", [None, Limit("max_selection_rate", 0.15)], ids=str)
def test_the_line_is_the_optimum_at_every_tolerance(audit_of, ask, strategy, limit):
    asked = ask(audit_of(2_000, bins=100), strategy, randomized=True, limit=limit)
    tolerance, loss = least_losses(asked)
    cap = None if limit is None else asked.cap
    probes = np.concatenate([tolerance, np.linspace(tolerance[0], min(1.2 * tolerance[-1], 1.0), 17)])
    solved = [linear_program(mixable(asked), tolerance=t, limit=cap)[1] for t in probes]
    assert np.interp(probes, tolerance, loss) == pytest.approx(solved, abs=1e-8)


@pytest.mark.parametrize("strategy", LINEAR)
def test_the_line_falls_and_is_convex(audit_of, ask, strategy):
    tolerance, loss = least_losses(ask(audit_of(5_000), strategy, randomized=True))
    slopes = np.diff(loss) / np.diff(tolerance)
    assert len(tolerance) > 4
    assert (slopes < 0).all()
    assert (np.diff(slopes) > -1e-9).all()


@pytest.mark.parametrize("strategy", LINEAR)
def test_it_ends_where_the_constraint_costs_nothing(audit_of, ask, strategy):
    audit = audit_of(3_000)
    free = ask(audit, "group_thresholds")
    found = solve(free)
    losses = [
        free.loss.of(cuts)[int((cuts.threshold >= rule.thresholds[0]).sum()) - 1]
        for cuts, rule in zip(free.cuts, found.rules, strict=True)
    ]
    assert least_losses(ask(audit, strategy))[1][-1] == pytest.approx(sum(losses), abs=1e-9)


def test_where_groups_cannot_meet_the_line_starts_at_the_least_tolerance(ask):
    import rai

    rows = {"y_true": [1, 1, 1, 0, 0, 0], "y_score": [0.9, 0.8, 0.7, 0.3, 0.2, 0.9]}
    audit = rai.audit(**rows, sensitive_features={"g": list("aaabbb")}, bins="exact")
    # a: accuracies 0, 1/3, 2/3, 1; b has no positives: 1, 2/3, 1/3, 0 — they meet at every accuracy
    assert least_losses(ask(audit, "equal_accuracy"))[0][0] == 0
    rows["y_score"] = [0.9, 0.9, 0.9, 0.3, 0.3, 0.3]
    rows["y_true"] = [1, 1, 0, 0, 0, 0]
    audit = rai.audit(**rows, sensitive_features={"g": list("aaabbb")}, bins="exact")
    # a: 1/3 or 2/3, and lots between; b: 1 or 0, and lots between
    assert least_losses(ask(audit, "equal_accuracy"))[0][0] == 0


@pytest.mark.parametrize("strategy", ["single_threshold", "group_thresholds", "predictive_parity"])
def test_without_a_rate_that_mixes_there_is_no_line(audit_of, ask, strategy):
    with pytest.raises(ArgumentError) as error:
        least_losses(ask(audit_of(200), strategy))
    assert str(error.value) == (
        f"threshold_frontier: '{strategy}'; expected a strategy that makes a rate equal, other than "
        "'predictive_parity'."
    )


def test_corners_are_few():
    assert frontiers._MOST_CORNERS > 200
