"""Effects of features as small multiples: a line for a number, dots for categories, one scale for all.

age   ╱──╮       sex   ● Male            grey: where the rows are (deciles of numbers, shares of
     ╱   ╰─          ●   Female                categories); faint: single rows; ◆ the marked row
     ╵╵╵╵ ╵
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import TIMES
from rai.plots.canvas import DASHES, Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import MOST_BANDS, beside, framed, legend_name, tick
from rai.plots.value_names import value_name
from rai.values.features import Value
from rai.whatif import Effect, Effects

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

MOST_COLUMNS, MOST_CATEGORIES = 3, 10
_WIDTH, _HEIGHT, _NAMES, _BETWEEN = 2.45, 1.75, 1.3, 0.75  # inches
_NAME_LETTERS = 17
_SHARE = 0.2  # of the width, for the largest share
_GAP = 0.07  # between a scale and the point of missing values


@dataclass(frozen=True, slots=True)
class _Series:
    """The effects of one model, group and class, and how they look."""

    name: str
    mark: Mark
    effects: dict[str, Effect]


def effects(result: Effects, ax: Axes | None = None, *, threshold: float | None = None) -> Axes:
    """Draw effects, a panel for each feature in the order of the result, all on one scale of scores.

    A number has a line (the mean), its band (pointwise), and ticks at the deciles of the rows below it;
    a category has a dot with its interval, from high to low, and a grey bar for its share of the rows;
    of more than ten the most frequent are shown. Single rows are faint lines, a marked row is dashed
    with a diamond at its own value. Groups, models and classes have a colour each; up to 6 have bands.

    Args:
        result: What `rai.whatif.partial_dependence` or `accumulated_local_effects` gives.
        ax: Where to draw; a new figure if None.
        threshold: A threshold of the score, to be marked.

    Returns:
        The axes; with several features the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no effects.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.whatif.partial_dependence(lambda f: f["age"] / 100,
        ...     {"age": [20, 30, 60], "sex": ["F", "M", "F"]})
        >>> [panel.get_title(loc="left") for panel in rai.plots.effects(found).child_axes]
        ['age', 'sex']
    """
    if not result:
        raise ArgumentError(sentence("plots.effects", "no effects", expected="at least one"))
    series, names = _series(result), result.features
    told = [(each.mark, legend_name(each.name)) for each in series if each.name]
    width, height = _size(len(names), told)
    ax = axes_for(ax, width=width, height=height, feature="plots.effects")
    ink = ink_of(ax)
    panels = _panels(ax, [fitted(name, width=30) for name in names], ink)
    low, high = _limits(result, threshold)
    for name, panel in zip(names, panels, strict=True):
        own = [each for each in series if name in each.effects]
        draw = _draw_lines if own[0].effects[name].ordered else _draw_dots
        draw(panel, [(each.effects[name], each.mark) for each in own], ink, (low, high))
        if threshold is not None:
            rule = panel.axhline if own[0].effects[name].ordered else panel.axvline
            rule(threshold, color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
    named = panels[0].set_ylabel if result[0].ordered else panels[0].set_xlabel
    named(_scale_name(result), fontsize="small")
    if told:
        beside(panels, ink, told, columns=MOST_COLUMNS)
    return ax


def _series(result: Effects) -> list[_Series]:
    """What is drawn in a colour of its own: models, groups and classes, as far as they differ."""
    several = [len({part(effect) for effect in result}) > 1 for part in _PARTS]
    found: dict[str, dict[str, Effect]] = {}
    for effect in result:
        parts = (str(part(effect)) for part, many in zip(_PARTS, several, strict=True) if many)
        found.setdefault(TIMES.join(parts), {})[effect.feature] = effect
    looks = marks(found)
    return [_Series(name, looks[name], own) for name, own in found.items()]


_PARTS: tuple[Callable[[Effect], object], ...] = (
    lambda effect: effect.model,
    lambda effect: effect.name,
    lambda effect: effect.label,
)


def _size(panels: int, told: Sequence[tuple[Mark, str]]) -> tuple[float, float]:
    """Width and height in inches."""
    across, down = min(panels, MOST_COLUMNS), math.ceil(panels / MOST_COLUMNS)
    letters = max((len(line) for _, text in told for line in text.split("\n")), default=0)
    legend = 0.6 + 0.075 * letters if told else 0.0
    return across * (_WIDTH + _NAMES) + legend + 0.2, down * (_HEIGHT + _BETWEEN) + 0.2


def _panels(ax: Axes, titles: Sequence[str], ink: Ink) -> list[Axes]:
    across, down = min(len(titles), MOST_COLUMNS), math.ceil(len(titles) / MOST_COLUMNS)
    inner = [ax]
    if len(titles) > 1:
        ax.set_axis_off()
        step_x, step_y = _WIDTH + _NAMES, _HEIGHT + _BETWEEN
        wide, tall = across * step_x - _NAMES, down * step_y - _BETWEEN
        inner = [
            ax.inset_axes((
                place % across * step_x / wide, 1 - (place // across * step_y + _HEIGHT) / tall,
                _WIDTH / wide, _HEIGHT / tall,
            ))
            for place in range(len(titles))
        ]  # fmt: skip
    for panel, title in zip(inner, titles, strict=True):
        framed(panel, ink)
        panel.set_title(title, fontsize="medium", loc="left")
    return inner


def _limits(result: Effects, threshold: float | None) -> tuple[float, float]:
    """The scale of scores that all panels share."""
    parts: list[Any] = [] if threshold is None else [threshold]
    for effect in result:
        parts += [effect.mean, effect.low, effect.high, effect.ice.ravel()]
        parts += [] if effect.marked is None else [effect.marked.curve, [effect.marked.score]]
    held = np.concatenate([np.ravel(part) for part in parts])
    known = held[np.isfinite(held)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def _scale_name(result: Effects) -> str:
    first = result[0]
    if first.method == "accumulated_local_effects" or first.centred:
        return "change of the score"
    labels = {effect.label for effect in result}
    of = "" if labels == {None} or len(labels) > 1 else f" of {first.label}"
    return f"probability{of}" if first.probabilities else f"score{of}"


def _draw_lines(
    ax: Axes, held: Sequence[tuple[Effect, Mark]], ink: Ink, limits: tuple[float, float]
) -> None:
    """A line for each effect of a number or a date."""
    ax.set_ylim(*limits)
    for effect, mark in held:
        colour, at = mark.colour(dark=ink.dark), _positions(effect)
        there = ~np.isnan(effect.scale)
        for curve in effect.ice:
            ax.plot(at[there], curve[there], color=colour, linewidth=0.6, alpha=0.25)
        if len(held) <= MOST_BANDS:
            low, high = (np.where(np.isnan(b), effect.mean, b) for b in (effect.low, effect.high))
            ax.fill_between(at[there], low[there], high[there], color=colour, alpha=0.16, linewidth=0)
        style: dict[str, Any] = {"color": colour, "linewidth": 1.7, "linestyle": DASHES[mark.shape]}
        sign = "o" if there.sum() == 1 else "none"
        ax.plot(at[there], effect.mean[there], marker=sign, markersize=4, **style)
        if not there.all():
            _interval(ax, effect, at, colour, mark)
    first = held[0][0]
    _row_line(ax, first, ink)
    _rug(ax, first, ink)
    if first.kind == "date":
        _date_axis(ax, first.scale)
    else:
        longest = max((len(tick(value)) for value in first.scale[~np.isnan(first.scale)]), default=0)
        ax.locator_params(axis="x", nbins=5 if longest < 7 else 3)
    if np.isnan(first.scale).any() and (~np.isnan(first.scale)).any():
        ax.annotate(
            "missing", (_positions(first)[-1], 0), xycoords=ax.get_xaxis_transform(), xytext=(0, 3),
            textcoords="offset points", ha="right", va="bottom", fontsize="x-small", color=ink.muted,
        )  # fmt: skip


def _interval(ax: Axes, effect: Effect, at: Array, colour: str, mark: Mark) -> None:
    """The point of missing values, with its interval."""
    gap = np.isnan(effect.scale)
    ax.plot(at[gap], effect.mean[gap], linestyle="none", marker=marker(mark), color=colour, markersize=4)
    ax.vlines(at[gap], effect.low[gap], effect.high[gap], color=colour, linewidth=1.4)


def _positions(effect: Effect) -> Array:
    """Where the points stand; missing values beside the scale."""
    known = effect.scale[~np.isnan(effect.scale)]
    span = float(np.ptp(known)) or 1.0 if len(known) else 1.0
    beside_it = (float(known.max()) if len(known) else 0.0) + _GAP * span
    return np.where(np.isnan(effect.scale), beside_it, effect.scale)


def _row_line(ax: Axes, effect: Effect, ink: Ink) -> None:
    """The marked row: its curve, and a diamond at its own value."""
    if effect.marked is None:
        return
    at, there = _positions(effect), ~np.isnan(effect.scale)
    style: dict[str, Any] = {"color": ink.text, "zorder": 4}
    ax.plot(at[there], effect.marked.curve[there], linewidth=1.2, linestyle=(0, (3, 2)), **style)
    own = effect.marked.scale
    ax.plot(
        [at[-1] if np.isnan(own) else own], [effect.marked.score], marker="D", markersize=5,
        linestyle="none", **style,
    )  # fmt: skip


def _rug(ax: Axes, effect: Effect, ink: Ink) -> None:
    """Ticks at the deciles of the rows, along the bottom."""
    transform = ax.get_xaxis_transform()
    ax.vlines(effect.deciles, 0, 0.05, color=ink.muted, linewidth=1, transform=transform)


def _date_axis(ax: Axes, at: Array) -> None:
    """The first date, the middle and the last; with the time of day where they are close."""
    from matplotlib.dates import num2date

    known = at[~np.isnan(at)]
    if not len(known):
        return
    ticks = np.linspace(known.min(), known.max(), 3 if np.ptp(known) else 1)
    form = "%Y-%m-%d" if np.ptp(known) > 4 or not np.ptp(known) else "%m-%d %H:%M"
    names = [num2date(tick) for tick in ticks]  # type: ignore[no-untyped-call]
    ax.set_xticks(ticks, [f"{name:{form}}" for name in names])


def _draw_dots(
    ax: Axes, held: Sequence[tuple[Effect, Mark]], ink: Ink, limits: tuple[float, float]
) -> None:
    """A dot for each category of each effect, from high to low by the first."""
    rows, more = _categories([effect for effect, _ in held])
    ax.set_xlim(*limits)
    share = _shares([effect for effect, _ in held], rows)
    ax.barh(
        range(len(rows)), _SHARE * share / max(float(share.max()), 1e-12), height=0.8, left=0.0,
        color=ink.line, transform=ax.get_yaxis_transform(), linewidth=0, zorder=0.5,
    )  # fmt: skip
    offsets = np.linspace(-0.26, 0.26, len(held)) if len(held) > 1 else np.zeros(1)
    for (effect, mark), offset in zip(held, offsets, strict=True):
        _dots(ax, effect, rows, offset=float(offset), mark=mark, ink=ink)
    lines = max(2, MOST_CATEGORIES // max(len(rows), 1))
    names = [value_name(value, width=_NAME_LETTERS, lines=lines) for value in rows]
    ax.set_yticks(range(len(rows)), names)
    ax.tick_params(axis="y", labelsize="x-small")
    ax.set_ylim(max(len(rows), 3) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(tick)
    ax.locator_params(axis="x", nbins=5)
    if more:
        ax.set_title(f"{more} rarer not shown", fontsize="x-small", loc="right", color=ink.muted)


def _dots(
    ax: Axes, effect: Effect, rows: Sequence[Value], *, offset: float, mark: Mark, ink: Ink
) -> None:
    colour, sign = mark.colour(dark=ink.dark), marker(mark)
    place = {value: at for at, value in enumerate(effect.points)}
    shown = [(row + offset, place[value]) for row, value in enumerate(rows) if value in place]
    for y, at in shown:
        for curve in effect.ice:
            ax.plot([curve[at]], [y], marker="|", color=colour, alpha=0.25, markersize=5)
        ax.plot([effect.low[at], effect.high[at]], [y, y], color=colour, linewidth=1.6)
        ax.plot([effect.mean[at]], [y], marker=sign, color=colour, markersize=4.5)
        if effect.marked is not None:
            own = effect.marked.value == effect.points[at]
            ax.plot(
                [effect.marked.curve[at]], [y], marker="D", markersize=5 if own else 3.5, zorder=4,
                linestyle="none", color=ink.text, markerfacecolor=ink.text if own else "none",
            )  # fmt: skip


def _categories(held: Sequence[Effect]) -> tuple[list[Value], int]:
    """The categories shown, from high to low, and how many are not."""
    every = list(dict.fromkeys(value for effect in held for value in effect.points))
    share = _shares(held, every)
    kept = sorted(np.argsort(-share, kind="stable")[:MOST_CATEGORIES].tolist())
    marked = {effect.marked.value for effect in held if effect.marked is not None}
    chosen = [value for at, value in enumerate(every) if at in kept or value in marked]
    height = dict.fromkeys(chosen, -math.inf)
    for effect in reversed(held):
        height.update({
            value: float(mean) for value, mean in zip(effect.points, effect.mean, strict=True)
            if value in height
        })  # fmt: skip
    return sorted(chosen, key=lambda value: -height[value]), len(every) - len(chosen)


def _shares(held: Sequence[Effect], rows: Sequence[Value]) -> Array:
    """Share of all rows in each category; groups by their sizes."""
    found = np.zeros(len(rows))
    for effect in held:
        place = {value: at for at, value in enumerate(effect.points)}
        found += [effect.n * effect.share[place[value]] if value in place else 0.0 for value in rows]
    return found / max(sum(effect.n for effect in held), 1)
