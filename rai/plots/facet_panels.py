"""Facets as small multiples: a grid of bars, one in each cell, as tall as the cell has rows.

          HS-grad   Bachelors
17 to 39    ▇          ▅           each bar is stacked by colour, in the order of the legend;
40 to 90    ▃          ▂           above it stands how many rows there are
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.explore.facet_tables import FacetAxis, Facets
from rai.ground.colours import DARK, GREY, LIGHT, blend, ramp
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, figure
from rai.plots.canvas import Ink, axes_for, figure_of, fitted, ink_of
from rai.plots.value_names import value_name
from rai.values.binning import Intervals, TopLevels
from rai.values.column_summary import NUMERIC

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

MOST = 50  # buckets of an axis that can be drawn

_WIDEST, _GRID_INCHES = 0.9, 8.0  # a cell alone, and all cells of a row or column together
_LETTERS, _LETTER_INCHES = 26, 0.075
_BAR, _ROOM = 0.78, 0.72  # the tallest bar's share of a cell, in width and in height
_FLOOR = 0.06
_LETTERS_POINTS = (4.0, 8.0)
_TINT = 0.55
_THIN = 4  # points: thinner parts of a bar have no edge, which would hide them


Fill = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn: only buckets that are wanted.

    Args:
        n: Rows, shape (R, C, K).
        height: Rows, or their weight, the same shape.
        names: The names of the buckets of each axis.
        colors: Which buckets of the colour axis these are.
    """

    n: NDArray[np.int64]
    height: NDArray[np.float64]
    names: tuple[list[str], list[str], list[str]]
    colors: list[int]


def facets(result: Facets, ax: Axes | None = None) -> Axes:
    """Draw facets: a bar in each cell, stacked by colour, on one scale.

    Numbers are coloured from pale to strong, categories each in a colour of their own, `other` grey and
    the missing grey and hatched. A bucket for missing values is left out where nothing is missing.

    Args:
        result: What `rai.facet` found.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; cells are counted from the upper left, the one of row r and column c centred at (c, r).

    Raises:
        ArgumentError: If it is something else, or has too many buckets to draw.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> from rai.explore.facets import facet
        >>> found = facet({"sex": ["F", "F", "M"], "paid": [0, 1, 1]}, rows="sex", color="paid")
        >>> ax = rai.plots.facet_panels.facets(found)
        >>> [text.get_text() for text in ax.texts], len(ax.patches)
        (['2', '1'], 3)
    """
    if not isinstance(result, Facets):
        seen = f"a {type(result).__name__}"
        raise ArgumentError(sentence("plots.facets", seen, expected="facets, as rai.facet finds them"))
    drawn = _drawn(result)
    down, across = drawn.n.shape[:2]
    cell = tuple(min(_WIDEST, _GRID_INCHES / max(count, 1)) for count in (across, down))
    lines = max(1, int(cell[1] / 0.16))
    rows, columns, keys = (
        _short(names, lines=most) for names, most in zip(drawn.names, (lines, 1, 2), strict=True)
    )
    left, right = (
        _LETTER_INCHES * max((len(line) for key in each for line in key.split("\n")), default=0)
        for each in (rows, keys)
    )
    ax = axes_for(
        ax,
        width=cell[0] * across + left + (right + 1.2 if result.color.name else 0) + 0.6,
        height=max(cell[1] * down, 0.24 * len(keys)) + 1.1 + 0.4 * _LETTER_INCHES * _LETTERS,
        feature="plots.facets",
    )
    ink = ink_of(ax)
    every = _fills(result.color, ink)
    fills = [every[place] for place in drawn.colors]
    _bars(ax, drawn, fills, ink)
    _counts(ax, drawn, ink)
    _frame(ax, result, rows, columns, ink)
    if result.color.name is not None:
        rows_of = drawn.n.sum(axis=(0, 1)).tolist()
        _legend(ax, result.color.name, list(zip(fills, keys, rows_of, strict=True)), ink)
    return ax


def _drawn(result: Facets) -> _Drawn:
    """The buckets to draw, without those of the missing where nothing is missing."""
    kept = [_kept(axis, result.n, place) for place, axis in enumerate(result.axes)]
    for role, places in zip(("rows", "columns", "colours"), kept, strict=True):
        if len(places) > MOST:
            hint = "Ask for fewer bins."
            seen = f"{len(places)} {role}"
            raise ArgumentError(sentence("plots.facets", seen, expected=f"at most {MOST}", hint=hint))
    chosen = np.ix_(*kept)
    names = [[axis.labels[place] for place in at] for axis, at in zip(result.axes, kept, strict=True)]
    rows, columns, colors = names
    return _Drawn(result.n[chosen], result.weight[chosen], (rows, columns, colors), kept[2])


def _kept(axis: FacetAxis, n: NDArray[np.int64], place: int) -> list[int]:
    rows = n.sum(axis=tuple(other for other in range(3) if other != place))
    missing = axis.binning is not None and not rows[-1]
    return list(range(len(axis) - missing)) or [0]


def _fills(axis: FacetAxis, ink: Ink) -> list[Fill]:
    """A colour for each bucket, and whether it is hatched."""
    palette, grey = (DARK if ink.dark else LIGHT), GREY[ink.dark]
    if axis.binning is None:
        return [(palette[0], False)]
    buckets = len(axis.binning)
    if isinstance(axis.binning, Intervals) or (axis.kind in NUMERIC and buckets > 2):
        found = list(ramp(buckets, dark=ink.dark))
    else:
        tints = [blend(colour, ink.paper, _TINT) for colour in palette]
        found = [*palette, *tints, *[grey] * buckets][:buckets]
    if isinstance(axis.binning, TopLevels) and axis.binning.others:
        found[-1] = grey
    return [*((colour, False) for colour in found), (grey, True)]


