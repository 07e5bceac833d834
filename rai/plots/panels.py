"""Panels side by side that share their rows: each a real axes with a scale of its own.

rows      panel      panel      panel
group A    ─●─        ─●─        ●─
group B     ─●─     ─●─         ─●
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rai.ground.formatting import number
from rai.plots.canvas import Ink, figure_of, ink_of, plain, rows_down

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_INCHES, LETTER_INCHES, ROW_INCHES = 1.75, 0.085, 0.36
_GAP = 0.2
_TITLE_WIDTH = 16


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval, in a row.

    Args:
        row: Place of the row, from the top; between two rows where several share one.
        value: The value; None where it is undefined.
        low, high: Its bounds, or None.
        colour: Of the mark.
        marker: Its shape, as matplotlib spells it.
        filled: Whether the mark is filled.
    """

    row: float
    value: float | None
    low: float | None
    high: float | None
    colour: str
    marker: str = "o"
    filled: bool = True


def size(panels: float, labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of a figure for so many panels and rows with these labels."""
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    letters = max((len(line) for label in labels for line in label.split("\n")), default=0)
    row = ROW_INCHES * (1 + 0.45 * (lines - 1))
    return 0.4 + LETTER_INCHES * letters + PANEL_INCHES * max(panels, 2), 1.2 + row * max(len(labels), 2)


def panels(ax: Axes, titles: Sequence[str], labels: list[str]) -> list[Axes]:
    """One axes per title inside `ax`, or `ax` itself if there is one; rows are labelled on the left."""
    ink = ink_of(ax)
    if len(titles) == 1:
        inner = [ax]
    else:
        ax.set_axis_off()
        width = 1 / (len(titles) + _GAP * (len(titles) - 1))
        places = [i * width * (1 + _GAP) for i in range(len(titles))]
        inner = [ax.inset_axes((place, 0.0, width, 1.0)) for place in places]
    for i, (panel, title) in enumerate(zip(inner, titles, strict=True)):
        plain(panel, ink)
        rows_down(panel, labels)
        wrapped = "\n".join(textwrap.wrap(title, _TITLE_WIDTH)) if len(titles) > 1 else title
        panel.set_title(wrapped, fontsize="medium", loc="left")
        panel.xaxis.set_major_formatter(_tick)
        panel.locator_params(axis="x", nbins=3 if len(titles) > 1 else 6)
        if i:
            panel.tick_params(axis="y", labelleft=False)
    return inner


def _tick(value: float, _place: float | None = None) -> str:
    return number(round(float(value), 10))


def draw(ax: Axes, points: Sequence[Point], ink: Ink) -> None:
    """Values with their intervals; a dash stands where there is no value."""
    for point in points:
        if point.value is None:
            ax.text(
                0.02, point.row, "– undefined", transform=ax.get_yaxis_transform(), color=ink.muted,
                va="center", fontsize="small",
            )  # fmt: skip
            continue
        if point.low is not None and point.high is not None:
            ax.plot([point.low, point.high], [point.row, point.row], color=point.colour, linewidth=1.6)
        ax.plot(
            [point.value], [point.row], linestyle="none", marker=point.marker, markersize=6.5,
            markeredgecolor=point.colour, markeredgewidth=1.4,
            markerfacecolor=point.colour if point.filled else ink.paper,
        )  # fmt: skip


def from_zero(ax: Axes) -> None:
    """A scale that starts at 0, or before what lies below, with room for the mark furthest right."""
    low, high = ax.get_xlim()
    if low > 0:
        ax.set_xlim(0.0, high + 0.03 * high)


def legend(ax: Axes, ink: Ink, *, chance: str = "") -> None:
    """What filled and hollow marks mean and, where it is said, the diamond of chance, below the axes."""
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    signs = [
        ("o", ink.text, ink.text, "beyond chance"),
        ("o", ink.text, ink.paper, "could be chance"),
        ("D", ink.muted, ink.paper, chance),
    ]
    handles = [
        Line2D(
            [], [], linestyle="none", marker=m, markeredgecolor=edge, markerfacecolor=face, label=text
        )
        for m, edge, face, text in (signs if chance else signs[:2])
    ]
    points = 44 if ax.get_xlabel() else 26
    below = ax.transAxes + ScaledTranslation(0, -points / 72, figure_of(ax).dpi_scale_trans)
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, 0.0), bbox_transform=below, ncols=3,
        borderaxespad=0, borderpad=0, frameon=False, fontsize="small", handletextpad=0.2,
        columnspacing=1.2,
    )  # fmt: skip
