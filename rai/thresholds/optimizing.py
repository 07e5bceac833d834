"""The façade of threshold optimisation: an audit in, a plan out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Real
from typing import Literal

from rai.audits import Audit
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, sentence
from rai.measure.tables import Axes, split_axes
from rai.measure.thresholds.grid import solve_on_grid
from rai.measure.thresholds.limits import limit_of
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.problems import WHERE, Problem, Setting, setting
from rai.measure.thresholds.solving import Chosen, solve
from rai.measure.thresholds.strategies import find_strategy
from rai.thresholds.evaluations import judged
from rai.thresholds.plans import ThresholdPlan, scores_along

METHODS = ("exact", "grid101")


def optimize_thresholds(
    audit: Audit,
    *,
    strategy: str,
    along: Axes = None,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    benefit_tp: float = 0.0,
    benefit_tn: float = 0.0,
    objective: Literal["cost", "accuracy", "balanced_accuracy"] = "cost",
    tolerance: float = 0.0,
    randomized: bool = False,
    max_selected: float | None = None,
    max_selection_rate: float | None = None,
    min_precision: float | None = None,
    method: Literal["exact", "grid101"] = "exact",
) -> ThresholdPlan:
    """Choose the thresholds that cost least under a fairness constraint: exactly, from counts.

    Exact means: no other thresholds that the audit can tell apart (every distinct score with
    `bins="exact"`, every edge of a bin otherwise) cost less and satisfy the constraint. The plan
    names what it makes equal, the gap that is left, and the price of the constraint.

    Thresholds that differ by group may be unlawful, in lending and hiring for instance.

    Args:
        audit: A binary audit of scores. Judge the plan on another: `plan.evaluate(held_out)`.
        strategy: `single_threshold`, `group_thresholds`, `demographic_parity`, `equal_opportunity`,
            `equal_accuracy`, `predictive_equality`, `equalized_odds` or `predictive_parity`.
        along: The columns that make up a group; all sensitive features if None.
        cost_fp, cost_fn: What a false positive and a false negative cost.
        benefit_tp, benefit_tn: What a true positive and a true negative bring.
        objective: `cost` at these prices, `accuracy` or `balanced_accuracy`.
        tolerance: How far apart the equalised rates may be. Without lots rates move in steps of
            at least one row; 0 then means the size of such a step, and the plan says so.
        randomized: Whether decisions may be drawn by lot between two (or three) thresholds of a group.
        max_selected: The most rows (or weight) that may be selected in all; limits hold on average
            where lots are drawn.
        max_selection_rate: The largest share of all rows that may be selected.
        min_precision: The least share of positive labels among the selected, all groups together.
        method: `exact`, or `grid101`: the What-If Tool's search over 0, 0.01, …, 1.

    Raises:
        ArgumentError: If an argument is out of range, or no thresholds satisfy what is asked.
        DataError: If the objective needs both labels and one has no rows.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="equal_opportunity", along="sex")
        >>> print(plan.summary()[0])
        Equal true positive rates along sex, within 0.05; least cost per row.

    Source: Hardt, Price and Srebro (2016), arXiv:1610.02413.
    """
    check_choice(method, METHODS, where="method")
    problem = problem_of(
        strategy=strategy,
        objective=objective,
        cost_fp=cost_fp,
        cost_fn=cost_fn,
        benefit_tp=benefit_tp,
        benefit_tn=benefit_tn,
        tolerance=tolerance,
        randomized=randomized,
        max_selected=max_selected,
        max_selection_rate=max_selection_rate,
        min_precision=min_precision,
    )
    axes = audit.roles.sensitive_features if along is None else split_axes(along)
    return _planned(audit, axes, problem, method)


def problem_of(
    *,
    strategy: str,
    objective: str,
    tolerance: float,
    randomized: bool,
    max_selected: float | None,
    max_selection_rate: float | None,
    min_precision: float | None,
    **prices: float,
) -> Problem:
    """What is asked, checked before any row is looked at; arguments as for `optimize_thresholds`.

    Raises:
        ArgumentError: If an argument is out of range.
    """
    limit = limit_of(
        max_selected=max_selected, max_selection_rate=max_selection_rate, min_precision=min_precision
    )
    problem = Problem(
        strategy=find_strategy(strategy),
        objective=Objective(name=objective, **prices),
        tolerance=checked_tolerance(tolerance),
        randomized=randomized,
        limit=limit,
    )
    _check_lots(problem)
    return problem


def checked_tolerance(tolerance: float) -> float:
    """A tolerance between 0 and 1."""
    if isinstance(tolerance, bool) or not isinstance(tolerance, Real) or not 0 <= float(tolerance) <= 1:
        raise ArgumentError(sentence("tolerance", repr(tolerance), expected="a number between 0 and 1"))
    return float(tolerance)


def _planned(audit: Audit, axes: Sequence[str], problem: Problem, method: str) -> ThresholdPlan:
    tally = scores_along(audit, tuple(axes), where=WHERE)
    asked = setting(tally, problem)
    chosen = solve(asked) if method == "exact" else solve_on_grid(asked, tally)
    known = chosen if method == "exact" else None
    free = _solved_as(asked, "group_thresholds", randomized=problem.randomized, known=known)
    alone = _solved_as(asked, "single_threshold", randomized=False, known=known)
    fitted = judged(
        tally,
        strategy=problem.strategy.name,
        rules=chosen.rules,
        unconstrained=free.rules,
        objective=problem.objective,
        same_rows=True,
        level=audit.level,
        seed=audit.seed,
    )
    return ThresholdPlan(
        strategy=problem.strategy.name,
        along=tuple(axes),
        cuts={axis: _edges(audit, axis) for axis in axes if axis in audit.roles.cuts},
        rules=chosen.rules,
        objective=problem.objective,
        tolerance=problem.tolerance,
        held_to=chosen.tolerance,
        randomized=problem.randomized,
        limit=problem.limit,
        method=method,
        positive_label=tally.labels[-1],
        unconstrained=free.rules,
        single=alone.rules[0].thresholds[0],
        fitted=fitted,
        notes=chosen.notes,
        provenance=audit.provenance,
    )


def _solved_as(asked: Setting, name: str, *, randomized: bool, known: Chosen | None) -> Chosen:
    """The same question with nothing made equal; its answer is known where that was the question."""
    strategy = find_strategy(name)
    problem = replace(asked.problem, strategy=strategy, randomized=randomized)
    if known is not None and problem == asked.problem:
        return known
    return solve(replace(asked, problem=problem))


def _edges(audit: Audit, axis: str) -> tuple[float, ...]:
    edges = audit.roles.cuts[axis]
    assert not isinstance(edges, int)
    return edges


def _check_lots(problem: Problem) -> None:
    if problem.randomized and not problem.strategy.linear:
        expected = "randomized=False: between two thresholds this rate does not move in a straight line"
        raise ArgumentError(
            sentence("randomized", f"True with {problem.strategy.name!r}", expected=expected)
        )


__all__ = ["METHODS", "checked_tolerance", "optimize_thresholds", "problem_of"]
