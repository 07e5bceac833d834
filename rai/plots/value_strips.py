"""Attributions of many rows as strips: a line for each feature, a dot for each row.

age      ·:∷⁙∷:·  ·     faint to strong: low to high values of the feature; grey: categories
hours      ··:∷:·       or a lane and a colour for each group
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.numbers import NotNumbersError
from rai.explainers.attributions import Attributions
from rai.ground.colours import GREY, Mark, blend, marks
from rai.ground.formatting import counted, figure
from rai.plots.attribution_rows import (
    MOST,
    Array,
    LegendSign,
    beside_rows,
    check_attributions,
    legend_right,
    mark_sign,
    scale_name,
    shown_players,
)
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import legend_name
from rai.plots.panels import panels, size
from rai.values import Level
from rai.values.levels import key_name
from rai.whatif.row_groups import Cuts, groups_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.attribution_strip"
MOST_LANES, RASTER_ROWS = 12, 500

LOW_HIGH = {False: ("#6FA8EE", "#8A2F0E"), True: ("#3A6FB8", "#FFB877")}  # by whether the paper is dark
_BINS, _REACH, _STEP = 160, 0.36, 0.06
_OUTER = (0.05, 0.95)  # quantiles that the colours end at
_LANE = 0.34  # of a row, for each lane more
_LEGEND_POINTS = 58
_RIM, _WIDER = 0.01, 2.0  # dots beyond the outer 1% may stand at the edge, if they double the scale


@dataclass(frozen=True, slots=True, eq=False)
class _Lanes:
    """Groups of rows: who, how each looks, and each row's place among them (-1 for none)."""

    names: tuple[str, ...]
    looks: tuple[Mark, ...]
    place: Any
    left_out: int


def attribution_strip(
    attributions: Attributions,
    ax: Axes | None = None,
    *,
    output: Level | None = None,
    most: int = MOST,
    by: Any = None,
    cuts: Cuts | None = None,
) -> Axes:
    """Draw every row's attributions, a line of dots for each feature, those that matter most first.

    A dot is a row; where many lie together they spread upwards and downwards. Colours run from the low
    to the high values of the feature (its 5% and 95% quantiles); categories are grey. With groups, each
    has a lane and its colour instead. A few rows that would crush all others on the scale stand at its
    edge, with their number and the furthest of them. The number beside a feature is its mean size over
    all rows.

    Args:
        attributions: What `rai.explain` returned.
        ax: Where to draw; a new figure if None.
        output: Which output; of several the last one if None.
        most: Features with a line of their own; the others are summed, row by row, in one.
        by: What splits the rows into groups: names of columns, or a dict of name to array.
        cuts: Numeric columns of `by` to edges, or to a number of quantile groups.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there is no such output, or nothing to draw.
        RoleError: If a column of `by` is not there, or can't name groups.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"a": [1.0, 0.0, 2.0], "b": [0.5, 0.5, 0.5], "sex": ["F", "M", "F"]}
        >>> found = rai.explain(lambda f: f["a"] * f["b"], rows, players={"both": ["a", "b"]})
        >>> ax = rai.plots.attribution_strip(found, by="sex")
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['both', 'sex']
    """
    given = check_attributions(attributions, where=WHERE)
    values = given.values[:, :, given.output_place(output)]
    lanes = None if by is None else _lanes(given, by, cuts)
    means = np.abs(values).mean(axis=0)
    shown = shown_players(means, most=most)
    labels = [fitted(given.names[place]) for place in shown.places]
    lines = [values[:, place] for place in shown.places]
    if shown.others:
        labels.append(shown.others_name)
        lines.append(values[:, list(shown.others)].sum(axis=1))
    width, height = size(3.4, labels)
    tall = 1 + _LANE * (len(lanes.names) - 1) if lanes else 1.2
    ax = axes_for(ax, width=width + 1.6, height=1.2 + (height - 1.2) * tall, feature=WHERE)
    ink = ink_of(ax)
    panels(ax, [""], labels)
    ax.axvline(0, color=ink.muted, linewidth=1)
    low, high = _limits(lines)
    for row, line in enumerate(lines):
        if lanes is not None:
            _draw_lanes(ax, np.clip(line, low, high), row, lanes, ink)
        else:
            place = shown.places[row] if row < len(shown.places) else None
            _draw_dots(ax, np.clip(line, low, high), row, _colours(given, place, ink))
        _edges(ax, line, row, (low, high), ink)
    texts = [(row, figure(float(np.abs(line).mean())), False) for row, line in enumerate(lines)]
    beside_rows(ax, [(-0.6, "mean\nsize", True), *texts], ink)
    _legend(ax, ink, lanes)
    ax.set_xlabel(_told(given, output, lanes))
    room = 0.03 * ((high - low) or 1.0)
    ax.set_xlim(low - room, high + room)
    return ax


