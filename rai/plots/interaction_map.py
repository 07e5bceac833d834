"""Two features together as a map of shaded cells: the average score at each pair of values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rai.ground.colours import DARK, LIGHT
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure, number
from rai.plots.canvas import Ink, axes_for, fitted, ink_of
from rai.plots.value_names import value_name
from rai.whatif import Interaction, Interactions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COLUMNS, MOST_WRITTEN = 2, 14
_CELL, _TALL, _NAMES, _TITLE = 0.5, 0.36, 1.3, 0.9  # inches
_STRONGEST, _WEAKEST = 0.75, 0.04
_NAME_LETTERS, _LINES = 16, 12


def interaction(result: Interactions | Interaction, ax: Axes | None = None) -> Axes:
    """Draw how two features act together.

    A cell is shaded and written with the average score where the first feature (downwards) and the
    second (to the right) have these values. Cells that no row is nearest to are hatched: there the model
    is asked about rows that don't occur. H in the title is 0 where the effects add up.

    Args:
        result: What `rai.whatif.interaction` gives.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several models or classes the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there is nothing to draw.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"a": [0.0, 0.0, 1.0, 1.0], "b": [0.0, 1.0, 0.0, 1.0]}
        >>> found = rai.whatif.interaction(lambda f: f["a"] * f["b"], rows, features=("a", "b"))
        >>> ax = rai.plots.interaction(found)
        >>> ax.get_title(loc="left"), len(ax.patches)
        ('a and b: H = 0.577', 4)
    """
    found = [result] if isinstance(result, Interaction) else list(result)
    if not found:
        seen = "no interactions"
        raise ArgumentError(sentence("plots.interaction", seen, expected="at least one"))
    across, down = min(len(found), MOST_COLUMNS), math.ceil(len(found) / MOST_COLUMNS)
    tall, wide = (max(len(each.points[side]) for each in found) for side in (0, 1))
    size = _NAMES + _CELL * max(wide, 4), _TITLE + 0.5 + _TALL * max(tall, 4)
    ax = axes_for(ax, width=size[0] * across, height=size[1] * down, feature="plots.interaction")
    ink, panels = ink_of(ax), [ax]
    if len(found) > 1:
        ax.set_axis_off()
        panels = [
            ax.inset_axes((
                place % across / across + 0.5 * _NAMES / size[0] / across,
                1 - (place // across + 1) / down + 0.5 / size[1] / down,
                (1 - _NAMES / size[0]) / across, (1 - (_TITLE + 0.5) / size[1]) / down,
            ))
            for place in range(len(found))
        ]  # fmt: skip
    low = min(float(each.mean.min()) for each in found)
    high = max(float(each.mean.max()) for each in found)
    for each, panel in zip(found, panels, strict=True):
        _map(panel, each, ink, low, high)
        panel.set_title(_title(each, several=len(found) > 1), fontsize="medium", loc="left")
    return ax


def _map(ax: Axes, each: Interaction, ink: Ink, low: float, high: float) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    colour = (DARK if ink.dark else LIGHT)[0]
    strength = (each.mean - low) / ((high - low) or 1.0)
    largest = max(abs(low), abs(high))
    written = max(each.mean.shape) <= MOST_WRITTEN
    for i, j in np.ndindex(each.mean.shape):
        empty = not each.share[i, j]
        shade = to_rgba(colour, _WEAKEST + (_STRONGEST - _WEAKEST) * float(strength[i, j]))
        ax.add_patch(
            Rectangle(
                (j - 0.5, i - 0.5), 1, 1, facecolor=shade, edgecolor=ink.paper, linewidth=1.5,
            )
        )  # fmt: skip
        if empty:
            ax.add_patch(
                Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, hatch="////", linewidth=0,
                          edgecolor=(*to_rgba(ink.muted)[:3], 0.35))
            )  # fmt: skip
        if written:
            value = float(each.mean[i, j])
            text = f"{value:.3f}" if largest < 10 else figure(value)
            ax.text(j, i, text, ha="center", va="center", fontsize="x-small", color=ink.text)
    _axes(ax, each, ink)


def _axes(ax: Axes, each: Interaction, ink: Ink) -> None:
    rows, columns = each.mean.shape
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(rows - 0.5, -0.5)
    tall = max(2, _LINES // rows)
    names = [
        [value_name(value, width=_NAME_LETTERS, lines=lines) for value in points]
        for points, lines in zip(each.points, (tall, 1), strict=True)
    ]
    turned = max(len(name) for name in names[1]) * 0.07 > _CELL
    ax.set_yticks(range(rows), names[0], fontsize="x-small")
    ax.set_xticks(range(columns), names[1], fontsize="x-small")
    if turned:
        ax.tick_params(axis="x", rotation=40)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("right")
            label.set_rotation_mode("anchor")
    ax.set_ylabel(fitted(each.features[0]), fontsize="small")
    ax.set_xlabel(fitted(each.features[1]), fontsize="small")
    ax.tick_params(length=0, colors=ink.muted)
    for side in ax.spines.values():
        side.set_visible(False)


def _title(each: Interaction, *, several: bool) -> str:
    strength = "–" if each.strength is None else number(round(each.strength, 10))
    if several:
        names = [each.model] if each.label is None else [each.model, str(each.label)]
        return f"{', '.join(names)}: H = {strength}"
    return f"{each.features[0]} and {each.features[1]}: H = {strength}"
