"""Drift: how far each feature of a data set is from that of a reference, and whether chance explains it.

    Profile ──pairs of columns──▶ Compared ──▶ value, interval, p-value, chance ──adjusted──▶ Distances
            ──within each group──▶ the same ──largest minus least──▶ DistanceGaps

All of it is arithmetic on counts; the rows are no longer needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

import numpy as np

from rai.explore.compared_columns import Answer, compared
from rai.explore.drift_rows import Distance, Distances
from rai.ground.checks import as_names, check_choice, check_count, check_level
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.measure.adjusting import ADJUSTMENTS
from rai.measure.distances import MEASURES, DistanceMeasure, measure_of
from rai.values.column_summary import ColumnKind, ColumnSummary
from rai.values.generators import generator_of
from rai.values.levels import Level, level_order
from rai.values.table_summary import Columns, TableSummary

if TYPE_CHECKING:
    from rai.explore.profiles import Profile

Task = TypeVar("Task")
Found = TypeVar("Found")

FEWEST_DRAWS = 99
NUMBERS: tuple[ColumnKind, ...] = ("number", "integer", "date", "duration", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a profile; checked once.

    Args:
        features: The features to compare.
        measures: The measures named; None for those that are usual for each column.
        reference: The data set that others are compared with.
        level: Coverage of the intervals.
        adjust: How p-values are adjusted.
        draws: Draws of each column.
        seed: What the draws come from, together with the names of what is compared.
    """

    features: tuple[str, ...]
    measures: tuple[DistanceMeasure, ...] | None
    reference: str
    level: float
    adjust: str
    draws: int
    seed: int

    def measures_of(self, *columns: ColumnSummary) -> tuple[DistanceMeasure, ...]:
        """The measures of a column: those named, or the usual ones."""
        if self.measures is not None:
            return self.measures
        kinds = {column.kind for column in columns} - {"empty"}
        numbers = bool(kinds) and kinds <= set(NUMBERS)
        family = "number" if numbers else "category"
        return tuple(measure for measure in MEASURES if family in measure.default)

    def rng(self, *names: object) -> np.random.Generator:
        """Draws for what bears these names, the same whatever else is asked."""
        return np.random.default_rng([self.seed, crc32(repr(names).encode())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which columns are compared: a feature, a data set, and perhaps a group."""

    feature: str
    dataset: str
    along: str | None = None
    group: Level | None = None


def question_of(
    profile: Profile,
    features: tuple[str, ...],
    *,
    measures: str | Iterable[str] | None,
    reference: str | None,
    level: float,
    adjust: str,
    draws: int,
    rng: int | np.random.Generator,
) -> Question:
    """The question, with everything in it checked.

    Raises:
        ArgumentError: If something in it is not there, or there are no two data sets.
    """
    if len(profile.tables) < 2:
        seen = f"one data set, {profile.datasets[0]!r}"
        hint = "Pass them by name: rai.profile({'train': …, 'test': …})."
        raise ArgumentError(sentence("distances", seen, expected="two or more to compare", hint=hint))
    check_choice(adjust, ADJUSTMENTS, where="adjust")
    first = profile.datasets[0] if reference is None else reference
    profile.table(first)
    named = None if measures is None else tuple(measure_of(name) for name in as_names(measures))
    return Question(
        features=profile.select(features).features if features else profile.features,
        measures=named,
        reference=first,
        level=check_level(level),
        adjust=adjust,
        draws=check_count(draws, where="draws", least=FEWEST_DRAWS),
        seed=int(generator_of(rng).integers(2**63)),
    )


def distances_of(profile: Profile, question: Question, *, by: str | Iterable[str] | None) -> Distances:
    """Distances of all features, of all rows or within each group."""
    places = _places(profile, question, axes_of(profile, by))
    found = together(lambda place: _rows(profile, question, place), places)
    return Distances(_adjusted([row for rows in found for row in rows], question.adjust))


def axes_of(profile: Profile, by: str | Iterable[str] | None) -> tuple[str, ...]:
    """The columns that split rows, which must be known to the profile.

    Raises:
        ArgumentError: If it knows nothing of the groups of a column.
    """
    names = as_names(by)
    known = tuple(dict.fromkeys(axis for table in profile.tables.values() for axis in table.by))
    for name in names:
        if name not in known:
            expected = (
                f"one of {listing(known)}" if known else "a column that the profile splits rows by"
            )
            hint = did_you_mean(name, known) or "Name it in rai.profile(…, sensitive_features=…)."
            raise ArgumentError(sentence("by", repr(name), expected=expected, hint=hint))
    return names


def groups_of(profile: Profile, along: str) -> list[Level]:
    """The groups of a column in any data set, in order."""
    held = {level for table in profile.tables.values() for level in table.by.get(along, ())}
    return sorted(held, key=level_order)


def answers_of(
    profile: Profile, question: Question, place: Place, *, level: float | None = None
) -> list[Answer]:
    """What the measures say of one feature of one data set; empty where neither data set has it."""
    tables = [profile.tables[name] for name in (place.dataset, question.reference)]
    sides = [_column(table, place) for table in tables]
    there = [side for side in sides if side is not None]
    if not there:
        return []
    measures = question.measures_of(*there)
    names = (place.dataset, question.reference)
    if len(there) < 2:
        lacking = next(name for name, side in zip(names, sides, strict=True) if side is None)
        what = "rows of this group" if place.along else "such column"
        rows = [side.rows if side is not None else 0 for side in sides]
        return [
            Answer(
                measure=m, judged=None, n=rows[0], n_reference=rows[1], note=f"no {what} in {lacking!r}"
            )
            for m in measures
        ]
    rng = question.rng(place.feature, place.dataset, place.along, place.group)
    pair = compared(there[0], there[1], names)
    return pair.answers(measures, level=level or question.level, draws=question.draws, rng=rng)


def together(work: Callable[[Task], Found], tasks: Iterable[Task]) -> list[Found]:
    """What is found of each task, in their order, on all cores."""
    with ThreadPoolExecutor(max_workers=cpu_count() or 1) as pool:
        return list(pool.map(work, tasks))


def adjusted_p(
    p_values: Sequence[float | None], families: Sequence[object], adjust: str
) -> list[float | None]:
    """p-values adjusted within families, in the order given; None is no test and counts for nothing.

    Example:
        >>> adjusted_p([0.01, None, 0.02], ["psi", "psi", "psi"], "holm")
        [0.02, None, 0.02]
    """
    found: list[float | None] = list(p_values)
    for family in dict.fromkeys(families):
        at = [
            i
            for i, (f, p) in enumerate(zip(families, p_values, strict=True))
            if f == family and p is not None
        ]
        held = ADJUSTMENTS[adjust]([p for p in (p_values[i] for i in at) if p is not None]) if at else []
        for i, p in zip(at, held, strict=True):
            found[i] = p
    return found


def _places(profile: Profile, question: Question, axes: tuple[str, ...]) -> list[Place]:
    others = [name for name in profile.datasets if name != question.reference]
    if not axes:
        return [Place(feature=f, dataset=d) for d in others for f in question.features]
    return [
        Place(feature=feature, dataset=dataset, along=along, group=group)
        for dataset in others
        for along in axes
        for feature in question.features
        if feature != along
        for group in groups_of(profile, along)
    ]


def _column(table: TableSummary, place: Place) -> ColumnSummary | None:
    columns: Columns | None = table.columns
    if place.along is not None and place.group is not None:
        columns = table.by.get(place.along, {}).get(place.group)
    return None if columns is None else columns.get(place.feature)


def _rows(profile: Profile, question: Question, place: Place) -> list[tuple[Distance, bool]]:
    """Rows of one place, and whether chance had anything to deal."""
    rows = []
    for answer in answers_of(profile, question, place):
        row = Distance(
            feature=place.feature,
            dataset=place.dataset,
            reference=question.reference,
            along=place.along,
            group=place.group,
            measure=answer.measure.name,
            value=None,
            n=answer.n,
            n_reference=answer.n_reference,
            note=answer.note,
            level=question.level,
        )
        if answer.judged is not None:
            held = answer.judged
            row = replace(
                row, value=held.value, low=held.low, high=held.high, p_unadjusted=held.p_value,
                p_value=held.p_value, chance=held.chance,
            )  # fmt: skip
        rows.append((row, answer.testable))
    return rows


def _adjusted(rows: list[tuple[Distance, bool]], adjust: str) -> list[Distance]:
    """Rows with p-values adjusted over the features and groups of a measure and a data set."""
    p_values = [row.p_value if testable else None for row, testable in rows]
    families = [(row.dataset, row.along, row.measure) for row, _ in rows]
    adjusted = adjusted_p(p_values, families, adjust)
    return [
        row if p is None else replace(row, p_value=p) for (row, _), p in zip(rows, adjusted, strict=True)
    ]
