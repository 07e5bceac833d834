"""How the errors of a regression are spread in each group: a box over a histogram, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rai.audits import Audit
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, plain, rows_down
from rai.plots.line_panels import tick
from rai.values import Residuals, ResidualSummary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW_INCHES, _LETTER_INCHES, _WIDTH_INCHES = 0.75, 0.085, 5.2
_REACH, _BOX = 0.62, 0.18


def residuals(result: Audit | Residuals, ax: Axes | None = None) -> Axes:
    """Draw how far predictions lie off, group by group: prediction minus truth.

    The thin line reaches from the 5% to the 95% quantile, the thick one from 25% to 75%; the upright
    stroke is the median and the dot is the mean. Above stands the histogram, as tall in every group.

    Args:
        result: An audit of a regression (by its first comparison), or its residuals.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there are no groups, or an audit is no regression.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1.0, 2.0, 3.5, 4.0], y_pred=[1.5, 2.0, 3.0, 4.5],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.residuals(found)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['F  (n = 2)', 'M  (n = 2)']
    """
    found = result.residuals(by=result.comparisons[0]) if isinstance(result, Audit) else result
    if not found:
        raise ArgumentError(sentence("plots.residuals", "no groups", expected="at least one"))
    names = [row.name or "everyone" for row in found]
    labels = [f"{fitted(name)}  (n = {row.n:,})" for name, row in zip(names, found, strict=True)]
    letters = max(len(line) for label in labels for line in label.split("\n"))
    height = 0.9 + _ROW_INCHES * max(len(found), 2)
    width = _WIDTH_INCHES + _LETTER_INCHES * letters
    ax = axes_for(ax, width=width, height=height, feature="plots.residuals")
    ink, looks = ink_of(ax), marks(names)
    plain(ax, ink)
    rows_down(ax, labels)
    ax.set_ylim(len(found) - 0.6, -0.85)
    ax.axvline(0.0, color=ink.muted, linewidth=1)
    for place, (name, row) in enumerate(zip(names, found, strict=True)):
        _draw(ax, row, place, looks[name], ink)
    _limits(ax, found)
    ax.xaxis.set_major_formatter(tick)
    ax.set_xlabel("prediction minus truth", loc="left", fontsize="small")
    return ax


def _densities(row: ResidualSummary) -> list[float]:
    """Share per width of the inner bins; the outermost hold all that lies beyond."""
    parts = zip(row.shares[1:-1], np.diff(row.edges[1:-1]), strict=True) if row.shares else ()
    return [float(share / width) if width > 0 else 0.0 for share, width in parts]


def _draw(ax: Axes, row: ResidualSummary, place: int, mark: Mark, ink: Ink) -> None:
    colour = mark.colour(dark=ink.dark)
    if row.mean is None:
        ax.text(
            0.02, place, "– undefined", transform=ax.get_yaxis_transform(), color=ink.muted, va="center",
            fontsize="small",
        )  # fmt: skip
        return
    inner = _densities(row)
    if inner:
        tops = place - _BOX / 2 - _REACH * np.array([*inner, inner[-1]]) / (max(inner) or 1.0)
        ax.fill_between(
            row.edges[1:-1], tops, place - _BOX / 2, step="post", color=colour, alpha=0.3, linewidth=0
        )
    for low, high, thick in ((row.q05, row.q95, 1.2), (row.q25, row.q75, 5.0)):
        if low is not None and high is not None:
            ax.plot([low, high], [place, place], color=colour, linewidth=thick, solid_capstyle="butt")
    if row.median is not None:
        ax.plot([row.median] * 2, [place - _BOX, place + _BOX], color=ink.text, linewidth=1.6)
    ax.plot(
        [row.mean], [place], linestyle="none", marker="o", markersize=5, markeredgecolor=ink.text,
        markerfacecolor=ink.paper, color=ink.text,
    )  # fmt: skip


def _limits(ax: Axes, found: Residuals) -> None:
    """From the lowest to the highest quantile: a few rows far out must not press all others together."""
    known = [x for row in found for x in (row.q05, row.q95, row.mean) if x is not None] or [0.0]
    low, high = min(*known, 0.0), max(*known, 0.0)
    room = 0.12 * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
