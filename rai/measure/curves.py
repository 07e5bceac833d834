"""Curves over thresholds: of rankings, of any metric, and of gaps, each with a band.

    roc, precision_recall    the rates of one ranking against each other
    any metric               against the threshold, on a grid of thresholds
    any gap                  against the threshold, on a coarser grid

A threshold is one more axis, so a metric at all of them is measured at once, and a gap at each is the
gap within one level of that axis. A band is pointwise: each interval holds at its own threshold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.abroca import ABROCA
from rai.measure.at_thresholds import THRESHOLD, Points, at_thresholds, check_points, threshold_grid
from rai.measure.criteria import find_criterion
from rai.measure.intervals import critical_value
from rai.measure.metrics import METRICS, find_metric, unknown_name
from rai.measure.ranking_curves import PRECISION_RECALL, ROC, precision_recall_curves, roc_curves
from rai.measure.score_metrics import find_score_metric
from rai.measure.tables import Asked, Axes, gap_table, split_axes
from rai.values import Curve, Curves, GapCurves, Tally

Array = NDArray[np.float64]

RANKINGS = {ROC: roc_curves, PRECISION_RECALL: precision_recall_curves}
MOST_POINTS, MOST_GAP_POINTS = 201, 41

_METRIC_NAMES = [metric.name for metric in METRICS]
_ALIASES = {alias for metric in METRICS for alias in metric.aliases}


def curve_table(
    tally: Tally,
    names: Sequence[str],
    *,
    by: Axes,
    points: Points,
    level: float,
    always: Sequence[float] = (),
) -> Curves:
    """Curves of the groups of `by` (None: all axes; (): everyone), name by name.

    Args:
        tally: A binary tally of scores.
        names: `roc`, `precision_recall` or metrics of decisions; the first two if none is named.
        by: Axes to split by.
        points: Thresholds; None for every corner, and for metrics at most 201 among the edges.
        level: Coverage of each interval.
        always: Thresholds that belong to every grid.

    Raises:
        ArgumentError: If a name is unknown or not of decisions, or a point is not finite.
        TallyError: If a point is no edge of a tally whose bins are not exact.
    """
    part = tally.by(*(tally.axes if by is None else split_axes(by)))
    asked = None if points is None else check_points(points, where="points")
    curves: list[Curve] = []
    for name in names or RANKINGS:
        named = isinstance(name, str)
        if named and name in RANKINGS:
            curves.extend(RANKINGS[name](part, asked, level=level))
            continue
        _check_curve(name)
        grid = threshold_grid(part, most=MOST_POINTS, always=always) if asked is None else asked
        curves.extend(_metric_curves(part, name, grid, level=level))
    return Curves(curves)


def gap_curve_table(
    tally: Tally,
    names: Sequence[str],
    *,
    along: Sequence[Axes],
    points: Points,
    asked: Asked,
    always: Sequence[float] = (),
) -> GapCurves:
    """Gaps of criteria and metrics along each of `along`, threshold by threshold.

    Args:
        tally: A binary tally of scores.
        names: Criteria or metrics of decisions; the usual criteria if none is named.
        along: Axes that define the groups.
        points: Thresholds; None for at most 41 among the edges.
        asked: How gaps are compared.
        always: Thresholds that belong to the grid.

    Raises:
        ArgumentError: If a name is unknown or not of decisions, or a point is not finite.
        TallyError: If a point is no edge of a tally whose bins are not exact.
    """
    for name in names:
        if find_score_metric(name) or find_criterion(name).name == ABROCA:
            raise _one_number(name)
    grid = check_points(points, where="points") if points is not None else None
    if grid is None:
        grid = threshold_grid(tally, most=MOST_GAP_POINTS, always=always)
    counts = at_thresholds(tally, grid)
    return GapCurves(gap_table(counts, names, along=along, within=THRESHOLD, asked=asked))


def _metric_curves(tally: Tally, name: str, grid: Array, *, level: float) -> Iterator[Curve]:
    """A metric against the threshold, all groups and thresholds measured at once."""
    metric = find_metric(name)
    found = metric.measure(at_thresholds(tally, grid))
    shape = (len(tally.groups), len(grid))
    value = found.value.reshape(shape)
    low, high = (side.reshape(shape) for side in found.bounds(critical_value(level)))
    for place, (key, rows) in enumerate(zip(tally.groups, tally.group_rows, strict=True)):
        reasons = found.notes[place * len(grid) : (place + 1) * len(grid)]
        nowhere = bool(np.isnan(value[place]).all())
        kept = slice(0, 0) if nowhere else slice(None)
        defined = ~np.isnan(value[place])
        yield Curve(
            name=metric.name, group=tuple(zip(tally.axes, key, strict=True)), x_name=THRESHOLD,
            y_name=metric.name, threshold=grid[kept], x=grid[kept], y=value[place][kept],
            low=np.where(defined, low[place], np.nan)[kept],
            high=np.where(defined, high[place], np.nan)[kept], level=level, n=int(rows),
            note=reasons[0] if nowhere else "", reasons=() if nowhere or defined.all() else reasons,
        )  # fmt: skip


def _check_curve(name: str) -> None:
    """Refuse what is no metric of decisions."""
    if find_score_metric(name):
        raise _one_number(name)
    named = isinstance(name, str)
    if not named or name not in {*_METRIC_NAMES, *_ALIASES}:
        raise unknown_name("curve", name, [*RANKINGS, *_METRIC_NAMES], also=_ALIASES)


def _one_number(name: str) -> ArgumentError:
    expected = "a metric of decisions"
    hint = "It is one number over all thresholds: ask metrics() or gaps()."
    return ArgumentError(sentence("curve", repr(name), expected=expected, hint=hint))
