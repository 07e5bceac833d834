"""How strongly each feature goes together with the label and with groups, from a profile's counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rai.explore.binning import counted_in
from rai.ground.records import FlatRow, RecordTuple
from rai.measure.association import cramers_v, mutual_information

if TYPE_CHECKING:
    from rai.explore.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(FlatRow):
    """One feature, and a column that splits rows.

    Args:
        dataset, feature: Whose it is.
        along: The label, a sensitive feature or a cohort.
        cramers_v: Cramér's V of the feature's bins and the groups, corrected for chance: 0 for nothing
            in common, 1 where one decides the other.
        mutual_information: Bits that the bins tell of the groups, less what chance gives.
        n: Rows.
        note: Why there is no value.

    Example:
        >>> import rai
        >>> frame = {"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50}
        >>> rai.profile(frame, sensitive_features="sex").associations()[0].cramers_v
        1.0
    """

    dataset: str
    feature: str
    along: str
    cramers_v: float | None
    mutual_information: float | None
    n: int
    note: str = ""


class Associations(RecordTuple[Association]):
    """Associations of several features.

    Example:
        >>> import rai
        >>> frame = {"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50}
        >>> len(rai.profile(frame, sensitive_features="sex").associations())
        1
    """

    __slots__ = ()


def associations_of(profile: Profile, features: tuple[str, ...], *, bins: int) -> Iterator[Association]:
    """Every feature with every column that splits rows, data set by data set.

    Numbers are cut at quantiles of all data sets together; the missing are a bin.
    """
    for name, table in profile.tables.items():
        for axis, groups in table.by.items():
            for feature in features:
                if feature == axis or feature not in table.columns:
                    continue
                binning = profile.binning(feature, bins=bins, method="quantile")
                counts = [counted_in(held[feature], binning)[0] for held in groups.values()]
                crossed = np.stack(counts, axis=1)
                strength = cramers_v(crossed)
                yield Association(
                    dataset=name,
                    feature=feature,
                    along=axis,
                    cramers_v=strength,
                    mutual_information=mutual_information(crossed),
                    n=int(crossed.sum()),
                    note="" if strength is not None else "undefined: one bin, or one group",
                )
