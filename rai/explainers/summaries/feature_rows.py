"""What many rows make of each feature: one record for each feature and group.

feature │ group │ n │ mean [low, high] │ mean_abs [low, high] │ rank [low, high] │ p_first, p_top │ note
"""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.records import RecordTuple, Row
from rai.values import Level
from rai.values.levels import EVERYONE, key_name

Group = tuple[tuple[str, Level], ...]

NUMBERS = (
    *("n", "mean", "low", "high", "mean_abs", "mean_abs_low", "mean_abs_high", "mean_square"),
    *("rank", "rank_low", "rank_high", "p_first", "p_top", "note"),
)
TAKEN = frozenset({"feature", *NUMBERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSummary:
    """What one feature contributes in the rows of one group.

    Args:
        feature: The player.
        group: (axis, level) pairs; empty for everyone.
        axes: The axes that the table splits rows by; everyone's rows stand as `everyone` in them.
        output: Which output of the model; None where one number needs no name.
        space: The space of the attributions.
        n: Rows of the group.
        mean: Mean attribution, signed; None without rows. Of a contrast, a difference of two means.
        low, high: Its interval; None where there is none.
        mean_abs: Mean size of the attribution, regardless of sign; None for a contrast.
        mean_abs_low, mean_abs_high: Its interval.
        mean_square: Mean of the squared attribution.
        rank: 1 for the largest `mean_abs` of the group (of a contrast: the largest difference); equal
            ones share the better rank.
        rank_low, rank_high: The ranks that can't be told from it, best and worst.
        p_first: How often the feature would be first in new samples of as many rows.
        p_top: How often it would be among the first few.
        level: Coverage of each interval by itself.
        note: Why something is undefined, or what to mind.

    Example:
        >>> row = FeatureSummary(feature="age", group=(("sex", "F"),), axes=("sex",), n=40, mean=0.2,
        ...     mean_abs=0.3, rank=1)
        >>> row.name, row.to_dict()["mean_abs"]
        ('F', 0.3)
    """

    feature: str
    group: Group = ()
    axes: tuple[str, ...] = ()
    output: Level | None = None
    space: str = ""
    n: int
    mean: float | None
    low: float | None = None
    high: float | None = None
    mean_abs: float | None = None
    mean_abs_low: float | None = None
    mean_abs_high: float | None = None
    mean_square: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    p_first: float | None = None
    p_top: float | None = None
    level: float = 0.95
    note: str = ""

    @property
    def name(self) -> str:
        """The group for reading."""
        return key_name(level for _, level in self.group)

    def to_dict(self) -> Row:
        """A flat row: the feature, the group columns, then the numbers."""
        held = dict(self.group)
        return {
            "feature": self.feature,
            **{axis: held.get(axis, EVERYONE) for axis in self.axes},
            **{name: getattr(self, name) for name in NUMBERS},
        }


class FeatureSummaries(RecordTuple[FeatureSummary]):
    """Summaries of features: everyone's first, then each group's, in the order of everyone's ranks.

    Example:
        >>> rows = [FeatureSummary(feature=name, n=1, mean=0.0) for name in ("age", "hours")]
        >>> FeatureSummaries(rows).features
        ('age', 'hours')
    """

    __slots__ = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The features, the most important for everyone first."""
        return tuple(dict.fromkeys(row.feature for row in self))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups, everyone first."""
        return tuple(dict.fromkeys(row.group for row in self))
