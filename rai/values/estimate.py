"""One number about one group, with its interval, its counts, and a reason where it is undefined."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level, key_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One metric of one group.

    `value` is None where the metric is undefined, and `note` then says why; it is never 0, 1 or
    NaN in disguise.

    Args:
        metric: Name of the metric.
        group: (axis, level) pairs; empty for everyone.
        value: The estimate, or None.
        low, high: Bounds of the interval, or None.
        level: Coverage of the interval.
        method: How the interval was made.
        numerator, denominator: What was divided, in units of weight; None where it is no quotient.
        n: Rows in the group.
        note: Why it is undefined, or what to mind.

    Example:
        >>> Estimate(metric="accuracy", group=(("sex", "F"), ("race", "Black")), value=0.75, n=40).name
        'F × Black'
    """

    metric: str
    group: tuple[tuple[str, Level], ...] = ()
    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    method: str = ""
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    note: str = ""

    @property
    def name(self) -> str:
        """The group for reading, as in `Female × Black`."""
        return key_name(level for _, level in self.group)

    def to_dict(self) -> Row:
        """A flat row: the group columns, then the numbers."""
        return {
            **dict(self.group),
            "metric": self.metric,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "note": self.note,
        }


class Estimates(RecordTuple[Estimate]):
    """Estimates, one per group and metric.

    Example:
        >>> both = [Estimate(metric="accuracy", group=(("sex", s),), value=v)
        ...     for s, v in (("F", 0.5), ("M", 1.0))]
        >>> [estimate.value for estimate in Estimates(both).where(sex="M")]
        [1.0]
    """

    __slots__ = ()
