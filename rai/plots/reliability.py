"""Calibration of each group: what came true against what was predicted, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import grid, grid_size, unit
from rai.values import Calibration, CalibrationBin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW_ROWS = 30

_COLUMNS = 4


def calibration(result: Audit | Calibration, ax: Axes | None = None) -> Axes:
    """Draw what came true against what was predicted, a panel for each group.

    On the diagonal predictions mean what they say; above it too little was predicted. A hollow mark
    stands for fewer than 30 rows. Scores are drawn from 0 to 1, quantities on one scale for all groups,
    which an interval may leave.

    Args:
        result: An audit of scores or of a regression (by its first comparison), or its calibration.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several groups the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no bins, or an audit has neither scores nor quantities.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_score=[.9, .2, .4, .6], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.calibration(found.calibration(by="sex", bins=2))
        >>> [panel.get_title(loc="left") for panel in ax.child_axes]
        ['F\\nn = 2', 'M\\nn = 2']
    """
    found = result.calibration(by=result.comparisons[0]) if isinstance(result, Audit) else result
    if not found:
        raise ArgumentError(sentence("plots.calibration", "no bins", expected="at least one"))
    groups: dict[str, list[CalibrationBin]] = {}
    for row in found:
        groups.setdefault(row.name or "everyone", []).append(row)
    titles = [
        f"{fitted(name, width=28)}\nn = {sum(r.n for r in rows):,}" for name, rows in groups.items()
    ]
    width, height = grid_size(len(groups), columns=_COLUMNS)
    ax = axes_for(ax, width=width, height=height, feature="plots.calibration")
    ink, looks = ink_of(ax), marks(groups)
    drawn = grid(ax, titles, columns=_COLUMNS)
    scores, ends = _ends(found)
    for (name, rows), panel in zip(groups.items(), drawn, strict=True):
        panel.plot(ends, ends, color=ink.muted, linewidth=1, linestyle=(0, (4, 3)))
        panel.set_box_aspect(1)
        unit(panel, x=scores, y=scores)
        _draw(panel, rows, looks[name], ink)
        if not scores:
            panel.set(xlim=ends, ylim=ends)
            panel.locator_params(nbins=4)
    drawn[0].set_ylabel("share positive" if scores else "mean of what came true", fontsize="small")
    below = drawn[(len(drawn) - 1) // _COLUMNS * _COLUMNS]
    below.set_xlabel("mean prediction; hollow: fewer than 30 rows", loc="left", fontsize="small")
    return ax


def _ends(found: Calibration) -> tuple[bool, tuple[float, float]]:
    """Whether all lies between 0 and 1, as scores do, and the ends of the scale."""
    known = [x for row in found for x in (row.mean_predicted, row.value) if x is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    bounds = [x for row in found for x in (row.low, row.high) if x is not None]
    if low >= 0 and high <= 1 and all(0 <= x <= 1 for x in bounds):
        return True, (0.0, 1.0)
    room = 0.06 * (high - low) or 1.0
    return False, (low - room, high + room)


def _draw(ax: Axes, rows: Sequence[CalibrationBin], mark: Mark, ink: Ink) -> None:
    colour = mark.colour(dark=ink.dark)
    known = [
        (row, row.mean_predicted, row.value)
        for row in rows
        if row.value is not None and row.mean_predicted is not None
    ]
    if not known:
        ax.text(
            0.05, 0.9, "– undefined", transform=ax.transAxes, color=ink.muted, va="top", fontsize="small"
        )
    ax.plot([x for _, x, _ in known], [y for _, _, y in known], color=colour, linewidth=0.8)
    for row, x, y in known:
        if row.low is not None and row.high is not None:
            ax.plot([x, x], [row.low, row.high], color=colour, linewidth=1.6)
        ax.plot(
            [x], [y], linestyle="none", marker=marker(mark), markersize=5.5,
            color=colour, markeredgecolor=colour, markeredgewidth=1.3,
            markerfacecolor=ink.paper if row.n < FEW_ROWS else colour,
        )  # fmt: skip
