"""What two models (or before and after) differ in: metrics, gaps, single decisions, agreement.

Every row names the two sides: `model` is the one looked at, `versus` the one it is compared with, and
a value is `model` minus `versus`.
"""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level, key_name

Group = tuple[tuple[str, Level], ...]


class _OfGroup:
    """Mixin: what is told of one group of rows, as a flat row."""

    __slots__ = ()
    group: Group

    @property
    def name(self) -> str:
        """The group for reading."""
        return key_name(level for _, level in self.group)

    def to_dict(self) -> Row:
        """A flat row: the group columns, then the numbers."""
        slots: tuple[str, ...] = self.__slots__
        names = [name for name in slots if name not in {"group", "level", "method"}]
        return {**dict(self.group), **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(_OfGroup):
    """The same metric of two models on the same rows, one minus the other.

    Args:
        metric: Name of the metric.
        model, versus: What is compared with what.
        group: (axis, level) pairs; empty for everyone.
        value: Metric of `model` minus metric of `versus`, or None where one is undefined.
        low, high: Bounds that make use of the pairing; each interval holds by itself.
        p_value: 1 − the largest level whose interval leaves 0 out: of rates that share their
            denominator this is McNemar's test.
        of_model, of_versus: The metric of each.
        level: Coverage of the interval.
        method: How it was made.
        n: Rows in the group.
        note: Why it is undefined, or what to mind.

    Example:
        >>> row = Difference(metric="accuracy", model="new", versus="old", value=0.02, of_model=0.82,
        ...     of_versus=0.80, n=400)
        >>> row.name, row.to_dict()["value"]
        ('everyone', 0.02)
    """

    metric: str
    model: str
    versus: str
    group: Group = ()
    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    of_model: float | None = None
    of_versus: float | None = None
    level: float = 0.95
    method: str = ""
    n: int = 0
    note: str = ""


class Differences(RecordTuple[Difference]):
    """Differences, one per pair of models, metric and group.

    Example:
        >>> rows = [Difference(metric=name, model="b", versus="a", value=0.1) for name in ("f1", "r2")]
        >>> [row.value for row in Differences(rows).where(metric="f1")]
        [0.1]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDifference:
    """The gap of one model minus the gap of another, on the same rows.

    Args:
        metric: Name of the metric or criterion.
        along: The axis, or several joined by ` × `.
        model, versus: What is compared with what.
        value: Gap of `model` minus gap of `versus`: below 0 where `model` treats groups more alike.
        low, high: Bounds that hold although a gap is a maximum.
        of_model, of_versus: The gap of each.
        apart_model, apart_versus: The groups furthest apart, as in `Male over Female`.
        within: (axis, level) pairs held fixed, such as the class looked at.
        level: Coverage of the interval.
        n: Rows in the compared groups.
        note: Why it is undefined, or what to mind.

    Example:
        >>> gap = GapDifference(metric="accuracy", along="sex", model="b", versus="a", value=-0.05)
        >>> gap.to_dict()["value"]
        -0.05
    """

    metric: str
    along: str
    model: str
    versus: str
    value: float | None
    low: float | None = None
    high: float | None = None
    of_model: float | None = None
    of_versus: float | None = None
    apart_model: str | None = None
    apart_versus: str | None = None
    within: Group = ()
    level: float = 0.95
    n: int = 0
    note: str = ""

    def to_dict(self) -> Row:
        """A flat row: what is held fixed, then the difference."""
        names = [name for name in self.__slots__ if name not in {"within", "level"}]
        return {**dict(self.within), **{name: getattr(self, name) for name in names}}


class GapDifferences(RecordTuple[GapDifference]):
    """Differences of gaps, one per pair of models, criterion and axis.

    Example:
        >>> one = GapDifference(metric="accuracy", along="sex", model="b", versus="a", value=-0.05)
        >>> [gap.value for gap in GapDifferences([one]).where(along="sex")]
        [-0.05]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip(_OfGroup):
    """How many rows of a group are decided one way by one model, and another way by another.

    Args:
        model, versus: What is compared with what.
        group: (axis, level) pairs; empty for everyone.
        was: The decision of `versus`.
        becomes: The decision of `model`.
        value: Their share of the group's rows; None without rows.
        low, high: Wilson's interval.
        numerator, denominator: What was divided, in units of weight.
        level: Coverage of the interval.
        n: Rows in the group.
        note: Why it is undefined.

    Example:
        >>> Flip(model="new", versus="old", was="no", becomes="yes", value=0.1, n=40).to_dict()["was"]
        'no'
    """

    model: str
    versus: str
    group: Group = ()
    was: Level
    becomes: Level
    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    level: float = 0.95
    n: int = 0
    note: str = ""


class Flips(RecordTuple[Flip]):
    """Flips, one per pair of models, group and direction.

    Example:
        >>> one = Flip(model="b", versus="a", was=0, becomes=1, value=0.1)
        >>> [flip.value for flip in Flips([one]).where(becomes=1)]
        [0.1]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(_OfGroup):
    """How often two models decide alike.

    Args:
        model, versus: The two models.
        group: (axis, level) pairs; empty for everyone.
        value: Share of rows that both decide alike; None without rows.
        low, high: Wilson's interval.
        kappa: Cohen's kappa: agreement beyond what both models' selection rates would give by chance;
            None where both decide the same for everyone.
        kappa_low, kappa_high: Its interval.
        level: Coverage of each interval.
        n: Rows in the group.
        note: Why something is undefined.

    Example:
        >>> Agreement(model="new", versus="old", value=0.9, kappa=0.7, n=400).to_dict()["kappa"]
        0.7
    """

    model: str
    versus: str
    group: Group = ()
    value: float | None
    low: float | None = None
    high: float | None = None
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    level: float = 0.95
    n: int = 0
    note: str = ""


class Agreements(RecordTuple[Agreement]):
    """Agreement of every pair of models, for everyone or by group.

    Example:
        >>> one = Agreement(model="b", versus="a", value=0.9)
        >>> [row.value for row in Agreements([one]).where(model="b")]
        [0.9]
    """

    __slots__ = ()
