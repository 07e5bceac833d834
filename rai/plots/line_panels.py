"""Panels for lines over a scale: a grid of them inside one axes, with one legend of groups beside it.

┌──────┐ ┌──────┐   ● F
│  ╭───│ │───╮  │   ● M
│ ╱    │ │   ╰──│   ■ …
└──────┘ └──────┘
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.ground.colours import Mark
from rai.ground.formatting import number
from rai.plots.canvas import DASHES, Ink, fitted, ink_of, marker
from rai.values.thinning import kept_points, runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

PANEL_INCHES, MOST_COLUMNS, MOST_BANDS, MOST_NAMED = 2.9, 3, 6, 12

_LETTER_INCHES, _LINE_INCHES = 0.075, 0.155
_ACROSS, _DOWN = 0.3, 0.4
_LEGEND_WIDTH, _TITLE_WIDTH = 34, 29
_WITHIN = 0.0005

Named = Sequence[tuple[Mark | None, str]]


def grid_size(panels: int, named: Named = (), *, columns: int = MOST_COLUMNS) -> tuple[float, float]:
    """Width and height in inches of a figure for so many panels and a legend beside them."""
    across, down = min(panels, columns), math.ceil(panels / columns)
    lines = [text.split("\n") for _, text in named]
    letters = max((len(line) for text in lines for line in text), default=0)
    legend = sum(0.1 + _LINE_INCHES * len(text) for text in lines)
    width = 0.9 + PANEL_INCHES * (across + _ACROSS * (across - 1))
    height = PANEL_INCHES * (down + _DOWN * (down - 1))
    return width + (0.7 + _LETTER_INCHES * letters) * bool(named), 0.9 + max(height, legend)


def grid(ax: Axes, titles: Sequence[str], *, columns: int = MOST_COLUMNS) -> list[Axes]:
    """One axes per title inside `ax`, row by row, or `ax` itself if there is one."""
    ink, across = ink_of(ax), min(len(titles), columns)
    down = math.ceil(len(titles) / columns)
    inner = [ax]
    if len(titles) > 1:
        ax.set_axis_off()
        width, height = 1 / (across + _ACROSS * (across - 1)), 1 / (down + _DOWN * (down - 1))
        corners = [
            (i % across * width * (1 + _ACROSS), 1 - height - i // across * height * (1 + _DOWN))
            for i in range(len(titles))
        ]
        inner = [ax.inset_axes((x, y, width, height)) for x, y in corners]
    for panel, title in zip(inner, titles, strict=True):
        framed(panel, ink)
        lines = (textwrap.wrap(part, _TITLE_WIDTH) for part in title.split("\n"))
        panel.set_title("\n".join(chain.from_iterable(lines)), fontsize="medium", loc="left")
    return inner


def framed(ax: Axes, ink: Ink) -> None:
    """Axes of two scales: lines below and on the left, guide lines behind."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        ax.spines[side].set_color(ink.line)
    ax.tick_params(length=0, colors=ink.muted, labelsize="small")
    ax.grid(visible=True, color=ink.line, linewidth=0.7)
    ax.set_axisbelow(True)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(tick)
        axis.label.set_color(ink.muted)


def tick(value: float, _place: float | None = None) -> str:
    """A tick as text."""
    return number(round(float(value), 10))


def unit(ax: Axes, *, x: bool = True, y: bool = True) -> None:
    """Scales from 0 to 1, with room for what lies on their ends."""
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    if x:
        ax.set_xlim(-0.015, 1.015)
        ax.set_xticks(ticks)
    if y:
        ax.set_ylim(-0.015, 1.015)
        ax.set_yticks(ticks)


def line(
    ax: Axes, x: Array, y: Array, *, low: Array, high: Array, mark: Mark | None, ink: Ink, band: bool
) -> None:
    """A line with its band, broken where it is undefined; of many points those that can be seen."""
    colour = ink.line if mark is None else mark.colour(dark=ink.dark)
    dash, width = ("-", 0.9) if mark is None else (DASHES[mark.shape], 1.7)
    spread = _spread(x), max(_spread(y), _spread(high), _spread(low))
    for run in runs(np.isfinite(y)):
        parts = [np.where(np.isnan(side[run]), y[run], side[run]) for side in (y, low, high)]
        kept = kept_points(x[run] / spread[0], *(part / spread[1] for part in parts), within=_WITHIN)
        where = x[run][kept]
        middle, below, above = (part[kept] for part in parts)
        if band:
            ax.fill_between(where, below, above, color=colour, alpha=0.14, linewidth=0)
        sign = "o" if len(where) == 1 else "none"
        ax.plot(where, middle, color=colour, linewidth=width, linestyle=dash, marker=sign, markersize=4)


def rule(ax: Axes, threshold: float, ink: Ink) -> None:
    """The present threshold: an upright line, named where it stands."""
    ax.axvline(threshold, color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
    ax.annotate(
        tick(threshold), (threshold, 1), xycoords=ax.get_xaxis_transform(), xytext=(2, -1), va="top",
        textcoords="offset points", fontsize="x-small", color=ink.muted,
    )  # fmt: skip


def beside(panels: Sequence[Axes], ink: Ink, named: Named, *, columns: int = MOST_COLUMNS) -> None:
    """A legend to the right of the panels: marks and what is told; without a mark, of all the others."""
    from matplotlib.lines import Line2D

    handles = []
    for mark, text in named:
        handle = Line2D([], [], color=ink.line, linewidth=1.7, markersize=5, label=text)
        if mark is not None:
            handle.set(
                color=mark.colour(dark=ink.dark), linestyle=DASHES[mark.shape], marker=marker(mark)
            )
        handles.append(handle)
    panels[min(len(panels), columns) - 1].legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0, frameon=False,
        fontsize="small", labelcolor=ink.text, handlelength=2.6, labelspacing=0.7,
    )  # fmt: skip


def legend_name(name: str) -> str:
    """A name of a group that fits into a legend."""
    return fitted(name, width=_LEGEND_WIDTH)


def _spread(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(known)) or 1.0 if len(known) else 1.0
