"""Models beside each other: how often each two decide alike, or who is decided differently.

old   new            F   ─●─  no to yes
old  1    0.91           M  ●     no to yes
new 0.91   1             F  ●     yes to no
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rai.ground.colours import DARK, LIGHT, marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure
from rai.plots.canvas import Ink, axes_for, fitted, ink_of, marker
from rai.plots.panels import Point, draw, panels, size
from rai.values.differences import Agreement, Agreements, Flip, Flips
from rai.values.levels import EVERYONE
from rai.whatif import ModelComparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COLUMNS = 3
_CELL, _NAMES, _TITLE = 1.0, 1.3, 0.9  # inches
_STRONGEST, _WEAKEST = 0.55, 0.04


def agreement(result: ModelComparison | Agreements | Flips, ax: Axes | None = None) -> Axes:
    """Draw how models agree.

    Of a comparison or of agreements: a matrix of models for each group, with the share of rows that two
    decide alike, shaded by what is missing to all, and Cohen's kappa below it. Of flips: for each group
    and direction the share of rows that are decided differently, with its interval, a panel for each
    pair of models.

    Args:
        result: What `rai.whatif.compare_models` gives, or its `agreement(...)` or `flips(...)`.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; with several panels they are inside it, in `ax.child_axes`.

    Raises:
        ArgumentError: If there is nothing to draw, or the models are regressions.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> rows = {"x": [0.1, 0.4, 0.6, 0.9], "sex": ["F", "F", "M", "M"]}
        >>> models = {"old": lambda f: f["x"], "new": lambda f: f["x"] + 0.1 * (f["sex"] == "F")}
        >>> found = rai.whatif.compare_models(models, rows, sensitive_features="sex")
        >>> [text.get_text() for text in rai.plots.agreement(found).texts]
        ['0.750\\nκ 0.500', '0.750\\nκ 0.500']
        >>> ax = rai.plots.agreement(found.flips())
        >>> [label.get_text() for label in ax.get_yticklabels()][0], ax.get_title(loc="left")
        ('F, 0 to 1  (n = 2)', 'new decides otherwise than old')
    """
    found = result.agreement() if isinstance(result, ModelComparison) else result
    if not found:
        expected = "at least one pair of models"
        raise ArgumentError(sentence("plots.agreement", "nothing to compare", expected=expected))
    return _flips(found, ax) if isinstance(found, Flips) else _matrices(found, ax)


def _matrices(found: Agreements, ax: Axes | None) -> Axes:
    groups = list(dict.fromkeys(row.name for row in found))
    names = list(dict.fromkeys(name for row in found for name in (row.versus, row.model)))
    across, down = min(len(groups), MOST_COLUMNS), math.ceil(len(groups) / MOST_COLUMNS)
    side = _CELL * len(names)
    width, height = side + _NAMES, side + _TITLE
    ax = axes_for(ax, width=width * across, height=height * down, feature="plots.agreement")
    ink, drawn = ink_of(ax), [ax]
    if len(groups) > 1:
        ax.set_axis_off()
        wide, tall = width * across - _NAMES, height * down - _TITLE
        drawn = [
            ax.inset_axes((
                place % across * width / wide, 1 - (place // across * height + side) / tall,
                side / wide, side / tall,
            ))
            for place in range(len(groups))
        ]  # fmt: skip
    most = max((1 - row.value for row in found if row.value is not None), default=0.0) or 1.0
    for group, panel in zip(groups, drawn, strict=True):
        own = [row for row in found if row.name == group]
        _matrix(panel, own, names, ink, most=most)
        title = "decided alike" if group == EVERYONE else group
        panel.set_title(fitted(f"{title}  (n = {own[0].n:,})", width=26), fontsize="medium", loc="left")
    return ax


def _matrix(ax: Axes, own: Sequence[Agreement], names: Sequence[str], ink: Ink, *, most: float) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    colour = (DARK if ink.dark else LIGHT)[1]
    place = {name: at for at, name in enumerate(names)}
    for at in range(len(names)):
        ax.add_patch(Rectangle((at - 0.5, at - 0.5), 1, 1, facecolor=ink.line, edgecolor=ink.paper))
    for row in own:
        missing = 0.0 if row.value is None else (1 - row.value) / most
        shade = to_rgba(colour, _WEAKEST + (_STRONGEST - _WEAKEST) * missing)
        for i, j in ((place[row.versus], place[row.model]), (place[row.model], place[row.versus])):
            ax.add_patch(
                Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=shade, edgecolor=ink.paper, linewidth=1.5)
            )
            text = f"{figure(row.value)}\nκ {figure(row.kappa)}"
            ax.text(j, i, text, ha="center", va="center", fontsize="small", color=ink.text)
    labels = [fitted(name, width=14) for name in names]
    ax.set_xticks(range(len(names)), labels, fontsize="small")
    ax.set_yticks(range(len(names)), labels, fontsize="small")
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_aspect("equal")
    ax.tick_params(length=0, colors=ink.muted)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _flips(found: Flips, ax: Axes | None) -> Axes:
    pairs = list(dict.fromkeys((row.versus, row.model) for row in found))
    rows = {_row(row): row.n for row in found}
    labels = [
        f"{fitted(f'{group}, {was} to {becomes}')}  (n = {n:,})"
        for (group, was, becomes), n in rows.items()
    ]
    titles = [f"{model} decides otherwise than {versus}" for versus, model in pairs]
    width, height = size(len(titles), labels)
    ax = axes_for(ax, width=width, height=height, feature="plots.agreement")
    ink, looks, places = ink_of(ax), marks(row.name for row in found), list(rows)
    for pair, panel in zip(pairs, panels(ax, titles, labels), strict=True):
        points = [
            Point(
                places.index(_row(row)), row.value, row.low, row.high,
                looks[row.name].colour(dark=ink.dark), marker(looks[row.name]),
            )
            for row in found if (row.versus, row.model) == pair
        ]  # fmt: skip
        draw(panel, points, ink)
        panel.set_xlim(left=0)
        panel.set_xlabel("share of rows", fontsize="small", color=ink.muted)
    return ax


def _row(row: Flip) -> tuple[str, object, object]:
    return row.name, row.was, row.becomes
