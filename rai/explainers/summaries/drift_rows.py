"""What changed in attributions between two sets of rows: a record for each feature, one for all."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.formatting import number
from rai.ground.records import FlatRow, Records, RecordTuple, Row
from rai.values import Level

ALARM = 0.9  # of nDCG, as in SageMaker Clarify


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDrift(FlatRow):
    """How far the attributions of one feature are from what they were.

    Args:
        feature: The player.
        jensen_shannon: Distance of the binned attributions: 0 if alike, 1 if none is shared.
        jensen_shannon_low, jensen_shannon_high: Its interval; the lower bound is 0 where chance may have
            made it all.
        jensen_shannon_chance: What chance alone would show on average at these sizes.
        jensen_shannon_p: How often chance alone would show as much, adjusted for the number of features.
        l_infinity, l_infinity_low, l_infinity_high, l_infinity_chance, l_infinity_p: The same of the
            largest change of the share of a bin.
        mean_before, mean_after: Mean attribution.
        mean_abs_before, mean_abs_after: Mean size.
        difference: Mean size after minus before.
        low, high: Welch's interval of it; None where a side has too few rows.
        rank_before, rank_after: By mean size, 1 for the largest.
        note: Why something is undefined.

    Example:
        >>> FeatureDrift(feature="age", jensen_shannon=0.1, l_infinity=0.05, mean_before=0.0,
        ...     mean_after=0.1, mean_abs_before=0.3, mean_abs_after=0.4, difference=0.1, rank_before=1,
        ...     rank_after=1).to_dict()["jensen_shannon"]
        0.1
    """

    feature: str
    jensen_shannon: float
    jensen_shannon_low: float | None = None
    jensen_shannon_high: float | None = None
    jensen_shannon_chance: float | None = None
    jensen_shannon_p: float | None = None
    l_infinity: float
    l_infinity_low: float | None = None
    l_infinity_high: float | None = None
    l_infinity_chance: float | None = None
    l_infinity_p: float | None = None
    mean_before: float
    mean_after: float
    mean_abs_before: float
    mean_abs_after: float
    difference: float
    low: float | None = None
    high: float | None = None
    rank_before: int
    rank_after: int
    note: str = ""


class FeatureDrifts(RecordTuple[FeatureDrift]):
    """Drifts of features, the largest Jensen-Shannon distance first.

    Example:
        >>> FeatureDrifts().to_dicts()
        []
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionDrift(Records):
    """How far attributions are from what they were, feature by feature and in their order.

    Args:
        features: Each feature by itself.
        ndcg: How well the order after serves what mattered before: 1 if it is the same; None where
            nothing mattered.
        ndcg_chance: What chance alone would leave of it on average, at these sizes.
        ndcg_low: Below it chance alone would push it in 1 − `level` of the cases.
        ndcg_p: How often chance alone would push it as low.
        n_before, n_after: Rows of each.
        output: Which output of the model.
        space: The space of the attributions.
        level: Coverage of each interval by itself.
        notes: What to mind.

    Example:
        >>> found = AttributionDrift(features=FeatureDrifts(), ndcg=0.85, n_before=9, n_after=9)
        >>> found.alarm
        True
    """

    features: FeatureDrifts
    ndcg: float | None
    ndcg_chance: float | None = None
    ndcg_low: float | None = None
    ndcg_p: float | None = None
    n_before: int
    n_after: int
    output: Level | None = None
    space: str = ""
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether nDCG is below 0.90, where SageMaker Clarify raises an alarm."""
        return self.ndcg is not None and self.ndcg < ALARM

    def to_dicts(self) -> list[Row]:
        """One flat row for each feature."""
        return self.features.to_dicts()

    def __str__(self) -> str:
        order = f"nDCG {number(self.ndcg)} (by chance alone {number(self.ndcg_chance)})"
        return "\n".join([order, str(self.features), *self.notes])
