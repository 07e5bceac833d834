"""What a constraint costs: the least loss for every tolerance, exactly.

    loss │•                 drawn between thresholds: convex and piecewise linear, so its corners say
         │ ╲                it all; one threshold a group: on or above that line
         │  ╲_
         │    ╲___•─────    to the right of the last corner the constraint costs nothing
         └────────────── tolerance

One linear rate has its line in closed form (see `mixtures`). For equalized odds the line is found from
tangents: a linear program gives loss and slope at one tolerance, and two tangents cross either on the
line, which is then known between them, or below a corner that is looked at next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.thresholds.mixtures import Corners, linear_program, shrunk
from rai.measure.thresholds.problems import Setting, envelopes, mixable
from rai.measure.thresholds.solving import loss_of_free, parted
from rai.measure.thresholds.windows import NEAR

Array = NDArray[np.float64]

_SAME = 1e-9
_MOST_CORNERS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Corner:
    """One point of the line: a tolerance, the least loss there, and the slope to its right."""

    tolerance: float
    loss: float
    slope: float


def least_losses(asked: Setting) -> tuple[Array, Array]:
    """Tolerances and least losses of the corners of the line, drawn between thresholds.

    Raises:
        ArgumentError: If the strategy makes no rate equal, or one that is not linear in what is
            selected, or if there is a limit that can't be kept.
    """
    strategy = asked.problem.strategy
    if not strategy.rates or not strategy.linear:
        seen = f"{strategy.name!r}"
        expected = "a strategy that makes a rate equal, other than 'predictive_parity'"
        raise ArgumentError(sentence("threshold_frontier", seen, expected=expected))
    left, free = parted(asked)
    base = loss_of_free(asked, free)
    if not left.cuts:
        return np.zeros(1), np.array([base])
    if len(strategy.rates) == 1 and not np.isfinite(left.cap):
        line = shrunk(envelopes(left))
        tolerance, loss = line.tolerance, line.loss
    else:
        tolerance, loss = _traced(mixable(left), left.cap if np.isfinite(left.cap) else None)
    useful = 1 + int(np.argmax(loss <= loss[-1] + NEAR))  # beyond, more tolerance gains nothing
    return tolerance[:useful], base + loss[:useful]


def _traced(groups: list[Corners], limit: float | None) -> tuple[Array, Array]:
    """The line by its tangents, from tolerance 0 to the one that costs nothing."""
    ends = [_solved(groups, tolerance, limit) for tolerance in (0.0, 1.0)]
    if ends[0] is None or ends[1] is None:
        raise ArgumentError(
            sentence("threshold_frontier", "a limit that can't be kept", expected="a looser one")
        )
    found, waiting = [ends[0]], [(ends[0], ends[1])]
    while waiting and len(found) < _MOST_CORNERS:
        left, right = waiting.pop()
        if abs(left.slope - right.slope) < _SAME:
            continue
        rise = right.loss - left.loss - right.slope * (right.tolerance - left.tolerance)
        crossing = left.tolerance + rise / (left.slope - right.slope)
        below = left.loss + left.slope * (crossing - left.tolerance)
        middle = _solved(groups, float(np.clip(crossing, left.tolerance, right.tolerance)), limit)
        if middle is None:
            continue
        if middle.tolerance not in {left.tolerance, right.tolerance}:
            found.append(middle)
        if middle.loss > below + _SAME:
            waiting += [(left, middle), (middle, right)]
    found.sort(key=lambda corner: corner.tolerance)
    tolerance, loss = (np.array([getattr(c, name) for c in found]) for name in ("tolerance", "loss"))
    return tolerance, np.minimum.accumulate(loss)


def _solved(groups: list[Corners], tolerance: float, limit: float | None) -> Corner | None:
    solved = linear_program(groups, tolerance=tolerance, limit=limit)
    return None if solved is None else Corner(tolerance, solved[1], solved[2])
