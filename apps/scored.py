"""The rows with what models say of them, for all that shows, colours, searches or selects rows.

age  sex  income  boosting score  boosting decision  boosting outcome
39   F    >50K    0.41            <=50K              false negative
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import answers, cutoffs
from .project import Project

if TYPE_CHECKING:
    import pandas

OUTCOMES = ("true negative", "false positive", "false negative", "true positive")


def scored(project: Project) -> pandas.DataFrame:
    """The rows with columns of scores, decisions and outcomes, by the thresholds as they are."""
    cuts = tuple(repr(cutoffs.cut(project, name)) for name in project.models)
    return project.answer(("scored", cuts), lambda: _scored(project))


def added_columns(project: Project) -> tuple[str, ...]:
    """The columns that `scored` adds."""
    return tuple(name for name in map(str, scored(project).columns) if name not in project.columns)


def outcomes(project: Project, model: str) -> Any:
    """Each row's place in `OUTCOMES`; -1 where the true label is missing. Of a binary model."""
    labels = project.frame[project.roles.y_true]
    positive = (labels == project.models[model].positive_label).to_numpy(dtype=bool, na_value=False)
    found = 2 * positive + cutoffs.decisions(project, model)
    return np.where(labels.isna(), -1, found)


def _scored(project: Project) -> pandas.DataFrame:
    added: dict[str, Any] = {}
    for name, model in project.models.items():
        if model.task == "binary":
            added |= _binary(project, name)
        elif model.task == "multiclass":
            classes = np.array(model.classes, dtype=object)
            added[f"{name} decision"] = classes[answers.scores(project, name).argmax(axis=1)]
        else:
            added |= _regression(project, name)
    return project.frame.assign(**added)


def _binary(project: Project, name: str) -> dict[str, Any]:
    model = project.models[name]
    labels = np.array(model.classes, dtype=object)
    negative = next((c for c in labels if c != model.positive_label), None)
    sides = np.array([negative, model.positive_label], dtype=object)
    decided = sides[cutoffs.decisions(project, name).astype(int)]
    found = {f"{name} score": answers.scores(project, name), f"{name} decision": decided}
    if project.roles.y_true is not None:
        names = np.array([*OUTCOMES, None], dtype=object)
        found[f"{name} outcome"] = names[outcomes(project, name)]
    return found


def _regression(project: Project, name: str) -> dict[str, Any]:
    predicted = answers.scores(project, name)
    found = {f"{name} prediction": predicted}
    if project.roles.y_true is not None:
        found[f"{name} error"] = predicted - project.frame[project.roles.y_true]
    return found
