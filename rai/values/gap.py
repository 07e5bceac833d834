"""How far apart the groups are: the worst gap along an axis, and the pairs behind it."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One gap of one metric or criterion along one axis.

    Args:
        metric: Name of the metric or criterion.
        along: The axis, or several joined by ` × `.
        kind: `difference`, `ratio`, `log_ratio` or `index`.
        versus: `between_groups`, `to_overall`, or the name of the reference group.
        value: The gap, or None where it is undefined.
        low, high: Bounds of its simultaneous interval.
        highest, lowest: The groups that attain it.
        null: The gap expected from chance alone at these group sizes.
        p_value: Chance of groups at least this many standard errors apart if all were equal.
        within: (axis, level) pairs held fixed.
        level: Coverage of the interval.
        n: Rows in the compared groups.
        note: Why it is undefined, or what to mind.

    Example:
        >>> gap = Gap(metric="accuracy", along="sex", kind="difference", versus="between_groups",
        ...     value=0.1, highest="F", lowest="M")
        >>> gap.to_dict()["highest"]
        'F'
    """

    metric: str
    along: str
    kind: str
    versus: str
    value: float | None
    low: float | None = None
    high: float | None = None
    highest: str | None = None
    lowest: str | None = None
    null: float | None = None
    p_value: float | None = None
    within: tuple[tuple[str, Level], ...] = ()
    level: float = 0.95
    n: int = 0
    note: str = ""

    def to_dict(self) -> Row:
        """A flat row: what is held fixed, then the gap."""
        return {
            **dict(self.within),
            "metric": self.metric,
            "along": self.along,
            "kind": self.kind,
            "versus": self.versus,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "highest": self.highest,
            "lowest": self.lowest,
            "null": self.null,
            "note": self.note,
        }


class Gaps(RecordTuple[Gap]):
    """Gaps, one per metric, axis and level held fixed.

    Example:
        >>> one = Gap(metric="accuracy", along="sex", kind="difference", versus="between_groups",
        ...     value=0.1)
        >>> [gap.value for gap in Gaps([one]).where(metric="accuracy")]
        [0.1]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups compared on one metric, with its share of the family's error.

    `low` and `high` are simultaneous over all pairs of the family; `p_adjusted` is Holm's; `within`
    names what is held fixed, such as the class that a metric looks at.

    Example:
        >>> Pair(metric="accuracy", along="sex", kind="difference", group="F", versus="M",
        ...     value=0.1, p_value=0.01, p_adjusted=0.02).p_adjusted
        0.02
    """

    metric: str
    along: str
    kind: str
    group: str
    versus: str
    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    within: tuple[tuple[str, Level], ...] = ()
    note: str = ""

    def to_dict(self) -> Row:
        """A flat row: what is held fixed, then the pair."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "within"}
        return {**dict(self.within), **plain}


class Pairs(RecordTuple[Pair]):
    """Pairs, one per metric and two groups.

    Example:
        >>> one = Pair(metric="accuracy", along="sex", kind="difference", group="F", versus="M",
        ...     value=0.1)
        >>> [pair.value for pair in Pairs([one]).where(group="F")]
        [0.1]
    """

    __slots__ = ()
