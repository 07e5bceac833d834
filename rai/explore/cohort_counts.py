"""How many rows are in a cohort."""

from __future__ import annotations

from dataclasses import dataclass, field

from rai.ground.records import RecordTuple, Row
from rai.measure.intervals import wilson


@dataclass(frozen=True, slots=True)
class CohortCount:
    """Rows of a cohort.

    Args:
        name: What it is called.
        where: Its query.
        n: Rows that are in it.
        out: Rows that are not.
        unknown: Rows of which that is not known, as a value is missing.
        level: Coverage of the interval.

    Example:
        >>> count = CohortCount("young", "age < 30", n=1, out=2, unknown=1)
        >>> count.share, round(count.low, 3), round(count.high, 3)
        (0.25, 0.046, 0.699)
    """

    name: str
    where: str
    n: int
    out: int
    unknown: int
    level: float = field(default=0.95, kw_only=True)

    @property
    def rows(self) -> int:
        """All rows."""
        return self.n + self.out + self.unknown

    @property
    def share(self) -> float | None:
        """The share of all rows that are known to be in it; None without rows."""
        return self.n / self.rows if self.rows else None

    @property
    def low(self) -> float | None:
        """Lower end of Wilson's interval of the share."""
        return self._bound(0)

    @property
    def high(self) -> float | None:
        """Upper end of it."""
        return self._bound(1)

    def to_dict(self) -> Row:
        """The count as a flat row."""
        return {
            "cohort": self.name,
            "n": self.n,
            "share": self.share,
            "low": self.low,
            "high": self.high,
            "unknown": self.unknown,
            "where": self.where,
        }

    def _bound(self, side: int) -> float | None:
        return float(wilson([self.n], [self.rows], level=self.level)[side][0]) if self.rows else None


class CohortCounts(RecordTuple[CohortCount]):
    """Counts of several cohorts, in their order."""

    __slots__ = ()
