"""What is known of one data set: a summary of every column, over all rows and within groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level, level_order

Columns = Mapping[str, ColumnSummary]

Key = TypeVar("Key", bound="Level")
Held = TypeVar("Held")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TableSummary:
    """One data set.

    Args:
        rows: Rows.
        weight: Sum of their weights; the rows without weights.
        columns: Feature to its summary, in the order of the data set.
        by: Axis (a column that splits rows) to level to the summaries of the rows with it;
            the levels are in order.

    Example:
        >>> import rai
        >>> table = rai.profile({"sex": ["F", "F", "M"], "age": [20, 30, 40]},
        ...     sensitive_features=["sex"]).tables["data"]
        >>> table.rows, table.by["sex"]["F"]["age"].numbers.plain.mean
        (3, 25.0)
    """

    rows: int
    weight: float
    columns: Columns
    by: Mapping[str, Mapping[Level, Columns]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = {
            axis: {level: held[level] for level in sorted(held, key=level_order)}
            for axis, held in self.by.items()
        }
        object.__setattr__(self, "by", ordered)

    def __add__(self, other: TableSummary) -> TableSummary:
        if not isinstance(other, TableSummary):
            return NotImplemented
        by = {
            axis: _merged(self.by.get(axis, {}), other.by.get(axis, {}), _columns)
            for axis in {**self.by, **other.by}
        }
        return TableSummary(
            rows=self.rows + other.rows,
            weight=self.weight + other.weight,
            columns=_columns(self.columns, other.columns),
            by=by,
        )


def _columns(ours: Columns, theirs: Columns) -> Columns:
    return _merged(ours, theirs, lambda a, b: a + b)


def _merged(
    ours: Mapping[Key, Held], theirs: Mapping[Key, Held], add: Callable[[Held, Held], Held]
) -> dict[Key, Held]:
    """Two mappings as one; what both have is added."""
    both = dict(ours)
    for key, held in theirs.items():
        both[key] = add(both[key], held) if key in both else held
    return both
