"""Steps of a waterfall: bars that each begin where the one before ends.

base    │
age     ├────▶
hours      ◀──┤   ─ interval of a step, at its end;  ░ where chance alone would end it
score         │
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rai.plots.attribution_rows import sign_colour
from rai.plots.canvas import Ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TALL, _BAND = 0.56, 0.86  # of a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Args:
        row: Its row.
        start: Where it begins.
        value: How far it goes; negative to the left.
        low, high: Bounds of how far it goes, or None.
        chance: Bounds of how far chance alone would go, or None.
        filled: Whether it is filled.
        residual: Whether it belongs to no feature.
    """

    row: float
    start: float
    value: float
    low: float | None = None
    high: float | None = None
    chance: tuple[float, float] | None = None
    filled: bool = True
    residual: bool = False

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.start + self.value


def draw_steps(ax: Axes, steps: Sequence[Step], ink: Ink, *, last: float | None = None) -> None:
    """Draw steps, each joined to the next.

    Args:
        ax: The axes, whose rows go down.
        steps: The steps in order.
        ink: Colours.
        last: The row that the last step is joined to; None for none.
    """
    for step in steps:
        colour = ink.muted if step.residual else sign_colour(step.value, ink)
        if step.chance is not None:
            low, high = step.chance
            ax.barh(
                [step.row], [high - low], left=step.start + low, height=_BAND, color=ink.line,
                linewidth=0, zorder=1.5,
            )  # fmt: skip
        ax.barh(
            [step.row], [step.value], left=step.start, height=_TALL, edgecolor=colour, linewidth=1.2,
            facecolor=colour if step.filled and not step.residual else ink.paper, zorder=2,
            hatch="////" if step.residual else "",
        )  # fmt: skip
        if step.low is not None and step.high is not None:
            ends = [step.start + step.low, step.start + step.high]
            ax.plot(ends, [step.row, step.row], color=ink.text, linewidth=1.3, zorder=3)
    rows = [step.row for step in steps[1:]] + ([] if last is None else [last])
    for step, row in zip(steps, rows, strict=False):
        at = [step.end, step.end]
        ax.plot(at, [step.row, row], color=ink.muted, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1.8)


def post(ax: Axes, at: float, row: float, ink: Ink) -> None:
    """An upright stroke in a row: a number that steps begin or end at."""
    ax.plot([at, at], [row - _TALL / 2, row + _TALL / 2], color=ink.text, linewidth=2.4, zorder=3)
