"""Orders of the features of a profile: as given, by name, or by what deserves a look first."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from rai.explore.binning import counted_in
from rai.values.column_summary import ColumnSummary

if TYPE_CHECKING:
    from rai.explore.profiles import Profile

ORDERS = ("given", "alphabetical", "non_uniformity", "missing_or_zero", "distance")


def places_in_order(profile: Profile, by: str, *, reverse: bool) -> tuple[str, ...]:
    """The features in another order; of equals the order given."""
    features = list(profile.features)
    if by == "alphabetical":
        features.sort(key=str.casefold)
    elif by != "given":
        measure = {"non_uniformity": _uniformity, "missing_or_zero": _filled, "distance": _likeness}[by]
        measured = {feature: measure(profile, feature) for feature in features}
        features.sort(key=measured.__getitem__)
    return tuple(reversed(features)) if reverse else tuple(features)


def _uniformity(profile: Profile, feature: str) -> float:
    """Entropy of the bins over its greatest value; the least of the data sets."""
    binning = profile.binning(feature)
    found = [1.0]
    for table in profile.tables.values():
        if feature in table.columns and len(binning) > 1:
            n = counted_in(table.columns[feature], binning)[0][:-1]
            shares = n[n > 0] / max(n.sum(), 1)
            found.append(float(-(shares * np.log(shares)).sum()) / log(len(binning)))
        elif len(binning) == 1:
            found.append(0.0)
    return min(found)


def _filled(profile: Profile, feature: str) -> float:
    """The share of rows with a value that is not zero; the least of the data sets."""
    tables = [table for table in profile.tables.values() if feature in table.columns]
    return min(1 - _empty(table.columns[feature]) for table in tables)


def _empty(summary: ColumnSummary) -> float:
    if not summary.rows:
        return 1.0
    zeros = summary.numbers.zeros if summary.numeric and summary.numbers is not None else 0
    return (summary.missing + zeros) / summary.rows


def _likeness(profile: Profile, feature: str) -> float:
    """Minus the greatest Jensen-Shannon distance of a data set to the first; 1 where there is none."""
    from rai.measure.distances import jensen_shannon

    binning = profile.binning(feature, method="quantile")
    counts = [
        counted_in(t.columns[feature], binning)[0]
        for t in profile.tables.values()
        if feature in t.columns
    ]
    apart = [jensen_shannon(counts[0], other) for other in counts[1:]]
    known = [distance for distance in apart if distance is not None]
    return -max(known) if known else 1.0
