"""The trade-off between a gap and what decisions cost: the exact line, plans, and where things stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rai.ground.colours import marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure
from rai.plots.canvas import axes_for, ink_of
from rai.plots.line_panels import framed
from rai.thresholds import Frontier

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (5.0, 3.8)


def frontier(result: Frontier, ax: Axes | None = None) -> Axes:
    """Draw the least cost for every gap.

    The line is exact, with decisions drawn by lot between two thresholds; it is level from its last
    corner on, where nothing is held. Hollow dots are plans of one threshold a group; the diamond is
    the present threshold for everyone. Plans that cost far more stand at the top, as triangles. Costs
    are those of the rows that the line was made from.

    Args:
        result: What `rai.threshold_frontier` gives.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there are no points.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 0, 1, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> ax = rai.plots.frontier(rai.threshold_frontier(found, strategy="equal_opportunity"))
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('gap', 'cost')
    """
    if not result:
        raise ArgumentError(sentence("plots.frontier", "no points", expected="at least one"))
    ax = axes_for(ax, width=_SIZE[0], height=_SIZE[1], feature="plots.frontier")
    ink = ink_of(ax)
    framed(ax, ink)
    colour = marks(["line"])["line"].colour(dark=ink.dark)
    line, plans, now = (
        [(point.gap, point.cost) for point in result if point.kind == kind]
        for kind in ("drawn", "thresholds", "current")
    )
    widest = max(point.gap for point in result)
    level = [(widest, line[-1][1])] if line and widest > line[-1][0] else []
    _points(ax, [*line, *level], color=colour, linewidth=1.8, label="least cost, some decided by lot")
    top = _top([cost for _, cost in (*line, *now)])
    inside = [(gap, cost) for gap, cost in plans if cost <= top]
    hollow: dict[str, Any] = {"linestyle": "none", "color": colour, "markerfacecolor": ink.paper}
    _points(ax, inside, marker="o", markersize=5, label="one threshold for each group", **hollow)
    _points(ax, now, linestyle="none", marker="D", color=ink.text, label="the present threshold")
    beyond = [(gap, top) for gap, cost in plans if cost > top]
    if beyond:
        most = figure(max(cost for _, cost in plans))
        label = f"the same, at more cost (up to {most})"
        _points(ax, beyond, marker="^", markersize=6, label=label, **hollow)
    ax.set_xlim(left=-0.02 * (widest or 1.0))
    ax.set_xlabel("gap", fontsize="small")
    ax.set_ylabel("cost", fontsize="small")
    ax.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, fontsize="small",
        labelcolor=ink.text, borderaxespad=0.2,
    )  # fmt: skip
    return ax


def _points(ax: Axes, points: Sequence[tuple[float, float]], **look: Any) -> None:
    ax.plot([gap for gap, _ in points], [cost for _, cost in points], **look)


def _top(costs: Sequence[float]) -> float:
    """The cost up to which is drawn: twice the range of the line and of what holds now."""
    low, high = min(costs, default=0.0), max(costs, default=1.0)
    return high + ((high - low) or abs(high) or 1.0)
