"""Exact means exact: the answer of every strategy beside that of trying all combinations."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import rai
from rai.measure.thresholds.limits import Limit
from rai.measure.thresholds.mixtures import linear_program
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.problems import Problem, bindable, bound_rates, mixable, setting
from rai.measure.thresholds.solving import least_tolerance, solve
from rai.measure.thresholds.strategies import STRATEGIES

SLACK = 1e-9

objectives = st.sampled_from(
    [
        Objective(),
        Objective(cost_fp=2.0, cost_fn=0.5),
        Objective(cost_fp=0.3, benefit_tp=1.0, benefit_tn=0.2),
        Objective(name="accuracy"),
        Objective(name="balanced_accuracy"),
    ]
)
tolerances = st.sampled_from([0.0, 0.05, 0.1, 0.3])
limits = st.one_of(
    st.none(),
    st.builds(Limit, st.just("max_selected"), st.integers(0, 20)),
    st.builds(Limit, st.just("max_selection_rate"), st.floats(0, 1)),
    st.builds(Limit, st.just("min_precision"), st.floats(0, 1)),
)


@st.composite
def small_tallies(draw):
    """Up to 24 rows with few distinct scores: ties, labels that a group lacks, groups of one row."""
    rows = draw(st.integers(4, 24))
    distinct = draw(st.lists(st.integers(1, 99), min_size=2, max_size=7, unique=True))
    label = draw(st.lists(st.sampled_from([0, 1]), min_size=rows, max_size=rows))
    label[:2] = [0, 1]
    score = draw(st.lists(st.sampled_from(distinct), min_size=rows, max_size=rows))
    group = draw(st.lists(st.sampled_from("abc"), min_size=rows, max_size=rows))
    weight = draw(st.none() | st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=rows, max_size=rows))
    score = [value / 100 for value in score]
    return rai.audit(
        y_true=label, y_score=score, sensitive_features={"g": group}, sample_weight=weight,
        bins="exact", thresholds=score[0], positive_label=1,
    ).tally  # fmt: skip


def best_of_all(asked, held):
    """The least loss over all combinations of one threshold a group; inf where none is fair."""
    rates = [bound_rates(asked.problem.strategy, cuts) for cuts in asked.cuts]
    losses = [asked.loss.of(cuts) for cuts in asked.cuts]
    uses = [asked.use(cuts) for cuts in asked.cuts]
    best = np.inf
    for places in itertools.product(*(range(len(cuts.tp)) for cuts in asked.cuts)):
        if sum(use[p] for use, p in zip(uses, places, strict=True)) > asked.cap + SLACK:
            continue
        found = np.array([[rate[p] for rate in group] for group, p in zip(rates, places, strict=True)])
        if found.size and not (np.ptp(found, axis=0) <= held + SLACK).all():
            continue
        best = min(best, sum(loss[p] for loss, p in zip(losses, places, strict=True)))
    return best


def put_to_rows(asked, rules):
    """Loss, use and rates of rules, summed cut by cut."""
    loss, use, rates = 0.0, 0.0, []
    for cuts, rule in zip(asked.cuts, rules, strict=True):
        at = [int((cuts.threshold >= threshold).sum()) - 1 for threshold in rule.thresholds]
        loss += float(asked.loss.of(cuts)[at] @ rule.shares)
        use += float(asked.use(cuts)[at] @ rule.shares)
        rates.append(
            [float(rate[at] @ rule.shares) for rate in bound_rates(asked.problem.strategy, cuts)]
        )
    return loss, use, np.array(rates)


def held_to(asked):
    """What the tolerance comes to for thresholds without lots."""
    problem = asked.problem
    if not problem.strategy.rates:
        return 0.0
    steps = problem.tolerance == 0 and len(asked.cuts) > 1
    return least_tolerance(problem.strategy, asked.cuts) if steps else problem.tolerance


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.name)
@given(tally=small_tallies(), objective=objectives, tolerance=tolerances, limit=limits)
def test_no_combination_of_thresholds_is_better(strategy, tally, objective, tolerance, limit):
    asked = setting(
        tally, Problem(strategy=strategy, objective=objective, tolerance=tolerance, limit=limit)
    )
    assume(all(bindable(strategy, cuts) for cuts in asked.cuts))
    whole = asked if strategy.per_group else replace(asked, cuts=(asked.everyone,))
    best = best_of_all(whole, held_to(asked))
    if best == np.inf:
        with pytest.raises(rai.ArgumentError, match="no thresholds"):
            solve(asked)
        return
    chosen = solve(asked)
    loss, use, rates = put_to_rows(asked, chosen.rules)
    assert loss == pytest.approx(best, abs=SLACK)
    assert use <= asked.cap + SLACK
    assert chosen.tolerance == held_to(asked)
    if rates.size:
        assert np.ptp(rates, axis=0).max() <= chosen.tolerance + SLACK


LINEAR = [strategy for strategy in STRATEGIES if strategy.linear]


@pytest.mark.parametrize("strategy", LINEAR, ids=lambda s: s.name)
@given(tally=small_tallies(), objective=objectives, tolerance=tolerances, limit=limits)
def test_lots_never_cost_more_and_keep_what_is_asked(strategy, tally, objective, tolerance, limit):
    problem = Problem(strategy=strategy, objective=objective, tolerance=tolerance, limit=limit)
    asked = setting(tally, replace(problem, randomized=True))
    assume(all(bindable(strategy, cuts) for cuts in asked.cuts))
    try:
        drawn = solve(asked)
    except rai.ArgumentError:
        whole = asked if strategy.per_group else replace(asked, cuts=(asked.everyone,))
        assert best_of_all(whole, tolerance) == np.inf
        return
    loss, use, rates = put_to_rows(asked, drawn.rules)
    assert use <= asked.cap + 1e-7
    if rates.size:
        assert np.ptp(rates, axis=0).max() <= tolerance + 1e-7
    whole = asked if strategy.per_group else replace(asked, cuts=(asked.everyone,))
    assert loss <= best_of_all(whole, tolerance) + 1e-7
    if strategy.per_group:
        cap = None if limit is None else asked.cap
        solved = linear_program(mixable(asked), tolerance=tolerance, limit=cap)
        assert loss == pytest.approx(solved[1], abs=1e-8)


@given(tally=small_tallies(), objective=objectives)
def test_a_group_that_lacks_a_label_has_the_single_threshold(tally, objective):
    strategy = next(s for s in STRATEGIES if s.name == "equal_opportunity")
    asked = setting(tally, Problem(strategy=strategy, objective=objective))
    lacking = [cuts.group for cuts in asked.cuts if cuts.positives == 0]
    assume(lacking)
    single = solve(replace(asked, problem=replace(asked.problem, strategy=STRATEGIES[0])))
    chosen = solve(asked)
    for rule in chosen.rules:
        if rule.group in lacking:
            assert rule.thresholds == single.rules[0].thresholds
    names = ", ".join(key[0] for key in lacking)
    assert any(note.startswith(f"{names}: no positive labels") for note in chosen.notes)
