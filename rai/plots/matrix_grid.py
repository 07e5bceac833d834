"""Confusion matrices of all groups as small multiples in one axes: a grid of shaded squares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.audits import Audit
from rai.ground.colours import DARK, LIGHT
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import figure, number
from rai.plots.canvas import Ink, axes_for, figure_of, fitted, ink_of
from rai.values import Confusion, Tally
from rai.values.levels import key_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COLUMNS = 4
_CELL_INCHES, _LETTER = 0.78, 0.037
_RIGHT, _WRONG = 0, 1
_STRONGEST, _WEAKEST = 0.5, 0.04


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells of all groups, shape (g, k, k), with the names of groups and classes."""

    cells: NDArray[np.float64]
    n: NDArray[np.int64]
    groups: tuple[str, ...]
    labels: tuple[str, ...]


def confusion(result: Audit | Confusion, ax: Axes | None = None) -> Axes:
    """Draw the confusion matrix of every group: counts, and shares of each true label.

    Rows are labels, columns predictions. A cell is shaded by its share of its row: blue where the
    prediction is right, red where it is wrong.

    Args:
        result: An audit of two or more classes (by all sensitive features), or confusion matrices.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes, with all matrices in it.

    Raises:
        ArgumentError: If the audit is a regression.
        ExtraError: If matplotlib is not installed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> ax = rai.plots.confusion(found)
        >>> len(ax.patches), [text.get_text() for text in ax.texts][8:9]
        (8, ['F\\nn = 2'])
    """
    grid = _grid(result)
    columns = min(MOST_COLUMNS, max(1, math.ceil(math.sqrt(len(grid.groups)))))
    rows = math.ceil(len(grid.groups) / columns)
    inches = _CELL_INCHES * len(grid.labels)
    names = [fitted(label, width=14) for label in grid.labels]
    left = 0.06 + _LETTER * 2 / len(names) * max(
        len(line) for name in names for line in name.split("\n")
    )
    step_x = 1.12 + left
    titles = [fitted(group, width=int(step_x * inches / 0.1)) for group in grid.groups]
    step_y = 1.42 + 0.12 * max(title.count("\n") for title in titles)
    width, height = 0.3 + inches * step_x * columns, 0.3 + inches * step_y * rows
    ax = axes_for(ax, width=width, height=height, feature="plots.confusion")
    ink, letters = ink_of(ax), _letters(ax, width, height)
    for place, title in enumerate(titles):
        row, column = divmod(place, columns)
        corner = column * step_x, row * step_y
        _matrix(ax, grid.cells[place], corner, ink, letters=letters)
        _words(ax, f"{title}\nn = {grid.n[place]:,}", names, corner, ink, letters=letters)
    ax.set_xlim(-left, (columns - 1) * step_x + 1.02)
    ax.set_ylim(rows * step_y - 0.35, 1.05 - step_y)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _grid(result: Audit | Confusion) -> _Grid:
    if isinstance(result, Audit):
        tally = result.tally
        if not isinstance(tally, Tally):
            raise ArgumentError(
                sentence(
                    "plots.confusion", "a regression audit", expected="an audit of two or more classes"
                )
            )
        labels = tuple(str(label) for label in tally.labels)
        features = result.roles.sensitive_features
        if result.task == "binary":
            return _of(result.confusion(by=features), labels)
        return _of(tally.by(*features), labels)
    return _of(result, ("negative", "positive"))


def _of(counts: Confusion | Tally, labels: tuple[str, ...]) -> _Grid:
    cells = np.asarray(counts.n if counts.weight is None else counts.weight, dtype=np.float64)
    n = counts.n.sum(axis=(1, 2))
    return _Grid(cells, n, tuple(key_name(key) for key in counts.groups), labels)


def _letters(ax: Axes, width: float, height: float) -> float:
    """Size of letters in points: the usual one, or smaller where the axes are smaller than needed."""
    from matplotlib import rcParams

    box = ax.get_window_extent().transformed(figure_of(ax).dpi_scale_trans.inverted())
    return float(rcParams["font.size"]) * min(
        1.0, max(box.width / width, 0.4), max(box.height / height, 0.4)
    )


def _matrix(
    ax: Axes, cells: NDArray[np.float64], corner: tuple[float, float], ink: Ink, *, letters: float
) -> None:
    """The cells of one group: shaded, with a count and a share of the row."""
    from matplotlib.patches import Rectangle

    (x, y), step, totals = corner, 1 / len(cells), cells.sum(axis=1)
    for i, j in np.ndindex(cells.shape):
        share = float(cells[i, j] / totals[i]) if totals[i] > 0 else None
        ax.add_patch(
            Rectangle(
                (x + j * step, y + i * step), step, step, linewidth=1.5, edgecolor=ink.paper,
                facecolor=_shade(share or 0.0, ink, right=i == j),
            )
        )  # fmt: skip
        count = float(cells[i, j])
        text = f"{number(int(count) if count == int(count) else count)}\n{figure(share)}"
        middle = x + (j + 0.5) * step, y + (i + 0.5) * step
        ax.text(*middle, text, ha="center", va="center", fontsize=0.83 * letters, color=ink.text)


def _words(
    ax: Axes, title: str, names: Sequence[str], corner: tuple[float, float], ink: Ink, *, letters: float
) -> None:
    """The title of one group, and the names of the classes on its left and above."""
    (x, y), step = corner, 1 / len(names)
    for i, name in enumerate(names):
        middle, size = (i + 0.5) * step, 0.69 * letters
        ax.text(x - 0.03, y + middle, name, ha="right", va="center", fontsize=size, color=ink.muted)
        ax.text(x + middle, y - 0.02, name, ha="center", va="bottom", fontsize=size, color=ink.muted)
    above = y - 0.08 - 0.06 * max(name.count("\n") + 1 for name in names)
    ax.text(x, above, title, va="bottom", ha="left", fontsize=letters, color=ink.text)


def _shade(share: float, ink: Ink, *, right: bool) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgba

    colours = DARK if ink.dark else LIGHT
    return to_rgba(colours[_RIGHT if right else _WRONG], _WEAKEST + (_STRONGEST - _WEAKEST) * share)
