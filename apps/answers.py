"""What several pages ask rai about a project: each answer is worked out once.

scores(project, "boosting") ─▶ audit(project, "boosting", along=("sex",)) ─▶ metrics, gaps, curves …
profile(project) · checks(project)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import rai

from .project import Project


def scores(project: Project, model: str, *, on: str | None = None) -> Any:
    """A model's scores of the project's rows, or of another data set's: shape (n,), or (n, classes).

    They are read-only.
    """
    return project.answer(("scores", model, on), lambda: _scores(project, model, on))


@dataclass(frozen=True, slots=True)
class Split:
    """How rows are split into groups.

    Args:
        along: The columns that make the groups; one may stand twice under different names.
        cuts: Column to its edges, for columns of numbers.
        of: Name to the column of the rows that it is, where that has another name.
    """

    along: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[float, ...]], ...] = ()
    of: tuple[tuple[str, str], ...] = ()


def audit(
    project: Project,
    model: str,
    *,
    along: tuple[str, ...] | Split,
    where: str | None = None,
    on: str | None = None,
) -> rai.Audit:
    """An audit of a model along some columns.

    Args:
        project: The project; it needs true labels.
        model: The name of the model.
        along: The columns that make the groups; a `Split` where some are cut otherwise than the project
            says.
        where: A query that says which rows; all if None.
        on: Which of the project's other data sets; its own rows if None.

    Raises:
        RaiError: As `rai.audit` does.
    """
    split = along if isinstance(along, Split) else Split(along, _cuts(project, along))
    key = ("audit", model, split, where, on)
    return project.answer(key, lambda: _audit(project, model, split, where, on))


def profile(project: Project, *, where: str | None = None) -> rai.Profile:
    """What the columns hold: of the project's rows, and of its other data sets.

    Args:
        project: The project.
        where: A query; with one, the two data sets are its rows and the rest.
    """
    return project.answer(("profile", where), lambda: _profile(project, where))


def checks(project: Project) -> rai.DataChecks:
    """The data checks of the project's rows and other data sets."""
    return project.answer(("checks",), lambda: _checks(project))


def _cuts(project: Project, along: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    cuts = {name: cut for name, cut in project.roles.cuts.items() if name in along}
    return tuple((name, cut if isinstance(cut, int) else tuple(cut)) for name, cut in cuts.items())


def _scores(project: Project, model: str, on: str | None) -> Any:
    with threadpool_limits(1):
        rows = project.frame if on is None else project.others[on]
        found = np.asarray(project.models[model].scores(rows))
    found.setflags(write=False)
    return found


def _audit(project: Project, model: str, split: Split, where: str | None, on: str | None) -> rai.Audit:
    roles, asked = project.roles, project.models[model]
    frame = project.frame if on is None else project.others[on]
    kept: Any = slice(None)
    if where is not None:
        kept = rai.explore.parse_query(where).mask(frame)
    rows, found = frame[kept], scores(project, model, on=on)[kept]
    outcome = {"y_score": found} if asked.task == "binary" else {"y_pred": _predicted(asked, found)}
    columns = dict(split.of)
    return rai.audit(
        y_true=rows[roles.y_true],
        **outcome,
        sensitive_features={name: rows[columns.get(name, name)] for name in split.along},
        sample_weight=None if roles.sample_weight is None else rows[roles.sample_weight],
        positive_label=asked.positive_label,
        thresholds=(asked.threshold, 1.0),
        bins=1000 if asked.probabilities else "exact",
        cuts=dict(split.cuts) or None,
        task=asked.task,
    )


def _predicted(model: rai.Model, found: Any) -> Any:
    if model.task == "regression":
        return found
    return np.array(model.classes, dtype=object)[found.argmax(axis=1)]


def _profile(project: Project, where: str | None) -> rai.Profile:
    roles = project.roles
    tables = {project.name: project.frame, **project.others}
    if where is not None:
        mask = rai.explore.parse_query(where).mask(project.frame)
        tables = {"cohort": project.frame[mask], "the rest": project.frame[~mask]}
    return rai.profile(
        tables,
        y_true=roles.y_true,
        sensitive_features=roles.sensitive_features,
        cuts=dict(roles.cuts) or None,
        sample_weight=roles.sample_weight,
    )


def _checks(project: Project) -> rai.DataChecks:
    roles = project.roles
    return rai.check_data(
        {project.name: project.frame, **project.others} if project.others else project.frame,
        y_true=roles.y_true,
        y_pred=roles.y_pred,
        y_score=roles.y_score,
        positive_label=roles.positive_label,
        sensitive_features=roles.sensitive_features,
        sample_weight=roles.sample_weight,
        cuts=dict(roles.cuts) or None,
    )
