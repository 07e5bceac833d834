"""A feature's attributions against its values: a dot for each row, by group, or by another feature.

attribution                        number: a cloud        category: a strip each
  │      ·∴∵·
  │ ·∵∴·                           missing values stand beside the scale
  └────────── value
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rai.explainers.space_names import score_name
from rai.explainers.summaries import Dependence
from rai.ground.colours import GREY, Mark, blend, marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted
from rai.plots.attribution_rows import Array, LegendSign, legend_right, mark_sign
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import framed, legend_name
from rai.plots.value_names import value_name
from rai.plots.value_strips import LOW_HIGH, RASTER_ROWS, offsets, shades
from rai.values.levels import key_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.attribution_dependence"
MOST_CATEGORIES, MOST_COLOURS = 12, 6

_WIDE, _TALL, _REACH, _BESIDE = 4.6, 3.4, 0.38, 0.06


def attribution_dependence(dependence: Dependence, ax: Axes | None = None) -> Axes:
    """Draw what a feature contributes at each of its values, a dot for each row.

    Colours are groups, where rows are split; otherwise the values of the feature that it seems to act
    with, where there is one. Categories have a strip each, ordered by their mean, which is a stroke; of
    more than twelve the most frequent are drawn. Missing numbers stand to the right of the scale.

    Args:
        dependence: What `rai.explainers.summaries.dependence` returned.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there are no rows.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> from rai.explainers.summaries import dependence
        >>> rows = {"a": [0.5, 0.0, 1.0, 0.5], "sex": ["F", "M", "F", "M"]}
        >>> found = dependence(rai.explain(lambda f: f["a"], rows), "a", by="sex")
        >>> ax = rai.plots.attribution_dependence(found)
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('a, a dot for each of 4 rows', 'adds to probability')
    """
    if not len(dependence):
        raise ArgumentError(sentence(WHERE, "no rows", expected="at least one"))
    categories = dependence.values.categories
    kept, left_out = _categories(dependence) if categories is not None else ([], 0)
    wide = max(_WIDE, 0.6 * len(kept) + 1.2)
    ax = axes_for(ax, width=wide + 1.9, height=_TALL + 0.3 * bool(kept), feature=WHERE)
    ink = ink_of(ax)
    framed(ax, ink)
    ax.axhline(0, color=ink.muted, linewidth=1)
    colours, signs = _colours(dependence, ink)
    if categories is None:
        _cloud(ax, dependence, colours, ink)
    else:
        _strips(ax, dependence, kept, colours, ink)
    if signs:
        legend_right(ax, signs, ink, points=10)
    many = counted(int(_drawn(dependence, kept).sum()), "row")
    more = f"; {counted(left_out, 'rarer value')} not drawn" if left_out else ""
    ax.set_xlabel(
        f"{fitted(dependence.feature, width=60)}, a dot for each of {many}{more}", color=ink.text
    )
    ax.set_ylabel(f"adds to {score_name(dependence.space, dependence.output)}", color=ink.text)
    return ax


def _drawn(found: Dependence, kept: list[int]) -> Any:
    """Whether each row is drawn."""
    if found.values.categories is None:
        return np.ones(len(found), dtype=bool)
    return np.isin(found.values.numbers.astype(np.intp), kept)


def _categories(found: Dependence) -> tuple[list[int], int]:
    """Places of the most frequent categories, ordered by their mean, and how many are left out."""
    codes = found.values.numbers.astype(np.intp)
    counts = np.bincount(codes)
    frequent = [at for at in np.argsort(-counts, kind="stable").tolist() if counts[at]]
    kept = frequent[:MOST_CATEGORIES]
    sums = np.bincount(codes, weights=found.attribution)
    return sorted(kept, key=lambda at: float(sums[at] / counts[at])), len(frequent) - len(kept)


def _colours(found: Dependence, ink: Ink) -> tuple[Any, list[LegendSign]]:
    """A colour for each row, shape (n, 4), and what the colours mean."""
    from matplotlib.colors import to_rgba

    names = [key_name(level for _, level in group) for group in found.groups]
    if len(names) > 1:
        looks = marks(names)
        counts = np.bincount(found.place, minlength=len(names))
        table = np.array([to_rgba(looks[name].colour(dark=ink.dark)) for name in names])
        told = [f"{legend_name(name)}\nn = {count:,}" for name, count in zip(names, counts, strict=True)]
        return table[found.place], [
            mark_sign(looks[name], text, ink) for name, text in zip(names, told, strict=True)
        ]
    other = found.colour
    if other is None:
        return np.tile(to_rgba(ink.muted), (len(found), 1)), []
    name = fitted(other.name, width=20)
    if other.categories is None:
        low, high = LOW_HIGH[ink.dark]
        signs = [(high, "high"), (blend(low, high, 0.5), "middle"), (low, "low")]
        known = np.isfinite(other.numbers)
        signs += [] if known.all() else [(GREY[ink.dark], "missing")]
        return shades(other.numbers, ink), [
            LegendSign(colour, "o", f"{word} {name}") for colour, word in signs
        ]
    return _by_category(other.numbers.astype(np.intp), other.categories, name, ink)


def _by_category(
    codes: Any, categories: tuple[str, ...], name: str, ink: Ink
) -> tuple[Any, list[LegendSign]]:
    """Colours of the most frequent categories of another feature; the others are grey."""
    from matplotlib.colors import to_rgba

    counts = np.bincount(codes, minlength=len(categories))
    kept = sorted(np.argsort(-counts, kind="stable")[:MOST_COLOURS].tolist())
    looks = {at: Mark(place) for place, at in enumerate(kept)}
    others = Mark(None)
    table = np.array(
        [to_rgba(looks.get(at, others).colour(dark=ink.dark)) for at in range(len(categories))]
    )
    signs = [mark_sign(looks[at], f"{name} = {legend_name(categories[at])}", ink) for at in kept]
    if len(categories) > len(kept):
        signs.append(mark_sign(others, f"{counted(len(categories) - len(kept), 'other')}", ink))
    return table[codes], signs


def _style(found: Dependence) -> dict[str, Any]:
    many = len(found) > RASTER_ROWS
    return {"s": 7 if many else 14, "linewidths": 0, "alpha": 0.6 if many else 0.85, "rasterized": many}


def _cloud(ax: Axes, found: Dependence, colours: Any, ink: Ink) -> None:
    """Numbers: values across, attributions up; missing ones beside the scale."""
    x = found.values.numbers
    known = np.isfinite(x)
    low, high = (float(x[known].min()), float(x[known].max())) if known.any() else (0.0, 0.0)
    place = high + _BESIDE * ((high - low) or 1.0)
    at = np.where(known, x, place)
    if found.standard_error is not None and len(found) <= RASTER_ROWS:
        reach = 1.96 * found.standard_error
        ax.vlines(
            at, found.attribution - reach, found.attribution + reach, colors=colours, linewidth=0.7
        )
    for shape, rows in _shapes(found):
        ax.scatter(
            at[rows], found.attribution[rows], c=colours[rows], marker=shape, zorder=2, **_style(found)
        )
    if not known.all() and known.any():
        ax.annotate(
            "missing", (place, 0), xycoords=ax.get_xaxis_transform(), xytext=(0, 3), ha="right",
            textcoords="offset points", va="bottom", fontsize="x-small", color=ink.muted,
        )  # fmt: skip


def _strips(ax: Axes, found: Dependence, kept: list[int], colours: Any, ink: Ink) -> None:
    """Categories: a strip each, with its mean and its rows."""
    codes = found.values.numbers.astype(np.intp)
    lanes = max(1, len(found.groups))
    for column, code in enumerate(kept):
        inside = codes == code
        for lane in range(lanes):
            rows = inside & (found.place == lane) if lanes > 1 else inside
            if not rows.any():
                continue
            middle = column + (lane - (lanes - 1) / 2) * 0.84 / lanes
            y: Array = found.attribution[rows]
            spread = offsets(y) * _REACH / lanes * min(1.0, len(y) / 25)
            ax.scatter(middle + spread, y, c=colours[rows], zorder=2, **_style(found))
            ax.plot(
                [middle - 0.4 / lanes, middle + 0.4 / lanes], [float(y.mean())] * 2, color=ink.text,
                linewidth=1.8, zorder=3,
            )  # fmt: skip
    assert found.values.categories is not None
    words, counts = found.values.categories, np.bincount(codes)
    names = [f"{value_name(words[at], width=14, lines=2)}\nn = {counts[at]:,}" for at in kept]
    ax.set_xticks(range(len(kept)), names, fontsize="x-small")
    if max(len(line) for name in names for line in name.split("\n")) * 0.07 > 0.62 * _WIDE / 4:
        ax.tick_params(axis="x", rotation=35)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("right")
            label.set_rotation_mode("anchor")
    ax.set_xlim(-0.6, len(kept) - 0.4)
    ax.grid(visible=False, axis="x")


def _shapes(found: Dependence) -> list[tuple[str, Any]]:
    """Rows by the shape of their group's mark."""
    names = [key_name(level for _, level in group) for group in found.groups]
    looks = marks(names)
    shapes: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        shapes.setdefault(marker(looks[name]) if len(names) > 1 else "o", []).append(place)
    return [(shape, np.isin(found.place, places)) for shape, places in shapes.items()]
