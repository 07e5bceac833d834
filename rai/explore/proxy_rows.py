"""Rows of proxies: what tells a sensitive feature, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.formatting import text_table
from rai.ground.records import FlatRow, RecordTuple
from rai.values.levels import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy(FlatRow):
    """How well something tells a sensitive feature.

    Args:
        sensitive_feature: What is told.
        feature: What tells it: a column, `all together`, or the score within a true label.
        kind: `feature`, `together` or `score`.
        group: The group that is told from all others; None for the mean over groups, or a quantity.
        measure: `auc`, the chance that a row of the group is placed above another one (0.5 if nothing
            is told), or `r2`, the share of a quantity's variance (0 if nothing is told).
        value, low, high: On rows that were not learnt from, with interval; None where undefined.
        p_value: Chance of as much if nothing were told; over features adjusted (Holm).
        mutual_information: Bits that the feature's buckets tell of the groups, or of the tenths of a
            quantity, less what chance gives.
        cramers_v: Cramér's V of the same, corrected for chance.
        contribution: What the joint prediction loses with the feature shuffled.
        n: Rows.
        note: What to mind, or why there is no value.

    Example:
        >>> from rai.explore.proxies import find_proxies
        >>> found = find_proxies({"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50},
        ...     sensitive_features="sex", joint=False)
        >>> found[0].feature, found[0].measure, found[0].value
        ('job', 'auc', 1.0)
    """

    sensitive_feature: str
    feature: str
    kind: str
    group: Level | None = None
    measure: str = "auc"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    mutual_information: float | None = None
    cramers_v: float | None = None
    contribution: float | None = None
    n: int = 0
    note: str = ""


class Proxies(RecordTuple[Proxy]):
    """Proxies, sensitive feature by sensitive feature, the strongest feature first.

    Example:
        >>> from rai.explore.proxies import find_proxies
        >>> found = find_proxies({"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50},
        ...     sensitive_features="sex", joint=False)
        >>> len(found), found.where(kind="feature")[0].feature
        (1, 'job')
    """

    __slots__ = ()

    def __str__(self) -> str:
        names = ("sensitive_feature", "feature", "group", "measure", "value", "low", "high", "p_value",
                 "cramers_v", "contribution", "n", "note")  # fmt: skip
        held = [name for name in names if any(row[name] not in (None, "") for row in self.to_dicts())]
        return text_table([{name: row[name] for name in held} for row in self.to_dicts()])
