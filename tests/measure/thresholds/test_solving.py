import numpy as np
import pytest

import rai
from rai import ArgumentError, DataError
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.solving import MOST_STEP, least_tolerance, solve


def audit(y, s, g):
    return rai.audit(y_true=y, y_score=s, sensitive_features={"g": list(g)}, bins="exact", positive_label=1,
                     thresholds=s[0])  # fmt: skip


def test_a_threshold_is_a_score_that_is_selected(ask):
    asked = ask(audit([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.9], "aaaa"), "group_thresholds")
    assert solve(asked).rules[0].thresholds == (0.4,)


def test_selecting_nobody_is_told_by_infinity(ask):
    asked = ask(audit([0, 0, 0, 1], [0.9, 0.8, 0.7, 0.1], "aaaa"), "group_thresholds")
    assert solve(asked).rules[0].thresholds == (np.inf,)


def test_equal_costs_select_as_few_as_possible(ask):
    asked = ask(
        audit([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], "aaaa"), "single_threshold", objective=Objective()
    )
    assert solve(asked).rules[0].thresholds == (0.9,)


def test_a_step_is_what_half_of_the_range_moves_in(ask):
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.5, 0.5, 0.5]
    asked = ask(audit([1] * 8, scores, "a" * 8), "equal_opportunity")
    # four steps of 1/8 and one of 4/8: half of the way lies in steps of 1/8; more than 0.05 is cut off
    assert least_tolerance(asked.problem.strategy, asked.cuts) == MOST_STEP
    many = ask(audit([1] * 100, list(np.arange(1, 101) / 101), "a" * 100), "equal_opportunity")
    assert least_tolerance(many.problem.strategy, many.cuts) == pytest.approx(0.01)


def test_a_tolerance_of_0_is_told_as_what_it_came_to(audit_of, ask):
    chosen = solve(ask(audit_of(2_000), "equal_opportunity"))
    assert 0 < chosen.tolerance < 0.01
    assert chosen.notes[0].startswith(f"tolerance 0 was taken as {chosen.tolerance:.3g}: without lots")
    assert solve(ask(audit_of(2_000), "equal_opportunity", randomized=True)).tolerance == 0


def test_all_or_nothing_is_told(ask):
    asked = ask(
        audit([1, 0, 0, 1], [0.9, 0.2, 0.8, 0.1], "aabb"),
        "equalized_odds",
        objective=Objective(cost_fp=5.0),
    )
    assert solve(asked).notes[-1] == (
        "selecting nobody is the best that keeps the rates this close; a larger tolerance or "
        "randomized=True leaves more choice"
    )


def test_one_group_has_nothing_to_be_equal_to(ask):
    asked = ask(audit([1, 0, 0, 0], [0.9, 0.2, 0.8, 0.1], "aabb"), "equal_opportunity")
    assert solve(asked).notes == (
        "b: no positive labels, so nothing can be made equal; it has the best single threshold",
        "only a has the rate: there is nothing to make equal",
    )


def test_no_group_has_the_rate(ask):
    asked = ask(audit([0, 0, 0, 0], [0.9, 0.2, 0.8, 0.1], "aabb"), "equal_opportunity")
    chosen = solve(asked)
    assert [rule.thresholds for rule in chosen.rules] == [(np.inf,), (np.inf,)]
    assert chosen.notes == (
        "a, b: no positive labels, so nothing can be made equal; they have the best single threshold",
    )


def test_what_is_out_of_reach_says_what_is_not(ask):
    rows = audit([1, 1, 1, 0, 0, 0, 1, 1], [0.9, 0.9, 0.9, 0.9, 0.3, 0.3, 0.3, 0.3], "aaaabbbb")
    with pytest.raises(ArgumentError) as error:  # a: 3/4 or 1/4, b: 1/2
        solve(ask(rows, "equal_accuracy", tolerance=0.1))
    assert str(error.value) == (
        "optimize_thresholds: no thresholds at which groups are within 0.1 in accuracy; expected a "
        "tolerance of at least 0.25."
    )
    assert solve(ask(rows, "equal_accuracy", tolerance=0.25)).tolerance == 0.25


def test_balanced_accuracy_needs_both_labels(ask):
    with pytest.raises(DataError) as error:
        ask(
            audit([0, 0], [0.2, 0.4], "ab"),
            "single_threshold",
            objective=Objective(name="balanced_accuracy"),
        )
    assert str(error.value) == (
        "optimize_thresholds: no rows with a positive label; expected both labels, for balanced accuracy."
    )
