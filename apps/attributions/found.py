"""The answers of the page, each worked out once: attributions of many rows, of one row, of a gap.

explained(asked, "boosting") ─▶ Explained(attributions, background in words)
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import rai

from ..project import Project
from ..what_if.waiting import progress
from ..words import plain
from . import asked as asking
from .asked import Asked

if TYPE_CHECKING:
    import pandas

SCOUTS = 20  # rows that tell which method answers


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Attributions, and what they were made from.

    Args:
        rows: The rows, by position.
        attributions: What `rai.explain` gave.
        background: Which rows stand in, in words.
        label: The class that is meant, of several.
        key: What tells these from all others.
    """

    rows: Any
    attributions: rai.Attributions
    background: str
    label: Any
    key: Hashable


def explained(asked: Asked, model: str) -> Explained:
    """The attributions of the rows that are asked about.

    Raises:
        RaiError: As `rai.explain` does.
    """
    return _explained(asked, model, asked.rows, words=f"Explaining {plain(model)} …")


def one(asked: Asked, model: str, row: int) -> Explained:
    """The attributions of one row: the same numbers as among many, where it is one of them.

    Raises:
        RaiError: As `rai.explain` does.
    """
    rows = asked.rows
    at = int(np.searchsorted(rows, row))
    if at < len(rows) and rows[at] == row:
        many = explained(asked, model)
        return Explained(
            [row], many.attributions.part([at]), many.background, many.label, (many.key, at)
        )
    return _explained(asked, model, np.array([row]), words=f"Explaining row {row:,} …")


def standing_in(
    project: Project,
    model: str,
    *,
    name: str,
    space: str,
    method: str,
    threshold: float | None,
    most: int | None = None,
) -> tuple[pandas.DataFrame, str]:
    """The rows that stand in: as many as the method that will answer takes by itself.

    Args:
        project: The project.
        model: The model.
        name: Which rows, one of `asked.backgrounds`.
        space, method, threshold: As `rai.explain` takes them.
        most: How many rows at most; what the method takes if None.
    """
    key = ("explainer", model, space, method, threshold)
    answering = project.answer(
        key, lambda: _scout(project, model, space=space, method=method, threshold=threshold)
    )
    own = next(e.most_background for e in rai.explainers.EXPLAINERS if e.name == answering)
    return asking.background(project, name, own if most is None else min(own, most))


def _explained(asked: Asked, model: str, rows: Any, *, words: str) -> Explained:
    project, threshold = asked.project, asked.threshold(model)
    options: dict[str, Any] = {"space": asked.space, "method": asked.method, "threshold": threshold}
    held, said = standing_in(project, model, name=asked.background, **options)
    _, where = asking.standing_in(project, asked.background)
    key = ("attributions", model, *options.values(), where, len(held), rows.tobytes())
    asked_model, frame = project.models[model], asking.features(project, rows)
    with progress(words) as advanced:
        attributions = project.answer(
            key,
            lambda: rai.explain(asked_model, frame, background=held, progress=advanced, **options),
        )
    return Explained(rows, attributions, said, asked.label(model), key)


def _scout(project: Project, model: str, *, space: str, method: str, threshold: float | None) -> str:
    rows = asking.features(project, range(min(SCOUTS, len(project))))
    found = rai.explain(
        project.models[model], rows.head(1), background=rows, space=space, method=method,
        threshold=threshold,
    )  # fmt: skip
    return found.method
