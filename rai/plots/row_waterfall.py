"""One row's attributions as a waterfall: from the base to the model's own number of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.explainers.attributions import Attributions, RowAttribution
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure
from rai.measure.intervals import critical_value
from rai.plots.attribution_rows import (
    MOST,
    beside_rows,
    check_attributions,
    scale_name,
    shown_players,
    signed,
    within,
)
from rai.plots.canvas import axes_for, fitted, ink_of
from rai.plots.panels import panels, size
from rai.plots.steps import Step, draw_steps, post
from rai.values import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.attribution_waterfall"
LEVEL = 0.95  # of the whiskers

_BASES = {"interventional": "mean of the background", "path_dependent": "mean of the training rows"}
_VALUE_LETTERS, _LABEL_LETTERS = 80, 34
_SEEN = 0.002  # of the width; less is rounding


def attribution_waterfall(
    attributions: Attributions,
    ax: Axes | None = None,
    *,
    row: int = 0,
    output: Level | None = None,
    most: int = MOST,
) -> Axes:
    """Draw how the parts of one row lead from the base to the model's own number, the largest first.

    Whiskers, where values are estimates, hold 95% of the sampling error of a single part. What the parts
    leave out, where a method is not complete, is a hatched step of its own.

    Args:
        attributions: What `rai.explain` returned.
        ax: Where to draw; a new figure if None.
        row: The row, counted from 0; negative ones count from the end.
        output: Which output; of several the last one if None.
        most: Features with a row of their own; the others are one step.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there is no such row or output, or nothing to draw.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.explain(lambda f: f["a"] * f["b"], {"a": [1.0, 0.0], "b": [0.5, 0.5]})
        >>> ax = rai.plots.attribution_waterfall(found, row=0)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['base', 'a = 1', 'b = 0.5', 'row 0']
    """
    given = check_attributions(attributions, where=WHERE)
    parts = list(given.row(row, output=output))
    at, k = row % len(given), given.output_place(output)
    base, score = float(given.base[at, k]), float(given.scores[at, k])
    shown = shown_players([abs(part.attribution) for part in parts], most=most)
    steps, texts = _steps([parts[place] for place in shown.places], base)
    labels = [_label(parts[place]) for place in shown.places]
    _add(
        steps, texts, sum(parts[place].attribution for place in shown.others), shown.others_name, labels
    )
    left = score - steps[-1].end
    if abs(left) > _SEEN * max(abs(step.value) for step in steps):
        _add(steps, texts, left, "what the parts leave out", labels, residual=True)
    rows = ["base", *labels, f"row {at:,}"]
    width, height = size(3.2, rows)
    ax = axes_for(ax, width=width + 1.2, height=height, feature=WHERE)
    ink, last = ink_of(ax), len(rows) - 1
    panels(ax, [""], rows)
    draw_steps(ax, steps, ink, last=last)
    for number, place in ((base, 0), (score, last)):
        post(ax, number, place, ink)
    ax.plot([base, base], [0, 1], color=ink.muted, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1.8)
    beside_rows(ax, [(0, f"{figure(base)}\n{_base_words(given)}".strip(), True)], ink)
    beside_rows(ax, [(step.row, text, False) for step, text in zip(steps, texts, strict=True)], ink)
    beside_rows(ax, [(last, figure(score), False)], ink)
    named = scale_name(given, output)
    ax.set_xlabel(
        named if given.standard_errors is None else f"{named}; whiskers: 95% intervals of the estimates"
    )
    ax.use_sticky_edges = False
    ax.margins(x=0.04)
    return ax


def _steps(parts: list[RowAttribution], base: float) -> tuple[list[Step], list[str]]:
    """A step for each part, and what is written beside it."""
    steps, texts, reach = [], [], critical_value(LEVEL)
    for place, part in enumerate(parts):
        value, error = part.attribution, part.standard_error
        low, high = (None, None) if error is None else (value - reach * error, value + reach * error)
        steps.append(Step(row=place + 1, start=base, value=value, low=low, high=high))
        texts.append(f"{signed(value)} {within(low, high)}".rstrip())
        base = steps[-1].end
    if not steps:
        raise ArgumentError(sentence(WHERE, "no features", expected="at least one"))
    return steps, texts


def _add(
    steps: list[Step],
    texts: list[str],
    value: float,
    name: str,
    labels: list[str],
    *,
    residual: bool = False,
) -> None:
    """One more step, of no single feature; none without a name."""
    if name:
        labels.append(name)
        steps.append(Step(row=len(steps) + 1, start=steps[-1].end, value=value, residual=residual))
        texts.append(signed(value))


def _label(part: RowAttribution) -> str:
    value = part.value if len(part.value) <= _VALUE_LETTERS else f"{part.value[: _VALUE_LETTERS - 1]}…"
    return fitted(f"{part.feature} = {value}", width=_LABEL_LETTERS)


def _base_words(given: Attributions) -> str:
    """What the base is, and of how many rows."""
    words = _BASES.get(given.kind, "")
    many = f"\nn = {given.background_n:,}" if given.background_n else ""
    return f"{words}{many}" if words else ""
