"""Intervals and p-values of distances, which chance only ever makes larger.

A distance is never negative, and two samples of one population are some way apart. A percentile
bootstrap draws that noise a second time and misses 0 every time. Instead:

    p_value   how often rows dealt at random are as far apart; `chance` is how far on average
    a norm    |D̂ − D| ≤ size of the noise, so D̂ ± a quantile of it        KS, Wasserstein, L∞, TV
    squares   D̂² = D² + 2 D·noise + noise², solved for D like noncentral χ²    Jensen-Shannon, PSI

The noise is taken from rows dealt at random and from each side drawn again; of two bounds the outer one
counts. The lower bound is 0 unless the p-value says otherwise.

Source: Phipson and Smyth (2010), doi:10.2202/1544-6115.1585, for p-values from draws; Knijnenburg et al.
(2009), doi:10.1093/bioinformatics/btp211, for their tail; Pearson (1959), doi:10.1093/biomet/46.3-4.364,
for noncentral χ² from three moments; Cowan et al. (2011), arXiv:1105.3166, for the upper bound of values
below what chance alone shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.measure.cell_pairs import CellPair
from rai.measure.distance_laws import Draw, Norm
from rai.measure.distances import DistanceMeasure
from rai.measure.intervals import critical_value

Array = NDArray[np.float64]

DRAWS = 999
SPARED = 0.1  # of the error, as counts are whole and coverage jumps around what is aimed at

_FEW, _SAFETY, _FURTHEST = 3, 3.0, 1e-3  # when a curve is fitted to draws, and how far it is trusted
_GRID = 400


class Cumulants(NamedTuple):
    """Mean, variance and third central moment."""

    mean: float
    variance: float
    third: float

    @classmethod
    def of(cls, values: Array) -> Cumulants:
        """Of draws, shape (d,)."""
        mean = float(values.mean())
        off = values - mean
        return cls(mean, float((off * off).mean()), float((off**3).mean()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What can be said of a distance.

    Args:
        value: The distance.
        low, high: Bounds of its interval.
        p_value: How often chance alone would show as much.
        chance: How large it is by chance alone, on average.
        excess: The distance with what chance adds taken off.
        by_chance: The same in draws of chance alone, shape (draws,).
    """

    value: float
    low: float
    high: float
    p_value: float
    chance: float
    excess: float
    by_chance: Array


class Draws:
    """Draws of two data sets, made once for all measures.

    Example:
        >>> from rai.measure.distances import measure_of
        >>> pair = CellPair(ours=np.array([70, 30]), theirs=np.array([50, 50]))
        >>> found = Draws(pair, draws=999, rng=np.random.default_rng(0)).judged(measure_of("l_infinity"))
        >>> round(found.value, 2), found.p_value < 0.02, found.low < 0.1, found.high > 0.3
        (0.2, True, True, True)
    """

    def __init__(self, pair: CellPair, *, draws: int, rng: np.random.Generator) -> None:
        self.pair = pair
        self.split = pair.split(draws, rng)
        self.again = pair.resampled(draws, rng)

    def judged(
        self,
        measure: DistanceMeasure,
        *,
        level: float = 0.95,
        value: float | None = None,
        unit_error: float = 0.0,
    ) -> Judged:
        """Interval, p-value and chance of one measure.

        Args:
            measure: Which.
            level: Coverage of the interval.
            value: The distance itself, where cells are coarser than what it was computed from.
            unit_error: Relative standard error of the unit that it is given in.
        """
        pair, power = self.pair, measure.law.power
        seen = float(pair.distance(measure, *pair.shares))
        dealt = pair.distance(measure, *self.split) ** power
        p_value = tail_share(dealt, seen**power) if pair.testable else 1.0
        noise = _Noise.of(measure, pair, self.again, seen=seen, dealt=dealt)
        alpha = (1 - SPARED) * (1 - level)
        bounds = noise.band if isinstance(measure.law, Norm) else noise.solved
        low, high = bounds(alpha, p_value)
        found = Judged(
            value=seen,
            low=low,
            high=max(high if measure.law.most is None else min(high, measure.law.most), seen),
            p_value=p_value,
            chance=float((dealt ** (1 / power)).mean()),
            excess=float(_without(np.array(seen**power), dealt, power)),
            by_chance=_without(dealt, dealt, power),
        )
        return _rescaled(found, seen if value is None else value, unit_error, level)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Noise:
    """The noise of a distance, all to the power at which it is a sum of squares.

    Args:
        seen: What was seen.
        dealt: What rows dealt at random show, shape (draws,).
        size: Size of the noise of both sides drawn again, shape (draws,).
        apart: What the shares that they were drawn from are apart.
        drawn: What they are apart, shape (draws,).
    """

    power: int
    seen: float
    dealt: Array
    size: Array
    apart: float
    drawn: Array

    @classmethod
    def of(
        cls, measure: DistanceMeasure, pair: CellPair, again: Draw, *, seen: float, dealt: Array
    ) -> _Noise:
        law = measure.law
        held = Draw(*(pair.seen_by(measure, part) for part in again))
        return cls(
            power=law.power,
            seen=seen**law.power,
            dealt=dealt,
            size=law.noise(held, pair.scale),
            apart=float(law.between(held.p, held.q, pair.scale)) ** law.power,
            drawn=law.between(held.drawn_p, held.drawn_q, pair.scale) ** law.power,
        )

    def band(self, alpha: float, p_value: float) -> tuple[float, float]:
        """Bounds of a norm: the value, with the size of the noise to either side."""
        radius = sqrt(max(_quantile(self.size, 1 - alpha), _quantile(self.dealt, 1 - alpha)))
        value = sqrt(self.seen)
        return (max(value - radius, 0.0) if p_value <= alpha else 0.0), value + radius

    def solved(self, alpha: float, p_value: float) -> tuple[float, float]:
        """Bounds of a distance whose power is a sum of squares."""
        again, usual = Cumulants.of(self.drawn), max(self.seen, float(np.median(self.dealt)))
        lows, highs = [], []
        for held in (Cumulants.of(self.dealt), Cumulants.of(self.size)):
            if not held.variance > 0:
                continue
            one_way = held.variance / (2 * held.mean)  # of the noise in one direction, as of χ²
            along = max(one_way, (again.variance - held.variance) / (4 * max(self.apart, held.mean)))
            third = max(held.third, again.third - 24 * self.apart * along**2, 0.0)
            biased = Cumulants(max(held.mean, again.mean - self.apart), held.variance, third)
            plain = held._replace(third=third)
            highs.append(_solve(plain, along, usual, alpha)[1])
            lows += [_solve(noise, along, self.seen, alpha)[0] for noise in (plain, biased)]
        if not lows:
            return self.seen ** (1 / self.power), self.seen ** (1 / self.power)
        low, high = (min(lows) if p_value <= alpha / 2 else 0.0), max(highs)
        return low ** (2 / self.power), high ** (2 / self.power)


