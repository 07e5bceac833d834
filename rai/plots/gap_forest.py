"""Gaps as a forest plot: value, interval, the pair of groups, and what chance alone would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.ground.formatting import figure, metric_name
from rai.measure.regression import REGRESSION_METRICS
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, one_kind
from rai.plots.panels import Point, draw, legend, panels, size
from rai.values import Gap, Gaps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EQUAL_GROUPS = "equal groups, by chance"

_OWN_SCALE = {metric.name for metric in REGRESSION_METRICS}


def gaps(result: Audit | Gaps, ax: Axes | None = None) -> Axes:
    """Draw gaps as a forest plot.

    A filled mark is a gap whose interval leaves parity out; a hollow one could be chance. The
    diamond is the gap that equal groups of these sizes would show on average.

    Args:
        result: An audit (its usual gaps), or gaps of one kind.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; gaps of quantities with scales of their own are panels inside it.

    Raises:
        ArgumentError: If the gaps are of several kinds.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.gaps(found.gaps("equal_opportunity"))
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['equal opportunity\\nby sex']
    """
    found = _by_criterion(result.gaps() if isinstance(result, Audit) else result)
    kind = one_kind((gap.kind for gap in found), where="plots.gaps", what="gaps")
    own = [gap.metric for gap in found if gap.metric in _OWN_SCALE]
    titles = list(dict.fromkeys(own)) if own else [""]
    keys = list(dict.fromkeys(_row_key(gap, alone=bool(own)) for gap in found))
    labels = [_label(key, alone=bool(own)) for key in keys]
    width, height = size(len(titles) if own else 4.5, labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.gaps")
    ink = ink_of(ax)
    drawn = panels(ax, [metric_name(title) for title in titles], labels)
    for title, panel in zip(titles, drawn, strict=True):
        inside = [gap for gap in found if not own or gap.metric == title]
        rows = [keys.index(_row_key(gap, alone=bool(own))) for gap in inside]
        _draw(panel, inside, rows, ink)
        if not own:
            _tell(panel, inside, rows, ink)
            panel.set_xlabel(
                f"{kind} of the groups furthest apart, {100 * found[0].level:.6g}% interval"
            )
    legend(drawn[0], ink, chance=EQUAL_GROUPS)
    return ax


def _draw(ax: Axes, found: list[Gap], rows: list[int], ink: Ink) -> None:
    parity = _parity(found[0].kind)
    ax.axvline(parity, color=ink.muted, linewidth=1)
    points = [
        Point(row, gap.value, gap.low, gap.high, ink.text, filled=_apart(gap))
        for row, gap in zip(rows, found, strict=True)
    ]
    draw(ax, points, ink)
    known = [(gap.null, row) for row, gap in zip(rows, found, strict=True) if gap.null is not None]
    ax.plot(
        [null for null, _ in known], [row for _, row in known], linestyle="none", marker="D",
        markersize=4.5, markerfacecolor=ink.paper, markeredgecolor=ink.muted, label="chance",
    )  # fmt: skip


def _tell(ax: Axes, found: list[Gap], rows: list[int], ink: Ink) -> None:
    """Beside each row: the gap, and the pair of groups that attains it."""
    texts = [(-0.6, "gap, interval\nhighest / lowest group", ink.muted)]
    for row, gap in zip(rows, found, strict=True):
        value = (
            "" if gap.value is None else f"{figure(gap.value)} [{figure(gap.low)}, {figure(gap.high)}]"
        )
        pair = " / ".join(fitted(group) for group in (gap.highest, gap.lowest) if group is not None)
        texts.append((row, f"{value}\n{pair}".strip(), ink.text))
    for y, text, colour in texts:
        ax.annotate(
            text, (1.0, y), xycoords=ax.get_yaxis_transform(), xytext=(8, 0), fontsize="small",
            textcoords="offset points", va="center" if y >= 0 else "bottom", color=colour,
            annotation_clip=False,
        )  # fmt: skip


def _by_criterion(found: Gaps) -> Gaps:
    """The same gaps, those of a criterion together."""
    order = list(dict.fromkeys(gap.metric for gap in found))
    return Gaps(sorted(found, key=lambda gap: order.index(gap.metric)))


def _row_key(gap: Gap, *, alone: bool) -> tuple[str, str, tuple[str, ...]]:
    return "" if alone else gap.metric, gap.along, tuple(str(level) for _, level in gap.within)


def _label(key: tuple[str, str, tuple[str, ...]], *, alone: bool) -> str:
    metric, along, within = key
    by = fitted(f"by {along}" + "".join(f", {level}" for level in within))
    return by if alone else f"{metric_name(metric)}\n{by}"


def _parity(kind: str) -> float:
    return 1.0 if kind in {"ratio", "odds_ratio"} else 0.0


def _apart(gap: Gap) -> bool:
    """Whether the interval leaves parity out."""
    if _parity(gap.kind) == 1.0:
        return gap.high is not None and gap.high < 1
    return gap.low is not None and gap.low > 0
