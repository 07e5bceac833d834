"""Proxies ranked: a row for each feature, a panel for each sensitive feature that it may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.explore.proxy_rows import Proxies, Proxy
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, metric_name
from rai.plots.canvas import axes_for, fitted, ink_of
from rai.plots.panels import Point, draw, legend, panels, size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 40

# What a measure shows where nothing is told.
NOTHING = {"auc": 0.5, "r2": 0.0}


def proxies(result: Proxies, ax: Axes | None = None) -> Axes:
    """Draw how well each feature tells a sensitive one, those first that tell most.

    The line is what a feature shows that tells nothing: an area under the ROC curve of 0.5, or an R² of
    0. A filled mark has its whole interval beyond it. Of several groups it is the mean over them.

    Args:
        result: What `rai.find_proxies` returned.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several sensitive features the panels are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there are no proxies.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> from rai.explore.proxies import find_proxies
        >>> found = find_proxies({"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50},
        ...     sensitive_features="sex", joint=False)
        >>> ax = rai.plots.proxies(found)
        >>> [label.get_text() for label in ax.get_yticklabels()], ax.get_xlabel()
        (['job'], 'AUC with interval')
    """
    held = [proxy for proxy in result if proxy.group is None or proxy.kind == "score"]
    if not held:
        raise ArgumentError(sentence("plots.proxies", "no proxies", expected="at least one"))
    sensitive = list(dict.fromkeys(proxy.sensitive_feature for proxy in held))
    rows = _ranked(held)
    labels = [_label(row) for row in rows[:MOST_ROWS]]
    width, height = size(len(sensitive) if len(sensitive) > 1 else 3.5, labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.proxies")
    ink = ink_of(ax)
    drawn = panels(ax, [fitted(name, width=60) for name in sensitive], labels)
    for name, panel in zip(sensitive, drawn, strict=True):
        inside = [p for p in held if p.sensitive_feature == name and _key(p) in rows[:MOST_ROWS]]
        nothing = NOTHING[inside[0].measure]
        panel.axvline(nothing, color=ink.muted, linewidth=1)
        points = [
            Point(rows.index(_key(p)), p.value, p.low, p.high, ink.text,
                  filled=p.low is not None and p.low > nothing)
            for p in inside
        ]  # fmt: skip
        draw(panel, points, ink)
        panel.set_xlabel(_told(inside[0].measure, len(rows) - MOST_ROWS), loc="left", fontsize="small")
    legend(drawn[0], ink)
    return ax


Key = tuple[str, object]


def _key(proxy: Proxy) -> Key:
    return proxy.feature, proxy.group


def _label(key: Key) -> str:
    feature, group = key
    return fitted(feature) if group is None else f"{fitted(feature)}\n{fitted(f'for {group}')}"


def _ranked(held: list[Proxy]) -> list[Key]:
    """Features, those first that tell most of any sensitive one."""
    best: dict[Key, float] = {}
    for proxy in held:
        told = -1.0 if proxy.value is None else proxy.value - NOTHING[proxy.measure]
        best[_key(proxy)] = max(best.get(_key(proxy), -1.0), told)
    return sorted(best, key=lambda key: -best[key])


def _told(measure: str, left: int) -> str:
    more = f"; {counted(left, 'more feature')} not drawn" if left > 0 else ""
    return f"{metric_name(measure)} with interval{more}"
