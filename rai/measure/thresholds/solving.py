"""The answer: the best rule for each group.

    Setting ──▶ windows or mixtures ──▶ Chosen: rules, the tolerance held to, what to mind

A group in which a constrained rate is undefined (no positive labels, say) can't be made equal to
others. It takes the single threshold that is best for everyone, and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import number, readable
from rai.measure.thresholds.choosing import cheapest, cheapest_within
from rai.measure.thresholds.cuts import Cuts
from rai.measure.thresholds.mixtures import Mixture, clipped, linear_program, shrunk
from rai.measure.thresholds.problems import (
    WHERE,
    Problem,
    Setting,
    bindable,
    bound_rates,
    envelopes,
    mixable,
    options_of,
)
from rai.measure.thresholds.rules import Rule, rule_of
from rai.measure.thresholds.strategies import Strategy, find_strategy
from rai.measure.thresholds.windows import (
    NEAR,
    Options,
    Windows,
    least_width,
    one_rate,
    two_rates,
    whole,
)
from rai.values import Key
from rai.values.levels import key_name

Array = NDArray[np.float64]

MOST_STEP = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The answer.

    Args:
        rules: One per group, in the order of the tally.
        tolerance: The tolerance that was held to.
        notes: What to mind.
    """

    rules: tuple[Rule, ...]
    tolerance: float
    notes: tuple[str, ...] = ()


def solve(asked: Setting) -> Chosen:
    """The best thresholds.

    Raises:
        ArgumentError: If no thresholds satisfy the constraint and the limit.
    """
    problem = asked.problem
    if not problem.strategy.per_group:
        return _single(asked)
    left, free = parted(asked)
    bound = left.cuts
    if not bound:
        rules = tuple(Rule(c.group, (free[c.group],)) for c in asked.cuts)
        return Chosen(rules, problem.tolerance, tuple(free_notes(problem, free)))
    if problem.randomized and (problem.strategy.rates or problem.limit):
        mixtures, held = _mixed(left), problem.tolerance if problem.strategy.rates else 0.0
    else:
        mixtures, held = _deterministic(left)
    by_group = {c.group: rule_of(c, mixture) for c, mixture in zip(bound, mixtures, strict=True)}
    by_group |= {group: Rule(group, (threshold,)) for group, threshold in free.items()}
    notes = [*free_notes(problem, free), *_notes(left, mixtures, held)]
    return Chosen(tuple(by_group[c.group] for c in asked.cuts), held, tuple(notes))


def parted(asked: Setting) -> tuple[Setting, dict[Key, float]]:
    """The groups that can be made equal, with what the others leave of the cap; and their thresholds."""
    strategy = asked.problem.strategy
    bound = tuple(c for c in asked.cuts if bindable(strategy, c))
    if len(bound) == len(asked.cuts):
        return asked, {}
    alone = replace(asked.problem, strategy=find_strategy("single_threshold"), randomized=False)
    single = _single(replace(asked, problem=alone)).rules[0].thresholds[0]
    free = {c.group: single for c in asked.cuts if not bindable(strategy, c)}
    used = sum(float(asked.use(c)[_place(c, single)]) for c in asked.cuts if c.group in free)
    return replace(asked, cuts=bound, cap=asked.cap - used), free


def loss_of_free(asked: Setting, free: dict[Key, float]) -> float:
    """What the groups that can't be made equal cost at their threshold."""
    return sum(float(asked.loss.of(c)[_place(c, free[c.group])]) for c in asked.cuts if c.group in free)


def least_tolerance(strategy: Strategy, cuts: Sequence[Cuts]) -> float:
    """The size of the steps in which rates move: what tolerance 0 means for thresholds without lots.

    A rate can't move by less than a row, or a bin of rows. Half of a group's range lies in steps of at
    most some size; the largest of these sizes over groups counts, but no more than 0.05.
    """
    sizes = [_usual_step(rate) for one in cuts for rate in bound_rates(strategy, one)]
    return min(max(sizes, default=0.0), MOST_STEP)


def _usual_step(rate: Array) -> float:
    """The size of step that the middle of the range of a rate falls into, steps sorted by size."""
    steps = np.sort(np.diff(np.sort(rate[~np.isnan(rate)])))
    covered = np.cumsum(steps)
    return float(steps[np.searchsorted(covered, covered[-1] / 2)]) if steps.any() else 0.0


def _single(asked: Setting) -> Chosen:
    everyone = replace(asked, cuts=(asked.everyone,))
    if asked.problem.randomized and np.isfinite(asked.cap):
        free = replace(asked.problem, strategy=find_strategy("group_thresholds"))
        (mixture,) = _mixed(replace(everyone, problem=free))
    else:
        options = [options_of(everyone, asked.everyone)]
        found = cheapest_within(options, whole(options), limit=asked.cap)
        if found is None:
            raise _out_of_reach(everyone)
        mixture = Mixture(options[0].cut[found.places], np.ones(1))
    rule = rule_of(asked.everyone, mixture)
    return Chosen(tuple(replace(rule, group=cuts.group) for cuts in asked.cuts), 0.0)