def offsets(values: Array) -> Array:
    """How far each dot is from the middle of its line, by how many lie together; the same every time.

    Args:
        values: Places along the line, shape (n,).

    Returns:
        Steps up (negative) and down, between -1 and 1, shape (n,).

    Example:
        >>> offsets(np.array([0.0, 0.0, 0.0, 1.0])).tolist()
        [0.0, 1.0, -1.0, 0.0]
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        binned = np.zeros(len(values), dtype=np.intp)
    else:
        binned = np.minimum(((values - low) / (high - low) * _BINS).astype(np.intp), _BINS - 1)
    order = np.argsort(binned, kind="stable")
    counts = np.bincount(binned, minlength=1)
    rank = np.empty(len(values), dtype=np.intp)
    rank[order] = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts)
    steps = (rank + 1) // 2 * np.where(rank % 2, 1.0, -1.0)
    return np.asarray(steps / max(float((counts.max()) // 2), 1.0)) + 0.0


def shades(numbers: Array, ink: Ink) -> Any:
    """A colour for each number from low to high, shape (n, 4); grey where it is missing."""
    from matplotlib.colors import LinearSegmentedColormap

    plain = LinearSegmentedColormap.from_list("low to high", LOW_HIGH[ink.dark])
    scale = plain.with_extremes(bad=GREY[ink.dark])
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return scale(np.ma.masked_invalid(np.full(len(numbers), np.nan)))
    low, high = np.quantile(known, _OUTER)
    if low == high:
        low, high = known.min(), known.max()
    share = np.clip((numbers - low) / ((high - low) or 1.0), 0, 1)
    return scale(np.ma.masked_invalid(share))


def _draw_dots(
    ax: Axes, line: Array, row: float, colours: Any, *, reach: float = _REACH, sign: str = "o"
) -> None:
    """One line of dots; as an image where they are many."""
    jitter = offsets(line)
    crowd = min(reach, _STEP * max(1.0, float(len(np.unique(jitter))) / 2))
    ax.scatter(
        line, row + crowd * jitter, c=colours, s=_area(len(line)), marker=sign,
        linewidths=0, alpha=0.9, zorder=2, rasterized=len(line) > RASTER_ROWS,
    )  # fmt: skip


def _area(rows: int) -> float:
    """The area of a dot, in square points: smaller where they are many."""
    return 20 if rows <= RASTER_ROWS / 5 else 9 if rows <= RASTER_ROWS else 5


def _draw_lanes(ax: Axes, line: Array, row: int, lanes: _Lanes, ink: Ink) -> None:
    count = len(lanes.names)
    middles = (np.arange(count) - (count - 1) / 2) * 0.84 / count
    for at, (middle, look) in enumerate(zip(middles.tolist(), lanes.looks, strict=True)):
        inside = line[lanes.place == at]
        colour = look.colour(dark=ink.dark)
        _draw_dots(ax, inside, row + middle, colour, reach=_REACH / count, sign=marker(look))
        ax.plot(
            [float(inside.mean())], [row + middle], marker="|", markersize=max(5, 22 / count),
            markeredgewidth=2, color=ink.text, zorder=3,
        )  # fmt: skip


def _limits(lines: Sequence[Array]) -> tuple[float, float]:
    """The ends of the scale: all values, or all but those that would crush the others."""
    low, high = min(0.0, *(float(x.min()) for x in lines)), max(0.0, *(float(x.max()) for x in lines))
    inner = [np.quantile(x, (_RIM, 1 - _RIM)) for x in lines]
    first, last = min(0.0, *(float(x[0]) for x in inner)), max(0.0, *(float(x[1]) for x in inner))
    span = last - first
    if span and high - low > _WIDER * span:
        return max(low, first - span / 2), min(high, last + span / 2)
    return low, high


def _edges(ax: Axes, line: Array, row: int, ends: tuple[float, float], ink: Ink) -> None:
    """Where dots stand at an edge because they are beyond it: an arrow, how many, and how far."""
    low, high = ends
    for beyond, at, sign, side in ((line < low, low, "◂", "left"), (line > high, high, "▸", "right")):
        if beyond.any():
            far = float(line.min() if side == "left" else line.max())
            told = f"{int(beyond.sum()):,} up to {figure(far)}"
            ax.annotate(
                f"{sign} {told}" if side == "left" else f"{told} {sign}", (at, row), ha=side, va="top",
                xytext=(0, -5), textcoords="offset points", fontsize="x-small", color=ink.muted,
            )  # fmt: skip


def _colours(given: Attributions, place: int | None, ink: Ink) -> Any:
    """A colour for each row: by the player's value, or grey."""
    grey = GREY[ink.dark]
    columns = () if place is None else given.columns[place]
    if len(columns) != 1:
        return grey
    try:
        numbers = np.asarray(given.held.numbers(columns[0]), dtype=np.float64)
    except NotNumbersError:
        return grey
    return shades(numbers, ink)


