"""What differs between two rows, one feature after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rai.engines.frames import Rows
from rai.ground.formatting import Cell, number
from rai.ground.records import RecordTuple, Row
from rai.values.features import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureChange:
    """One feature, before and after.

    Args:
        feature: The column.
        before: Its value before; None where it is missing.
        after: Its value after.
        share: Its share of the distance, of squares under `l2`; None where that isn't known.

    Example:
        >>> str(FeatureChange(feature="income", before=40, after=52, share=1.0))
        'income 40 → 52'
    """

    feature: str
    before: Value
    after: Value
    share: float | None = None

    def __str__(self) -> str:
        return f"{self.feature} {number(_cell(self.before))} → {number(_cell(self.after))}"

    def to_dict(self) -> Row:
        """The change as a flat row; dates are ISO text."""
        ends = {"from": _cell(self.before), "to": _cell(self.after)}
        return {"feature": self.feature, **ends, "share": self.share}


class FeatureChanges(RecordTuple[FeatureChange]):
    """The features that differ.

    Example:
        >>> changes = FeatureChanges([FeatureChange(feature="sex", before="F", after="M")])
        >>> changes.features, changes.words
        (('sex',), 'sex F → M')
    """

    __slots__ = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The columns, in their order."""
        return tuple(change.feature for change in self)

    @property
    def words(self) -> str:
        """All changes in one line."""
        return ", ".join(map(str, self))


def changes_between(
    row: Rows, other: Rows, *, names: Iterable[str], parts: Mapping[str, float]
) -> FeatureChanges:
    """What differs between two rows.

    Args:
        row: One row.
        other: Another with the same columns.
        names: The columns to compare.
        parts: What each adds to the distance between them; empty if that isn't known.
    """
    total = sum(parts.values())
    found = []
    for name in names:
        before, after = row.value(name, 0), other.value(name, 0)
        if not _alike(before, after):
            share = parts[name] / total if total and name in parts else None
            found.append(FeatureChange(feature=name, before=before, after=after, share=share))
    return FeatureChanges(found)


def _alike(before: Any, after: Any) -> bool:
    return before is after if before is None or after is None else bool(before == after)


def _cell(value: Value) -> Cell:
    return value.isoformat() if isinstance(value, date) else value
