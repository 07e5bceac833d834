"""How often the interval of a worst gap holds the truth: thousands of audits at once.

    counts (r, g) ─▶ comparisons (r · m) ─▶ folded ─▶ worst of each row: low, high

Bounds are those of `rai.measure`: r replicates of m comparisons are handed to it as r · m
comparisons. Only the critical value is computed here for many replicates at once; the tests hold
it, and the whole interval, against `rai.measure.gaps.gap`.

An interval that holds the truth at a small critical value does so at a larger one. So most
replicates are settled before their own critical value is needed: at that of a single comparison,
or at one that lies well below the smallest of the first hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.contrasts import BETWEEN, OVERALL, Contrasts
from rai.measure.gaps import folded
from rai.measure.intervals import Bounds, Critical, critical_value, wilson
from rai.measure.measured import Measured
from rai.measure.simultaneous import range_quantile

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

LEVEL = 0.95
REFERENCE = "a reference"
SPARED = 0.1
STATISTICS, FEWEST, MOST = 100_000, 2_000, 10_000
SLACK = 1e-12
PILOTS = 100
CHUNK = 128


@dataclass(frozen=True, slots=True)
class Cell:
    """One population to draw audits from.

    Args:
        kind: `difference` or `ratio`.
        versus: `between_groups`, `to_overall`, or `a reference`: the first group.
        sizes: Rows of each group, the same for every metric.
        rates: True rates of the groups, one tuple per metric.
    """

    kind: str
    versus: str
    sizes: tuple[int, ...]
    rates: tuple[tuple[float, ...], ...]

    @property
    def truth(self) -> float:
        """The true worst gap."""
        gaps = [self._gap(np.asarray(rates)) for rates in self.rates]
        return max(gaps) if self.kind == "difference" else min(gaps)

    def _gap(self, rates: Array) -> float:
        left, right = sides(self.versus, len(rates))
        whole = np.average(rates, weights=self.sizes)
        other = np.full(len(left), whole) if right is None else rates[right]
        if self.kind == "difference":
            return float(np.abs(rates[left] - other).max())
        return float(np.minimum(rates[left] / other, other / rates[left]).min())

    def draw(self, replicates: int, *, rng: np.random.Generator) -> Counts:
        """Successes, shape (metrics, replicates, g)."""
        drawn = [rng.binomial(self.sizes, rates, (replicates, len(self.sizes))) for rates in self.rates]
        return np.stack(drawn)


@dataclass(frozen=True, slots=True)
class Held:
    """In how many replicates there was an interval, and in how many it held the truth."""

    defined: int
    held: int

    @property
    def coverage(self) -> float:
        """The share that held it."""
        return self.held / self.defined


def coverage(cell: Cell, *, replicates: int, seed: int) -> Held:
    """Draw audits and count the intervals that hold the true worst gap."""
    counts = cell.draw(replicates, rng=np.random.default_rng(seed))
    held, defined = holds(cell, counts)
    return Held(int(defined.sum()), int((held & defined).sum()))


def holds(cell: Cell, counts: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each replicate's interval holds the truth, and whether it has one, shape (r,) each."""
    held, defined = _holds(cell, counts, Critical(critical_value(LEVEL)))
    if _comparisons(cell) > 1:
        _settle(cell, counts, held=held, defined=defined)
    return held, defined


def _settle(cell: Cell, counts: Counts, *, held: NDArray[np.bool_], defined: NDArray[np.bool_]) -> None:
    """What is still open after the critical value of a single comparison."""
    open_ = np.flatnonzero(~held & defined)
    if len(open_) > PILOTS:
        low = _below(critical_values(cell, counts[:, open_[:PILOTS]]))
        held[open_] = _holds(cell, counts[:, open_], Critical(low))[0]
        open_ = open_[~held[open_]]
    if len(open_):
        own = Critical(critical_values(cell, counts[:, open_]), far=True)  # type: ignore[arg-type]
        held[open_] = _holds(cell, counts[:, open_], own)[0]


def _below(pilots: Array) -> float:
    """A value that practically every replicate's critical value exceeds."""
    return float(max(critical_value(LEVEL), pilots.min() - 0.5 * np.ptp(pilots)))


