"""Which groups are compared with which.

pairwise         every group with every other
between_groups   the two that are furthest apart
one_vs_rest      each group with everyone else
a level          each other group with that one
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from rai.explainers.gap_parts.gap_results import GapPair, GapPart, Role
from rai.explainers.gap_parts.group_moments import Side
from rai.explainers.gap_parts.part_bounds import (
    FEWEST_ROWS,
    Spreads,
    critical,
    errors_of,
    spreads_of,
)
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.values import Key
from rai.values.levels import key_name

BETWEEN, REST, PAIRWISE = "between_groups", "one_vs_rest", "pairwise"
EVERYONE_ELSE = "everyone else"
_ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides, each as places among the groups.

    Args:
        ours: The groups of the first side.
        theirs: The groups of the other.
        group, versus: What both are called.
    """

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    group: str
    versus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How pairs are told.

    Args:
        names: The players.
        residual: What the gap is called that is there before anybody plays; empty if there is none.
        level: Coverage of all intervals at once.
        worst: Whether only the pair that is furthest apart is told.
        logarithm: Whether the sides' values are logarithms.
    """

    names: tuple[str, ...]
    residual: str
    level: float
    worst: bool = False
    logarithm: bool = False


def comparisons(keys: tuple[Key, ...], versus: Any) -> list[Comparison]:
    """The pairs that are asked for.

    Args:
        keys: The groups.
        versus: `between_groups`, `one_vs_rest`, `pairwise`, or a group.

    Raises:
        ArgumentError: Fewer than two groups, or no such group.

    Example:
        >>> [(c.group, c.versus) for c in comparisons((("F",), ("M",)), "M")]
        [('F', 'M')]
    """
    names = [key_name(key) for key in keys]
    if len(keys) < 2:
        seen = "one group" if keys else "no groups"
        raise ArgumentError(sentence("sensitive_features", seen, expected="at least two"))
    count = range(len(keys))
    if isinstance(versus, str) and versus in (BETWEEN, PAIRWISE):
        pairs = combinations(count, 2)
        return [_pair((i,), (j,), names[i], names[j]) for i, j in pairs]
    if isinstance(versus, str) and versus == REST:
        return [_pair((i,), tuple(j for j in count if j != i), names[i], EVERYONE_ELSE) for i in count]
    reference = _place(keys, names, versus)
    return [_pair((i,), (reference,), names[i], names[reference]) for i in count if i != reference]


def pairs_told(
    found: list[Comparison],
    side: Callable[[tuple[int, ...]], Side],
    *,
    telling: Telling,
    rng: np.random.Generator,
) -> tuple[GapPair, ...]:
    """Pairs in parts, with intervals that hold together.

    Args:
        found: The comparisons.
        side: The side of some groups.
        telling: How to tell.
        rng: Source of the draws behind the intervals.
    """
    sides = [(side(one.ours), side(one.theirs)) for one in found]
    spreads = [spreads_of(*both) for both in sides]
    held = [spread for spread in spreads if spread is not None]
    freedoms = [spread.freedom for spread in held]
    reach = critical([s.covariance for s in held], freedoms, level=telling.level, rng=rng)
    by_chance = critical([s.chance for s in held], freedoms, level=telling.level, rng=rng)
    told = [
        _told(one, *both, spread=spread, reaches=(reach, by_chance), telling=telling)
        for one, both, spread in zip(found, sides, spreads, strict=True)
    ]
    if not telling.worst:
        return tuple(told)
    sizes = [-1.0 if pair.value is None else abs(pair.value) for pair in told]
    at = int(np.argmax(sizes))
    if (told[at].value or 0.0) >= 0:
        return (told[at],)
    one, (ours, theirs) = found[at], sides[at]
    turned = _pair(one.theirs, one.ours, one.versus, one.group)
    return (
        _told(turned, theirs, ours, spread=spreads[at], reaches=(reach, by_chance), telling=telling),
    )


def _pair(ours: tuple[int, ...], theirs: tuple[int, ...], group: str, versus: str) -> Comparison:
    return Comparison(ours=ours, theirs=theirs, group=group, versus=versus)


def _place(keys: tuple[Key, ...], names: list[str], versus: Any) -> int:
    """The place of a group that is named, or given as levels."""
    wanted = tuple(versus) if isinstance(versus, (tuple, list)) else (versus,)
    if wanted in keys:
        return keys.index(wanted)
    if isinstance(versus, str) and versus in names:
        return names.index(versus)
    options = [BETWEEN, REST, PAIRWISE, *names]
    hint = did_you_mean(versus, options)
    raise ArgumentError(
        sentence("versus", repr(versus), expected=f"one of {listing(options)}", hint=hint)
    )


def _told(
    one: Comparison,
    ours: Side,
    theirs: Side,
    *,
    spread: Spreads | None,
    reaches: tuple[float, float],
    telling: Telling,
) -> GapPair:
    """One pair."""
    why = _why(one, ours, theirs)
    values = np.array([*(ours.parts - theirs.parts), ours.start - theirs.start])
    gap = ours.total - theirs.total
    note = why or ("" if spread is not None else f"no interval: fewer than {FEWEST_ROWS} rows on a side")
    sizes = None if spread is None else (errors_of(spread.covariance), errors_of(spread.chance))

    def part(feature: str, role: Role, value: float, at: int | None) -> GapPart:
        bounds = {} if at is None or sizes is None or why else _bounds(value, sizes, at, reaches)
        return GapPart(
            group=one.group,
            versus=one.versus,
            feature=feature,
            role=role,
            value=None if why else value,
            share=value / gap if not why and abs(gap) > _ROUNDING else None,
            n=ours.n,
            n_versus=theirs.n,
            note=note,
            **bounds,
        )

    parts = [part(name, "feature", float(values[at]), at) for at, name in enumerate(telling.names)]
    rounding = 0.0 if why else gap - float(values.sum())
    residuals = []
    if telling.residual:
        residuals.append(part(telling.residual, "residual", float(values[-1]), len(values) - 1))
    elif not why:
        rounding += float(values[-1])
    if abs(rounding) > _ROUNDING:
        residuals.append(part("(rounding)", "residual", rounding, None))
    return GapPair(
        group=one.group,
        versus=one.versus,
        group_value=_shown(ours, telling),
        versus_value=_shown(theirs, telling),
        gap=part("gap", "gap", float(gap), len(values)),
        parts=tuple(sorted(parts, key=lambda each: -abs(each.value or 0.0))),
        residuals=tuple(residuals),
        n=ours.n,
        n_versus=theirs.n,
        note=note,
    )


def _bounds(
    value: float, sizes: tuple[np.ndarray, np.ndarray], at: int, reaches: tuple[float, float]
) -> dict[str, float]:
    error, spread = float(sizes[0][at]), float(sizes[1][at])
    return {
        "standard_error": error,
        "low": value - reaches[0] * error,
        "high": value + reaches[0] * error,
        "chance_low": -reaches[1] * spread,
        "chance_high": reaches[1] * spread,
    }


def _why(one: Comparison, ours: Side, theirs: Side) -> str:
    sides: Iterator[tuple[str, Side]] = iter([(one.group, ours), (one.versus, theirs)])
    return "; ".join(f"undefined: {name}: {side.why}" for name, side in sides if side.why)


def _shown(side: Side, telling: Telling) -> float | None:
    if side.why:
        return None
    return float(np.exp(side.total) if telling.logarithm else side.total)
