"""Rows of drift: a distance, how much further one group drifted than another, shares of groups."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import FlatRow, RecordTuple, Row
from rai.values.levels import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class _WithLevel(FlatRow):
    """A row as it is, but for the level of its interval."""

    level: float = 0.95

    def to_dict(self) -> Row:
        """The fields by name."""
        return {name: held for name, held in FlatRow.to_dict(self).items() if name != "level"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance(_WithLevel):
    """How far a feature of a data set is from that of the reference, by one measure.

    Args:
        feature, dataset, reference: What is compared.
        along, group: The column that splits rows and the group looked at; None for all rows.
        measure: Which distance; see `rai.measure.distances.MEASURES`.
        value: The distance, or None where there is none.
        low, high: Bounds of its interval. The lower one is 0 where chance may have made it all.
        p_value: How often chance alone would show as much, adjusted for the number of columns.
        p_unadjusted: The same of this column by itself.
        n, n_reference: Rows of each that were compared.
        chance: How large the distance is by chance alone, on average.
        note: Why there is none, or what to mind.
        level: Coverage of the interval.

    Example:
        >>> row = Distance(feature="age", dataset="test", reference="train", measure="psi", value=0.02)
        >>> row.to_dict()["measure"]
        'psi'
    """

    feature: str
    dataset: str
    reference: str
    along: str | None = None
    group: Level | None = None
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_unadjusted: float | None = None
    n: int = 0
    n_reference: int = 0
    chance: float | None = None
    note: str = ""


class Distances(RecordTuple[Distance]):
    """Distances, one per feature, data set, group and measure.

    Example:
        >>> row = Distance(feature="age", dataset="test", reference="train", measure="psi", value=0.02)
        >>> [found.value for found in Distances([row]).where(feature="age")]
        [0.02]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceGap(_WithLevel):
    """How much further a feature drifted in one group than in another.

    Args:
        feature, dataset, reference, measure: What is compared, and how.
        along: The column that names the groups.
        value: The largest distance of a group minus the least, each without what chance adds to it.
        low, high: Bounds that hold for all pairs of groups at once.
        highest, lowest: The groups that drifted most and least.
        p_value: Chance of groups so far apart if all drifted alike, adjusted for the number of columns.
        p_unadjusted: The same of this column by itself.
        chance: The gap that chance alone would show on average if no group drifted.
        note: Why there is none, or what to mind.
        level: Coverage of the interval.

    Example:
        >>> gap = DistanceGap(feature="age", dataset="test", reference="train", along="sex",
        ...     measure="psi", value=0.2, highest="F", lowest="M")
        >>> gap.to_dict()["highest"]
        'F'
    """

    feature: str
    dataset: str
    reference: str
    along: str
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    highest: Level | None = None
    lowest: Level | None = None
    p_value: float | None = None
    p_unadjusted: float | None = None
    chance: float | None = None
    note: str = ""


class DistanceGaps(RecordTuple[DistanceGap]):
    """Gaps in drift, one per feature, data set, axis and measure.

    Example:
        >>> gap = DistanceGap(feature="age", dataset="test", reference="train", along="sex",
        ...     measure="psi", value=0.2)
        >>> len(DistanceGaps([gap]).where(along="sex"))
        1
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShift(_WithLevel):
    """How much the share of a group changed.

    Args:
        along, group: The column that names groups, and the group.
        dataset, reference: What is compared.
        share, share_reference: Its share of the rows in each; of their weight where rows have one.
        value: The first minus the second.
        low, high: Bounds that hold for all groups of the column at once.
        p_value: How often chance alone would shift the shares of all groups as much (Pearson's χ² of
            rows dealt at random), adjusted for the number of columns; the same for each group.
        n, n_reference: Rows of the group in each.
        note: Why there is none, or what to mind.
        level: Coverage of the interval.

    Example:
        >>> row = ShareShift(along="sex", group="F", dataset="test", reference="train", value=0.1)
        >>> row.to_dict()["value"]
        0.1
    """

    along: str
    group: Level
    dataset: str
    reference: str
    share: float | None = None
    share_reference: float | None = None
    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    n: int = 0
    n_reference: int = 0
    note: str = ""


class ShareShifts(RecordTuple[ShareShift]):
    """Shifts of shares, one per group.

    Example:
        >>> row = ShareShift(along="sex", group="F", dataset="test", reference="train", value=0.1)
        >>> [found.value for found in ShareShifts([row]).where(group="F")]
        [0.1]
    """

    __slots__ = ()
