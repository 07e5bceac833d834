"""Changes counted by group: the share of decisions that changed, with its interval; how scores moved.

Changes, each entry's group  ──▶  ChangeRates: n, changed, share [low, high], directions, mean changes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.ground.records import RecordTuple, Row
from rai.measure.intervals import critical_value, wilson
from rai.measure.score_points import student
from rai.values.levels import key_name
from rai.whatif.score_changes import Changes, Group

FROM, TO = "from", "to"
TAKEN = frozenset(
    {
        *("n", "changed", "share", "low", "high", "to_positive", "to_negative", "note"),
        *("mean_delta", "mean_delta_low", "mean_delta_high", "mean_absolute_delta"),
        *("row", FROM, TO, "before", "after", "delta", "decision_before", "decision_after", "edit"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRate:
    """How often a change altered the decisions of a group, and how far it moved their scores.

    Args:
        group: (name, level) pairs; empty for everyone.
        n: Rows compared.
        changed: Those whose decision changed (of a regression: whose value moved beyond the tolerance).
        low, high: Wilson's interval of their share; None where nothing was compared.
        to_positive, to_negative: Of two classes: decisions that became positive, and negative.
        mean_delta: Mean of score after minus score before; of several classes, of the class decided
            before.
        mean_delta_low, mean_delta_high: Student's interval of it; None where it has none.
        mean_absolute_delta: Mean of its size.
        level: Coverage of each interval by itself.

    Example:
        >>> rate = ChangeRate(group=(("from", "F"), ("to", "M")), n=8, changed=2)
        >>> rate.name, rate.share
        ('F → M', 0.25)
    """

    group: Group = ()
    n: int
    changed: int
    low: float | None = None
    high: float | None = None
    to_positive: int | None = None
    to_negative: int | None = None
    mean_delta: float | None = None
    mean_delta_low: float | None = None
    mean_delta_high: float | None = None
    mean_absolute_delta: float | None = None
    level: float = 0.95

    @property
    def name(self) -> str:
        """The group for reading; what was changed from and to as `F → M`."""
        held = dict(self.group)
        flipped = [f"{held[FROM]} → {held[TO]}"] if TO in held else []
        rest = [level for name, level in self.group if not (flipped and name in {FROM, TO})]
        return key_name([*rest, *flipped])

    @property
    def share(self) -> float | None:
        """The share that changed; None where nothing was compared."""
        return self.changed / self.n if self.n else None

    def to_dict(self) -> Row:
        """A flat row: the group columns, then the numbers."""
        return {
            **dict(self.group),
            "n": self.n,
            "changed": self.changed,
            "share": self.share,
            "low": self.low,
            "high": self.high,
            "to_positive": self.to_positive,
            "to_negative": self.to_negative,
            "mean_delta": self.mean_delta,
            "mean_delta_low": self.mean_delta_low,
            "mean_delta_high": self.mean_delta_high,
            "mean_absolute_delta": self.mean_absolute_delta,
            "note": "" if self.n else "no rows",
        }


class ChangeRates(RecordTuple[ChangeRate]):
    """Change rates of groups; each interval holds at its level by itself, not all together."""

    __slots__ = ()


def change_rates(
    changes: Changes, place: Ints, *, groups: Sequence[Group], level: float, independent: bool = True
) -> ChangeRates:
    """Changes counted by group, groups without entries left out.

    Args:
        changes: m changes.
        place: Each one's place among the groups, shape (m,).
        groups: The groups.
        level: Coverage of each interval by itself.
        independent: Whether each entry of a group is another row; if not, means have no interval.

    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    size = len(groups)
    n, changed = (np.bincount(place, weights, minlength=size) for weights in (None, changes.changed))
    bounds = wilson(changed, n, level=level)
    directed = [np.bincount(place, way, minlength=size) for way in changes.directed or ()]
    means = _means(changes.delta, place, n.astype(np.float64), level=level if independent else None)
    return ChangeRates(
        ChangeRate(
            group=group,
            n=int(n[i]),
            changed=int(changed[i]),
            low=float(bounds.low[i]),
            high=float(bounds.high[i]),
            to_positive=int(directed[0][i]) if directed else None,
            to_negative=int(directed[1][i]) if directed else None,
            mean_delta=float(means[0][i]),
            mean_delta_low=_defined(means[2][i]),
            mean_delta_high=_defined(means[3][i]),
            mean_absolute_delta=float(means[1][i]),
            level=level,
        )
        for i, group in enumerate(groups)
        if n[i]
    )


def _means(delta: Floats, place: Ints, n: Floats, *, level: float | None) -> tuple[Floats, ...]:
    """Mean change, mean size of it, and the bounds of the first, each shape (groups,)."""
    size, some = len(n), np.maximum(n, 1.0)
    mean = np.bincount(place, delta, minlength=size) / some
    absolute = np.bincount(place, np.abs(delta), minlength=size) / some
    if level is None:
        nothing = np.full(size, np.nan)
        return mean, absolute, nothing, nothing
    squares = np.bincount(place, (delta - mean[place]) ** 2, minlength=size)
    freedom = np.where(n > 1, n - 1, np.nan)
    bounds = student(np.stack([mean, np.sqrt(squares / freedom / some), freedom]), critical_value(level))
    return mean, absolute, bounds.low, bounds.high


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
