"""What a check sees: the profile, the rows, and which column is what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rai.engines.encoding import Floats
from rai.explore.data_checks.tables import Groups, Table
from rai.explore.profile_rows import shown
from rai.explore.profiles import Profile
from rai.explore.profiling import Axis
from rai.values.column_summary import ColumnKind, ColumnSummary
from rai.values.levels import Key, Level, level_order
from rai.values.number_counts import Counts

Population = Mapping[tuple[str, ...], Mapping[Key, float]]

Found = tuple[tuple[int, ...], tuple[Level, ...]]

WHOLE = 2.0**53
NUMBERS: tuple[ColumnKind, ...] = ("number", "integer")
WORDS: tuple[ColumnKind, ...] = ("category", "mixed")


class Column(NamedTuple):
    """A column of a data set, and what is known of it."""

    dataset: str
    feature: str
    held: ColumnSummary


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Seen:
    """What checks look at.

    Args:
        profile: The counts of every column; the first data set is the reference.
        tables: Data set to its rows.
        axes: The columns that split rows: sensitive features, and the label.
        y_true, y_pred, y_score, sample_weight: Which column is what.
        sensitive_features: The columns that name groups of people.
        positive_label: The label that metrics count.
        ids: The columns that say whose a row is.
        outcome_time: The column of dates on which the label became known.
        population: Axes to their groups' shares of the population.
        level: Coverage of intervals.
        seed: Where randomness starts.
        regression: Whether the label is a quantity, which the profile cut into ranges.
    """

    profile: Profile
    tables: Mapping[str, Table]
    axes: Mapping[str, Axis] = field(default_factory=dict)
    y_true: str | None = None
    y_pred: str | None = None
    y_score: str | None = None
    sample_weight: str | None = None
    sensitive_features: tuple[str, ...] = ()
    positive_label: Level | None = None
    ids: tuple[str, ...] = ()
    outcome_time: str | None = None
    population: Population = field(default_factory=dict)
    level: float = 0.95
    seed: int = 0
    regression: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that a model may learn from: all without another role."""
        roles = {
            self.y_true,
            self.y_pred,
            self.y_score,
            self.sample_weight,
            self.outcome_time,
            *self.ids,
        }
        return tuple(name for name in self.profile.features if name not in roles)

    @property
    def reference(self) -> str:
        """Name of the data set that others are compared with."""
        return self.profile.datasets[0]

    @property
    def others(self) -> tuple[str, ...]:
        """Names of the data sets that are compared with it."""
        return self.profile.datasets[1:]

    def inside(self, dataset: str) -> str:
        """In which data set, for sentences; nothing where there is only one."""
        return f" in {dataset!r}" if len(self.tables) > 1 else ""

    def columns(self, *kinds: ColumnKind, only: tuple[str, ...] | None = None) -> Iterator[Column]:
        """Every column that has values, of some kinds or of any."""
        wanted = self.profile.features if only is None else only
        for dataset, table in self.profile.tables.items():
            for feature in wanted:
                summary = table.columns.get(feature)
                if summary is not None and summary.count and (not kinds or summary.kind in kinds):
                    yield Column(dataset, feature, summary)

    def with_values(self, dataset: str, feature: str, values: tuple[Level, ...]) -> Found:
        """Rows with one of some words, and these."""
        return self.tables[dataset].places_of(feature, values), values

    def with_numbers(self, dataset: str, feature: str, points: Floats) -> Found:
        """Rows with one of some numbers or dates, and these as they read."""
        held = self.profile.tables[dataset].columns[feature]
        rows = self.tables[dataset].places(feature, lambda numbers: np.isin(numbers, points))
        return rows, levels_of(held, points)

    def points(self, dataset: str, feature: str, summary: ColumnSummary) -> tuple[Floats, Counts]:
        """The distinct finite numbers of a column, rising, and the rows of each, shapes (k,)."""
        counts = summary.numbers
        assert counts is not None
        if counts.exact:
            return counts.points, counts.n
        return self.tables[dataset].points(feature)

    def groups(self, dataset: str, axis: str) -> Groups:
        """The group of each row of a data set."""
        return self.tables[dataset].groups(self.axes[axis])

    def labels(self, dataset: str) -> tuple[Groups, tuple[Level, ...]]:
        """The label of each row, and the labels to look at: the positive one of two, all of several."""
        assert self.y_true is not None
        groups = self.groups(dataset, self.y_true)
        known = sorted(
            {level for name in self.tables for level in self.groups(name, self.y_true).levels},
            key=level_order,
        )
        classes = [level for level in known if level != "(missing)"]
        if self.positive_label is not None:
            classes = [level for level in classes if level == self.positive_label]
        elif len(classes) == 2:
            classes = classes[1:]
        return groups, tuple(classes)


def levels_of(held: ColumnSummary, points: Floats) -> tuple[Level, ...]:
    """Numbers of a column as they read there: whole ones without a point, dates as text.

    Example:
        >>> from rai.explore.columns import summarise
        >>> levels_of(summarise([1.0, 2.5]), np.array([1.0, 2.5]))
        (1, 2.5)
    """
    read = (shown(held, point) for point in points.tolist())
    return tuple(
        int(level) if isinstance(level, float) and level.is_integer() and abs(level) < WHOLE else level
        for level in read
        if level is not None
    )
