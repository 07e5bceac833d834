"""A scenario as dumbbells: what each group had before, and what it has after.

group A    ○──────●        ─●─
group B         ○─●       ─●─
          selection rate   decisions that change
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.ground.colours import Mark, marks
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.panels import Point, draw, from_zero, panels, size
from rai.values import Estimate
from rai.whatif.change_rates import ChangeRate, ChangeRates
from rai.whatif.scenario_results import EDIT, ScenarioResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

APART = 0.17  # rows between before and after, so that their intervals don't hide each other

TITLES = {
    "binary": ("selection rate", "decisions that change"),
    "multiclass": ("mean change of score", "decisions that change"),
    "regression": ("mean change", "values that change"),
}


def scenario(result: ScenarioResult, ax: Axes | None = None) -> Axes:
    """Draw what a scenario did to each group.

    Of two classes: the selection rate before (hollow) and after (filled), and the share of decisions
    that changed. Otherwise: how far scores moved on average, and the share that changed. Each group
    keeps its colour and shape; each interval holds by itself.

    Args:
        result: What `rai.whatif.run_scenario` found.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; the panels are inside it, in `ax.child_axes`.

    Raises:
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 55], "sex": ["F", "M", "F"]}
        >>> found = rai.whatif.run_scenario(lambda frame: frame["income"] / 100, rows,
        ...     scenario=rai.whatif.Scenario("raise", rai.whatif.Edit.scale("income", 1.5)),
        ...     sensitive_features="sex")
        >>> ax = rai.plots.scenario(found)
        >>> [panel.get_title(loc="left") for panel in ax.child_axes]
        ['selection rate', 'decisions that\\nchange']
    """
    flips = result.flips
    labels = [f"{fitted(rate.name)}  (n = {rate.n:,})" for rate in flips]
    binary = result.model.task == "binary"
    width, height = size(3.4, labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.scenario")
    ink, looks = ink_of(ax), marks(rate.name for rate in flips)
    left, right = panels(ax, TITLES[result.model.task], labels)
    if binary:
        _dumbbells(left, result, list(looks.values()), ink)
    else:
        left.axvline(0, color=ink.muted, linewidth=1)
        draw(left, [_moved(row, rate, looks[rate.name], ink) for row, rate in enumerate(flips)], ink)
    draw(right, [_flipped(row, rate, looks[rate.name], ink) for row, rate in enumerate(flips)], ink)
    from_zero(right)
    left.set_xlabel(_note(result, flips), loc="left", color=ink.muted, fontsize="small")
    return ax


def _dumbbells(ax: Axes, result: ScenarioResult, looks: list[Mark], ink: Ink) -> None:
    """Before and after with their intervals, joined by a line."""
    rates = result.selection_rates
    half = len(looks)
    for row, (look, before, after) in enumerate(zip(looks, rates[:half], rates[half:], strict=True)):
        colour = look.colour(dark=ink.dark)
        ax.plot(
            _held(before.value, after.value), [row - APART, row + APART], color=colour, linewidth=0.9,
            linestyle=(0, (2, 2)),
        )  # fmt: skip
        for estimate, at in ((before, row - APART), (after, row + APART)):
            _end(ax, estimate, at, (colour, marker(look)), ink)


def _end(ax: Axes, estimate: Estimate, at: float, look: tuple[str, str], ink: Ink) -> None:
    colour, shape = look
    filled = dict(estimate.group)[EDIT] == "after"
    ax.plot(_held(estimate.low, estimate.high), [at, at], color=colour, linewidth=1.6)
    ax.plot(
        _held(estimate.value), [at], linestyle="none", marker=shape, markersize=6.5,
        markeredgecolor=colour, markeredgewidth=1.4, markerfacecolor=colour if filled else ink.paper,
    )  # fmt: skip


def _held(*values: float | None) -> list[float]:
    """Numbers of a group with rows, which are all there."""
    return [value for value in values if value is not None]


def _moved(row: int, rate: ChangeRate, look: Mark, ink: Ink) -> Point:
    low, high = rate.mean_delta_low, rate.mean_delta_high
    return Point(row, rate.mean_delta, low, high, look.colour(dark=ink.dark), marker(look))


def _flipped(row: int, rate: ChangeRate, look: Mark, ink: Ink) -> Point:
    return Point(row, rate.share, rate.low, rate.high, look.colour(dark=ink.dark), marker(look))


def _note(result: ScenarioResult, flips: ChangeRates) -> str:
    named = fitted(result.scenario.name, width=40)
    level = f"{100 * result.level:.6g}% intervals" if flips else ""
    ends = "hollow: before, filled: after; " if result.model.task == "binary" else ""
    return f"{named}\n{ends}{level}"