def _deterministic(asked: Setting) -> tuple[tuple[Mixture, ...], float]:
    """One cut for each group, and the tolerance held to."""
    problem = asked.problem
    options = [options_of(asked, cuts) for cuts in asked.cuts]
    rates = len(problem.strategy.rates)
    held = problem.tolerance if rates else 0.0
    if rates and held == 0 and len(asked.cuts) > 1:
        held = least_tolerance(problem.strategy, asked.cuts)
    windows = _windows(options, held, rates=rates, limited=np.isfinite(asked.cap))
    width = held if rates == 2 else None
    if np.isfinite(asked.cap):
        found = cheapest_within(options, windows, limit=asked.cap, width=width)
    else:
        found = cheapest(options, windows, width=width)
    if found is None:
        raise _out_of_reach(asked, options, held)
    cut = [group.cut[place] for group, place in zip(options, found.places, strict=True)]
    return tuple(Mixture(np.array([c], dtype=np.intp), np.ones(1)) for c in cut), held


def _windows(options: Sequence[Options], width: float, *, rates: int, limited: bool) -> Windows:
    if rates == 0:
        return whole(options)
    return two_rates(options, width) if rates == 2 else one_rate(options, width, prune=not limited)


def _mixed(asked: Setting) -> tuple[Mixture, ...]:
    limited = np.isfinite(asked.cap)
    tolerance = asked.problem.tolerance
    if len(asked.problem.strategy.rates) == 1 and not limited:
        curves = envelopes(asked)
        found = clipped(curves, shrunk(curves), tolerance)
    else:
        cap = asked.cap if limited else None
        solved = linear_program(mixable(asked), tolerance=tolerance, limit=cap)
        found = None if solved is None else solved[0]
    if found is None:
        raise _out_of_reach(asked, held=tolerance)
    return found


def _place(cuts: Cuts, threshold: float) -> int:
    """The cut that a threshold makes."""
    return int(np.sum(cuts.threshold >= threshold)) - 1


def free_notes(problem: Problem, free: dict[Key, float]) -> list[str]:
    """Why groups could not be made equal to others."""
    labels = {"true_positive_rate": "positive labels", "false_positive_rate": "negative labels"}
    lacks = [labels.get(rate.name, readable(rate.name)) for rate in problem.strategy.rates]
    why = f"no {' or no '.join(lacks)}" if lacks else "no rows"
    if not free:
        return []
    have = "it has" if len(free) == 1 else "they have"
    names = _some([key_name(group) for group in free])
    return [f"{names}: {why}, so nothing can be made equal; {have} the best single threshold"]


def _some(names: Sequence[str], *, most: int = 4) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _notes(asked: Setting, mixtures: Sequence[Mixture], held: float) -> list[str]:
    problem, notes = asked.problem, []
    drawn = [key_name(c.group) for c, m in zip(asked.cuts, mixtures, strict=True) if len(m.cut) > 1]
    if drawn:
        notes.append(f"decisions between thresholds are drawn by lot in {_some(drawn)}")
    if not problem.strategy.rates:
        return notes
    if len(asked.cuts) == 1:
        only = key_name(asked.cuts[0].group)
        return [*notes, f"only {only} has the rate: there is nothing to make equal"]
    if held > problem.tolerance:
        steps = "without lots, rates move in steps of about that size"
        notes.append(f"tolerance 0 was taken as {number(held)}: {steps}")
    selected = _all_or_none(asked.cuts, mixtures)
    if selected:
        hint = "a larger tolerance or randomized=True leaves more choice"
        notes.append(f"selecting {selected} is the best that keeps the rates this close; {hint}")
    return notes


def _all_or_none(cuts: Sequence[Cuts], mixtures: Sequence[Mixture]) -> str:
    """`nobody` or `everyone` where all groups are decided so, else nothing."""
    if any(len(m.cut) > 1 for m in mixtures):
        return ""
    at = [int(m.cut[0]) for m in mixtures]
    if not any(at):
        return "nobody"
    return "everyone" if at == [len(c.tp) - 1 for c in cuts] else ""


def _out_of_reach(asked: Setting, options: Sequence[Options] = (), held: float = 0.0) -> ArgumentError:
    """Why nothing was found: the tolerance, or else the limit."""
    problem = asked.problem
    if len(problem.strategy.rates) == 1:
        if options:
            least = least_width([group.rates[0] for group in options])
        else:
            least = float(shrunk(envelopes(asked)).tolerance[0])
        if least > held + NEAR:
            rate = readable(problem.strategy.rates[0].name)
            seen = f"no thresholds at which groups are within {number(held)} in {rate}"
            expected = f"a tolerance of at least {np.ceil(least * 1e6) / 1e6:.6g}"
            return ArgumentError(sentence(WHERE, seen, expected=expected))
    seen = f"no thresholds that keep {problem.limit}"
    return ArgumentError(sentence(WHERE, seen, expected="a limit that can be kept"))