def _holds(
    cell: Cell, counts: Counts, critical: Critical
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    low, high = interval(cell, counts, critical)
    return (low <= cell.truth + SLACK) & (high >= cell.truth - SLACK), ~np.isnan(low)


def simultaneous_interval(cell: Cell, counts: Counts) -> Bounds:
    """The interval of every replicate, without short cuts, shape (r,) each."""
    if _comparisons(cell) == 1:
        return interval(cell, counts, Critical(critical_value(LEVEL)))
    z = critical_values(cell, counts)
    return interval(cell, counts, Critical(z, far=True))  # type: ignore[arg-type]


def interval(cell: Cell, counts: Counts, critical: Critical) -> Bounds:
    """Bounds of the worst gap at a critical value, or one per replicate; NaN where undefined."""
    worst = np.max if cell.kind == "difference" else np.min
    nothing = -np.inf if cell.kind == "difference" else np.inf
    lows, highs, lacking = [], [], np.zeros(counts.shape[1], dtype=bool)
    for successes in counts:
        value, low, high = _sizes(cell, successes, critical)
        unknown = np.isnan(value)
        lows.append(worst(np.where(unknown, nothing, low), axis=1))
        highs.append(worst(np.where(unknown, nothing, high), axis=1))
        lacking |= unknown.all(axis=1)
    low, high = worst(lows, axis=0), worst(highs, axis=0)
    return Bounds(np.where(lacking, np.nan, low), np.where(lacking, np.nan, high))


def _sizes(cell: Cell, counts: Counts, critical: Critical) -> tuple[Array, Array, Array]:
    """Value, low and high of each comparison without its direction, shape (r, m) each."""
    left, right = sides(cell.versus, len(cell.sizes))
    n = np.asarray(cell.sizes)
    x, y = counts[:, left], counts.sum(1, keepdims=True) - counts if right is None else counts[:, right]
    m, k = n[left], n.sum() - n if right is None else n[right]
    shape, per_replicate = x.shape, np.ndim(critical.z) > 0
    table = np.stack([x, np.broadcast_to(m, shape), y, np.broadcast_to(k, shape)], -1).reshape(-1, 4)
    if per_replicate:
        back = np.arange(len(table))
        critical = critical._replace(z=np.repeat(critical.z, shape[1]))  # type: ignore[arg-type]
    else:
        table, back = _distinct(table)
    family = _family(table, to_overall=right is None)
    return tuple(part[back].reshape(shape) for part in folded(family, cell.kind, critical))  # type: ignore[return-value]


def _distinct(table: Counts) -> tuple[Counts, NDArray[np.intp]]:
    """Distinct rows, and where each row went."""
    code = np.zeros(len(table), dtype=np.int64)
    for column in table.T:
        code = code * (int(column.max()) + 1) + column
    _, first, back = np.unique(code, return_index=True, return_inverse=True)
    return table[first], back


def _family(table: Counts, *, to_overall: bool) -> Contrasts:
    """Comparisons of two proportions each, rows of x, m, y, k, as `rai.measure` takes them."""
    x, m, y, k = table.T.astype(np.float64)
    places = np.arange(len(table), dtype=np.intp)
    share = m / (m + k) if to_overall else np.zeros(len(table))
    return Contrasts(
        _measured(x, m), places, _measured(y, k), ("",), None if to_overall else places, share, share
    )


def _measured(count: Array, n: Array) -> Measured:
    value = count / n

    def bounds(z: float) -> Bounds:
        low, high = wilson(count, n, z=z)
        return Bounds(np.minimum(low, value), np.maximum(high, value))

    keys: tuple[tuple[int, ...], ...] = ((),) * len(n)
    return Measured(
        "rate", ("group",), keys, value, bounds, n.astype(np.int64), ("",) * len(n), "wilson",
        count, n, n,
    )  # fmt: skip


def critical_values(cell: Cell, counts: Counts) -> Array:
    """The critical value of each replicate, as `family_critical_value` gives it one by one."""
    groups, comparisons = len(cell.sizes), _comparisons(cell)
    level = 1 - (1 - SPARED) * (1 - LEVEL)
    draws = int(np.clip(STATISTICS // comparisons, FEWEST, MOST))
    rng = np.random.default_rng(0)
    normals = [rng.standard_normal((draws, groups)) for _ in counts]
    factor = 1.0
    if comparisons == len(counts) * groups * (groups - 1) // 2 and cell.versus != OVERALL:
        widest = np.max([np.ptp(z, axis=1) for z in normals], axis=0) / math.sqrt(2)
        exact = range_quantile(level ** (1 / len(counts)), groups) / math.sqrt(2)
        factor = exact / float(np.quantile(widest, level))
    short = [z.astype(np.float32) for z in normals]
    starts = range(0, counts.shape[1], CHUNK)
    drawn = [
        _quantiles(short, [_scaled(x, cell) for x in counts[:, i : i + CHUNK]], level) for i in starts
    ]
    return np.maximum(critical_value(LEVEL), np.concatenate(drawn) * factor)


def _quantiles(normals: list[NDArray[np.float32]], scaled: list[Array], level: float) -> Array:
    """Quantile of the largest comparison in units of its standard error, shape (r,)."""
    largest = np.zeros((len(scaled[0]), len(normals[0])), dtype=np.float32)
    for z, terms in zip(normals, scaled, strict=True):
        units = terms / np.linalg.norm(terms, axis=2, keepdims=True)
        for row, unit in zip(largest, units.astype(np.float32), strict=True):
            np.maximum(row, np.abs(unit @ z.T).max(axis=0), out=row)
    return np.asarray(np.quantile(largest, level, axis=1))


def _one_error(counts: Counts, cell: Cell) -> Bounds:
    """Wilson's interval at z = 1, shape (r, g)."""
    n = np.broadcast_to(np.asarray(cell.sizes, float), counts.shape)
    return _measured(counts.astype(float), n).bounds(1.0)


def _scaled(counts: Counts, cell: Cell) -> Array:
    """What each group's error adds to each comparison, shape (r, m, g).

    Ratios are compared by relative errors, where everyone is mixed by successes.
    """
    left, right = sides(cell.versus, len(cell.sizes))
    low, high = _one_error(counts, cell)
    ratio = cell.kind == "ratio"
    unit, spread = np.eye(len(cell.sizes)), (high - low) / (high + low if ratio else 2)
    if right is not None:
        return np.asarray((unit[left] - unit[right]) * spread[:, None])
    rows = np.asarray(cell.sizes) * (high + low if ratio else np.ones_like(low))
    mix = rows / rows.sum(axis=1, keepdims=True)
    return np.asarray((unit - mix[:, None]) * spread[:, None])


def sides(versus: str, groups: int) -> tuple[NDArray[np.intp], NDArray[np.intp] | None]:
    """Places of the left and right group of each comparison; None where the right is everyone."""
    if versus == OVERALL:
        return np.arange(groups), None
    if versus == BETWEEN:
        left, right = np.triu_indices(groups, 1)
        return left, right
    return np.arange(1, groups), np.zeros(groups - 1, dtype=np.intp)


def _comparisons(cell: Cell) -> int:
    return len(cell.rates) * len(sides(cell.versus, len(cell.sizes))[0])
