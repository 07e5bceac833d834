"""The question: which thresholds are asked for, and the rows it is asked of.

tally ──▶ Setting: cuts, prices, cap ──┬▶ options of each group    (one threshold each)
                                       └▶ corners and envelopes    (drawn between thresholds)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import DataError, sentence
from rai.measure.thresholds.cuts import Cuts, cuts_of
from rai.measure.thresholds.hulls import Envelope, corners, envelope
from rai.measure.thresholds.limits import Limit
from rai.measure.thresholds.mixtures import Corners
from rai.measure.thresholds.objectives import Loss, Objective
from rai.measure.thresholds.strategies import Strategy
from rai.measure.thresholds.windows import NEAR, Options
from rai.values import Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]

WHERE = "optimize_thresholds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is asked.

    Args:
        strategy: How thresholds may be chosen.
        objective: What is to be small.
        tolerance: How far the equalised rates may be apart.
        randomized: Whether decisions may be drawn between thresholds.
        limit: What may not be exceeded by all groups together.
    """

    strategy: Strategy
    objective: Objective
    tolerance: float = 0.0
    randomized: bool = False
    limit: Limit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A problem with the rows it is asked of.

    Args:
        problem: What is asked.
        cuts: The cuts of each group.
        everyone: The cuts of everyone together.
        loss: What each cell costs.
        cap: The most that may be used in all; inf without a limit.
    """

    problem: Problem
    cuts: tuple[Cuts, ...]
    everyone: Cuts
    loss: Loss
    cap: float

    def use(self, cuts: Cuts) -> Array:
        """What each cut takes of the limit, shape (c,)."""
        limit = self.problem.limit
        return np.zeros(len(cuts.tp)) if limit is None else limit.use(cuts)


def setting(tally: Tally, problem: Problem) -> Setting:
    """The cuts and prices that a problem needs.

    Raises:
        DataError: If the objective needs both labels and one of them has no rows.
    """
    cuts, everyone = cuts_of(tally), cuts_of(tally.by())[0]
    positives, negatives = everyone.positives, everyone.negatives
    if problem.objective.name == "balanced_accuracy" and not (positives and negatives):
        seen = f"no rows with a {'positive' if negatives else 'negative'} label"
        raise DataError(sentence(WHERE, seen, expected="both labels, for balanced accuracy"))
    loss = problem.objective.loss(positives=positives, negatives=negatives)
    cap = np.inf if problem.limit is None else problem.limit.cap(everyone)
    return Setting(problem, cuts, everyone, loss, cap)


def options_of(asked: Setting, cuts: Cuts) -> Options:
    """The cuts of a group in the order of its rate, without those at which it is undefined.

    Without a limit, a cut that costs more than another with the same rate is left out, too.
    """
    rates = bound_rates(asked.problem.strategy, cuts)
    order = np.arange(len(cuts.tp))
    if len(rates) == 1:
        order = np.argsort(rates[0], kind="stable")
        order = order[~np.isnan(rates[0][order])]
    loss = asked.loss.of(cuts)
    if len(rates) == 1 and asked.problem.limit is None:
        order = _cheapest_of_equal(order, rates[0], loss)
    return Options(tuple(rate[order] for rate in rates), loss[order], asked.use(cuts)[order], order)


def _cheapest_of_equal(order: Places, rate: Array, loss: Array) -> Places:
    """Of the cuts with the same rate the one that costs least; of equals the one that selects fewest."""
    rate, loss = rate[order], loss[order]
    first = np.concatenate(([True], rate[1:] > rate[:-1]))
    starts = np.flatnonzero(first)
    least = np.minimum.reduceat(loss, starts)
    cheap = np.flatnonzero(loss <= least[np.cumsum(first) - 1] + NEAR)
    return order[cheap[np.searchsorted(cheap, starts)]]


def bound_rates(strategy: Strategy, cuts: Cuts) -> tuple[Array, ...]:
    """The constrained rates of a group at its cuts."""
    return tuple(rate.of(cuts) for rate in strategy.rates)


def envelopes(asked: Setting) -> tuple[Envelope, ...]:
    """For a strategy of one linear rate: the least loss of each group at each rate."""
    found = []
    for cuts in asked.cuts:
        at = corners(cuts)
        (rate,) = bound_rates(asked.problem.strategy, cuts)
        found.append(envelope(rate[at], asked.loss.of(cuts)[at], at))
    return tuple(found)


def mixable(asked: Setting) -> list[Corners]:
    """For a linear program: the corners of each group's hull."""
    found = []
    for cuts in asked.cuts:
        at = corners(cuts)
        rates = tuple(rate[at] for rate in bound_rates(asked.problem.strategy, cuts))
        found.append(Corners(at, rates, asked.loss.of(cuts)[at], asked.use(cuts)[at]))
    return found


def bindable(strategy: Strategy, cuts: Cuts) -> bool:
    """Whether a group has rows, and every constrained rate."""
    return cuts.total > 0 and all(~np.isnan(rate[-1]) for rate in bound_rates(strategy, cuts))
