"""Where the scores of each group lie: rows with a positive label above its line, the others below.

F  ▁▂▅▇▅▂▁      positive
  ─────────
   ▇▅▂▁         negative
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rai.audits import Audit
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, plain, rows_down
from rai.plots.line_panels import rule, tick
from rai.values import Distribution, Distributions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_REACH = 0.42
_ROW_INCHES, _LETTER_INCHES, _WIDTH_INCHES = 0.85, 0.085, 5.2


def score_distributions(
    result: Audit | Distributions, ax: Axes | None = None, *, threshold: float | None = None
) -> Axes:
    """Draw how the scores of each group are spread, both labels back to back.

    Heights are shares of the rows of a group that have a label, on one scale for each label: the bars
    of a label sum to the same in every group, however many rows it has. Its rows are in its label.

    Args:
        result: An audit with scores (by its first comparison), or distributions.
        ax: Where to draw; a new figure if None.
        threshold: The present threshold, to be marked; for an audit it is known.

    Returns:
        The axes.

    Raises:
        ArgumentError: If there are no distributions, or an audit has no scores.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_score=[.9, .2, .4, .6], bins="exact",
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.score_distributions(found)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['F\\n1 of 1, 1 of 0', 'M\\n1 of 1, 1 of 0']
    """
    found = result
    if isinstance(result, Audit):
        found = result.score_distributions(by=result.comparisons[0])
        threshold = result.thresholds[0] if threshold is None else threshold
    assert isinstance(found, Distributions)
    if not found:
        raise ArgumentError(
            sentence("plots.score_distributions", "no distributions", expected="at least one")
        )
    groups = list(dict.fromkeys(_name(part) for part in found))
    classes = list(dict.fromkeys(part.label for part in found))
    parts = {(_name(part), part.label): part for part in found}
    labels = [_label(name, [parts[name, label] for label in reversed(classes)]) for name in groups]
    letters = max(len(line) for label in labels for line in label.split("\n"))
    height = 0.9 + _ROW_INCHES * max(len(groups), 2)
    width = _WIDTH_INCHES + _LETTER_INCHES * letters
    ax = axes_for(ax, width=width, height=height, feature="plots.score_distributions")
    ink, looks = ink_of(ax), marks(groups)
    plain(ax, ink)
    rows_down(ax, labels)
    tallest = {
        label: max(
            (part.share.max() for part in found if part.label == label and not part.note), default=1
        )
        for label in classes
    }
    for (name, label), part in parts.items():
        above = label == classes[-1] and len(classes) > 1
        _draw(ax, part, groups.index(name), looks[name], ink, scale=_REACH / tallest[label], above=above)
    ax.set_xlim(float(found[0].low[0]), float(found[0].high[-1]))
    ax.set_ylim(len(groups) - 0.45, -0.55)
    ax.xaxis.set_major_formatter(tick)
    names = [fitted(str(label), width=20) for label in reversed(classes)]
    ax.set_xlabel(f"score; above the line {', below it '.join(names)}", loc="left", fontsize="small")
    if threshold is not None:
        rule(ax, threshold, ink)
    return ax


def _name(part: Distribution) -> str:
    return part.group_name or "everyone"


def _label(name: str, parts: list[Distribution]) -> str:
    counts = ", ".join(f"{int(part.n.sum()):,} of {fitted(str(part.label), width=20)}" for part in parts)
    return f"{fitted(name)}\n{fitted(counts, width=34)}"


def _draw(
    ax: Axes, part: Distribution, row: int, mark: Mark, ink: Ink, *, scale: float, above: bool
) -> None:
    """One label of one group: steps, filled above the line and paler below it."""
    colour = mark.colour(dark=ink.dark)
    ax.axhline(row, color=colour, linewidth=0.8)
    if part.note:
        ax.text(
            0.02, row + (-0.2 if above else 0.2), "– undefined", color=ink.muted, fontsize="small",
            transform=ax.get_yaxis_transform(), va="center",
        )  # fmt: skip
        return
    edges = np.append(part.low, part.high[-1])
    heights = row + np.append(part.share, part.share[-1]) * scale * (-1 if above else 1)
    ax.fill_between(
        edges, heights, row, step="post", color=colour, alpha=0.75 if above else 0.3, linewidth=0
    )
