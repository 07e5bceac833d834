"""Curves of groups: ROC, precision and recall, or any metric against the threshold, with bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.audits import Audit
from rai.ground.colours import Mark, marks_among
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure, metric_name
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.line_panels import (
    MOST_BANDS,
    MOST_NAMED,
    beside,
    grid,
    grid_size,
    legend_name,
    line,
    rule,
    unit,
)
from rai.values import Curve, Curves, Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROC, PRECISION_RECALL, THRESHOLD = "roc", "precision_recall", "threshold"
TITLES = {ROC: "ROC", PRECISION_RECALL: "precision and recall"}

_CHANCE = (0, (4, 3))
_BASE = (0, (1, 2))


def curves(result: Audit | Curves, ax: Axes | None = None, *, threshold: float | None = None) -> Axes:
    """Draw curves, a line for each group and a panel for each kind of curve.

    A ROC curve stands against the diagonal of chance, and precision against each group's base rate
    (dotted), which is the precision of selecting everyone. Bands are pointwise intervals, drawn for up
    to 6 groups. Of more than 12 groups the 12 largest are named, and the others stay in grey. Of very
    many points only those are drawn that can be seen.

    Args:
        result: An audit (ROC by its first comparison, with areas, and marks at the threshold that it
            has now), or curves.
        ax: Where to draw; a new figure if None.
        threshold: The present threshold, to be marked where curves are over thresholds.

    Returns:
        The axes; with several kinds of curves the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no curves, or an audit has no scores.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_score=[.9, .2, .4, .6], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.curves(found.curves("roc", by="sex"))
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['F\\nn = 2', 'M\\nn = 2']
    """
    found = result.curves(ROC, by=result.comparisons[0]) if isinstance(result, Audit) else result
    if not found:
        raise ArgumentError(sentence("plots.curves", "no curves", expected="at least one"))
    names = list(dict.fromkeys(curve.name for curve in found))
    looks = marks_among(_largest(found), [_name(curve) for curve in found])
    told = _named(found, looks, _areas(result) if isinstance(result, Audit) else {})
    width, height = grid_size(len(names), told)
    ax = axes_for(ax, width=width, height=height, feature="plots.curves")
    ink = ink_of(ax)
    drawn = grid(ax, [TITLES.get(name, metric_name(name)) for name in names])
    for name, panel in zip(names, drawn, strict=True):
        own = [curve for curve in found if curve.name == name]
        _frame(panel, own, ink)
        for curve in sorted(own, key=lambda curve: _name(curve) in looks):
            _draw(panel, curve, looks.get(_name(curve)), ink, band=len(looks) <= MOST_BANDS)
        if threshold is not None and own[0].x_name == THRESHOLD:
            rule(panel, threshold, ink)
    if isinstance(result, Audit):
        _operating_points(drawn[0], result, looks, ink)
    beside(drawn, ink, told)
    return ax


def _name(curve: Curve) -> str:
    return curve.group_name or "everyone"


def _frame(ax: Axes, own: list[Curve], ink: Ink) -> None:
    """Scales with their names; the diagonal of chance under a ROC curve."""
    first = own[0]
    x, y = (np.concatenate([getattr(curve, side) for curve in own]) for side in ("x", "y"))
    unit(ax, x=_within_unit(x), y=_within_unit(y))
    ax.set_xlabel(metric_name(first.x_name), fontsize="small")
    if first.name in TITLES:
        ax.set_box_aspect(1)
        ax.set_ylabel(metric_name(first.y_name), fontsize="small")
    if first.name == ROC:
        ax.plot([0, 1], [0, 1], color=ink.muted, linewidth=1, linestyle=_CHANCE)
        ax.text(
            0.97, 0.93, "chance", color=ink.muted, fontsize="x-small", ha="right", va="top", rotation=45,
            rotation_mode="anchor", transform_rotates_text=True,
        )  # fmt: skip


def _within_unit(values: NDArray[np.float64]) -> bool:
    return bool(np.all((values >= 0) & (values <= 1) | np.isnan(values)))


def _draw(ax: Axes, curve: Curve, mark: Mark | None, ink: Ink, *, band: bool) -> None:
    if not len(curve.x):
        return
    line(ax, curve.x, curve.y, low=curve.low, high=curve.high, mark=mark, ink=ink, band=band)
    if curve.name == PRECISION_RECALL and mark is not None:
        colour = mark.colour(dark=ink.dark)
        ax.axhline(float(curve.y[-1]), color=colour, linewidth=1, linestyle=_BASE)


def _areas(audit: Audit) -> Mapping[str, Estimate]:
    return {area.name: area for area in audit.metrics("roc_auc", by=audit.comparisons[0])}


def _operating_points(ax: Axes, audit: Audit, looks: Mapping[str, Mark], ink: Ink) -> None:
    """Where each group stands at the threshold of now."""
    rates = audit.metrics("false_positive_rate", "true_positive_rate", by=audit.comparisons[0])
    at = {(rate.name, rate.metric): rate.value for rate in rates}
    for name, mark in looks.items():
        x, y = (at[name, metric] for metric in ("false_positive_rate", "true_positive_rate"))
        if x is not None and y is not None:
            ax.plot(
                [x], [y], linestyle="none", marker=marker(mark), color=mark.colour(dark=ink.dark),
                markersize=7, markeredgecolor=ink.paper, markeredgewidth=1.2, zorder=3,
            )  # fmt: skip


def _largest(found: Curves) -> list[str]:
    """All groups where they are few, else those with the most rows that have a curve."""
    names = list(dict.fromkeys(_name(curve) for curve in found))
    if len(names) <= MOST_NAMED:
        return names
    rows = {_name(curve): curve.n for curve in found if len(curve.x)}
    kept = set(sorted(rows, key=lambda name: rows[name], reverse=True)[:MOST_NAMED])
    return [name for name in names if name in kept]


def _named(
    found: Curves, looks: Mapping[str, Mark], areas: Mapping[str, Estimate]
) -> list[tuple[Mark | None, str]]:
    """What the legend says of each group: its rows, its area, or why it has no curve."""
    told: dict[str, tuple[Mark | None, str]] = {}
    for curve in found:
        name = _name(curve)
        if name in looks:
            told.setdefault(name, (looks[name], f"{legend_name(name)}\n{_about(curve, areas)}"))
    rest = {_name(curve): len(curve.x) for curve in found if _name(curve) not in looks}
    without = sum(not points for points in rest.values())
    undefined = f"\n{without:,} of them undefined" if without else ""
    return [*told.values(), *([(None, f"{len(rest):,} smaller groups{undefined}")] if rest else [])]


def _about(curve: Curve, areas: Mapping[str, Estimate]) -> str:
    area = areas.get(_name(curve))
    if not len(curve.x):
        return fitted(f"– {curve.note.partition(' (n=')[0]} (n = {curve.n:,})", width=34)
    if area is None or area.value is None:
        return f"n = {curve.n:,}"
    bounds = "" if area.low is None else f" [{figure(area.low)}, {figure(area.high)}]"
    return f"n = {curve.n:,}, AUC {figure(area.value)}{bounds}"
