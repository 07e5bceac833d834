"""How much each feature contributes over many rows: dots with intervals, for everyone and each group.

age      ──────●─    bars begin at 0; ─ interval; colour and shape: the group
         ────■─
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from rai.explainers.space_names import score_name
from rai.explainers.summaries import FeatureSummaries, FeatureSummary
from rai.ground.checks import check_choice
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, figure, number
from rai.plots.attribution_rows import (
    MOST,
    Shown,
    beside_rows,
    legend_right,
    mark_sign,
    shown_players,
    within,
)
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import legend_name
from rai.plots.panels import panels, size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.attribution_bars"
MOST_GROUPS = 12

Number = tuple[float | None, float | None, float | None]
_ROOM = 0.8  # of a row, for all groups
_LANE = 0.3
_LEGEND_POINTS, _NUMBER_POINTS = 10, 150
MOST_WRITTEN = 3  # groups whose numbers are written out


def attribution_bars(
    summaries: FeatureSummaries,
    ax: Axes | None = None,
    *,
    show: Literal["size", "mean"] = "size",
    most: int = MOST,
) -> Axes:
    """Draw how much each feature contributes, for everyone and each group, with intervals.

    Each interval holds by itself. A mark is hollow where its interval holds 0. Features beyond the first
    ones share a row with the sum of their numbers, which has no interval.

    Args:
        summaries: What `rai.explainers.summaries.summarize` returned.
        ax: Where to draw; a new figure if None.
        show: `size` for the mean size, regardless of sign; `mean` for the mean with its sign.
        most: Features with a row of their own, by everyone's mean size.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there is nothing to draw, or `show` is something else.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> from rai.explainers.summaries import summarize
        >>> rows = {"a": [0.5, 0.0, 1.0, 0.5], "sex": ["F", "M", "F", "M"]}
        >>> found = summarize(rai.explain(lambda f: f["a"], rows), by="sex", min_rows=2)
        >>> ax = rai.plots.attribution_bars(found)
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['everyone\\nn = 4', 'F\\nn = 2', 'M\\nn = 2']
    """
    check_choice(show, ("size", "mean"), where="show")
    held = _by_group(summaries)
    features = summaries.features
    first = next(iter(held.values()))
    sizes = [_size(first[name]) if name in first else 0.0 for name in features]
    shown = shown_players(sizes, most=most)
    labels = [fitted(features[place]) for place in shown.places]
    labels += [f"{shown.others_name},\nsummed"] if shown.others else []
    chosen = dict(list(held.items())[:MOST_GROUPS])
    width, height = size(3.4, labels)
    tall = 1 + _LANE * (len(chosen) - 1)
    ax = axes_for(ax, width=width + 2.0, height=1.2 + (height - 1.2) * tall, feature=WHERE)
    ink, looks = ink_of(ax), _looks(held)
    panels(ax, [""], labels)
    ax.axvline(0, color=ink.muted, linewidth=1)
    texts: list[tuple[float, str, bool]] = []
    for at, (group, rows) in enumerate(chosen.items()):
        lane = (at - (len(chosen) - 1) / 2) * _ROOM / len(chosen)
        for row, found in enumerate(_numbers(rows, features, shown, show)):
            _draw(ax, found, row + lane, looks[group], ink)
            texts.append((row + lane, f"{figure(found[0])} {within(*found[1:])}".rstrip(), at > 0))
    texts = texts if len(chosen) <= MOST_WRITTEN else []
    beside_rows(ax, texts, ink)
    signs = [mark_sign(looks[group], _told(group, rows), ink) for group, rows in chosen.items()]
    legend_right(ax, signs, ink, points=_NUMBER_POINTS if texts else _LEGEND_POINTS)
    ax.set_xlabel(_scale(summaries, show, left_out=len(held) - len(chosen)))
    ax.use_sticky_edges = False
    ax.margins(x=0.04)
    return ax


def _by_group(summaries: FeatureSummaries) -> dict[str, dict[str, FeatureSummary]]:
    """Group to feature to summary; everyone, where told of, first."""
    found: dict[str, dict[str, FeatureSummary]] = {}
    for row in summaries:
        found.setdefault(row.name, {})[row.feature] = row
    if not found:
        raise ArgumentError(sentence(WHERE, "no summaries", expected="at least one"))
    return found


def _looks(held: dict[str, dict[str, FeatureSummary]]) -> dict[str, Mark | None]:
    """A mark for each group, as everywhere; none for everyone."""
    everyone = {name for name, rows in held.items() if not next(iter(rows.values())).group}
    looks = marks(name for name in held if name not in everyone)
    return {name: looks.get(name) for name in held}


def _size(row: FeatureSummary) -> float:
    return abs(row.mean or 0.0) if row.mean_abs is None else row.mean_abs


def _number(row: FeatureSummary, show: str) -> Number:
    if show == "mean":
        return row.mean, row.low, row.high
    return row.mean_abs, row.mean_abs_low, row.mean_abs_high


def _numbers(
    rows: dict[str, FeatureSummary], features: Sequence[str], shown: Shown, show: str
) -> list[Number]:
    """A group's number in each row of the plot."""
    own = [rows.get(features[place]) for place in shown.places]
    found = [(None, None, None) if row is None else _number(row, show) for row in own]
    if shown.others:
        others = [rows[features[place]] for place in shown.others if features[place] in rows]
        found.append((_sum(others, show), None, None))
    return found


def _sum(rows: list[FeatureSummary], show: str) -> float | None:
    known = [value for value, _, _ in (_number(row, show) for row in rows) if value is not None]
    return math.fsum(known) if known else None


def _draw(ax: Axes, found: Number, row: float, look: Mark | None, ink: Ink) -> None:
    """One bar from 0 with its interval; nothing where there is no value."""
    value, low, high = found
    if value is None:
        return
    colour = ink.text if look is None else look.colour(dark=ink.dark)
    sure = low is None or high is None or not low <= 0 <= high
    ax.plot([0, value], [row, row], color=colour, linewidth=3, alpha=0.3, solid_capstyle="butt")
    if low is not None and high is not None:
        ax.plot([low, high], [row, row], color=colour, linewidth=1.4)
    ax.plot(
        [value], [row], linestyle="none", marker="o" if look is None else marker(look), markersize=5,
        markeredgecolor=colour, markeredgewidth=1.2, markerfacecolor=colour if sure else ink.paper,
    )  # fmt: skip


def _told(group: str, rows: dict[str, FeatureSummary]) -> str:
    return f"{legend_name(group)}\nn = {next(iter(rows.values())).n:,}"


def _scale(summaries: FeatureSummaries, show: str, *, left_out: int) -> str:
    first = summaries[0]
    what = "mean" if show == "mean" else "mean size"
    level = f"{number(100 * first.level)}% interval"
    more = f"; {counted(left_out, 'more group')} not drawn" if left_out else ""
    return f"{what} in {score_name(first.space, first.output)}, {level}{more}"
