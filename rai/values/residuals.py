"""How predictions miss: the distribution of a regression's errors, group by group."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level, key_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualSummary:
    """The errors of one group, prediction minus truth: above 0 where too much was predicted.

    Args:
        group: (axis, level) pairs; empty for everyone.
        mean, sd: Mean and standard deviation (the root of the mean squared deviation), or None.
        q05, q25, median, q75, q95: Quantiles: the error at which 5%, 25%, … of the weight is reached;
            where that is between two errors, the middle of both.
        n: Rows in the group.
        note: Why it is undefined, or how far binning may have moved the quantiles.
        edges: Edges of the histogram, the same for all groups; b + 1 of them, an edge in the bin above.
        shares: Share of the group's weight in each bin, b of them.

    Example:
        >>> ResidualSummary(group=(("sex", "F"),), mean=0.5, sd=1.0, median=0.4, n=40).name
        'F'
    """

    group: tuple[tuple[str, Level], ...] = ()
    mean: float | None
    sd: float | None
    q05: float | None = None
    q25: float | None = None
    median: float | None = None
    q75: float | None = None
    q95: float | None = None
    n: int = 0
    note: str = ""
    edges: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The group for reading, as in `Female × Black`."""
        return key_name(level for _, level in self.group)

    def to_dict(self) -> Row:
        """A flat row without the histogram: the group columns, then the numbers."""
        return {
            **dict(self.group),
            "mean": self.mean,
            "sd": self.sd,
            "q05": self.q05,
            "q25": self.q25,
            "median": self.median,
            "q75": self.q75,
            "q95": self.q95,
            "n": self.n,
            "note": self.note,
        }


class Residuals(RecordTuple[ResidualSummary]):
    """The errors of a regression: one row per group.

    Example:
        >>> from rai import audit
        >>> found = audit(y_true=[1.0, 2.0, 4.5], y_pred=[1.5, 2.0, 4.0],
        ...     sensitive_features={"sex": ["F", "F", "F"]}).residuals()
        >>> [(row.mean, row.median) for row in found]
        [(0.0, 0.0)]
    """

    __slots__ = ()
