"""Gaps against the threshold: how the choice of the threshold moves them, with bands and with chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.audits import Audit
from rai.ground.colours import Mark, marks
from rai.ground.formatting import metric_name
from rai.plots.canvas import Ink, axes_for, ink_of, one_kind
from rai.plots.line_panels import MOST_BANDS, beside, grid, grid_size, legend_name, line, rule, unit
from rai.values import Gap, GapCurves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THRESHOLD = "threshold"

_CHANCE = (0, (1, 2))


def gap_curves(
    result: Audit | GapCurves, ax: Axes | None = None, *, threshold: float | None = None
) -> Axes:
    """Draw gaps against the threshold, a panel for each criterion and a line for each way of grouping.

    Each band is the interval of the gap at its own threshold, drawn for up to 6 ways of grouping. The
    dotted line is the gap that equal groups of these sizes would show on average.

    Args:
        result: An audit with scores (its usual criteria), or gap curves of one kind.
        ax: Where to draw; a new figure if None.
        threshold: The present threshold, to be marked; for an audit it is known.

    Returns:
        The axes; with several criteria the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no gap curves, or curves of several kinds.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_score=[.9, .2, .4, .6], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.gap_curves(found.gap_curves("selection_rate"))
        >>> ax.get_title(loc="left"), [text.get_text() for text in ax.get_legend().get_texts()]
        ('selection rate', ['by sex'])
    """
    found = result.gap_curves() if isinstance(result, Audit) else result
    if isinstance(result, Audit) and threshold is None:
        threshold = result.thresholds[0]
    kind = one_kind((gap.kind for gap in found), where="plots.gap_curves", what="gap curves")
    looks = marks(gap.along for gap in found)
    told = [(mark, legend_name(f"by {along}")) for along, mark in looks.items()]
    titles = list(dict.fromkeys(gap.metric for gap in found))
    width, height = grid_size(len(titles), told)
    ax = axes_for(ax, width=width, height=height, feature="plots.gap_curves")
    ink = ink_of(ax)
    drawn = grid(ax, [metric_name(title) for title in titles])
    for title, panel in zip(titles, drawn, strict=True):
        for along, mark in looks.items():
            own = [gap for gap in found if (gap.metric, gap.along) == (title, along)]
            _draw(panel, own, mark, ink, band=len(looks) <= MOST_BANDS)
        _frame(panel, kind, ink)
        if threshold is not None:
            rule(panel, threshold, ink)
    drawn[0].set_ylabel(f"{kind} of the groups furthest apart", fontsize="small")
    beside(drawn, ink, told)
    return ax


def _draw(ax: Axes, own: Sequence[Gap], mark: Mark, ink: Ink, *, band: bool) -> None:
    if not own:
        return
    x, y, low, high, null = (_column(own, name) for name in ("", "value", "low", "high", "null"))
    line(ax, x, y, low=low, high=high, mark=mark, ink=ink, band=band)
    ax.plot(x, null, color=mark.colour(dark=ink.dark), linewidth=1, linestyle=_CHANCE)


def _column(own: Sequence[Gap], name: str) -> NDArray[np.float64]:
    """The thresholds of some gaps, or one of their numbers."""
    held = [dict(gap.within)[THRESHOLD] if not name else getattr(gap, name) for gap in own]
    return np.array([np.nan if value is None else value for value in held], dtype=np.float64)


def _frame(ax: Axes, kind: str, ink: Ink) -> None:
    """Parity as a line, and a scale that begins there."""
    at = [float(x) for held in ax.lines for x in np.atleast_1d(held.get_xdata())]
    unit(ax, x=not at or 0 <= min(at) <= max(at) <= 1, y=False)
    ax.set_xlabel(THRESHOLD, fontsize="small")
    parity = 0.0 if kind == "difference" else 1.0
    ax.axhline(parity, color=ink.muted, linewidth=1)
    if parity == 0.0:
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
