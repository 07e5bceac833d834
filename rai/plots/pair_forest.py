"""Pairs of groups as a forest plot: every comparison behind the gaps, signed, a panel per metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import metric_name
from rai.plots.canvas import axes_for, fitted, ink_of
from rai.plots.panels import Point, draw, legend, panels, size
from rai.values import Pair, Pairs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 40

Row = tuple[str, str]


def pairs(result: Audit | Pairs, ax: Axes | None = None) -> Axes:
    """Draw every comparison of two groups, first to second, with its simultaneous interval.

    A filled mark is a pair whose interval leaves parity out. Of more than 40 pairs, those are drawn
    that are surely furthest apart in some metric.

    Args:
        result: An audit (its usual pairs), or pairs of one kind.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several metrics the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no pairs, or pairs of several kinds.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.pairs(found.pairs("accuracy"))
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['F − M']
    """
    found = result.pairs() if isinstance(result, Audit) else result
    kind = _kind_of(found)
    sign, parity = ("÷", 1.0) if kind == "ratio" else ("−", 0.0)
    rows = list(dict.fromkeys(_row(pair) for pair in found))
    left = len(rows) - MOST_ROWS
    if left > 0:
        rows = _surest(found, rows, parity)
    labels = [f"{fitted(group)} {sign} {fitted(versus)}" for group, versus in rows]
    titles = list(dict.fromkeys(pair.metric for pair in found))
    width, height = size(len(titles), labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.pairs")
    ink = ink_of(ax)
    drawn = panels(ax, [metric_name(title) for title in titles], labels)
    for title, panel in zip(titles, drawn, strict=True):
        panel.axvline(parity, color=ink.muted, linewidth=1)
        points = [
            Point(rows.index(_row(pair)), pair.value, pair.low, pair.high, ink.text,
                  filled=_distance(pair, parity) > 0)
            for pair in found if pair.metric == title and _row(pair) in rows
        ]  # fmt: skip
        draw(panel, points, ink)
    told = f"{kind} with interval for all pairs at once"
    drawn[0].set_xlabel(f"{told}; {left:,} more pairs are not drawn" if left > 0 else told, loc="left")
    legend(drawn[0], ink)
    return ax


def _kind_of(found: Pairs) -> str:
    kinds = list(dict.fromkeys(pair.kind for pair in found))
    if len(kinds) == 1:
        return kinds[0]
    raise ArgumentError(
        sentence("plots.pairs", listing(kinds) or "no pairs", expected="pairs of one kind")
    )


def _row(pair: Pair) -> Row:
    return pair.group, pair.versus


def _distance(pair: Pair, parity: float) -> float:
    """How far the interval lies off parity; 0 or less where it holds it."""
    above = -1.0 if pair.low is None else pair.low - parity
    below = -1.0 if pair.high is None else parity - pair.high
    return max(above, below)


def _surest(found: Pairs, rows: list[Row], parity: float) -> list[Row]:
    """The rows furthest off parity in some metric, in the order they had."""
    furthest: dict[Row, float] = {}
    for pair in found:
        furthest[_row(pair)] = max(furthest.get(_row(pair), -2.0), _distance(pair, parity))
    kept = set(sorted(rows, key=lambda row: furthest[row], reverse=True)[:MOST_ROWS])
    return [row for row in rows if row in kept]
