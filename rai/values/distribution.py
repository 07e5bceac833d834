"""Where the scores of each group lie, rows with a positive and with a negative label apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.records import Row
from rai.values.levels import Level, key_name
from rai.values.series import SeriesTuple, finite

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """The scores of the rows of one group that have one label.

    Args:
        group: (axis, level) pairs; empty for everyone.
        label: Their true label.
        low, high: Ends of the bins, shape (b,); a bin holds its lower end, the last one both.
        n: Rows in each bin, shape (b,).
        share: Share of the label's weight in each bin, shape (b,), 1 in all; NaN where there is none.
        note: Why the shares are undefined.

    Example:
        >>> from rai import audit
        >>> negative, positive = audit(y_true=[0, 1, 1], y_score=[0.2, 0.4, 0.8],
        ...     sensitive_features={"sex": ["F"] * 3}).score_distributions(bins=2)
        >>> positive.low.tolist(), positive.high.tolist(), positive.share.tolist()
        ([0.0, 0.5], [0.5, 1.0], [0.5, 0.5])
    """

    group: tuple[tuple[str, Level], ...] = ()
    label: Level
    low: Array
    high: Array
    n: NDArray[np.int64]
    share: Array
    note: str = ""

    @property
    def group_name(self) -> str:
        """The group for reading, as in `Female × Black`."""
        return key_name(level for _, level in self.group)

    def head(self) -> Row:
        """The group columns and the label."""
        return {**dict(self.group), "label": self.label}

    def to_dicts(self) -> list[Row]:
        """One row per bin."""
        bins = zip(self.low, self.high, self.n, self.share, strict=True)
        return [
            {
                **self.head(),
                "low": float(low),
                "high": float(high),
                "n": int(n),
                "share": finite(share),
                "note": self.note,
            }
            for low, high, n, share in bins
        ]

    def summary(self) -> Row:
        """The distribution in one row."""
        return {**self.head(), "bins": len(self.n), "n": int(self.n.sum()), "note": self.note}


class Distributions(SeriesTuple[Distribution]):
    """Distributions, one per group and label; as rows, one per bin.

    Example:
        >>> from rai import audit
        >>> found = audit(y_true=[0, 1, 1], y_score=[0.2, 0.4, 0.8],
        ...     sensitive_features={"sex": ["F", "F", "M"]}).score_distributions(bins=2)
        >>> [row["share"] for row in found.where(sex="M", label=1).to_dicts()]
        [0.0, 1.0]
    """

    __slots__ = ()