def tail_share(drawn: Array, seen: float) -> float:
    """The p-value of a statistic from draws of chance, shape (d,).

    Where fewer than three draws are as large, their upper tail goes on as that of a shifted gamma
    distribution with their first three moments, three times as heavy to be safe, and not beyond a
    thousandth of one draw. So many columns can be adjusted for without millions of draws.

    Example:
        >>> drawn = np.random.default_rng(0).chisquare(3, 999)
        >>> tail_share(drawn, 2.0) > 0.5, 1e-6 < tail_share(drawn, 30.0) < 1e-4
        (True, True)
    """
    as_large = int((drawn >= seen * (1 - 1e-9)).sum())
    counted = (1 + as_large) / (1 + len(drawn))
    held = Cumulants.of(drawn)
    if as_large >= _FEW or not held.variance > 0:
        return counted
    fitted = _SAFETY * float(_upper(seen, *(np.array(part) for part in held)))
    return float(np.clip(fitted, _FURTHEST / (1 + len(drawn)), counted))


def _solve(noise: Cumulants, along: float, seen: float, alpha: float) -> tuple[float, float]:
    """The distances at which so large, and so small, a square is seen with probability α/2 each.

    Args:
        noise: Of the square of the noise.
        along: Variance of the noise in the direction of the distance.
        seen: The square that was seen.
        alpha: The error.
    """
    first, last = 0.0, sqrt(seen) + 8 * sqrt(along) + 3 * noise.variance**0.25
    low = high = 0.0
    for _ in range(2):  # a coarse grid, then a fine one around what it finds
        grid, step = np.linspace(first, last, _GRID, retstep=True)
        mean, variance = grid**2 + noise.mean, 4 * grid**2 * along + noise.variance
        as_large = _upper(seen, mean, variance, 24 * (grid * along) ** 2 + noise.third)
        below, above = as_large > alpha / 2, 1 - as_large > alpha / 2
        low = float(grid[max(int(below.argmax()) - 1, 0)])
        high = float(grid[np.flatnonzero(above)[-1]] + step) if above.any() else 0.0
        first, last = max(low - 2 * step, 0.0), max(high, low) + 2 * step
    return low, high


def _quantile(squares: Array, level: float) -> float:
    """A quantile of draws; beyond what they reach that of a curve fitted to them."""
    if (1 - level) * len(squares) >= 10:
        return float(np.quantile(squares, level, method="higher"))
    from scipy.special import gammaincinv

    held = Cumulants.of(squares)
    reached = float(np.quantile(squares, 0.99))
    if not held.variance > 0:
        return reached
    shape = 4 / max(held.third / held.variance**1.5, 0.05) ** 2
    z = (float(gammaincinv(shape, level)) - shape) / sqrt(shape)
    return float(max(held.mean + z * sqrt(held.variance), reached))


def _upper(y: float, mean: Array, variance: Array, third: Array) -> Array:
    """How often shifted gamma distributions with these moments are at least y."""
    from scipy.special import gammaincc, ndtr

    z = (y - mean) / np.sqrt(variance)
    skew = third / variance**1.5
    shape = 4 / np.maximum(skew, 0.02) ** 2
    gamma = gammaincc(shape, np.maximum(shape + z * np.sqrt(shape), 0.0))
    return np.asarray(np.where(skew > 0.02, gamma, ndtr(-z)))


def _without(squares: Array, dealt: Array, power: int) -> Array:
    """Distances without what chance adds to their squares on average."""
    return np.asarray(np.maximum(squares - dealt.mean(), 0.0) ** (1 / power))


def _rescaled(found: Judged, value: float, unit_error: float, level: float) -> Judged:
    """The same for the distance itself, of which that in coarser cells is a close approximation."""
    factor = value / found.value if found.value > 0 else 1.0
    low, high = found.low * factor, found.high * factor
    if unit_error:
        off = value * critical_value(level) * unit_error
        low = max(value - float(np.hypot(value - low, off)), 0.0) if low > 0 else 0.0
        high = value + float(np.hypot(high - value, off))
    return replace(
        found,
        value=value,
        low=low,
        high=max(high, value),
        chance=found.chance * factor,
        excess=found.excess * factor,
        by_chance=found.by_chance * factor,
    )
