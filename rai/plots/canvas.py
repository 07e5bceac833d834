"""What every plot shares: axes to draw on, ink for light and dark paper, names that fit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rai.ground.colours import Mark, luminance
from rai.ground.errors import ArgumentError, listing, missing_extra, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Shapes of marks as matplotlib spells them.
MARKERS = {"circle": "o", "square": "s", "diamond": "D", "triangle": "^"}

# Lines of the same colour are told apart as their marks are: by shape.
DASHES = {
    "circle": "-",
    "square": (0, (6, 2)),
    "diamond": (0, (1.5, 1.5)),
    "triangle": (0, (6, 2, 1.5, 2)),
}

_NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours that read on the paper of some axes.

    Args:
        dark: Whether the paper is dark.
        text: Colour of marks that belong to no group.
        muted: Colour of what stands back.
        line: Colour of guide lines.
        paper: Colour inside hollow marks.
    """

    dark: bool
    text: str
    muted: str
    line: str
    paper: str


def axes_for(ax: Axes | None, *, width: float, height: float, feature: str) -> Axes:
    """The axes given, or those of a new figure of that size in inches.

    Raises:
        ExtraError: If matplotlib is not installed.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise missing_extra(feature, package="matplotlib", extra="plots") from error
    if ax is not None:
        return ax
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def ink_of(ax: Axes) -> Ink:
    """Ink for the paper behind some axes."""
    from matplotlib.colors import to_hex, to_rgba

    paper = to_rgba(ax.get_facecolor())
    if paper[3] == 0:
        paper = to_rgba(figure_of(ax).get_facecolor())
    colour = to_hex(paper)
    if luminance(colour) < 0.3:
        return Ink(dark=True, text="#E7EAEE", muted="#A0A9B5", line="#4A525C", paper=colour)
    return Ink(dark=False, text="#1A1E24", muted="#59626E", line="#D5D9DF", paper=colour)


def fitted(name: str, *, width: int = 30) -> str:
    """A name of a group in lines of so many characters, to fit beside a plot.

    Example:
        >>> fitted("Female × Amer-Indian-Eskimo × under 25")
        'Female × Amer-Indian-Eskimo ×\\nunder 25'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    line = line if len(line) <= _NAME_LENGTH else f"{line[: _NAME_LENGTH - 1]}…"
    return "\n".join(textwrap.wrap(line, width)).replace("$", r"\$") or "–"


def marker(mark: Mark) -> str:
    """The marker of a mark, as matplotlib spells it."""
    return MARKERS[mark.shape]


def plain(ax: Axes, ink: Ink) -> None:
    """Axes without a box: a line below, guide lines behind, no ticks on the left."""
    for side in ("top", "left", "right"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(ink.muted)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x", color=ink.line, linewidth=0.7)
    ax.set_axisbelow(True)


def rows_down(ax: Axes, labels: list[str]) -> None:
    """Rows from top to bottom, one label each."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def one_kind(kinds: Iterable[str], *, where: str, what: str) -> str:
    """The kind that all gaps have, for reading.

    Raises:
        ArgumentError: If they are of several kinds, or if there are none.
    """
    distinct = list(dict.fromkeys(kinds))
    if len(distinct) == 1:
        return distinct[0].replace("_", " ")
    hint = 'Take them with .where(kind="difference").' if distinct else ""
    seen = listing(distinct) or f"no {what}"
    raise ArgumentError(sentence(where, seen, expected=f"{what} of one kind", hint=hint))


def figure_of(ax: Axes) -> Figure:
    """The figure that some axes belong to."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure
