"""ROC curves and curves of precision against recall, corner by corner.

    roc                 true positive rate   against   false positive rate
    precision_recall    precision            against   recall

A corner is a score at which the curve turns; points on a straight line between two others are left out.
No point is made up: where nobody is selected there is no precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.measure.area_intervals import Area, kish, why_without
from rai.measure.at_thresholds import at_thresholds
from rai.measure.average_precision import precision_areas
from rai.measure.intervals import critical_value, wilson
from rai.measure.roc import Selections, corners, lowest_threshold, selections
from rai.measure.roc_auc import roc_areas
from rai.measure.score_points import binned_within
from rai.values import Curve, Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]

ROC, PRECISION_RECALL = "roc", "precision_recall"


def roc_curves(tally: Tally, points: Array | None, *, level: float) -> Iterator[Curve]:
    """The ROC curve of every group; undefined without positive or without negative labels.

    Args:
        tally: A binary tally of scores.
        points: Thresholds, rising, to which both ends are added; None for every corner.
        level: Coverage of each interval.
    """
    base = Curve(name=ROC, x_name="false_positive_rate", y_name="true_positive_rate", level=level)
    bases = _bases(base, tally, roc_areas(tally), labels=("positive", "negative"))
    for curve, found in zip(bases, _selected(tally, points), strict=True):
        if curve.note.startswith("undefined: "):
            yield curve
            continue
        kept = corners(found.fp, found.tp) if points is None else np.arange(len(found.tp))
        trials = np.full(len(kept), kish(found.tp[-1:], found.tp_squares[-1:])[0])
        drawn = replace(curve, x=found.fp[kept] / found.fp[-1], y=found.tp[kept] / found.tp[-1])
        yield _banded(drawn, found.threshold[kept], trials)


def precision_recall_curves(tally: Tally, points: Array | None, *, level: float) -> Iterator[Curve]:
    """Precision against recall in every group; undefined without positive labels.

    Args:
        tally: A binary tally of scores.
        points: Thresholds, rising, to which the lowest is added; None for every score at which recall
            rises, and for both ends of what lies between two of them.
        level: Coverage of each interval.
    """
    base = Curve(
        name=PRECISION_RECALL, x_name="true_positive_rate", y_name="positive_predictive_value",
        level=level,
    )  # fmt: skip
    bases = _bases(base, tally, precision_areas(tally), labels=("positive",))
    for curve, found in zip(bases, _selected(tally, points), strict=True):
        if curve.note.startswith("undefined: "):
            yield curve
            continue
        some = np.flatnonzero(found.tp + found.fp > 0)
        kept = some if points is not None else some[_rising(found.tp[some])]
        tp, chosen = found.tp[kept], found.tp[kept] + found.fp[kept]
        trials = kish(chosen, found.tp_squares[kept] + found.fp_squares[kept])
        yield _banded(replace(curve, x=tp / found.tp[-1], y=tp / chosen), found.threshold[kept], trials)


def _bases(base: Curve, tally: Tally, area: Area, *, labels: Sequence[str]) -> Iterator[Curve]:
    """A curve without points for each group, with a note on why it has none or on its bins."""
    reasons = why_without(area, tally, labels=labels)
    moved = np.maximum(area.below, area.above)
    for key, rows, why, slack in zip(tally.groups, tally.group_rows, reasons, moved, strict=True):
        note = why or binned_within(float(slack), "the exact curve, as an area")
        yield replace(base, group=tuple(zip(tally.axes, key, strict=True)), n=int(rows), note=note)


def _banded(curve: Curve, threshold: Array, trials: Array) -> Curve:
    """The curve with its thresholds and with Wilson's interval at each point."""
    low, high = wilson(curve.y * trials, trials, z=critical_value(curve.level))
    low, high = np.minimum(low, curve.y), np.maximum(high, curve.y)
    return replace(curve, threshold=threshold, low=low, high=high)


def _rising(tp: Array) -> Places:
    """Places at which recall has just risen or is about to, and both ends."""
    rises = np.diff(tp) > 0
    turns = rises[:-1] | rises[1:]
    ends = np.ones(1, dtype=bool)
    return np.flatnonzero(np.concatenate((ends, turns, ends[: len(tp) - 1])))


def _selected(tally: Tally, points: Array | None) -> Iterator[Selections]:
    """What every cut selects, or what the thresholds asked for do, and both ends."""
    if points is None:
        yield from selections(tally)
        return
    counts = at_thresholds(tally, np.concatenate(([-np.inf], points)))
    lowest = min(lowest_threshold(tally), float(points[0]))
    threshold = np.concatenate(([np.inf], points[::-1], [lowest]))
    weight, squares = (
        cells[:, :, 1].reshape(len(tally.groups), -1, 2) for cells in (counts.weight, counts.weight_sq)
    )
    for cells, square in zip(weight, squares, strict=True):
        columns = [_from_nobody(part[:, label]) for part in (cells, square) for label in (1, 0)]
        yield Selections(threshold, *columns)


def _from_nobody(falling: Array) -> Array:
    return np.concatenate(([0.0], falling[::-1]))
