"""The worst gap of a metric or criterion: value, simultaneous interval, who attains it, and chance.

    difference   max |r_i − r_j|                 0 is parity
    ratio        min r_i / r_j, folded below 1   1 is parity
    log_ratio    max |ln r_i − ln r_j|           0 is parity

The interval is a projection: all comparisons hold together at the level, so the largest of them
lies between the largest lower and the largest upper bound.

For a decision each bound may be wrong by itself (`each`). That groups are further apart than a limit is
shown by one comparison, which needs all of them to hold together. That they are no further apart is
shown only if every comparison shows it, and then each may use the whole error (Berger 1982).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import readable
from rai.measure.chance import chance
from rai.measure.contrasts import BETWEEN, OVERALL, Contrasts, contrasts
from rai.measure.intervals import Bounds, Critical
from rai.measure.measured import WITHOUT_INTERVAL, Measured, finite
from rai.measure.simultaneous import family_critical_value
from rai.values import Gap, Key, Level
from rai.values.levels import key_name

Array = NDArray[np.float64]

KINDS = ("difference", "ratio")
AGGREGATES = ("worst_case", "mean")


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One metric of all groups, with the metric of everyone outside each group.

    Args:
        measured: The metric of the g groups.
        rest: Gives the metric of everyone else, g entries (of everyone, where it is no proportion).
        signed: Whether the metric can be negative, so that ratios make no sense.
    """

    measured: Measured
    rest: Callable[[], Measured]
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the groups: the arguments that every gap shares.

    With `each`, each bound is wrong at most 1 − `level` of the time, rather than both together, and what
    chance alone would show is not drawn.
    """

    name: str
    along: str
    kind: str = "difference"
    versus: str = BETWEEN
    combine: str = "worst_case"
    aggregate: str = "worst_case"
    level: float = 0.95
    seed: int = 0
    within: tuple[tuple[str, Level], ...] = ()
    each: bool = False


class _Folded(NamedTuple):
    """Sizes of comparisons and their bounds, direction removed."""

    value: Array
    low: Array
    high: Array


def gap(compared: Sequence[Compared], question: Question) -> Gap:
    """The gap that a question asks for, over one metric or the several of a criterion.

    Undefined (value None, with a reason) where fewer than two groups have a value, where a ratio
    is asked of a metric that can be negative, or where every rate is 0.
    """
    kind = "ratio" if question.kind == "log_ratio" else question.kind
    families = [contrasts(c.measured, versus=question.versus, rest=c.rest) for c in compared]
    problem = _problem(compared, families, question, kind)
    sets = [family for family in families if family is not None]
    if problem or len(sets) < len(families):
        return _undefined(compared, question, problem)
    rng = np.random.default_rng(question.seed)
    critical = family_critical_value(sets, level=question.level, rng=rng, kind=kind)
    parts = [_part(s, kind, critical, question) for s in sets]
    if any(np.isnan(part.value) for part in parts):
        return _undefined(compared, question, "every rate is 0, so no ratio exists")
    combined = _combine(parts, kind, question.combine)
    null, p_value = (
        (np.nan, None)
        if question.each
        else chance(sets, kind=kind, combine=question.combine, aggregate=question.aggregate, rng=rng)
    )
    chosen = max(range(len(parts)), key=lambda i: _badness(parts[i].value, kind))
    highest, lowest = _attained_by(sets[chosen], kind)
    shown = _on_scale(combined, null, question.kind)
    notes = [*_left_out(compared), *_which(sets, chosen, question), *_no_bounds(shown, sets)]
    return Gap(
        metric=question.name,
        along=question.along,
        kind=question.kind,
        versus=question.versus,
        value=finite(shown[0]),
        low=finite(shown[1]),
        high=finite(shown[2]),
        highest=highest,
        lowest=lowest,
        null=finite(shown[3]),
        p_value=p_value,
        within=question.within,
        level=question.level,
        n=min(int(s.measured.n.sum()) for s in sets),
        note="; ".join(notes),
    )


def folded(family: Contrasts, kind: str, critical: Critical) -> _Folded:
    """Each comparison without its direction: |difference|, or the ratio folded below 1."""
    values, bounds = family.values(kind), family.bounds(kind, critical)
    if kind == "difference":
        return _Folded(np.abs(values), *_fold_difference(bounds))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.minimum(values, 1 / values)
        low, high = np.minimum(bounds.low, 1 / bounds.high), np.minimum(bounds.high, 1 / bounds.low)
    crosses = (bounds.low <= 1) & (bounds.high >= 1)
    return _Folded(value, np.maximum(low, 0.0), np.where(crosses, 1.0, high))


def _fold_difference(bounds: Bounds) -> tuple[Array, Array]:
    low = np.maximum(0.0, np.maximum(bounds.low, -bounds.high))
    return low, np.maximum(np.abs(bounds.low), np.abs(bounds.high))


def _part(family: Contrasts, kind: str, critical: Critical, question: Question) -> _Folded:
    """One metric's share of the gap, with both bounds at once or each by itself."""
    if not question.each:
        return _one(folded(family, kind, critical), kind, question.aggregate)
    near = _one(folded(family, kind, critical._replace(exact=True)), kind, question.aggregate)
    if "mean" in {question.aggregate, question.combine}:
        return near
    alone = Critical(NormalDist().inv_cdf(question.level), exact=True)
    far = _one(folded(family, kind, alone), kind, question.aggregate)
    low, high = (near.low, far.high) if kind == "difference" else (far.low, near.high)
    return _Folded(near.value, low, high)


