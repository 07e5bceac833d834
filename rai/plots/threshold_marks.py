"""A plan of thresholds: where each group's threshold lies, and what it does to the group."""

from __future__ import annotations

import math
from itertools import cycle
from typing import TYPE_CHECKING

from rai.ground.colours import Mark, marks
from rai.ground.formatting import metric_name
from rai.measure.thresholds.rules import Rule
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.panels import Point, draw, panels, size
from rai.thresholds import PlanEvaluation, ThresholdPlan
from rai.values import Estimate
from rai.values.levels import key_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = ("selection_rate", "true_positive_rate", "false_positive_rate", "positive_predictive_value")


def thresholds(result: ThresholdPlan | PlanEvaluation, ax: Axes | None = None) -> Axes:
    """Draw the thresholds of a plan, a row for each group, beside the rates that follow from them.

    Where decisions are drawn by lot a group has several thresholds, with the share of each. For a
    plan the rates are those of the rows it was chosen on, which flatters them; the dotted line is the
    best threshold for everyone.

    Args:
        result: A plan, or its evaluation on other rows.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes, with the panels in `ax.child_axes`: the thresholds first.

    Raises:
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="equal_opportunity")
        >>> ax = rai.plots.thresholds(plan)
        >>> [panel.get_title(loc="left") for panel in ax.child_axes][:2]
        ['threshold', 'selection rate']
    """
    judged = result.fitted if isinstance(result, ThresholdPlan) else result
    names = [key_name(rule.group) or "everyone" for rule in judged.rules]
    rates = {metric: judged.metrics(metric) for metric in SHOWN}
    labels = [
        f"{fitted(name)}  (n = {rate.n:,})" for name, rate in zip(names, rates[SHOWN[0]], strict=True)
    ]
    titles = ["threshold", *(metric_name(name) for name in SHOWN)]
    width, height = size(len(titles), labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.thresholds")
    ink, looks = ink_of(ax), marks(names)
    first, *others = panels(ax, titles, labels)
    if isinstance(result, ThresholdPlan) and math.isfinite(result.single):
        first.axvline(result.single, color=ink.muted, linewidth=1, linestyle=(0, (1, 2)))
    for place, (name, rule) in enumerate(zip(names, judged.rules, strict=True)):
        _draw_rule(first, rule, place, looks[name], ink)
    first.margins(x=0.16)
    for metric, panel in zip(SHOWN, others, strict=True):
        found = zip(names, rates[metric], strict=True)
        draw(panel, [_point(e, place, looks[name], ink) for place, (name, e) in enumerate(found)], ink)
    told = "on the rows they were chosen on: optimistic" if judged.same_rows else "on other rows"
    others[0].set_xlabel(told, loc="left", fontsize="small", color=ink.muted)
    return ax


def _point(estimate: Estimate, place: int, mark: Mark, ink: Ink) -> Point:
    colour = mark.colour(dark=ink.dark)
    return Point(place, estimate.value, estimate.low, estimate.high, colour, marker(mark))


def _draw_rule(ax: Axes, rule: Rule, place: int, mark: Mark, ink: Ink) -> None:
    """The threshold of a group; several with their shares where decisions are drawn by lot."""
    colour = mark.colour(dark=ink.dark)
    cuts = [(t, s) for t, s in zip(rule.thresholds, rule.shares, strict=True) if math.isfinite(t)]
    ax.plot([t for t, _ in cuts], [place] * len(cuts), color=colour, linewidth=0.8)
    for side, (threshold, share) in zip(cycle((5, -5)), cuts):
        ax.plot(
            [threshold], [place], linestyle="none", marker=marker(mark), color=colour,
            markersize=6.5 if share > 0.5 or not rule.drawn else 4.5,
        )  # fmt: skip
        if rule.drawn:
            _note(ax, f"{100 * share:.3g}%", (threshold, place), ink, side=side)
    for threshold, share in zip(rule.thresholds, rule.shares, strict=True):
        if not math.isfinite(threshold):
            who = "nobody" if threshold > 0 else "everyone"
            told = f"selects {who}" + (f" in {100 * share:.3g}%" if rule.drawn else "")
            ax.text(
                0.02, place, told, transform=ax.get_yaxis_transform(), color=ink.muted, va="center",
                fontsize="small",
            )  # fmt: skip


def _note(ax: Axes, text: str, at: tuple[float, float], ink: Ink, *, side: int) -> None:
    ax.annotate(
        text, at, xytext=(0, side), textcoords="offset points", ha="center", color=ink.muted,
        va="bottom" if side > 0 else "top", fontsize="x-small",
    )  # fmt: skip
