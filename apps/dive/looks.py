"""Colours and shapes of levels in Dive: a group looks as on every other page.

Right decisions are cool, wrong ones warm; the two kinds of each differ in lightness too, so that they
can be told apart without seeing red or green.
"""

from __future__ import annotations

from ..colours import DARK, GREY, LIGHT, Mark, marks
from ..cutoffs import groups_of
from ..scored import OUTCOMES
from .columns import MOST_LEVELS, Column, Rows, coded

MOST_COLOURED = 24
OUTCOME_COLOURS = {
    "true negative": ("#5F9BD1", "#2F6FA8"),
    "true positive": ("#0B3F8A", "#9CC7F5"),
    "false positive": ("#E39A2D", "#F8B23E"),
    "false negative": ("#A8321F", "#E5623A"),
}

Look = dict[str, list[str | None]]


def colours(rows: Rows, column: Column) -> Look:
    """The colours of a category's levels on light and on dark paper, and their shapes, by code."""
    labels = coded(rows, column.name, MOST_LEVELS).labels
    if set(labels[:-1]) <= set(OUTCOMES) and labels[:-1]:
        pairs = [*(OUTCOME_COLOURS[label] for label in labels[:-1]), GREY]
        return {"light": [pair[0] for pair in pairs], "dark": [pair[1] for pair in pairs]}
    looks = marks(_among(rows, column, labels))
    each = [looks.get(label, Mark(None)) for label in labels]
    return {
        "light": [_shown(mark, dark=False) for mark in each],
        "dark": [_shown(mark, dark=True) for mark in each],
        "shapes": [mark.shape for mark in each],
    }


def defaults() -> dict[str, list[str]]:
    """The colours of levels of which nothing else was said, by code."""
    times = MOST_COLOURED // len(LIGHT)
    return {"light": list(LIGHT * times), "dark": list(DARK * times)}


def _shown(mark: Mark, *, dark: bool) -> str | None:
    return None if mark.place is None else mark.colour(dark=dark)


def _among(rows: Rows, column: Column, labels: tuple[str, ...]) -> list[str]:
    """All groups that give places, as an audit orders them; true labels for what a model decides."""
    truth = rows.project.roles.y_true
    if not column.added:
        return _groups(rows, column.name) or list(labels)
    known = [] if truth is None else _groups(rows, truth)
    return known if set(labels[:-1]) <= set(known) else list(labels)


def _groups(rows: Rows, name: str) -> list[str]:
    try:
        groups, _ = groups_of(rows.project, (name,), cuts={})
    except TypeError:  # values of several types have no order
        return []
    return [str(key[0]) for key in groups]