def _one(sizes: _Folded, kind: str, aggregate: str) -> _Folded:
    """The worst (or mean) comparison of one metric with its projected bounds; scalars in arrays."""
    if np.isnan(sizes.value).all():
        return _Folded(*(np.array(np.nan),) * 3)
    known = _Folded(*(part[~np.isnan(sizes.value)] for part in sizes))
    if aggregate == "mean":
        return _Folded(*(np.asarray(part.mean()) for part in known))
    worst = np.max if kind == "difference" else np.min
    return _Folded(*(np.asarray(worst(part)) for part in known))


def _combine(parts: Sequence[_Folded], kind: str, combine: str) -> _Folded:
    """Several metrics to one criterion."""
    stacked = [np.stack([part[i] for part in parts]) for i in range(3)]
    if combine == "mean":
        return _Folded(*(np.asarray(column.mean()) for column in stacked))
    worst = np.max if kind == "difference" else np.min
    return _Folded(*(np.asarray(worst(column)) for column in stacked))


def _badness(value: Array, kind: str) -> float:
    return float(value) if kind == "difference" else -float(value)


def _attained_by(family: Contrasts, kind: str) -> tuple[str, str]:
    """Names of the two sides of the worst comparison, higher first."""
    values = family.values(kind)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.abs(values) if kind == "difference" else -np.minimum(values, 1 / values)
    worst = int(np.nanargmax(sizes))
    names = family.left_names[worst], family.right_names[worst]
    left_is_higher = values[worst] >= (0 if kind == "difference" else 1)
    return names if left_is_higher else (names[1], names[0])


def _on_scale(combined: _Folded, null: float, kind: str) -> tuple[float, float, float, float]:
    """Value, low, high and null as the kind shows them."""
    value, low, high = (float(part) for part in combined)
    if kind != "log_ratio":
        return value, low, high, null
    with np.errstate(divide="ignore"):
        return tuple(float(-np.log(x)) + 0.0 for x in (value, high, low, null))  # type: ignore[return-value]


def _problem(
    compared: Sequence[Compared], families: Sequence[Contrasts | None], question: Question, kind: str
) -> str:
    if kind == "ratio" and any(c.signed for c in compared):
        return "a ratio of a metric that can be negative"
    lacking = next((c for c, f in zip(compared, families, strict=True) if f is None), None)
    if lacking is None:
        return ""
    reasons = {
        key_name(key): note
        for key, note in zip(lacking.measured.groups, lacking.measured.notes, strict=True)
    }
    if question.versus not in {BETWEEN, OVERALL, *reasons}:
        return f"no rows of the reference group {question.versus}"
    if reasons.get(question.versus, "").startswith("undefined: "):
        return f"the reference group has no value ({reasons[question.versus]})"
    return f"fewer than two groups have a value for {readable(lacking.measured.name)}"


def _undefined(compared: Sequence[Compared], question: Question, problem: str) -> Gap:
    notes = [f"undefined: {problem}", *_left_out(compared)]
    return Gap(
        metric=question.name,
        along=question.along,
        kind=question.kind,
        versus=question.versus,
        value=None,
        within=question.within,
        level=question.level,
        n=int(compared[0].measured.n.sum()),
        note="; ".join(notes),
    )


def _left_out(compared: Sequence[Compared]) -> list[str]:
    """A note naming the groups without a value, once per group."""
    reasons: dict[Key, str] = {}
    for c in compared:
        for key, note, ok in zip(c.measured.groups, c.measured.notes, c.measured.defined, strict=True):
            if not ok:
                reasons.setdefault(key, note.removeprefix("undefined: "))
    return [f"left out {key_name(key)}: {reason}" for key, reason in reasons.items()]


def _which(sets: Sequence[Contrasts], chosen: int, question: Question) -> list[str]:
    if len(sets) == 1:
        return []
    name = readable(sets[chosen].measured.name)
    return [
        f"mean of {len(sets)} gaps, the larger in {name}" if question.combine == "mean" else f"in {name}"
    ]


def _no_bounds(shown: tuple[float, float, float, float], sets: Sequence[Contrasts]) -> list[str]:
    if np.isinf(shown[0]):
        return ["unbounded: a group's rate is 0"]
    if any(s.measured.method == "count" for s in sets):
        return ["a count is what was seen: no interval"]
    if any(s.measured.method in WITHOUT_INTERVAL for s in sets):
        return ["no interval: chance alone raises the metric"]
    if np.isnan(shown[1]) or np.isnan(shown[2]):
        short = {
            key_name(key)
            for s in sets
            for key, spread in zip(s.measured.groups, s.measured.spread, strict=True)
            if np.isnan(spread)
        }
        return [f"no interval: too few rows in {', '.join(sorted(short))}"]
    return ["no upper bound: a rate may be 0"] if np.isinf(shown[2]) else []


__all__ = ["AGGREGATES", "BETWEEN", "KINDS", "OVERALL", "Compared", "Question", "folded", "gap"]
