"""A column of two data sets, counted in the same cells, and what each measure says of it.

    numbers      cells in rising order; the value itself is computed at every distinct number
    categories   the 100 most frequent values of both, and all others as one
    missing      a cell of their own; so are minus and plus infinity

Lists are compared by how many values they hold, which is one number for each row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np

from rai.engines.encoding import Floats
from rai.explore.number_cells import SideBySide, layout_of, side_by_side, unit_of
from rai.measure.cell_pairs import CellPair
from rai.measure.distance_intervals import Draws, Judged
from rai.measure.distance_laws import Scale
from rai.measure.distances import MEASURES, TRIM, DistanceMeasure, Family
from rai.measure.intervals import newcombe
from rai.values.column_summary import ColumnKind, ColumnSummary
from rai.values.levels import Level
from rai.values.number_counts import NumberCounts

NUMBERS: tuple[ColumnKind, ...] = ("number", "integer", "date", "duration", "list")
MOST_LEVELS = 100

_PLURAL = {"number": "numbers", "category": "categories"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one measure says of a column; `judged` is None where it says nothing, and `note` why."""

    measure: DistanceMeasure
    judged: Judged | None
    n: int
    n_reference: int
    note: str = ""
    testable: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Compared:
    """A column of two data sets.

    Args:
        ours, theirs: What is known of it in each; `theirs` is the reference.
        family: Which measures fit it; None where none does.
        pair: Its cells.
        values: Distances at all distinct numbers.
        unit_error: Relative standard error of the unit of the Wasserstein distance.
        notes: What to mind, by measure; of all under "".
        reason: Why there is nothing to compare.
    """

    ours: ColumnSummary
    theirs: ColumnSummary
    family: Family | None = None
    pair: CellPair | None = None
    values: dict[str, float] = field(default_factory=dict)
    unit_error: float = 0.0
    notes: dict[str, str] = field(default_factory=dict)
    reason: str = ""

    def answers(
        self,
        measures: tuple[DistanceMeasure, ...],
        *,
        level: float,
        draws: int,
        rng: np.random.Generator,
    ) -> list[Answer]:
        """What each measure says."""
        made = None if self.pair is None else Draws(self.pair, draws=draws, rng=rng)
        return [
            _of_missing(self, measure, level, draws, rng)
            if measure.looks_at == "missing"
            else self._answer(measure, made, level)
            for measure in measures
        ]

    def _answer(self, measure: DistanceMeasure, made: Draws | None, level: float) -> Answer:
        ordered = measure.looks_at == "numbers"
        n, n_reference = (_values(side) if ordered else side.rows for side in (self.ours, self.theirs))
        nothing = Answer(measure=measure, judged=None, n=n, n_reference=n_reference)
        if self.reason or made is None or self.pair is None:
            return replace(nothing, note=self.reason)
        if self.family is not None and self.family not in measure.fits:
            return replace(nothing, note=f"for {_PLURAL[measure.fits[0]]} only")
        if ordered and measure.name not in self.values:
            return replace(nothing, note=self.notes.get("numbers", "no numbers"))
        unit_error = self.unit_error if measure.name == "wasserstein" else 0.0
        judged = made.judged(
            measure, level=level, value=self.values.get(measure.name), unit_error=unit_error
        )
        notes = [self.notes[name] for name in ("", measure.name, measure.looks_at) if name in self.notes]
        return replace(nothing, judged=judged, note="; ".join(notes), testable=self.pair.testable)


def compared(ours: ColumnSummary, theirs: ColumnSummary, names: tuple[str, str]) -> Compared:
    """A column of a data set beside that of the reference.

    Args:
        ours, theirs: What is known of it in each.
        names: What messages call them.

    Example:
        >>> from rai.explore.columns import summarise
        >>> compared(summarise(["a"]), summarise([1, 2]), ("test", "train")).reason
        "kinds differ: category in 'test', integer in 'train'"
    """
    held = Compared(ours=ours, theirs=theirs)
    empty = next((n for s, n in zip((ours, theirs), names, strict=True) if not s.effective), None)
    if empty is not None:
        none = "rows" if not (ours if empty == names[0] else theirs).rows else "weight"
        return replace(held, reason=f"no {none} in {empty!r}")
    kinds = {side.kind for side in (ours, theirs)} - {"empty"}
    if len(kinds) > 1 and kinds != {"number", "integer"}:
        each = f"{ours.kind} in {names[0]!r}, {theirs.kind} in {names[1]!r}"
        return replace(held, reason=f"kinds differ: {each}")
    kind = next(iter(kinds), "empty")
    if kind in NUMBERS:
        note = {"": "compares how many values the lists hold"} if kind == "list" else {}
        return _of_numbers(replace(held, family="number", notes=note), names)
    if kind != "empty" and all(side.levels is None for side in (ours, theirs)):
        return replace(held, reason="values of a type that is only counted")
    return _of_levels(replace(held, family="category" if kind != "empty" else None))


def _of_levels(held: Compared) -> Compared:
    """Cells of categories, the most frequent first; then all others, then the missing."""
    sides = (held.ours, held.theirs)
    rows: Counter[tuple[bool, Level]] = Counter()
    for side in sides:
        if side.levels is not None:
            rows.update(dict(zip(map(_key, side.levels.levels), side.levels.n.tolist(), strict=True)))
    place = {key: at for at, (key, _) in enumerate(rows.most_common(MOST_LEVELS))}
    ours, theirs = (_in_places(side, place) for side in sides)
    rest = ours[-2] + theirs[-2] > 0
    note = {"cells": f"the {MOST_LEVELS} most frequent values, and all others as one"} if rest else {}
    return replace(held, pair=_pair(held, ours, theirs), notes={**held.notes, **note})


