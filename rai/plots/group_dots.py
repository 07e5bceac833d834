"""Metrics of groups as dots with intervals: a row for each group, a panel for each metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.ground.colours import marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import TIMES, metric_name
from rai.plots.canvas import axes_for, fitted, ink_of, marker
from rai.plots.panels import Point, draw, panels, size
from rai.values import Estimate, Estimates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLASS_AXIS = "label"


def metrics(result: Audit | Estimates, ax: Axes | None = None) -> Axes:
    """Draw metrics of groups as dots with their intervals.

    Each group keeps its colour and shape over all panels. Its rows are in its label. For an audit
    the dotted line is everyone.

    Args:
        result: An audit (its usual metrics by all sensitive features), or estimates.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several metrics the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no estimates.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.metrics(found.metrics("accuracy"))
        >>> [label.get_text() for label in ax.get_yticklabels()], ax.get_title(loc="left")
        (['F  (n = 2)', 'M  (n = 2)'], 'accuracy')
    """
    found, everyone = _asked(result)
    if not found:
        raise ArgumentError(sentence("plots.metrics", "no estimates", expected="at least one"))
    titles = list(dict.fromkeys(estimate.metric for estimate in found))
    rows = {(_class(e), _group(e)): e.n for e in found}
    labels = [f"{fitted(group if label is None else f'{group}, {label}')}  (n = {n:,})"
              for (label, group), n in rows.items()]  # fmt: skip
    width, height = size(len(titles), labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.metrics")
    ink, looks, places = ink_of(ax), marks(group for _, group in rows), list(rows)
    drawn = panels(ax, [metric_name(title) for title in titles], labels)
    for title, panel in zip(titles, drawn, strict=True):
        if title in everyone:
            panel.axvline(everyone[title], color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
        points = [
            Point(
                places.index((_class(e), _group(e))), e.value, e.low, e.high,
                looks[_group(e)].colour(dark=ink.dark), marker(looks[_group(e)]),
            )
            for e in found if e.metric == title
        ]  # fmt: skip
        draw(panel, points, ink)
    if everyone:
        drawn[0].set_xlabel("dotted: everyone", loc="left", color=ink.muted, fontsize="small")
    return ax


def _asked(result: Audit | Estimates) -> tuple[Estimates, Mapping[str, float]]:
    """Estimates, and the values of everyone where there is one for a metric."""
    if not isinstance(result, Audit):
        return result, {}
    found = result.metrics(by=result.roles.sensitive_features)
    if result.task == "multiclass":
        return found, {}
    whole = result.metrics(by=())
    return found, {e.metric: e.value for e in whole if e.value is not None}


def _class(estimate: Estimate) -> str | None:
    """The class an estimate is about, where there are several classes."""
    first = estimate.group[:1]
    return str(first[0][1]) if first and first[0][0] == CLASS_AXIS else None


def _group(estimate: Estimate) -> str:
    if _class(estimate) is None:
        return estimate.name
    return TIMES.join(str(level) for _, level in estimate.group[1:]) or "everyone"