def _lanes(given: Attributions, by: Any, cuts: Cuts | None) -> _Lanes:
    """The groups of rows; of many the largest."""
    groups = groups_of(given.held, by, cuts=cuts)
    names = [key_name(key) for key in groups.keys]
    counts = np.bincount(groups.place[groups.place >= 0], minlength=len(names))
    kept = sorted(np.argsort(-counts, kind="stable")[:MOST_LANES].tolist())
    kept = [at for at in kept if counts[at]]
    new = np.full(len(names) + 1, -1)
    new[kept] = np.arange(len(kept))
    looks = marks(names)
    return _Lanes(
        names=tuple(f"{legend_name(names[at])}\nn = {counts[at]:,}" for at in kept),
        looks=tuple(looks[names[at]] for at in kept),
        place=new[groups.place],
        left_out=int((counts > 0).sum()) - len(kept),
    )


def _legend(ax: Axes, ink: Ink, lanes: _Lanes | None) -> None:
    """What the colours mean, to the right of the numbers."""
    if lanes is None:
        low, high = LOW_HIGH[ink.dark]
        signs = [
            LegendSign(high, "o", "high value"),
            LegendSign(blend(low, high, 0.5), "o", "middle"),
            LegendSign(low, "o", "low value"),
            LegendSign(GREY[ink.dark], "o", "category,\nmissing, or\nseveral"),
        ]
    else:
        pairs = zip(lanes.looks, lanes.names, strict=True)
        signs = [mark_sign(look, name, ink) for look, name in pairs]
        signs.append(LegendSign(ink.text, "|", "mean"))
    legend_right(ax, signs, ink, points=_LEGEND_POINTS)


def _told(given: Attributions, output: Level | None, lanes: _Lanes | None) -> str:
    more = f"; {counted(lanes.left_out, 'smaller group')} not drawn" if lanes and lanes.left_out else ""
    return f"{scale_name(given, output)}, a dot for each of {counted(len(given), 'row')}{more}"