def _in_places(side: ColumnSummary, place: dict[tuple[bool, Level], int]) -> Floats:
    """Weight of each category with a place, of all others, and of the missing."""
    cells = np.zeros(len(place) + 2)
    levels, plain = side.levels, side.weight_sq is None
    if levels is not None:
        at = np.array([place.get(_key(level), len(place)) for level in levels.levels], dtype=np.intp)
        cells += np.bincount(at, levels.n if plain else levels.weight, minlength=len(cells))
        cells[-2] += levels.others if plain else levels.others_weight
    cells[-1] += side.missing_weight
    return cells


def _of_numbers(held: Compared, names: tuple[str, str]) -> Compared:
    """Cells of numbers in order; then minus and plus infinity, and the missing."""
    both = side_by_side(_numbers(held.ours), _numbers(held.theirs))
    if both is None:
        ours, theirs = (_tails(side, 0.0) for side in (held.ours, held.theirs))
        notes = {**held.notes, "numbers": "no numbers in either"}
        return replace(held, pair=_pair(held, ours, theirs), notes=notes)
    layout = layout_of(both)
    ours, theirs = (
        np.concatenate((np.add.reduceat(counts, layout.starts), _tails(side, float(counts.sum()))))
        for side, counts in ((held.ours, both.ours), (held.theirs, both.theirs))
    )
    numbers = len(layout.starts)
    starts = np.concatenate((layout.bins, np.arange(numbers, len(ours))))
    held = replace(held, pair=replace(_pair(held, ours, theirs), numbers=numbers, starts=starts))
    for counts, name in zip((both.ours, both.theirs), names, strict=True):
        if not counts.sum() > 0:
            return replace(held, notes={**held.notes, "numbers": f"no numbers in {name!r}"})
    return _with_values(held, both, both.points[layout.middles])


def _with_values(held: Compared, both: SideBySide, middles: Floats) -> Compared:
    """The distances of numbers, and the unit of how far they lie apart."""
    assert held.pair is not None
    rows, reference_rows = (
        float(counts.sum()) * side.effective / side.weight
        for side, counts in ((held.ours, both.ours), (held.theirs, both.theirs))
    )
    trim = min(max(TRIM, 1 / min(rows, reference_rows)), 0.25)
    unit, kurtosis, note = unit_of(both, trim)
    p, q = both.shares
    return replace(
        held,
        pair=replace(held.pair, scale=Scale(np.diff(middles) / unit, trim)),
        values={
            measure.name: float(measure.law.between(p, q, Scale(np.diff(both.points) / unit, trim)))
            for measure in MEASURES
            if measure.looks_at == "numbers"
        },
        unit_error=float(np.sqrt(max(kurtosis - 1, 0.0) / reference_rows) / 2),
        notes={**held.notes, **_number_notes(held, both, note)},
    )


def _number_notes(held: Compared, both: SideBySide, unit: str) -> dict[str, str]:
    notes = {"wasserstein": unit} if unit else {}
    if not both.exact:
        f, g = (np.cumsum(share) for share in both.shares)
        p, q = both.shares
        most = float(max((f - (g - q)).max(), (g - (f - p)).max()))
        notes["kolmogorov_smirnov"] = f"neighbouring numbers share bins: at most {most:.4g}"
    if any(side.below + side.above for side in (held.ours, held.theirs)):
        notes["numbers"] = "infinite numbers left out"
    return notes


def _pair(held: Compared, ours: Floats, theirs: Floats) -> CellPair:
    """Counts where rows carry no weights; else weights, and what all rows are worth."""
    if all(side.weight_sq is None for side in (held.ours, held.theirs)):
        return CellPair(ours=ours.astype(np.int64), theirs=theirs.astype(np.int64))
    rows = (held.ours.effective, held.theirs.effective)
    return CellPair(ours=ours, theirs=theirs, rows=rows)


def _tails(side: ColumnSummary, finite: float) -> Floats:
    """Weight of minus and plus infinity and of the missing, shape (3,)."""
    infinite = side.below + side.above
    weight = side.weight - side.missing_weight - finite if infinite else 0.0
    below = weight * side.below / infinite if infinite else 0.0
    return np.array([below, weight - below, side.missing_weight])


def _numbers(side: ColumnSummary) -> NumberCounts | None:
    counts = side.lengths if side.kind == "list" else side.numbers
    return counts if counts is not None and len(counts.n) else None


def _values(side: ColumnSummary) -> int:
    counts = _numbers(side)
    return len(counts) if counts is not None else 0


def _key(level: Level) -> tuple[bool, Level]:
    """True and 1 are two values."""
    return (type(level) is bool, level)


def _of_missing(
    held: Compared,
    measure: DistanceMeasure,
    level: float,
    draws: int,
    rng: np.random.Generator,
) -> Answer:
    """The share of missing rows: their difference, with Newcombe's interval."""
    ours, theirs = held.ours, held.theirs
    nothing = Answer(measure=measure, judged=None, n=ours.rows, n_reference=theirs.rows)
    if held.reason.startswith("no "):
        return replace(nothing, note=held.reason)
    sides = [
        np.array([side.weight - side.missing_weight, side.missing_weight]) for side in (ours, theirs)
    ]
    pair = _pair(held, sides[0], sides[1])
    (p, q), (n, m) = pair.shares, pair.n
    bounds = newcombe([p[1] * n], [n], other_count=[q[1] * m], other_n=[m], level=level)
    made = Draws(pair, draws=draws, rng=rng)
    value = float(p[1] - q[1])
    judged = replace(
        made.judged(measure, level=level), value=value, excess=value, low=float(bounds.low[0]),
        high=float(bounds.high[0]), by_chance=(made.split[0] - made.split[1])[:, 1],
    )  # fmt: skip
    return replace(nothing, judged=judged, testable=pair.testable)
