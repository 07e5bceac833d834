"""Deletion and insertion curves: what a model's number does while features are taken away, or put in.

deletion           insertion
│─╮ ╲               │   ╭──   ● largest attributions first
│  ╰──╲─            │ ╭─╱     ● at random: a good order parts from it early
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rai.explainers.quality import AttributionQuality, CurvePoint
from rai.explainers.space_names import score_name
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.formatting import number, readable
from rai.plots.canvas import axes_for, ink_of
from rai.plots.line_panels import beside, grid, grid_size, line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.deletion_curves"

ORDERS = {
    "size": "largest first",
    "positive": "most positive first",
    "negative": "most negative first",
    "random": "at random",
}


def deletion_curves(quality: AttributionQuality, ax: Axes | None = None) -> Axes:
    """Draw deletion and insertion curves, a panel each, with their bands.

    An order that follows the attributions should part from the random one early: the most positive first
    makes the number fall fast where features are deleted, and rise fast where they are inserted.

    Args:
        quality: What `rai.explainers.quality.check_attributions` returned.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no curves.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> from rai.explainers.quality import check_attributions
        >>> rows = {"a": [1.0, 0.0, 0.5], "b": [0.5, 0.2, 0.0]}
        >>> model = rai.load_model(lambda f: 0.5 * f["a"] + 0.2 * f["b"])
        >>> found = check_attributions(model, rai.explain(model, rows))
        >>> ax = rai.plots.deletion_curves(found)
        >>> [panel.get_title(loc="left") for panel in ax.child_axes]
        ['deletion', 'insertion']
    """
    if not isinstance(quality, AttributionQuality):
        seen = f"{type(quality).__name__} {in_short(quality)}"
        raise ArgumentError(sentence(WHERE, seen, expected="what check_attributions returned"))
    if not quality.curves:
        raise ArgumentError(sentence(WHERE, "no curves", expected="at least one"))
    titles = list(dict.fromkeys(point.curve for point in quality.curves))
    held = {
        (title, order): [p for p in quality.curves if (p.curve, p.order) == (title, order)]
        for title in titles
        for order in dict.fromkeys(point.order for point in quality.curves)
    }
    looks = marks([*ORDERS, *(point.order for point in quality.curves)])
    present = [order for order in looks if any(order == point.order for point in quality.curves)]
    named = [(looks[order], ORDERS.get(order, readable(order))) for order in present]
    width, height = grid_size(len(titles), named)
    ax = axes_for(ax, width=width, height=height, feature=WHERE)
    ink = ink_of(ax)
    panels = grid(ax, [readable(title) for title in titles])
    for title, panel in zip(titles, panels, strict=True):
        for order in present:
            _draw(panel, held[title, order], looks[order])
        panel.set_xlabel("share of features", fontsize="small")
    n = max(point.n for point in quality.curves)
    panels[0].set_ylabel(f"mean {score_name(quality.space)}", fontsize="small")
    told = f"{number(100 * quality.level)}% intervals, n = {n:,}"
    panels[0].set_xlabel(f"share of features\n{told}", fontsize="small")
    beside(panels, ink, named)
    return ax


def _draw(ax: Axes, points: list[CurvePoint], mark: Mark) -> None:
    """One curve with its band; without bounds there is none."""
    if not points:
        return
    x, y = (np.array([getattr(point, name) for point in points]) for name in ("share", "value"))
    low, high = (
        np.array([np.nan if (end := getattr(p, name)) is None else end for p in points])
        for name in ("low", "high")
    )
    line(ax, x, y, low=low, high=high, mark=mark, ink=ink_of(ax), band=True)
