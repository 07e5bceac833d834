"""What came true at each level of prediction: the rows of a reliability curve."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level, key_name


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """One bin of predictions of one group.

    A calibrated model has `value` near `mean_predicted` in every bin. For scores, `value` is the share
    of positive labels; for a regression it is the mean of the true values.

    Args:
        group: (axis, level) pairs; empty for everyone.
        bin_low, bin_high: Between which predictions the bin lies.
        mean_predicted: Mean prediction of its rows, or None.
        value: Mean label of its rows, or None.
        low, high: Bounds of the interval of `value`, or None.
        level: Coverage of the interval.
        numerator, denominator: What `value` divides, in units of weight; None where there is nothing.
        n: Rows in the bin.
        note: Why it is undefined, or what to mind.

    Example:
        >>> CalibrationBin(group=(("sex", "F"),), bin_low=0.1, bin_high=0.2, mean_predicted=0.15,
        ...     value=0.25, n=40).name
        'F'
    """

    group: tuple[tuple[str, Level], ...] = ()
    bin_low: float | None
    bin_high: float | None
    mean_predicted: float | None
    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
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
            "bin_low": self.bin_low,
            "bin_high": self.bin_high,
            "mean_predicted": self.mean_predicted,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "note": self.note,
        }


class Calibration(RecordTuple[CalibrationBin]):
    """Reliability curves of groups: one row per group and bin, bins rising.

    Example:
        >>> from rai import audit
        >>> found = audit(y_true=[0, 1, 0, 1], y_score=[0.2, 0.4, 0.6, 0.8],
        ...     sensitive_features={"sex": ["F"] * 4}, bins="exact").calibration(bins=2)
        >>> [(row.mean_predicted, row.value) for row in found]
        [(0.30000000000000004, 0.5), (0.7, 0.5)]
    """

    __slots__ = ()
