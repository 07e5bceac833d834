"""How much is missing, for whom: a row for each feature, a dot with its interval for each group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rai.explore.profiles import Profile
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import counted, readable
from rai.measure.intervals import wilson
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import MOST_NAMED, beside, legend_name
from rai.plots.panels import Point, draw, panels, size
from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level, level_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_FEATURES = 30

_REACH = 0.62  # of a row that its dots take up together
_LETTER_INCHES = 0.09

Columns = Mapping[str, ColumnSummary]
Share = tuple[float, float, float]


def missingness(
    result: Profile, ax: Axes | None = None, *, by: str | None = None, level: float = 0.95
) -> Axes:
    """Draw which share of each feature is missing, for each group or data set.

    Only features that lack a value somewhere are drawn, those first that lack most.

    Args:
        result: A profile.
        ax: Where to draw; a new figure if None.
        by: The column that names groups; the first sensitive feature if None, and data sets where there
            is none.
        level: Coverage of the intervals (Wilson), each by itself.

    Returns:
        The axes; with several data sets and groups the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If the profile knows no such groups.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"sex": ["F", "M"] * 10, "pay": [None, 2.0] * 10, "age": [30] * 20}
        >>> ax = rai.plots.missingness(rai.profile(rows, sensitive_features="sex"))
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['pay']
    """
    axis = _axis(result, by)
    held = _held(result, axis)
    features = _ranked(result)
    shown = features[:MOST_FEATURES]
    labels = [fitted(feature) for feature in shown]
    every = dict.fromkeys(group for parts in held.values() for group in parts)
    groups = (sorted(every, key=level_order) if axis else list(every))[:MOST_NAMED]
    looks = marks(map(str, groups))
    width, height = size(2.4 * len(held), labels)
    legend = [(looks[str(group)], legend_name(str(group))) for group in groups]
    width += 0.8 + _LETTER_INCHES * max(len(text) for _, text in legend)
    ax = axes_for(ax, width=width, height=height, feature="plots.missingness")
    ink = ink_of(ax)
    if not shown:
        ax.set_axis_off()
        ax.text(0, 0.5, "nothing is missing", transform=ax.transAxes, color=ink.muted)
        return ax
    drawn = panels(ax, [legend_name(title) if title else "" for title in held], labels)
    for panel, parts in zip(drawn, held.values(), strict=True):
        for place, group in enumerate(groups):
            columns = parts.get(group, {})
            apart = _REACH * ((place + 0.5) / len(groups) - 0.5)
            shares = _shares(columns, shown, level=level)
            draw(panel, _points(shares, apart, looks[str(group)], ink), ink)
        panel.xaxis.set_major_formatter(_percent)
        panel.set_xlim(left=0)
    left = (
        f"; {counted(len(features) - len(shown), 'more feature')} not drawn"
        if features[len(shown) :]
        else ""
    )
    drawn[0].set_xlabel(
        f"missing, {100 * level:.6g}% intervals{left}", loc="left", fontsize="small", color=ink.muted
    )
    beside(drawn, ink, legend, columns=len(drawn))
    return ax


def _axis(result: Profile, by: str | None) -> str | None:
    """The column that names groups; None where data sets are compared."""
    axes = dict.fromkeys(axis for table in result.tables.values() for axis in table.by)
    if by is not None and by not in axes:
        expected = f"one of {listing(axes)}" if axes else "a profile with sensitive features"
        raise ArgumentError(sentence("plots.missingness, by", repr(by), expected=expected))
    return by if by is not None else next(iter(result.sensitive_features), None)


def _held(result: Profile, axis: str | None) -> dict[str, dict[Level, Columns]]:
    """Panels to groups to columns: groups within each data set, or data sets as groups of one panel."""
    if axis is None:
        return {"": {name: table.columns for name, table in result.tables.items()}}
    return {
        name if len(result.tables) > 1 else f"by {readable(axis)}": dict(table.by.get(axis, {}))
        for name, table in result.tables.items()
    }


def _ranked(result: Profile) -> list[str]:
    """The features that lack values, those first that lack most."""
    share = {}
    for feature in result.features:
        whole = result.column(feature)
        if whole.missing:
            share[feature] = whole.missing / whole.rows
    return sorted(share, key=lambda feature: -share[feature])


def _shares(columns: Columns, features: list[str], *, level: float) -> dict[int, Share]:
    """Row to the share that is missing in a group, with its interval; only where the group has rows."""
    held = {row: columns[feature] for row, feature in enumerate(features) if feature in columns}
    known = {row: summary for row, summary in held.items() if summary.rows}
    missing, rows = ([getattr(s, what) for s in known.values()] for what in ("missing", "rows"))
    low, high = wilson(missing, rows, level=level)
    return {
        row: (s.missing / s.rows, float(below), float(above))
        for (row, s), below, above in zip(known.items(), low, high, strict=True)
    }


def _points(shares: Mapping[int, Share], apart: float, mark: Mark, ink: Ink) -> list[Point]:
    colour = mark.colour(dark=ink.dark)
    return [Point(row + apart, *share, colour, marker(mark)) for row, share in shares.items()]


def _percent(value: float, _place: float | None = None) -> str:
    return f"{100 * value:.3g}%"
