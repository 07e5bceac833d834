"""The area under the ROC curve: how often a positive row scores above a negative one.

    bins, low to high    negatives  4 2 1 0      a positive row in the third bin is placed above
                         positives  0 1 2 3      4 + 2 + ½ of the 7 negative rows: 6.5 / 7

Ties count half. The mean of the positive rows' placements is the area (Mann and Whitney), and the
spread of both labels' placements gives its variance (DeLong). Both come from counts per bin, never from
rows or pairs of rows.

Source: Mann and Whitney (1947), doi:10.1214/aoms/1177730491; DeLong, DeLong and Clarke-Pearson (1988),
doi:10.2307/2531595; Newcombe (2006), doi:10.1002/sim.2324.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rai.measure.area_intervals import Area, informants, kish, measured_area, unbiased
from rai.measure.filled_bins import FilledBins, of_blocks
from rai.measure.measured import Measured
from rai.values import Tally

Array = NDArray[np.float64]


def roc_auc(name: str, tally: Tally) -> Measured:
    """The area under the ROC curve of every group, with a score interval of DeLong's variance.

    Undefined for a group without positive or without negative labels. Where bins are not exact, rows
    that share a bin count as tied; the value then lies within half the share of pairs of a positive and
    a negative row that do so, and the interval is widened by it.

    Args:
        name: Name of the metric.
        tally: A binary tally of scores.

    Example:
        >>> from rai import audit
        >>> tally = audit(y_true=[0, 1, 0, 1], y_score=[0.1, 0.4, 0.35, 0.8], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "F", "F"]}).tally
        >>> roc_auc("roc_auc", tally).value
        array([1.])
    """
    area = roc_areas(tally)
    factor = newcombe_factor(area.positives, area.negatives)
    return measured_area(
        name, tally, area, factor=factor, method="delong", labels=("positive", "negative")
    )


def roc_areas(tally: Tally) -> Area:
    """DeLong's variance of the area under the ROC curve, from placements in bins, with the area itself.

    The variance is that of the placements of positive rows over their number, and the same for negative
    rows. For weighted rows a label's number of rows is Kish's effective one.

    Source: DeLong, DeLong and Clarke-Pearson (1988), doi:10.2307/2531595.
    """
    area = of_blocks(tally, areas_of_bins)
    nothing = np.zeros_like(area.value)
    return area._replace(below=nothing, above=nothing) if tally.exact else area


def areas_of_bins(block: FilledBins) -> Area:
    """The areas of a block of groups, or of folds; arrays of shape (h,)."""
    total, squares = block.weight.sum(axis=2), block.squares.sum(axis=2)
    effective = kish(total, squares)
    with np.errstate(invalid="ignore", divide="ignore"):
        placed = _placements(block.weight, total)
        value = np.einsum("hb,hb->h", block.weight[:, 1], placed[:, 1]) / total[:, 1]
        shares = block.squares * ((placed - value[:, None, None]) / total[:, :, None]) ** 2
        tied = np.einsum("hb,hb->h", block.weight[:, 0], block.weight[:, 1]) / total.prod(axis=1)
    misplaced = 2 * effective.min(axis=1) * np.minimum(value, 1 - value)
    variance = (shares.sum(axis=2) * unbiased(effective)).sum(axis=1)
    return Area(
        np.clip(value, 0.0, 1.0), variance, informants(shares, block.rows), misplaced, tied / 2,
        tied / 2, effective[:, 1], effective[:, 0],
    )  # fmt: skip


def _placements(weight: Array, total: Array) -> Array:
    """Share of the other label that a row of each label and bin is ordered rightly with, (h, 2, m)."""
    below = np.cumsum(weight, axis=2) - weight / 2
    below /= total[:, :, None]
    return np.stack([1 - below[:, 1], below[:, 0]], axis=1)


def newcombe_factor(positives: Array, negatives: Array) -> Callable[[Array], Array]:
    """The k of the variance t(1 − t)·k that exponential scores give to an area t, from t(1 − t)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        pairs = 1 / (positives * negatives)
    more = (positives + negatives) / 2 - 1
    return lambda spread: pairs * (1 + more * (1 + 2 * spread) / (2 + spread))
