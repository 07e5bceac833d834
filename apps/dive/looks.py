"""Colours and shapes in Dive, all of them: a group looks as on every other page.

Right decisions are cool, wrong ones warm; the two kinds of each differ in lightness too, so that they
can be told apart without seeing red or green.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..colours import DARK, GREY, LIGHT, Mark, marks, ramp
from ..cutoffs import groups_of
from ..scored import OUTCOMES
from .columns import MOST_LEVELS, Column, Rows, coded

OUTCOME_COLOURS = {
    "true negative": ("#5F9BD1", "#2F6FA8"),
    "true positive": ("#0B3F8A", "#9CC7F5"),
    "false positive": ("#E39A2D", "#F8B23E"),
    "false negative": ("#A8321F", "#E5623A"),
}
_RAMPS = {
    "light": ramp(9),
    "dark": ramp(9, dark=True),
}  # from the second step, so that all points are seen

PALETTES: Mapping[str, Mapping[str, Any]] = {
    "standard": {
        "title": "Standard",
        "levels": {"light": LIGHT * 4, "dark": DARK * 4},
        "ramp": {paper: (steps[1], steps[-1]) for paper, steps in _RAMPS.items()},
    },
    "bright": {
        "title": "Bright",
        "levels": {
            "light": ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8200"),
            "dark": ("#56B4E9", "#E8762B", "#1DBF92", "#DB93BA", "#F0B429", "#2F8FD0", "#F0E442"),
        },
        "ramp": {
            "light": ("#E3D24B", "#7C7B78", "#00306F"),
            "dark": ("#1B4A86", "#7C7B78", "#FDEA45"),
        },
    },
    "warm": {
        "title": "Warm",
        "levels": {
            "light": ("#8C2D04", "#E6860B", "#C2185B", "#F2B705", "#6D4C41", "#F0647C"),
            "dark": ("#C9552B", "#F29A38", "#E0538A", "#F7CB4D", "#A98274", "#F79AA8"),
        },
        "ramp": {
            "light": ("#F6C98A", "#DB6A3B", "#6E1322"),
            "dark": ("#5B2038", "#D9663F", "#FBDFA8"),
        },
    },
    "cool": {
        "title": "Cool",
        "levels": {
            "light": ("#0B4F8A", "#19A7B8", "#4B3F9E", "#2E8B57", "#7FA7D9", "#0E6F6A"),
            "dark": ("#4C93D9", "#3CCBDB", "#8F83E0", "#57C488", "#A9C8EE", "#2FA39C"),
        },
        "ramp": {
            "light": ("#AEDDD0", "#3C97A8", "#253A7A"),
            "dark": ("#28406F", "#3C9CA9", "#C7F0E2"),
        },
    },
}  # colours of levels, and the stops of a ramp of numbers
INKS = {
    "light": {"plain": LIGHT[0], "missing": LIGHT[1], "grey": GREY[0]},
    "dark": {"plain": DARK[0], "missing": DARK[1], "grey": GREY[1]},
}  # of points without a colour column, of numbers that are missing, of levels without a colour

Look = dict[str, list[str]]


def colours(rows: Rows, column: Column) -> Look:
    """The colours of a category's levels on light and on dark paper, and their shapes, by code."""
    labels = coded(rows, column.name, MOST_LEVELS).labels
    if set(labels[:-1]) <= set(OUTCOMES) and labels[:-1]:
        pairs = [*(OUTCOME_COLOURS[label] for label in labels[:-1]), GREY]
        return {"light": [pair[0] for pair in pairs], "dark": [pair[1] for pair in pairs]}
    looks = marks(_among(rows, column, labels))
    each = [looks.get(label, Mark(None)) for label in labels]
    return {
        "light": [mark.colour(dark=False) for mark in each],
        "dark": [mark.colour(dark=True) for mark in each],
        "shapes": [mark.shape for mark in each],
    }


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
