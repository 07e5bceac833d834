"""How much of what moves a score is a feature's: its share of the mean sizes of all attributions.

share of j  =  Σ |φ_j|  /  Σ over k Σ |φ_k|        within a group of rows, from 0 to 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.explainers.attributions import Attributions
from rai.explainers.summaries.feature_rows import Group
from rai.ground.records import RecordTuple, Row
from rai.measure.score_points import student
from rai.values import Level
from rai.values.levels import key_name
from rai.whatif.row_groups import Cuts, groups_of

_ROUNDING = 1e-12  # of the largest score; what adding up leaves of nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionShare:
    """The share of one feature in the rows of one group.

    Args:
        feature: The player.
        group: (axis, level) pairs; empty for everyone.
        n: Rows of the group.
        share: The share; None where nothing moves the score, or there are no rows.
        standard_error: Of the share, by the delta method, for rows drawn one by one; None for fewer than
            two rows.
        note: Why it is undefined.
    """

    feature: str
    group: Group = ()
    n: int
    share: float | None
    standard_error: float | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The group for reading."""
        return key_name(level for _, level in self.group)

    def bounds(self, z: float) -> tuple[float | None, float | None]:
        """Lower and upper bound (Student's), within 0 and 1; None where there is none.

        Args:
            z: The normal quantile of the chance that each is right: 1.645 for 95%.
        """
        if self.share is None or self.standard_error is None:
            return None, None
        found = student(np.array([[self.share], [self.standard_error], [self.n - 1.0]]), z)
        return max(float(found.low[0]), 0.0), min(float(found.high[0]), 1.0)

    def to_dict(self) -> Row:
        """A flat row."""
        return {
            "feature": self.feature,
            **dict(self.group),
            "n": self.n,
            "share": self.share,
            "standard_error": self.standard_error,
            "note": self.note,
        }


class AttributionShares(RecordTuple[AttributionShare]):
    """Shares of features, by group."""

    __slots__ = ()


def attribution_shares(
    attributions: Attributions,
    *,
    features: Sequence[str] | None = None,
    by: Any = None,
    cuts: Cuts | None = None,
    output: Level | None = None,
) -> AttributionShares:
    """How much of what moves the scores of a group is each feature's.

    Args:
        attributions: What `rai.explain` gave.
        features: Players; all of them if None.
        by: What splits the rows: names of columns, or a dict of name to array; everyone if None.
        cuts: Numeric columns of `by` to edges, or to a number of quantile groups.
        output: Which output; of several the last one if None.

    Raises:
        ArgumentError: No such feature or output.
        RoleError: A column of `by` is not there, or can't name groups.

    Example:
        >>> import rai
        >>> found = rai.explain(lambda f: 0.3 * f["a"] + 0.1 * f["b"],
        ...     {"a": [0, 1, 0, 1], "b": [0, 0, 1, 1]}, background={"a": [0], "b": [0]})
        >>> [(row.feature, round(row.share, 3)) for row in attribution_shares(found)]
        [('a', 0.75), ('b', 0.25)]
    """
    groups = groups_of(attributions.held, by, cuts=cuts, where="by")
    k = attributions.output_place(output)
    sizes = np.abs(attributions.values[:, :, k])
    sizes[sizes <= _ROUNDING * np.abs(attributions.scores[:, k]).max(initial=0.0)] = 0.0
    names = attributions.names if features is None else tuple(features)
    places = [attributions.place(name) for name in names]
    return AttributionShares(
        _share(sizes[groups.place == at], place, feature=name, group=group)
        for at, group in enumerate(groups.groups)
        for name, place in zip(names, places, strict=True)
    )


def _share(sizes: Any, place: int, *, feature: str, group: Group) -> AttributionShare:
    """One share, from the sizes of a group's attributions, shape (n, M)."""
    n, whole = len(sizes), sizes.sum(axis=1)
    if not n or not whole.any():
        note = "undefined: nothing moves the score" if n else "undefined: no rows"
        return AttributionShare(feature=feature, group=group, n=n, share=None, note=note)
    share = float(sizes[:, place].sum() / whole.sum())
    error = None
    if n > 1:
        influence = (sizes[:, place] - share * whole) / whole.mean()
        error = float(np.sqrt((influence**2).sum() / (n - 1) / n))
    return AttributionShare(feature=feature, group=group, n=n, share=share, standard_error=error)
