"""Curves of groups over thresholds: ROC, precision and recall, any metric, and gaps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rai.ground.records import RecordTuple, Row
from rai.values.gap import Gap
from rai.values.levels import Level, key_name
from rai.values.series import SeriesTuple, finite

Array = NDArray[np.float64]


def _nothing() -> Array:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One curve of one group, with a band.

    A point belongs to a threshold: rows with a score at or above it are predicted positive. The band is
    pointwise: each of its intervals holds at its own threshold, not all of them together. A group for
    which the curve is undefined has no points, and the note says why.

    Args:
        name: `roc`, `precision_recall`, or the name of the metric that is drawn against the threshold.
        group: (axis, level) pairs; empty for everyone.
        x_name, y_name: What is drawn against what.
        threshold: Thresholds, shape (p,); inf selects nobody, and -inf everyone.
        x, y: The points, shape (p,); y is NaN where the metric is undefined.
        low, high: Bounds of the interval of y, shape (p,); NaN where there is none.
        level: Coverage of each interval.
        n: Rows in the group.
        note: Why the curve is undefined, or what to mind.
        reasons: Why y is undefined, for each point; empty where it is not.

    Example:
        >>> from rai import audit
        >>> roc, = audit(y_true=[0, 1, 0, 1], y_score=[0.2, 0.4, 0.6, 0.8], bins="exact",
        ...     sensitive_features={"sex": ["F"] * 4}).curves("roc")
        >>> roc.x.tolist(), roc.y.tolist(), roc.threshold.tolist()
        ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0], [inf, 0.8, 0.6, 0.4, 0.2])
    """

    name: str
    group: tuple[tuple[str, Level], ...] = ()
    x_name: str
    y_name: str
    threshold: Array = field(default_factory=_nothing)
    x: Array = field(default_factory=_nothing)
    y: Array = field(default_factory=_nothing)
    low: Array = field(default_factory=_nothing)
    high: Array = field(default_factory=_nothing)
    level: float = 0.95
    n: int = 0
    note: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def group_name(self) -> str:
        """The group for reading, as in `Female × Black`."""
        return key_name(level for _, level in self.group)

    def head(self) -> Row:
        """The group columns and the name of the curve."""
        return {**dict(self.group), "curve": self.name}

    def to_dicts(self) -> list[Row]:
        """One row per point, or one that says why there is none; an infinite threshold is None."""
        columns = ("threshold", "x", "y", "low", "high")
        if not len(self.x):
            return [{**self.head(), **dict.fromkeys(columns), "n": self.n, "note": self.note}]
        points = zip(*(getattr(self, name) for name in columns), strict=True)
        return [
            {
                **self.head(),
                **{name: finite(value) for name, value in zip(columns, point, strict=True)},
                "n": self.n,
                "note": (self.reasons[place] if self.reasons else "") or self.note,
            }
            for place, point in enumerate(points)
        ]

    def summary(self) -> Row:
        """The curve in one row."""
        axes = {"x": self.x_name, "y": self.y_name}
        return {**self.head(), **axes, "points": len(self.x), "n": self.n, "note": self.note}


class Curves(SeriesTuple[Curve]):
    """Curves, one per group and name; as rows, one per point.

    Example:
        >>> flat = Curve(name="roc", group=(("sex", "F"),), x_name="false_positive_rate",
        ...     y_name="true_positive_rate", note="undefined: no rows with a positive label (n=3)")
        >>> Curves([flat]).where(sex="F").to_dicts()[0]["note"]
        'undefined: no rows with a positive label (n=3)'
    """

    __slots__ = ()


class GapCurves(RecordTuple[Gap]):
    """Gaps at thresholds: one per criterion, axis and threshold; as rows, each begins with `threshold`.

    Example:
        >>> from rai import audit
        >>> found = audit(y_true=[0, 1, 0, 1], y_score=[0.2, 0.4, 0.6, 0.8], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]}).gap_curves("selection_rate")
        >>> [(row["threshold"], row["value"]) for row in found.to_dicts()]
        [(0.2, 0.0), (0.4, 0.5), (0.5, 1.0), (0.6, 1.0), (0.8, 0.5)]
    """

    __slots__ = ()
