"""ROC curves and which of them are compared: every pair, each with one reference, or with all others.

between_groups   A–B  A–C  B–C
a reference      A–C  B–C
to_overall       A–(B and C)  B–(A and C)  C–(A and B)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.area_intervals import Area
from rai.measure.contrasts import BETWEEN, OVERALL
from rai.measure.roc import Roc, area_between, roc_of, selections
from rai.measure.roc_auc import roc_areas
from rai.values import Tally
from rai.values.levels import key_name

Array = NDArray[np.float64]
Places = NDArray[np.intp]

EVERYONE_ELSE = "overall"


@dataclass(frozen=True, slots=True, eq=False)
class RocPairs:
    """The ROC curves of s sides, and the m pairs that are compared.

    Args:
        names: Names of the sides.
        rocs: Their curves.
        areas: The areas under them, shape (s,).
        slack: How far binning may have moved each curve, as an area, shape (s,).
        positives, negatives: Effective rows of each label, whole and at least 1, shape (s,).
        left, right: Places of the sides of each pair, shape (m,).
    """

    names: tuple[str, ...]
    rocs: tuple[Roc, ...]
    areas: Array
    slack: Array
    positives: Places
    negatives: Places
    left: Places
    right: Places

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Places of both sides of each pair."""
        return list(zip(self.left.tolist(), self.right.tolist(), strict=True))

    @property
    def areas_between(self) -> Array:
        """The area between the curves of each pair, shape (m,)."""
        return np.array([area_between(self.rocs[i], self.rocs[j]) for i, j in self.pairs])

    @property
    def pair_slack(self) -> Array:
        """How far binning may have moved each area between, shape (m,)."""
        return np.asarray(self.slack[self.left] + self.slack[self.right])


def roc_pairs(tally: Tally, area: Area, *, versus: str) -> RocPairs | None:
    """The curves to compare, or None where fewer than two groups have one, or the reference has none.

    Args:
        tally: A binary tally of scores.
        area: The areas under the ROC curves of its groups.
        versus: `between_groups`, `to_overall`, or the name of a reference group.
    """
    if versus == OVERALL:
        return _to_rest(tally, area)
    kept = np.flatnonzero(~np.isnan(area.value))
    names = [key_name(tally.groups[i]) for i in kept]
    if len(kept) < 2 or versus not in {BETWEEN, *names}:
        return None
    left, right = np.triu_indices(len(kept), k=1)
    if versus != BETWEEN:
        left = np.delete(np.arange(len(kept)), names.index(versus))
        right = np.full(len(left), names.index(versus))
    return _pairs([(tally, area, kept)], names, left, right)


def _to_rest(tally: Tally, area: Area) -> RocPairs | None:
    rest = tally.rest
    others = roc_areas(rest)
    kept = np.flatnonzero(~np.isnan(area.value) & ~np.isnan(others.value))
    if len(kept) < 2:
        return None
    names = [*(key_name(tally.groups[i]) for i in kept), *(EVERYONE_ELSE,) * len(kept)]
    left = np.arange(len(kept))
    return _pairs([(tally, area, kept), (rest, others, kept)], names, left, left + len(kept))


def _pairs(
    parts: Sequence[tuple[Tally, Area, Places]], names: Sequence[str], left: Places, right: Places
) -> RocPairs:
    rocs: list[Roc] = []
    for tally, _, kept in parts:
        wanted = set(kept.tolist())
        rocs += [roc_of(found) for i, found in enumerate(selections(tally)) if i in wanted]

    def column(name: str) -> Array:
        return np.concatenate([getattr(area, name)[kept] for _, area, kept in parts])

    positives, negatives = (
        np.maximum(np.rint(column(name)), 1).astype(np.intp) for name in ("positives", "negatives")
    )
    return RocPairs(
        tuple(names), tuple(rocs), column("value"), column("above"), positives, negatives, left, right
    )
