"""Trade-offs as small charts: the least cost for every gap, plans, and where things stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rai.ground.colours import Mark
from rai.reports.charts import SMALL, Chart, Dot, dot, line
from rai.reports.scales import Scale, scale
from rai.reports.score_facts import Choice
from rai.reports.words import capital, clean, figure, name
from rai.thresholds import Frontier, FrontierPoint

_MARK = Mark(0)
_REACH = 1.0


def trade_off_charts(choice: Choice) -> tuple[Chart, ...]:
    """One chart per strategy along a feature, all on the same scale of costs."""
    found = [f for f in choice.frontiers.values() if f]
    costs = [point.cost for frontier in found for point in frontier if point.kind != "thresholds"]
    if not costs:
        return ()
    low, high = min(costs), max(costs)
    up = scale([low, high + _REACH * ((high - low) or high or 1.0) / 4], ticks=4)
    return tuple(
        _chart(strategy, frontier, up, choice)
        for strategy, frontier in choice.frontiers.items()
        if frontier
    )


def _chart(strategy: str, frontier: Frontier, up: Scale, choice: Choice) -> Chart:
    corners, plans, now = (
        [point for point in frontier if point.kind == kind]
        for kind in ("drawn", "thresholds", "current")
    )
    widest = max(point.gap for point in frontier)
    across = scale([widest], include=0.0, ticks=3)
    scales = (across, up)
    ends = [*((p.gap, p.cost) for p in corners), (across.high, corners[-1].cost)] if corners else []
    x, y = (np.array([end[side] for end in ends], dtype=np.float64) for side in (0, 1))
    inside = [point for point in plans if point.cost <= up.high]
    return Chart(
        title=capital(name(strategy)),
        axes=f"{choice.present.objective.words} over the gap",
        told=_told(strategy, corners, now, choice),
        x=across,
        y=up,
        lines=(line(x, y, scales=scales, mark=_MARK, within=SMALL),) if ends else (),
        dots=(*(_dot(p, scales, mark=_MARK) for p in inside), *(_dot(p, scales) for p in now)),
        note=_beyond(plans, inside),
    )


def _dot(point: FrontierPoint, scales: tuple[Scale, Scale], mark: Mark | None = None) -> Dot:
    told = f"gap {figure(point.gap)}, cost {figure(point.cost)}" if mark is None else ""
    return dot(point.gap, point.cost, scales=scales, mark=mark, filled=mark is None, told=told)


def _beyond(plans: Sequence[FrontierPoint], inside: Sequence[FrontierPoint]) -> str:
    left = len(plans) - len(inside)
    most = figure(max((point.cost for point in plans), default=0.0))
    return f"{left} more at costs up to {most}" if left else ""


def _told(
    strategy: str, corners: Sequence[FrontierPoint], now: Sequence[FrontierPoint], choice: Choice
) -> str:
    words = choice.present.objective.words
    told = f"{name(strategy)} by {clean(choice.along)}:"
    if corners:
        first, last = corners[0], corners[-1]
        told += f" {words} {figure(first.cost)} at a gap of {figure(first.gap)}"
        told += f", {figure(last.cost)} at a gap of {figure(last.gap)}"
    ends = [f"; now {figure(p.cost)} at a gap of {figure(p.gap)}" for p in now]
    return told + "".join(ends) + "."
