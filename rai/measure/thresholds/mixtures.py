"""Decisions drawn between thresholds: each group may be anywhere on the hull of its cuts.

one rate      the groups' best rates are clipped into a window [t, t + tolerance]; shrinking the window
              from both ends, always at the cheaper one, gives the best window for every tolerance
otherwise     a linear program over the corners of the hulls (two rates, or a limit)

Both are exact. A group ends up with one threshold, or with two or three and a share for each.

Source: Hardt, Price and Srebro (2016), arXiv:1610.02413.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.thresholds.hulls import Envelope
from rai.measure.thresholds.windows import NEAR

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """The cuts of one group between which decisions are drawn.

    Args:
        cut: Which cuts, rising, shape (m,).
        share: How often each is used, shape (m,); they sum to 1.
    """

    cut: Places
    share: Array


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The least loss for every tolerance: convex, falling, linear between its corners.

    Args:
        tolerance: Rising, shape (k,).
        loss: Total loss at each, shape (k,).
        low, high: The window of the rate at each, shape (k,).
    """

    tolerance: Array
    loss: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, eq=False)
class Corners:
    """What one group may mix.

    Args:
        cut: The cuts that are corners of its hull, shape (h,).
        rates: Its constrained rates at them, each shape (h,).
        loss: What each costs, shape (h,).
        use: What each takes of the limit, shape (h,).
    """

    cut: Places
    rates: tuple[Array, ...]
    loss: Array
    use: Array


def shrunk(envelopes: Sequence[Envelope]) -> Line:
    """The best window of one rate for every tolerance, from that of the unconstrained best down.

    Where groups can't reach each other's rates, the line starts at the least tolerance that they can.
    """
    best = np.array([one.best for one in envelopes])
    low, high = float(best.min()), float(best.max())
    up = _segments(envelopes, best, low, high, upward=True)
    down = _segments(envelopes, best, low, high, upward=False)
    slope = np.concatenate([up[1], down[1]])
    order = np.argsort(slope, kind="stable")
    order = order[np.isfinite(slope[order])]
    length = np.concatenate([up[0], down[0]])[order]
    rising = (np.arange(len(slope)) < len(up[0]))[order]
    width = high - low
    ends = np.minimum(np.cumsum(length), width)
    length = np.diff(ends, prepend=0.0)
    gained = np.cumsum(length * slope[order])
    base = float(sum(one.at(rate) for one, rate in zip(envelopes, best, strict=True)))
    parts = (
        width - ends,
        base + gained,
        low + np.cumsum(length * rising),
        high - np.cumsum(length * ~rising),
    )
    whole = [
        np.concatenate(([first], part))
        for first, part in zip((width, base, low, high), parts, strict=True)
    ]
    kept = np.concatenate(([True], length > 0))
    return Line(*(part[kept][::-1] for part in whole))


def clipped(envelopes: Sequence[Envelope], line: Line, tolerance: float) -> tuple[Mixture, ...] | None:
    """The mixtures of every group at one tolerance, or None where it is out of reach."""
    if tolerance < line.tolerance[0] - NEAR:
        return None
    low, high = (np.interp(tolerance, line.tolerance, side) for side in (line.low, line.high))
    return tuple(_at(one, float(np.clip(one.best, low, high))) for one in envelopes)


def linear_program(
    groups: Sequence[Corners], *, tolerance: float, limit: float | None
) -> tuple[tuple[Mixture, ...], float, float] | None:
    """The mixtures with the least total loss, that loss, and its slope in the tolerance.

    Args:
        groups: What each group may mix. Groups without rates are free.
        tolerance: How far each rate may be apart.
        limit: The most that may be used in all; None for no limit.

    Returns:
        Mixtures, loss and slope; None where nothing fits.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    rates = max((len(group.rates) for group in groups), default=0)
    sizes = [len(group.cut) for group in groups]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    count = int(starts[-1]) + rates
    above, bound, widened = _limits(groups, starts, count=count, tolerance=tolerance, limit=limit)
    equal = np.zeros((len(groups), count))
    for g in range(len(groups)):
        equal[g, starts[g] : starts[g + 1]] = 1.0
    solved = linprog(
        np.concatenate([*(group.loss for group in groups), np.zeros(rates)]),
        A_ub=csr_array(above) if len(above) else None,
        b_ub=bound if len(above) else None,
        A_eq=csr_array(equal),
        b_eq=np.ones(len(groups)),
        bounds=[*[(0.0, None)] * int(starts[-1]), *[(None, None)] * rates],
        method="highs",
    )
    if solved.status != 0:
        return None
    mixtures = tuple(
        _mixture(group.cut, solved.x[starts[g] : starts[g + 1]]) for g, group in enumerate(groups)
    )
    slope = float(solved.ineqlin.marginals[widened].sum()) if len(above) else 0.0
    return mixtures, float(solved.fun), slope


def _limits(
    groups: Sequence[Corners], starts: Places, *, count: int, tolerance: float, limit: float | None
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Rows of start ≤ rate ≤ start + tolerance and of the limit, their bounds, which are tolerance."""
    rows: list[Array] = []
    bounds: list[float] = []
    for g, group in enumerate(groups):
        for place, rate in enumerate(group.rates):
            row = np.zeros(count)
            row[starts[g] : starts[g + 1]] = rate
            row[int(starts[-1]) + place] = -1.0
            rows += [-row, row]
            bounds += [0.0, tolerance]
    widened = np.arange(len(rows)) % 2 == 1
    if limit is not None:
        row = np.zeros(count)
        row[: int(starts[-1])] = np.concatenate([group.use for group in groups])
        scale = max(float(np.abs(row).max()), 1e-300)
        rows.append(row / scale)
        bounds.append(limit / scale)
        widened = np.append(widened, False)
    return np.array(rows).reshape(-1, count), np.array(bounds), widened


def _mixture(cut: Places, share: Array) -> Mixture:
    kept = np.flatnonzero(share > _LEAST_SHARE)
    kept = kept[np.argsort(cut[kept])]
    return Mixture(cut[kept], share[kept] / share[kept].sum())


def _at(one: Envelope, rate: float) -> Mixture:
    """The two corners around a rate, and how often each."""
    right = int(np.clip(np.searchsorted(one.rate, rate), 0, len(one.rate) - 1))
    if one.rate[right] == rate or right == 0:
        return Mixture(one.cut[[right]], np.ones(1))
    left = right - 1
    share = (rate - one.rate[left]) / (one.rate[right] - one.rate[left])
    return _mixture(one.cut[[left, right]], np.array([1 - share, share]))


def _segments(
    envelopes: Sequence[Envelope], best: Array, low: float, high: float, *, upward: bool
) -> tuple[Array, Array]:
    """Lengths and slopes of what raising the low end (or lowering the high end) of the window costs."""
    ends = np.concatenate([*(one.rate for one in envelopes), best])
    ends = np.unique(ends[(ends >= low) & (ends <= high)])
    ends = ends if upward else ends[::-1]
    cost = np.zeros(len(ends))
    for one, rate in zip(envelopes, best, strict=True):
        moved = np.maximum(rate, ends) if upward else np.minimum(rate, ends)
        beyond = (moved > one.rate[-1] + NEAR) | (moved < one.rate[0] - NEAR)
        cost += np.where(beyond, np.inf, one.at(moved) - one.at(rate))
    length = np.abs(np.diff(ends))
    with np.errstate(invalid="ignore"):
        slope = np.diff(cost) / length
    return length, np.where(np.isnan(slope), np.inf, slope)
