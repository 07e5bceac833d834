"""The What-If Tool's search over 101 thresholds, for people who compare.

single threshold   the t of 0, 0.01, …, 1 with the least total cost
group thresholds   the same for each group alone
a parity           for each t of the largest group every other group takes the threshold whose rate is
                   closest to that group's; the t with the least total cost

Of equals the highest threshold is taken. There is no tolerance: the gap that is left is whatever the
grid leaves. Scores are compared with t itself (not 100 times the score with 100 t, which misplaces 0.29,
0.57 and 0.58), and groups keep their own thresholds whatever their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.thresholds.cuts import Cuts
from rai.measure.thresholds.mixtures import Mixture
from rai.measure.thresholds.problems import WHERE, Setting, bindable, bound_rates
from rai.measure.thresholds.rules import Rule, rule_of
from rai.measure.thresholds.solving import Chosen, free_notes
from rai.measure.thresholds.windows import NEAR
from rai.values import Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]

GRID = np.arange(101) / 100


def solve_on_grid(asked: Setting, tally: Tally) -> Chosen:
    """The thresholds that the search finds.

    Raises:
        ArgumentError: If the problem has a limit, two rates or lots, which the search doesn't know, or
            if the tally is not cut at every hundredth.
    """
    problem = asked.problem
    if problem.limit is not None or problem.randomized or len(problem.strategy.rates) > 1:
        seen = "a limit, randomized=True or equalized_odds with method 'grid101'"
        raise ArgumentError(sentence(WHERE, seen, expected="method 'exact' for these"))
    grid, notes = _grid(tally)
    everyone = _on_grid(asked.everyone, grid)
    single = float(everyone.threshold[_last_least(asked.loss.of(everyone))])
    if not problem.strategy.per_group:
        return Chosen(tuple(Rule(c.group, (single,)) for c in asked.cuts), 0.0, notes)
    bound = [_on_grid(c, grid) for c in asked.cuts if bindable(problem.strategy, c)]
    free = {c.group: single for c in asked.cuts if not bindable(problem.strategy, c)}
    places = _matched(asked, bound) if problem.strategy.rates and bound else _alone(asked, bound)
    rules = {
        c.group: rule_of(c, Mixture(np.array([place]), np.ones(1)))
        for c, place in zip(bound, places, strict=True)
    }
    rules |= {group: Rule(group, (threshold,)) for group, threshold in free.items()}
    notes = (*notes, *free_notes(problem, free))
    return Chosen(tuple(rules[c.group] for c in asked.cuts), problem.tolerance, notes)


def _alone(asked: Setting, groups: Sequence[Cuts]) -> list[int]:
    return [_last_least(asked.loss.of(cuts)) for cuts in groups]


def _matched(asked: Setting, groups: Sequence[Cuts]) -> list[int]:
    """For every threshold of the largest group the closest rates of the others; then the cheapest."""
    rates = [bound_rates(asked.problem.strategy, cuts)[0] for cuts in groups]
    first = int(np.argmax([cuts.total for cuts in groups]))
    chosen = np.stack([_closest(rate, rates[first]) for rate in rates])
    chosen[first] = np.arange(len(rates[first]))
    costs = np.sum([asked.loss.of(c)[at] for c, at in zip(groups, chosen, strict=True)], axis=0)
    costs = np.where(np.isnan(rates[first]), np.inf, costs)
    return [int(place) for place in chosen[:, _last_least(costs)]]


def _closest(rate: Array, targets: Array) -> Places:
    """Place of the rate closest to each target; of equals the first, which has the highest threshold."""
    distance = np.abs(rate[None, :] - targets[:, None])
    distance = np.where(np.isnan(distance), np.inf, distance)
    return np.asarray(np.argmax(distance <= distance.min(axis=1, keepdims=True) + NEAR, axis=1))


def _last_least(costs: Array) -> int:
    """The first place with the least cost, which has the highest threshold."""
    return int(np.argmax(costs <= costs.min() + NEAR))


def _on_grid(cuts: Cuts, grid: Array) -> Cuts:
    """The cuts of a group at the thresholds of the grid, highest first."""
    falling = grid[::-1]
    places = len(cuts.threshold) - 1 - np.searchsorted(cuts.threshold[::-1], falling, side="left")
    return replace(cuts.thinned(places), threshold=np.where(falling == 0, -np.inf, falling))


def _grid(tally: Tally) -> tuple[Array, tuple[str, ...]]:
    """The thresholds that the tally is cut at, and a note where 1 is none of them."""
    assert tally.edges is not None
    if tally.exact:
        return GRID, ()
    if not np.isin(GRID[1:-1], tally.edges).all():
        hint = 'Audit with bins=1000 or bins="exact".'
        raise ArgumentError(
            sentence(
                WHERE,
                "bins that are not cut at every hundredth",
                expected="those of 'grid101'",
                hint=hint,
            )
        )
    if 1.0 in tally.edges:
        return GRID, ()
    return GRID[:-1], ("threshold 1 was not tried: scores of exactly 1 share a bin with others",)
