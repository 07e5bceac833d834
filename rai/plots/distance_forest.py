"""Distances between data sets as a forest plot: a row for each feature, a panel for each measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rai.explore.drift_rows import Distance, Distances
from rai.ground.checks import as_names, check_choice
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, metric_name
from rai.measure.distances import MEASURES
from rai.plots.canvas import axes_for, fitted, ink_of
from rai.plots.panels import Point, draw, legend, panels, size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 40
SURE = 0.05


def distances(
    result: Distances, ax: Axes | None = None, *, measures: str | Iterable[str] | None = None
) -> Axes:
    """Draw how far features of data sets are apart, those first that are furthest by the first measure.

    A filled mark is a distance that chance does not explain (p up to 0.05); the diamond is what chance
    alone would show at these numbers of rows. The dotted line is the threshold that is usual in the
    field, where there is one: see `rai.explore.MEASURES`.

    Args:
        result: What `Profile.distances` returned.
        ax: Where to draw; a new figure if None.
        measures: Which measures, a panel each; all if None, those first that most features have.

    Returns:
        The axes; with several measures the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no distances, or none by such a measure.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> train, test = {"age": list(range(99))}, {"age": list(range(50, 149))}
        >>> found = rai.profile({"train": train, "test": test}).distances()
        >>> ax = rai.plots.distances(found, measures="kolmogorov_smirnov")
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['age']
    """
    held = [measure for measure, _ in Counter(row.measure for row in result).most_common()]
    if not held:
        raise ArgumentError(sentence("plots.distances", "no distances", expected="at least one"))
    titles = held if measures is None else [
        check_choice(name, held, where="measures") for name in as_names(measures)
    ]  # fmt: skip
    several = len({row.dataset for row in result}) > 1
    rows = _ranked([row for row in result if row.measure in titles], titles)
    labels = [_label(row, several=several) for row in rows[:MOST_ROWS]]
    places = {key: place for place, key in enumerate(map(_key, rows[:MOST_ROWS]))}
    width, height = size(len(titles) if len(titles) > 1 else 3.5, labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.distances")
    ink = ink_of(ax)
    drawn = panels(ax, [metric_name(title) for title in titles], labels)
    usual = {measure.name: measure.threshold for measure in MEASURES}
    for title, panel in zip(titles, drawn, strict=True):
        inside = [row for row in result if row.measure == title and _key(row) in places]
        panel.axvline(0, color=ink.muted, linewidth=1)
        points = [
            Point(places[_key(row)], row.value, row.low, row.high, ink.text, filled=_sure(row))
            for row in inside
        ]
        draw(panel, points, ink)
        known = [(row.chance, places[_key(row)]) for row in inside if row.chance is not None]
        panel.plot(
            [chance for chance, _ in known], [place for _, place in known], linestyle="none", marker="D",
            markersize=4.5, markerfacecolor=ink.paper, markeredgecolor=ink.muted,
        )  # fmt: skip
        threshold = usual.get(title)
        if threshold is not None:
            panel.axvline(threshold, color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
    left = len(rows) - MOST_ROWS
    more = f"; {counted(left, 'more row')} not drawn" if left > 0 else ""
    told = f"{100 * result[0].level:.6g}% intervals; dotted: usual threshold{more}"
    drawn[0].set_xlabel(told, loc="left", fontsize="small", color=ink.muted)
    legend(drawn[0], ink, chance="by chance alone")
    return ax


def _key(row: Distance) -> tuple[object, ...]:
    return row.feature, row.dataset, row.along, row.group


def _label(row: Distance, *, several: bool) -> str:
    group = f"\n{fitted(f'{row.along} = {row.group}')}" if row.group is not None else ""
    return f"{fitted(row.feature)}{f' ({fitted(row.dataset)})' if several else ''}{group}"


def _ranked(rows: list[Distance], titles: list[str]) -> list[Distance]:
    """One row for each thing compared, the furthest by the first measure first."""
    size = {_key(row): abs(row.value or 0.0) for row in rows if row.measure == titles[0]}
    first = {_key(row): row for row in reversed(rows)}
    order = dict.fromkeys(map(_key, rows))
    return [first[key] for key in sorted(order, key=lambda key: -size.get(key, -1.0))]


def _sure(row: Distance) -> bool:
    return row.p_value is not None and row.p_value <= SURE
