"""A flip test as dots with intervals: a row for each original value and each value it is changed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.ground.colours import Mark, marks
from rai.ground.formatting import TIMES, number
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.panels import Point, draw, from_zero, panels, size
from rai.whatif.change_rates import FROM, TO, ChangeRate
from rai.whatif.flip_results import ANY, FlipTest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 40


def flip_test(result: FlipTest, ax: Axes | None = None) -> Axes:
    """Draw the share of decisions that change with an attribute, by original and new value.

    Each original value keeps its colour and shape. The dotted line is everyone: the share of all rows
    that some other value would decide otherwise. Of more than 40 rows those are drawn where surely most
    changes.

    Args:
        result: A flip test.
        ax: Where to draw; a new figure if None.

    Raises:
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 30], "sex": ["F", "M", "M"]}
        >>> found = rai.whatif.flip_test(
        ...     lambda frame: (frame["income"] > 50) | (frame["sex"] == "M"), rows, change="sex")
        >>> ax = rai.plots.flip_test(found)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['F → M  (n = 1)', 'M → F  (n = 2)']
    """
    rates, left = _chosen(result)
    labels = [f"{_told(rate)}  (n = {rate.n:,})" for rate in rates]
    width, height = size(4, labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.flip_test")
    ink, looks = ink_of(ax), marks(_original(rate) for rate in result.any_value)
    (panel,) = panels(ax, [_title(result)], labels)
    if result.overall.share is not None:
        panel.axvline(result.overall.share, color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
    points = [_point(row, rate, looks[_original(rate)], ink) for row, rate in enumerate(rates)]
    draw(panel, points, ink)
    from_zero(panel)
    _count(panel, result, rates, ink)
    more = f"; {left:,} more rows are not drawn" if left else ""
    told = f"share, {100 * result.level:.6g}% interval; dotted: everyone{more}"
    panel.set_xlabel(told, loc="left", color=ink.muted, fontsize="small")
    return ax


def _chosen(result: FlipTest) -> tuple[list[ChangeRate], int]:
    """The rates to draw, and how many are left out."""
    rates = list(result.pairs)
    if len(rates) > len(result.any_value):  # more than one other value
        rates += result.any_value
    if len(rates) <= MOST_ROWS:
        return rates, 0
    surest = sorted(rates, key=lambda rate: -(rate.low or 0.0))[:MOST_ROWS]
    return [rate for rate in rates if rate in surest], len(rates) - MOST_ROWS


def _title(result: FlipTest) -> str:
    named = fitted(TIMES.join(result.change), width=60)
    if result.task == "regression":
        beyond = f" by more than {number(result.tolerance)}" if result.tolerance else ""
        return f"values that move{beyond} with {named}"
    return f"decisions that change with {named}"


def _told(rate: ChangeRate) -> str:
    """Group, original and new value."""
    held = dict(rate.group)
    new = "any other" if held[TO] == ANY else str(held[TO])
    groups = [str(level) for name, level in rate.group if name not in {FROM, TO}]
    shown = f"{fitted(str(held[FROM]))} → {fitted(new)}"
    return f"{fitted(TIMES.join(groups))}\n{shown}" if groups else shown


def _original(rate: ChangeRate) -> str:
    return str(dict(rate.group)[FROM])


def _point(row: int, rate: ChangeRate, look: Mark, ink: Ink) -> Point:
    return Point(row, rate.share, rate.low, rate.high, look.colour(dark=ink.dark), marker(look))


def _count(ax: Axes, result: FlipTest, rates: list[ChangeRate], ink: Ink) -> None:
    """Beside each row: how many change, and which way."""
    directed = result.positive_label is not None
    head = f"to {fitted(str(result.positive_label))} / to the other" if directed else "changed"
    texts = [(-0.6, head, ink.muted)]
    for row, rate in enumerate(rates):
        told = f"{rate.to_positive:,} / {rate.to_negative:,}" if directed else f"{rate.changed:,}"
        texts.append((row, told, ink.text))
    for y, text, colour in texts:
        ax.annotate(
            text, (1.0, y), xycoords=ax.get_yaxis_transform(), xytext=(8, 0), fontsize="small",
            textcoords="offset points", va="center" if y >= 0 else "bottom", color=colour,
            annotation_clip=False,
        )  # fmt: skip
