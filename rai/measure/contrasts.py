"""Comparisons of groups: every pair, each to one reference, or each to everyone.

    between_groups   r_i − r_j          r_i / r_j
    a reference      r_i − r_ref        r_i / r_ref
    to_overall       r_i − r            r_i / r

A group is part of everyone, so comparing it with everyone is comparing it with the rest, scaled:
r_i − r = (1 − w)(r_i − r_rest) with w its share of the denominator. Both sides are then independent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import (
    Bounds,
    Critical,
    clopper_pearson,
    jeffreys,
    koopman_ratio,
    mover_difference,
    mover_ratio,
)
from rai.measure.measured import Measured
from rai.values.levels import key_name

Array = NDArray[np.float64]
Places = NDArray[np.intp]

BETWEEN = "between_groups"
OVERALL = "to_overall"


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """m comparisons of one metric.

    Args:
        measured: The metric of the g groups that have a value.
        at: Place of the left group of each comparison, shape (m,).
        right: The metric of the right sides, m entries.
        right_names: Names of the right sides, for reading.
        other: Place of the right group of each comparison, shape (m,); None when it is everyone.
        mix: Shares of the groups in everyone, shape (g,); used when `other` is None.
        share: Share of the left group in the right side's denominator, shape (m,).
    """

    measured: Measured
    at: Places
    right: Measured
    right_names: tuple[str, ...]
    other: Places | None
    mix: Array
    share: Array

    @property
    def left(self) -> Measured:
        """The metric of the left sides, m entries."""
        return self.measured.take(self.at)

    @property
    def left_names(self) -> tuple[str, ...]:
        """Names of the left groups, for reading."""
        return tuple(key_name(self.measured.groups[i]) for i in self.at)

    @property
    def all_pairs(self) -> bool:
        """Whether every group is compared with every other."""
        g = len(self.measured.groups)
        return self.other is not None and len(self.at) == g * (g - 1) // 2

    def values(self, kind: str) -> Array:
        """Signed differences, or ratios, of left to right, shape (m,)."""
        return _PLAIN[kind](self.left.value, self.right.value, self.share)

    def values_of(self, rates: Array, kind: str) -> Array:
        """The same for other values of the groups, shape (..., g) to (..., m)."""
        right = (rates @ self.mix)[..., None] if self.other is None else rates[..., self.other]
        return _PLAIN[kind](rates[..., self.at], right, np.zeros(len(self.at)))

    def errors(self, spread: Array) -> Array:
        """Standard errors of the differences, shape (m,), from those of the groups, shape (g,)."""
        variance = spread**2
        if self.other is not None:
            return np.asarray(np.sqrt(variance[self.at] + variance[self.other]))
        everyone = float(np.sum(self.mix**2 * variance))
        return np.asarray(np.sqrt(variance[self.at] * (1 - 2 * self.mix[self.at]) + everyone))

    def relative(self) -> Contrasts:
        """The same comparisons on the log scale, where everyone is mixed by what each group adds."""
        if self.other is not None:
            return self
        low, high = self.measured.bounds(1.0)
        added = self.mix * np.nan_to_num(low + high, posinf=0.0)
        return replace(self, mix=added / added.sum()) if added.sum() > 0 else self

    def bounds(self, kind: str, critical: Critical) -> Bounds:
        """Bounds of the differences or ratios at a critical value, each shape (m,)."""
        left, right = self.left, self.right
        sides = [_side_bounds(side, critical) for side in (left, right)]
        if kind == "difference":
            low, high = mover_difference(left.value, sides[0], other=right.value, other_bounds=sides[1])
            return Bounds(low * (1 - self.share), high * (1 - self.share))
        low, high = mover_ratio(left.value, sides[0], other=right.value, other_bounds=sides[1])
        if left.trials is not None and right.trials is not None:
            score = koopman_ratio(
                left.value * left.trials,
                left.trials,
                other_count=right.value * right.trials,
                other_n=right.trials,
                z=critical.z,
            )
            wider = critical.far or critical.exact
            low, high = (np.fmin(low, score.low), np.fmax(high, score.high)) if wider else score
        return Bounds(_to_whole(low, self.share), _to_whole(high, self.share))


def contrasts(measured: Measured, *, versus: str, rest: Callable[[], Measured]) -> Contrasts | None:
    """The comparisons of one metric, or None where fewer than two sides have a value.

    Args:
        measured: The metric of all groups.
        versus: `between_groups`, `to_overall`, or the name of a reference group.
        rest: Gives the metric of everyone outside each group, one entry per group.
    """
    places = np.flatnonzero(measured.defined)
    if versus == OVERALL:
        return _to_overall(measured, rest())
    kept = measured.take(places)
    if len(places) < 2:
        return None
    if versus == BETWEEN:
        at, other = np.triu_indices(len(places), k=1)
    else:
        inside = [key_name(key) for key in kept.groups]
        if versus not in inside:
            return None
        reference = inside.index(versus)
        at = np.delete(np.arange(len(places)), reference)
        other = np.full(len(at), reference)
    right = kept.take(other)
    right_names = tuple(key_name(key) for key in right.groups)
    nothing = np.zeros(len(at))
    return Contrasts(
        kept, at.astype(np.intp), right, right_names, other.astype(np.intp), nothing, nothing
    )


def _to_overall(measured: Measured, rest: Measured) -> Contrasts | None:
    places = np.flatnonzero(measured.defined & rest.defined)
    if len(places) < 2:
        return None
    kept, others = measured.take(places), rest.take(places)
    base = kept.denominator if kept.trials is not None else kept.n.astype(float)
    whole = (kept.denominator + others.denominator) if kept.trials is not None else base.sum()
    shares = base / whole
    share = shares if kept.trials is not None else np.zeros(len(places))
    return Contrasts(
        kept,
        np.arange(len(places)),
        others,
        ("overall",) * len(places),
        None,
        base / base.sum(),
        np.asarray(share),
    )


def _side_bounds(measured: Measured, critical: Critical) -> Bounds:
    """The metric's bounds; far out, or to be exact, for a proportion wider ones where there are any."""
    low, high = measured.bounds(critical.z)
    if measured.trials is None or not (critical.far or critical.exact):
        return Bounds(low, high)
    wider = clopper_pearson if critical.exact else jeffreys
    wide = wider(np.nan_to_num(measured.value) * measured.trials, measured.trials, z=critical.z)
    return Bounds(np.minimum(low, wide.low), np.maximum(high, wide.high))


def _difference(left: Array, right: Array, share: Array) -> Array:
    difference = left - right
    return difference * (1 - share) if np.any(share) else difference


def _ratio(left: Array, right: Array, share: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = left / right
    return _to_whole(ratio, share)


def _to_whole(ratio: Array, share: Array) -> Array:
    """From a ratio to the rest to a ratio to the whole."""
    if not np.any(share):
        return ratio
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = 1 / (share + (1 - share) / ratio)
    return np.where(ratio == 0, 0.0, whole)


_PLAIN = {"difference": _difference, "ratio": _ratio}
