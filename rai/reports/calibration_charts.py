"""Charts of predictions against what came true, one small chart per group; and of the errors left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from rai.ground.colours import Mark
from rai.ground.formatting import counted
from rai.reports.charts import HALVES, Chart, Dot, dot, line, path, upright
from rai.reports.facts import FEW_ROWS
from rai.reports.scales import Scale, scale
from rai.reports.words import bounds, clean, figure
from rai.values import Calibration, CalibrationBin

_DIAGONAL = (path(np.array([0.0, 1.0]), np.array([0.0, 1.0])),)
_NARROW = 0.5


def calibration_charts(
    found: Calibration, shown: Mapping[str, Mark], *, scores: bool
) -> tuple[Chart, ...]:
    """One chart per group: a mark for each bin, hollow where it holds few rows.

    Args:
        found: The bins of all groups.
        shown: The groups to draw, with their marks.
        scores: Whether predictions are scores, not quantities.
    """
    bins: dict[str, list[CalibrationBin]] = {group: [] for group in shown}
    for row in found:
        if row.name in bins:
            bins[row.name].append(row)
    drawn = _scale([row for rows in bins.values() for row in rows], scores=scores)
    return tuple(_chart(group, rows, drawn, shown[group], scores=scores) for group, rows in bins.items())


def _scale(rows: Iterable[CalibrationBin], *, scores: bool) -> Scale:
    """Scores from 0 to 1, or to where the highest lies; quantities as far as means go."""
    if scores:
        high = max(
            (x for row in rows for x in (row.mean_predicted, row.high) if x is not None), default=1.0
        )
        return HALVES if high > _NARROW else scale([0.0, high])
    return scale([x for row in rows for x in (row.mean_predicted, row.value)], ticks=2)


def _chart(group: str, rows: list[CalibrationBin], drawn: Scale, mark: Mark, *, scores: bool) -> Chart:
    known = [
        (row, row.mean_predicted, row.value)
        for row in rows
        if row.mean_predicted is not None and row.value is not None
    ]
    x, y = (
        np.array(side, dtype=np.float64) for side in ([p for _, p, _ in known], [v for _, _, v in known])
    )
    n = sum(row.n for row in rows)
    what = "share positive" if scores else "mean label"
    return Chart(
        title=clean(group),
        axes=f"{counted(n, 'row')}",
        told=f"{clean(group)}: {what} of {_told([(p, v) for _, p, v in known])}.",
        x=drawn,
        y=drawn,
        lines=(line(x, y, scales=(drawn, drawn), mark=mark),) if known else (),
        dots=tuple(_dot(row, (p, v), drawn, mark=mark, what=what) for row, p, v in known),
        reaches="".join(upright(p, row.low, row.high, scales=(drawn, drawn)) for row, p, _ in known),
        guides=_DIAGONAL,
        mark=mark,
        note="" if known else clean(rows[0].note.partition(" (n=")[0] if rows else "no rows"),
    )


def _dot(row: CalibrationBin, at: tuple[float, float], drawn: Scale, *, mark: Mark, what: str) -> Dot:
    x, y = at
    shown = f"{what} {figure(y)} {bounds(row.low, row.high)}".rstrip()
    return dot(
        x,
        y,
        scales=(drawn, drawn),
        mark=mark,
        filled=row.n >= FEW_ROWS,
        told=f"predicted {figure(x)}, {shown}, {counted(row.n, 'row')}",
    )


def _told(pairs: list[tuple[float, float]]) -> str:
    """Ends and middle of a reliability curve in words."""
    if not pairs:
        return "nothing: undefined"
    picked = [pairs[place] for place in sorted({0, len(pairs) // 2, len(pairs) - 1})]
    return ", ".join(f"{figure(y)} where {figure(x)} was predicted" for x, y in picked)
