"""Average precision: the mean precision at the scores of the positive rows.

    Σ (R_n − R_{n−1}) · P_n      over thresholds, R the recall and P the precision at each

Nothing is drawn between thresholds and no point is added at recall 0, so there is nothing to bias it.
Its variance is that of its linearisation: how it moves with one more row of each label in each bin.

Source: Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, section 8.4; Boyd,
Eng and Page (2013), doi:10.1007/978-3-642-40994-3_29.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.measure.area_intervals import Area, informants, kish, measured_area, unbiased
from rai.measure.filled_bins import FilledBins, of_blocks
from rai.measure.measured import Measured
from rai.values import Tally

Array = NDArray[np.float64]


def average_precision(name: str, tally: Tally) -> Measured:
    """The average precision of every group, with a score interval of its linearised variance.

    Undefined for a group without positive labels. Chance gives the share of positive labels, so
    groups with other base rates differ here even if they are ranked equally well. Where bins are not
    exact, rows that share a bin count as tied; the value lies within what the best and the worst order
    inside the bins would give, and the interval is widened by it.

    Args:
        name: Name of the metric.
        tally: A binary tally of scores.

    Example:
        >>> from rai import audit
        >>> tally = audit(y_true=[0, 1, 0, 1], y_score=[0.1, 0.4, 0.6, 0.8], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "F", "F"]}).tally
        >>> average_precision("average_precision", tally).value.round(4)
        array([0.8333])
    """
    area = precision_areas(tally)
    with np.errstate(divide="ignore"):
        share = 1 / area.positives
    return measured_area(
        name, tally, area, factor=lambda spread: share, method="influence", labels=("positive",)
    )


def precision_areas(tally: Tally) -> Area:
    """The linearised variance of average precision, with average precision itself.

    A row's influence is how the sum moves with one more row of its label in its bin, so the variance is
    that of rows drawn anew, with another share of positive labels.

    Source: Boyd, Eng and Page (2013), doi:10.1007/978-3-642-40994-3_29.
    """
    area = of_blocks(tally, _areas)
    nothing = np.zeros_like(area.value)
    return area._replace(below=nothing, above=nothing) if tally.exact else area


def _areas(block: FilledBins) -> Area:
    """The average precisions of a block of groups."""
    (fp, tp), total = _selected(block.weight), block.weight.sum(axis=2)
    effective = kish(total, block.squares.sum(axis=2))
    positives = total[:, 1][:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.divide(tp, tp + fp, out=np.zeros_like(tp), where=tp + fp > 0)
        value = (block.weight[:, 1] * precision).sum(axis=1) / positives[:, 0]
        influence = (
            _influence(block.weight[:, 1], tp, fp, precision - value[:, None]) / positives[:, None]
        )
        shares = block.squares * influence**2
        best, worst = (part.sum(axis=1) / positives[:, 0] for part in _orders(block, tp, fp, precision))
    misplaced = 2 * effective[:, 1] * np.minimum(value, 1 - value)
    variance = shares.sum(axis=(1, 2)) * unbiased(effective[:, 1])
    return Area(
        np.clip(value, 0.0, 1.0), variance, informants(shares, block.rows), misplaced,
        np.maximum(value - worst, 0.0), np.maximum(best - value, 0.0), effective[:, 1],
        effective[:, 0],
    )  # fmt: skip


def _selected(weight: Array) -> tuple[Array, Array]:
    """False and true positives where each bin is the last one selected, each shape (h, m)."""
    held = np.cumsum(weight[:, :, ::-1], axis=2)[:, :, ::-1]
    return held[:, 0], held[:, 1]


def _influence(positive: Array, tp: Array, fp: Array, excess: Array) -> Array:
    """How the sum moves with one more row of each label in each bin, shape (h, 2, m)."""
    moved = np.divide(positive, (tp + fp) ** 2, out=np.zeros_like(tp), where=tp + fp > 0)
    up, down = np.cumsum(moved * fp, axis=1), np.cumsum(moved * tp, axis=1)
    return np.stack([-down, excess + up], axis=1)


def _orders(block: FilledBins, tp: Array, fp: Array, precision: Array) -> tuple[Array, Array]:
    """What each bin adds if its rows stood in the best and in the worst order, each shape (h, m)."""
    negative, positive = block.weight[:, 0], block.weight[:, 1]
    seen, above = positive * precision, fp - negative
    held = np.divide(tp, tp + above, out=np.zeros_like(tp), where=positive > 0)
    others = tp - positive + fp
    log = np.log1p(np.divide(positive, others, out=np.zeros_like(tp), where=(fp > 0) & (others > 0)))
    spread = positive - fp * log
    return positive * held, np.where(block.rows[:, 1] == 1, seen, spread)
