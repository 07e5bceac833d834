"""Windows: for each group the run of its cuts whose rates lie within a tolerance of a common start.

    group A   ─•──•───•─[•──•]──•─        every attained rate may be the lowest of a plan; with that
    group B   ──•──────•[─•───]•──        start fixed, each group is free to take its best cut inside

So the best plan over all combinations of thresholds is the best over the starts: exact, without
looking at combinations. With two rates (equalized odds) a window in the first is narrowed by the
second until nothing changes, and only windows that could still win are opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.thresholds.ranges import Least

Array = NDArray[np.float64]
Places = NDArray[np.intp]

NEAR = 1e-12
_MANY = 20_000
_BLOCKS = 2048
_AT_ONCE = 16
_ROUNDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """What one group may choose from.

    Args:
        rates: Its constrained rates at each option, each shape (c,) and rising; at most two.
        loss: What each option costs, shape (c,).
        use: What each option takes of a limited resource, shape (c,).
        cut: The cut that each option is, shape (c,); of equals the lowest, which selects fewest.
    """

    rates: tuple[Array, ...]
    loss: Array
    use: Array
    cut: Places

    def between(self, first: int, end: int) -> Options:
        """A run of the options."""
        run = slice(first, end)
        rates = tuple(rate[run] for rate in self.rates)
        return Options(rates, self.loss[run], self.use[run], self.cut[run])


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Runs of options, one per group and window, shapes (g, w): `first` is in, `end` is not."""

    first: Places
    end: Places

    def take(self, places: Places | slice) -> Windows:
        """Some of the windows."""
        return Windows(self.first[:, places], self.end[:, places])


def whole(options: Sequence[Options]) -> Windows:
    """The one window in which every group may choose any option."""
    sizes = np.array([[len(group.loss)] for group in options], dtype=np.intp)
    return Windows(np.zeros_like(sizes), sizes)


def one_rate(
    options: Sequence[Options], width: float, *, place: int = 0, prune: bool = False
) -> Windows:
    """All windows of one rate that hold an option of every group.

    Args:
        options: What each group may choose from.
        width: How far the rates may be apart.
        place: Which of the rates.
        prune: Whether windows that can't hold the least total loss may be left out.
    """
    rates = [group.rates[place] for group in options]
    if prune and sum(map(len, rates)) > _MANY:
        starts = _promising(options, rates, width)
    else:
        starts = np.unique(np.concatenate(rates))
    return _held(rates, starts, starts + width)


def two_rates(options: Sequence[Options], width: float) -> Windows:
    """Windows of the first rate, narrowed by what the second allows; a superset of what is allowed."""
    found = one_rate(options, width)
    for _ in range(_ROUNDS):
        for place in (1, 0):
            found = _narrowed(options, found, width, place=place)
    return found


def opened(options: Sequence[Options], window: Windows, width: float) -> Windows:
    """The windows of the second rate inside one window of the first, in places of the whole."""
    first, end = window.first[:, 0], window.end[:, 0]
    inside = [group.between(a, b) for group, a, b in zip(options, first, end, strict=True)]
    found = one_rate(inside, width, place=1)
    return Windows(found.first + first[:, None], found.end + first[:, None])


def least_of(options: Sequence[Options], windows: Windows) -> list[Least]:
    """The losses of each group, prepared for its windows."""
    longest = (windows.end - windows.first).max(axis=1, initial=0)
    return [
        Least.of(group.loss, longest=int(most)) for group, most in zip(options, longest, strict=True)
    ]


def totals(least: Sequence[Least], windows: Windows) -> Array:
    """The least total loss in each window, shape (w,)."""
    parts = [one.within(a, b) for one, a, b in zip(least, windows.first, windows.end, strict=True)]
    return np.asarray(np.sum(parts, axis=0))


def least_width(rates: Sequence[Array]) -> float:
    """The smallest tolerance at which every group has an option: the shortest range that meets all."""
    starts = np.unique(np.concatenate(rates))
    reach = [np.append(rate, np.inf)[np.searchsorted(rate, starts)] for rate in rates]
    return float((np.max(reach, axis=0) - starts).min())


def _held(rates: Sequence[Array], low: Array, high: Array) -> Windows:
    """Options between bounds, for those bounds at which no group is left without."""
    first = np.stack([np.searchsorted(rate, low - NEAR, side="left") for rate in rates])
    end = np.stack([np.searchsorted(rate, high + NEAR, side="right") for rate in rates])
    return Windows(first, end).take(np.flatnonzero((end > first).all(axis=0)))


def _narrowed(options: Sequence[Options], windows: Windows, width: float, *, place: int) -> Windows:
    """Windows without options whose rate some other group can't come near."""
    rates = [group.rates[place] for group in options]
    low = np.max([rate[a] for rate, a in zip(rates, windows.first, strict=True)], axis=0) - width
    high = np.min([rate[b - 1] for rate, b in zip(rates, windows.end, strict=True)], axis=0) + width
    first = np.stack([np.searchsorted(rate, low - NEAR, side="left") for rate in rates])
    end = np.stack([np.searchsorted(rate, high + NEAR, side="right") for rate in rates])
    first, end = np.maximum(first, windows.first), np.minimum(end, windows.end)
    return Windows(first, end).take(np.flatnonzero((end > first).all(axis=0)))


def _promising(options: Sequence[Options], rates: Sequence[Array], width: float) -> Array:
    """Starts among which the best is: blocks of rates are bounded first, and few are looked into."""
    low, high = min(rate[0] for rate in rates), max(rate[-1] for rate in rates)
    block = max((high - low) / _BLOCKS, NEAR)
    bounds = _block_bounds(options, rates, low=low, block=block, width=width)
    longest = [np.searchsorted(rate, rate + (width + 3 * NEAR), side="right") for rate in rates]
    least = [
        Least.of(group.loss, longest=int((end - np.arange(len(end))).max()))
        for group, end in zip(options, longest, strict=True)
    ]
    order = np.argsort(bounds, kind="stable")
    best, kept = np.inf, [np.zeros(0)]
    for i in range(0, len(order), _AT_ONCE):
        some = order[i : i + _AT_ONCE]
        some = some[bounds[some] <= best + NEAR]
        if not len(some):
            break
        starts = np.concatenate([_between(rates, low + b * block, low + (b + 1) * block) for b in some])
        found = _held(rates, starts, starts + width)
        best = min(best, float(totals(least, found).min(initial=np.inf)))
        kept.append(starts)
    return np.unique(np.concatenate(kept))


def _block_bounds(
    options: Sequence[Options], rates: Sequence[Array], *, low: float, block: float, width: float
) -> Array:
    """At least what any window that starts in a block costs, shape (blocks,)."""
    count = _BLOCKS + 1
    reach = int(np.ceil(width / block)) + 1
    total = np.zeros(count)
    for group, rate in zip(options, rates, strict=True):
        at = np.minimum(((rate - low) / block).astype(np.intp), count - 1)
        lowest = np.full(count, np.inf)
        filled = np.concatenate(([0], 1 + np.flatnonzero(np.diff(at))))
        lowest[at[filled]] = np.minimum.reduceat(group.loss, filled)
        first = np.maximum(np.arange(count) - 1, 0)
        total += Least.of(lowest).within(first, np.minimum(np.arange(count) + reach + 1, count))
    return total


def _between(rates: Sequence[Array], low: float, high: float) -> Array:
    parts = [
        rate[np.searchsorted(rate, low - NEAR) : np.searchsorted(rate, high + NEAR)] for rate in rates
    ]
    return np.concatenate(parts)