def _short(names: list[str], *, lines: int) -> list[str]:
    """Names in so many lines; those that would read the same lose what they have in common first."""
    short = [value_name(name, width=_LETTERS, lines=lines) for name in names]
    for name in {name for name in short if short.count(name) > 1}:
        alike = [place for place, each in enumerate(short) if each == name]
        start = _in_common([names[place] for place in alike])
        for count, place in enumerate(alike, 1):
            short[place] = value_name(f"…{names[place][start:]}", width=_LETTERS, lines=lines)
            short[place] += f" ({count})" if short[place] in short[:place] else ""
    return short


def _in_common(names: list[str]) -> int:
    """How many letters names begin with that are the same in all of them."""
    first, last = min(names), max(names)
    differ = (at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return next(differ, len(first))


def _bars(ax: Axes, drawn: _Drawn, fills: list[Fill], ink: Ink) -> None:
    """A stacked bar in each cell; the tallest fills its own."""
    from matplotlib.patches import Rectangle

    tops = np.cumsum(drawn.height, axis=2)
    scale = _ROOM / (float(tops.max(initial=0)) or 1.0)
    points = 72 * _inches(ax).height / len(tops)
    for r, c, k in zip(*(each.tolist() for each in np.nonzero(drawn.height)), strict=True):
        colour, hatched = fills[k]
        top, tall = (float(each[r, c, k]) * scale for each in (tops, drawn.height))
        edge = colour if hatched else ink.paper
        ax.add_patch(
            Rectangle(
                (c - _BAR / 2, r + 0.5 - _FLOOR - top), _BAR, tall,
                facecolor=ink.paper if hatched else colour, edgecolor=edge,
                hatch="//////" if hatched else None, linewidth=0.5 if tall * points > _THIN else 0.0,
            )
        )  # fmt: skip


def _counts(ax: Axes, drawn: _Drawn, ink: Ink) -> None:
    """How many rows each cell has, above its bar, where letters that fit can be read."""
    rows, height = drawn.n.sum(axis=2), drawn.height.sum(axis=2)
    scale = _ROOM / (float(height.max(initial=0)) or 1.0)
    box, longest = _inches(ax), len(f"{int(rows.max(initial=0)):,}")
    across, down = box.width / rows.shape[1], box.height / rows.shape[0]
    letters = min(_LETTERS_POINTS[1], 72 * across / (0.62 * longest), 72 * 0.2 * down)
    if letters < _LETTERS_POINTS[0]:
        return
    for r, c in np.ndindex(rows.shape):
        ax.text(
            c, r + 0.5 - _FLOOR - float(height[r, c]) * scale - 0.02, f"{rows[r, c]:,}", ha="center",
            va="bottom", fontsize=letters, color=ink.text if rows[r, c] else ink.muted,
        )  # fmt: skip


def _inches(ax: Axes) -> Bbox:
    """Where the axes are in their figure, in inches."""
    return ax.get_window_extent().transformed(figure_of(ax).dpi_scale_trans.inverted())


def _frame(ax: Axes, result: Facets, rows: list[str], columns: list[str], ink: Ink) -> None:
    """Names of rows and columns, lines between them, and what a bar is."""
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), rows if result.rows.name else [""], fontsize="small")
    ax.set_xticks(range(len(columns)), columns if result.columns.name else [""], fontsize="small")
    if max(len(name) for name in columns) * _LETTER_INCHES > min(_WIDEST, _GRID_INCHES / len(columns)):
        for label in ax.get_xticklabels():
            label.set(rotation=40, horizontalalignment="right", rotation_mode="anchor")
    for edge in range(len(rows)):
        ax.axhline(edge + 0.5 - _FLOOR, color=ink.muted, linewidth=0.6, zorder=0.5)
    ax.set_ylabel(fitted(result.rows.name or ""), fontsize="small") if result.rows.name else None
    ax.set_xlabel(fitted(result.columns.name or ""), fontsize="small") if result.columns.name else None
    tallest = float(result.weight.sum(axis=2).max(initial=0))
    unit = counted(int(tallest), "row") if result.sample_weight is None else f"weight {figure(tallest)}"
    ax.set_title(f"tallest bar: {unit}", fontsize="small", loc="left", color=ink.muted)
    ax.tick_params(length=0, labelcolor=ink.text)
    for side in ax.spines.values():
        side.set_visible(False)


def _legend(ax: Axes, name: str, entries: list[tuple[Fill, str, int]], ink: Ink) -> None:
    """What the colours mean, with the rows of each, from the top of a bar to its foot."""
    from matplotlib.patches import Patch

    handles = [
        Patch(
            facecolor=ink.paper if hatched else colour, edgecolor=colour, linewidth=0.5,
            hatch="//////" if hatched else None, label=f"{key}  {rows:,}",
        )
        for (colour, hatched), key, rows in reversed(entries)
    ]  # fmt: skip
    legend = ax.legend(
        handles=handles, title=fitted(name), loc="upper left", bbox_to_anchor=(1.01, 1.0),
        frameon=False, fontsize="small", title_fontsize="small", alignment="left", borderaxespad=0,
        labelcolor=ink.text,
    )  # fmt: skip
    legend.get_title().set_color(ink.text)
