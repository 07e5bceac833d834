"""Whether groups of people are as frequent in one data set as in another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rai.explore.drift import Question, adjusted_p, axes_of, groups_of
from rai.explore.drift_rows import ShareShift, ShareShifts
from rai.ground.errors import ArgumentError, sentence
from rai.measure.cell_pairs import CellPair
from rai.measure.distance_intervals import tail_share
from rai.measure.distances import Array
from rai.measure.intervals import newcombe
from rai.values.levels import MISSING, Level
from rai.values.table_summary import TableSummary

if TYPE_CHECKING:
    from rai.explore.profiles import Profile


class GroupSize(NamedTuple):
    """Rows of a group, their weight, and its squares; None without weights."""

    rows: int = 0
    weight: float = 0.0
    weight_sq: float | None = None


def share_shifts_of(
    profile: Profile, question: Question, *, by: str | Iterable[str] | None
) -> ShareShifts:
    """Shifts of the shares of groups, of all data sets against the reference."""
    axes = axes_of(profile, by if by is not None else profile.sensitive_features)
    if not axes:
        hint = "Name one in rai.profile(…, sensitive_features=…)."
        raise ArgumentError(
            sentence("share shifts", "no groups", expected="a sensitive feature", hint=hint)
        )
    others = [name for name in profile.datasets if name != question.reference]
    found = [_shifts(profile, question, along, name) for name in others for along in axes]
    families = [rows[0].dataset if rows else "" for rows in found]
    adjusted = adjusted_p(
        [rows[0].p_value if rows else None for rows in found], families, question.adjust
    )
    return ShareShifts(
        replace(row, p_value=p) for rows, p in zip(found, adjusted, strict=True) for row in rows
    )


def _shifts(profile: Profile, question: Question, along: str, dataset: str) -> list[ShareShift]:
    groups = groups_of(profile, along)
    names = (dataset, question.reference)
    sides = [[_size(profile.tables[name], along, group) for group in groups] for name in names]
    rows = [
        ShareShift(
            along=along, group=group, dataset=dataset, reference=question.reference, value=None,
            n=ours.rows, n_reference=theirs.rows, level=question.level,
        )
        for group, ours, theirs in zip(groups, *sides, strict=True)
    ]  # fmt: skip
    empty = next(
        (n for n, side in zip(names, sides, strict=True) if not sum(s.weight for s in side)), None
    )
    if empty is not None:
        return [replace(row, note=f"no rows in {empty!r}") for row in rows]
    pair = _pair(*sides)
    (p, q), (n, m) = pair.shares, pair.n
    level = 1 - (1 - question.level) / len(groups)
    bounds = newcombe(
        p * n, np.full(len(p), n), other_count=q * m, other_n=np.full(len(q), m), level=level
    )
    p_value = _p_value(pair, question.draws, question.rng(along, dataset))
    return [
        replace(
            row, share=float(p[i]), share_reference=float(q[i]), value=float(p[i] - q[i]),
            low=float(bounds.low[i]), high=float(bounds.high[i]), p_value=p_value,
        )
        for i, row in enumerate(rows)
    ]  # fmt: skip


def _size(table: TableSummary, along: str, group: Level) -> GroupSize:
    """How large a group is; from the column itself where no other column tells."""
    columns = table.by.get(along, {}).get(group)
    if columns is None:
        return GroupSize()
    if columns:
        held = next(iter(columns.values()))
        return GroupSize(held.rows, held.weight, held.weight_sq)
    itself = table.columns[along]
    if group == MISSING:
        return GroupSize(itself.missing, itself.missing_weight)
    if itself.levels is not None:
        return GroupSize(itself.levels.of_level(group), float(itself.levels.of_level(group)))
    assert itself.numbers is not None
    rows = int(itself.numbers.n[itself.numbers.points == group].sum())
    return GroupSize(rows, float(rows))


def _pair(ours: list[GroupSize], theirs: list[GroupSize]) -> CellPair:
    """Rows of the groups, or their weights and what all rows are worth."""
    sides = (ours, theirs)
    if all(group.weight_sq is None for side in sides for group in side):
        counts = [np.array([group.rows for group in side], dtype=np.int64) for side in sides]
        return CellPair(ours=counts[0], theirs=counts[1])
    weights = [np.array([group.weight for group in side]) for side in sides]
    squares = [sum(g.rows if g.weight_sq is None else g.weight_sq for g in side) for side in sides]
    worth = [float(w.sum() ** 2 / s) for w, s in zip(weights, squares, strict=True)]
    return CellPair(ours=weights[0], theirs=weights[1], rows=(worth[0], worth[1]))


def _p_value(pair: CellPair, draws: int, rng: np.random.Generator) -> float | None:
    """How often rows dealt at random give so large a χ²."""
    if not pair.testable:
        return None
    dealt = _chi_square(*pair.split(draws, rng), pair.pooled)
    return tail_share(dealt, float(_chi_square(*pair.shares, pair.pooled)))


def _chi_square(p: Array, q: Array, pooled: Array) -> Array:
    """Pearson's statistic of two samples but for a factor that rows dealt again keep, shape (...)."""
    there = pooled > 0
    return np.asarray((((p - q) ** 2)[..., there] / pooled[there]).sum(axis=-1))
