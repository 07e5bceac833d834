"""A gap between two groups as a waterfall: what each feature adds to it, and what no feature carries.

hours     ──▶            ░ where chance alone would end a step
age        ◀─┤           filled: beyond that
(labels)  ▨
gap       ├──┤
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rai.explainers.gap_parts import GapAttributions, GapPair, GapPart
from rai.explainers.space_names import score_name
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, figure, metric_name, number
from rai.plots.attribution_rows import MOST, beside_rows, shown_players, signed, within
from rai.plots.canvas import Ink, axes_for, fitted, ink_of
from rai.plots.panels import panels, size
from rai.plots.steps import Step, draw_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHERE = "plots.gap_waterfall"
MOST_PAIRS = 6
GAP = "gap"

_SIGNS = "pale: what chance alone would add; hollow: could be chance"
_WIDE, _BESIDE = 1.25, 2.2  # widths of a panel; of the numbers beside a single one, in inches


def gap_waterfall(result: GapAttributions, ax: Axes | None = None, *, most: int = MOST) -> Axes:
    """Draw the parts of the gap between two groups, one after another, the largest first.

    A step's whisker holds with all others at once. The pale box is where steps would end if rows were in
    groups by chance; a step whose end is inside of it is hollow. Hatched steps are what no feature
    carries. Of a ratio the parts of its logarithm are drawn. The parts say what the model makes of each
    feature, not what causes the gap.

    Args:
        result: What `rai.attribute_gap` returned.
        ax: Where to draw; a new figure if None.
        most: Features with a row of their own; the others are one step.

    Returns:
        The axes; several pairs are panels inside it, in `ax.child_axes`, with their rows in one order.

    Raises:
        ArgumentError: If there is no pair with a gap.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> from rai.explainers.gap_parts import GapAttributions, GapPair, GapPart
        >>> sides = {"group": "F", "versus": "M", "n": 40, "n_versus": 50}
        >>> values = {"age": -0.1, "job": 0.02}
        >>> parts = [GapPart(feature=name, value=value, **sides) for name, value in values.items()]
        >>> gap = GapPart(feature="gap", role="gap", value=-0.08, **sides)
        >>> pair = GapPair(gap=gap, parts=tuple(parts), group_value=0.2, versus_value=0.28, **sides)
        >>> found = GapAttributions(metric="selection_rate", kind="difference", along="sex",
        ...     versus="pairwise", pairs=(pair,), names=("age", "job"), space="decision", method="tree",
        ...     exact=True, level=0.95, background="the 90 rows themselves", background_n=90,
        ...     background_digest="")
        >>> ax = gap_waterfall(found)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['age', 'job', 'gap']
    """
    pairs = _pairs(result)
    sizes = np.zeros(len(result.names))
    for pair in pairs:
        found = _features(pair)
        sizes = np.maximum(sizes, [abs(_known(found.get(name))) for name in result.names])
    shown = shown_players(sizes, most=most)
    residuals = list(dict.fromkeys(part.feature for pair in pairs for part in pair.residuals))
    labels = [fitted(result.names[place]) for place in shown.places]
    labels += [shown.others_name] * bool(shown.others) + [fitted(name) for name in residuals] + [GAP]
    width, height = size(_WIDE * len(pairs) if len(pairs) > 1 else 3.2, labels)
    more = 0.5 if len(pairs) > 1 else _BESIDE
    ax = axes_for(ax, width=width + more, height=height + 1.1, feature=WHERE)
    ink = ink_of(ax)
    drawn = panels(ax, [_title(pair) for pair in pairs] if len(pairs) > 1 else [""], labels)
    names = [result.names[place] for place in shown.places]
    for pair, panel in zip(pairs, drawn, strict=True):
        steps, texts = _steps(pair, names, [result.names[place] for place in shown.others], residuals)
        panel.axvline(0, color=ink.muted, linewidth=1)
        draw_steps(panel, steps, ink)
        panel.use_sticky_edges = False
        panel.margins(x=0.05)
        _note(panel, _sides(pair, several=len(pairs) > 1), ink)
        if len(pairs) == 1:
            beside_rows(panel, [(-0.6, "adds, interval, share", True), *texts], ink)
    drawn[0].set_xlabel(_scale(result, left_out=len(result.pairs) - len(pairs)), loc="left")
    return ax


def _pairs(result: GapAttributions) -> list[GapPair]:
    """The pairs that have a gap; of many the largest, in their own order."""
    known = [pair for pair in result.pairs if pair.value is not None]
    if not known:
        notes = next((pair.note for pair in result.pairs if pair.note), "")
        raise ArgumentError(
            sentence(WHERE, "no gap that is defined", expected="at least one", hint=notes)
        )
    largest = sorted(known, key=lambda pair: -abs(pair.value or 0.0))[:MOST_PAIRS]
    return [pair for pair in known if pair in largest]


def _features(pair: GapPair) -> dict[str, GapPart]:
    return {part.feature: part for part in pair.parts}


def _known(part: GapPart | None) -> float:
    return 0.0 if part is None or part.value is None else part.value


def _steps(
    pair: GapPair, names: Sequence[str], others: Sequence[str], residuals: Iterable[str]
) -> tuple[list[Step], list[tuple[float, str, bool]]]:
    """The steps of one pair, and what is written beside them; the gap itself is the last."""
    found, left = _features(pair), {part.feature: part for part in pair.residuals}
    steps: list[Step] = []
    texts: list[tuple[float, str, bool]] = []
    at = 0.0
    parts: list[tuple[GapPart | float | None, bool]] = [(found.get(name), False) for name in names]
    if others:
        parts.append((math.fsum(_known(found.get(name)) for name in others), False))
    parts += [(left.get(name), True) for name in residuals]
    for row, (part, residual) in enumerate(parts):
        step = _step(part, row, at, residual=residual)
        steps.append(step)
        texts.append((row, _told(part), residual))
        at = step.end
    steps.append(_step(pair.gap, len(parts), 0.0, residual=False))
    texts.append((len(parts), _told(pair.gap), False))
    return steps, texts


def _step(part: GapPart | float | None, row: int, start: float, *, residual: bool) -> Step:
    if not isinstance(part, GapPart):
        return Step(row=row, start=start, value=part or 0.0, residual=residual)
    band = None
    if part.chance_low is not None and part.chance_high is not None:
        band = (part.chance_low, part.chance_high)
    return Step(
        row=row, start=start, value=_known(part), low=part.low, high=part.high, chance=band,
        filled=band is None or part.is_beyond_chance, residual=residual,
    )  # fmt: skip


def _told(part: GapPart | float | None) -> str:
    if part is None or isinstance(part, float):
        return signed(part or 0.0)
    if part.value is None:
        return "undefined"
    share = "" if part.share is None or part.role == "gap" else f", {round(100 * part.share)}%"
    return f"{signed(part.value)} {within(part.low, part.high)}".rstrip() + share


def _title(pair: GapPair) -> str:
    return f"{pair.group} minus {pair.versus}"


def _sides(pair: GapPair, *, several: bool) -> str:
    """The metric of both groups, and their rows."""
    sides = ((pair.group, pair.group_value, pair.n), (pair.versus, pair.versus_value, pair.n_versus))
    if several:
        return "\n".join(f"{figure(value)}, n = {n:,}" for _, value, n in sides)
    return "\n".join(f"{fitted(name, width=70)}: {figure(value)}, n = {n:,}" for name, value, n in sides)


def _note(ax: Axes, text: str, ink: Ink) -> None:
    """Lines between the title and the rows."""
    title = ax.get_title(loc="left")
    ax.set_title(title, loc="left", fontsize="medium", pad=30)
    ax.annotate(
        text, (0, 1), xycoords="axes fraction", xytext=(0, 2), textcoords="offset points", va="bottom",
        fontsize="small", color=ink.muted, annotation_clip=False,
    )  # fmt: skip


def _scale(result: GapAttributions, *, left_out: int) -> str:
    """What is added up, and how sure its parts are."""
    name = metric_name(result.metric)
    what = f"logarithm of the ratio of {name}" if result.kind == "ratio" else f"difference in {name}"
    space = "" if result.space == "decision" else f" ({score_name(result.space, result.output)})"
    sure = any(part.low is not None for pair in result.pairs for part in pair.parts)
    level = (
        f"{number(100 * result.level)}% for all parts at once\n{_SIGNS}" if sure else "without intervals"
    )
    more = f"; {counted(left_out, 'more pair')} not drawn" if left_out > 0 else ""
    return f"{what} by {fitted(result.along, width=60)}{space}\n{level}{more}"
