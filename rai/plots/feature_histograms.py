"""What features hold: the data sets of a profile over one another, in shares of their rows.

▁▅█▅▂     numbers and dates: outlines on shared edges
Private ━━━━━━━    categories: a bar for each value and data set
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rai.explore.binning import BINS, Bins, counted_in
from rai.explore.profiles import Profile
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import counted, number
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, plain
from rai.plots.line_panels import beside, grid, grid_size, legend_name
from rai.values.binning import Intervals, TopLevels, labels_with_missing
from rai.values.drawn_edges import finite_edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BIG = 1e7  # from here on an edge is written with an exponent
MOST_FEATURES, MOST_LEVELS = 24, 6  # of small multiples, and of their categories

_WIDTH, _HEIGHT, _BAR_INCHES = 6.0, 3.2, 0.14
_COLUMNS, _LETTERS = 3, 12
_TICKS = 5


def histogram(
    result: Profile,
    ax: Axes | None = None,
    *,
    feature: str | None = None,
    bins: Bins = BINS,
    method: str = "equal_width",
) -> Axes:
    """Draw what one feature holds, all data sets over one another.

    Heights are shares of all rows of a data set, so that data sets of any size compare. The missing
    are told below.

    Args:
        result: A profile.
        ax: Where to draw; a new figure if None.
        feature: The feature; may be left out where the profile has only one.
        bins, method: Its bins, as for `Profile.histograms`.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there is no such feature, or it is not said which.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.profile({"train": {"age": [20, 30, 40]}, "test": {"age": [20, None]}})
        >>> ax = rai.plots.histogram(found, feature="age")
        >>> ax.get_title(loc="left"), ax.get_xlabel()
        ('age', 'missing: train 0%, test 50%')
    """
    name = _one(result, feature)
    binning = result.binning(name, bins=bins, method=method)
    rows = 0 if isinstance(binning, Intervals) else len(binning) * (1 + len(result.tables))
    height = max(_HEIGHT, 1.2 + _BAR_INCHES * rows)
    ax = axes_for(ax, width=_WIDTH, height=height, feature="plots.histogram")
    ink = ink_of(ax)
    draw_feature(ax, result, name, binning, ink)
    ax.set_title(fitted(name, width=60), loc="left", fontsize="medium")
    ax.set_xlabel(_missing(result, name), loc="left", fontsize="small", color=ink.muted)
    if len(result.tables) > 1:
        looks = marks(result.datasets)
        beside([ax], ink, [(looks[d], legend_name(d)) for d in result.datasets])
    return ax


def profile(result: Profile, ax: Axes | None = None) -> Axes:
    """Draw the first features of a profile as small multiples; the others are counted.

    `result.select(…)`, `.search(…)` and `.ordered(…)` choose which.

    Args:
        result: A profile.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no features.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.profile({"age": [20, 30, 40], "sex": ["F", "M", "F"]})
        >>> ax = rai.plots.profile(found)
        >>> [panel.get_title(loc="left") for panel in ax.child_axes]
        ['age', 'sex']
    """
    shown, looks = result.features[:MOST_FEATURES], marks(result.datasets)
    if not shown:
        raise ArgumentError(sentence("plots.profile", "no features", expected="at least one"))
    several = len(result.tables) > 1
    named = [(looks[d], legend_name(d)) for d in result.datasets] if several else []
    left = len(result.features) - len(shown)
    if left:
        named.append((None, f"{counted(left, 'more feature')}\nnot drawn"))  # type: ignore[arg-type]
    width, height = grid_size(len(shown), named, columns=_COLUMNS)
    ax = axes_for(ax, width=width, height=0.7 * height, feature="plots.profile")
    ink = ink_of(ax)
    panels = grid(ax, [fitted(name, width=28) for name in shown], columns=_COLUMNS)
    for panel, name in zip(panels, shown, strict=True):
        binning = result.binning(name)
        if not isinstance(binning, Intervals):
            binning = result.binning(name, bins=MOST_LEVELS)
        draw_feature(panel, result, name, binning, ink, small=True)
    if named:
        beside(panels, ink, named, columns=_COLUMNS)
    return ax


def draw_feature(
    ax: Axes, result: Profile, feature: str, binning: Intervals | TopLevels, ink: Ink, *,
    small: bool = False,
) -> None:  # fmt: skip
    """A feature of all data sets on some axes."""
    shares, looks = {}, marks(result.datasets)
    for name, table in result.tables.items():
        if feature in table.columns:
            n, _ = counted_in(table.columns[feature], binning)
            shares[looks[name]] = n / max(int(n.sum()), 1)
    if isinstance(binning, Intervals):
        _outlines(ax, shares, binning, ink, ticks=3 if small else _TICKS)
    else:
        _bars(ax, shares, binning, ink, small=small)


def _outlines(
    ax: Axes, shares: dict[Mark, np.ndarray], bins: Intervals, ink: Ink, *, ticks: int
) -> None:
    edges = finite_edges(bins.edges)
    alone = len(shares) == 1
    for mark, share in shares.items():
        colour = mark.colour(dark=ink.dark)
        heights = np.append(share[:-1], share[-2])
        ax.fill_between(
            edges, heights, step="post", color=colour, alpha=0.75 if alone else 0.2, linewidth=0
        )
        ax.stairs(share[:-1], edges, color=colour, linewidth=0.8 if alone else 1.6)
    plain(ax, ink)
    ax.grid(visible=False)
    ax.grid(visible=True, axis="y", color=ink.line, linewidth=0.7)
    ax.set_xlim(float(edges[0]), float(edges[-1]))
    ax.set_ylim(bottom=0)
    ax.locator_params(axis="y", nbins=4)
    ax.yaxis.set_major_formatter(_percent)
    known = np.flatnonzero(np.isfinite(bins.edges))
    kept = known[:: max(-(-len(known) // ticks), 1)]
    ax.set_xticks(edges[kept], _texts(bins.edges[kept], bins))


def _bars(ax: Axes, shares: dict[Mark, np.ndarray], bins: TopLevels, ink: Ink, *, small: bool) -> None:
    missing = any(share[-1] for share in shares.values())
    names = [fitted(_cut(name) if small else name, width=24) for name in labels_with_missing(bins)]
    if not missing:
        names = names[:-1]
    ax.grid(visible=False)
    plain(ax, ink)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    thick = 0.8 / max(len(shares), 1)
    for place, (mark, share) in enumerate(shares.items()):
        at = np.arange(len(names)) - 0.4 + thick * (place + 0.5)
        ax.barh(at, share[: len(names)], height=thick, color=mark.colour(dark=ink.dark))
    ax.set_xlim(left=0)
    ax.locator_params(axis="x", nbins=3 if small else 5)
    ax.xaxis.set_major_formatter(_percent)


def _texts(edges: np.ndarray, bins: Intervals) -> list[str]:
    """Edges for reading; dates as days, or as years where all are whole."""
    if not bins.dates:
        return [number(float(f"{edge:.6g}")) if abs(edge) < BIG else f"{edge:.1e}" for edge in edges]
    texts = [str(day) for day in edges.astype("datetime64[D]")]
    whole = all(text.endswith("-01-01") for text in texts)
    return [text.removesuffix("-01-01") for text in texts] if whole else texts


def _cut(name: str) -> str:
    """A name on one short line."""
    name = name.replace(" values)", ")").replace(" value)", ")") if name.startswith("other (") else name
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _percent(value: float, _place: float | None = None) -> str:
    return f"{100 * value:.3g}%"


def _one(result: Profile, feature: str | None) -> str:
    if feature is None and len(result.features) == 1:
        return result.features[0]
    if feature is None:
        expected = f"one of {listing(result.features)}" if result.features else "one, but there are none"
        raise ArgumentError(sentence("plots.histogram", "no feature", expected=expected))
    result.column(feature)
    return feature


def _missing(result: Profile, feature: str) -> str:
    """How many rows of each data set have no value."""
    from rai.explore.profile_text import percent

    held = [(n, t.columns[feature]) for n, t in result.tables.items() if feature in t.columns]
    several = len(result.tables) > 1
    told = [
        f"{fitted(name, width=200)} {percent(s.missing, s.rows)}"
        if several
        else percent(s.missing, s.rows)
        for name, s in held
    ]
    return f"missing: {', '.join(told)}"
