"""What is compared on Overview: data sets, the cohort or the selection with the rest, or nothing.

    choices(project)   ─▶ ("cohort", "sets", "alone")     the first is meant until somebody chooses
    compared(project)  ─▶ Compared(profile, kind, within)

An active cohort confines the page: it is what is compared with the rest, or else all that is looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import rai

from .. import answers, cohorts, selection
from ..project import Project
from . import asked

if TYPE_CHECKING:
    import pandas

WORDS: Mapping[str, str] = {
    "cohort": "Cohort and the rest",
    "selection": "Selection and the rest",
    "sets": "Data sets",
    "alone": "Nothing",
}


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What is shown.

    Args:
        profile: What is known of each data set.
        key: Tells it from all others of its project.
        kind: A name of `WORDS`.
        within: The query that confines a click, None for all rows.
    """

    profile: rai.Profile
    key: tuple[Any, ...]
    kind: str
    within: str | None

    @property
    def several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.profile.tables) > 1


def choices(project: Project) -> tuple[str, ...]:
    """What can be compared, what is meant first."""
    there = {
        "cohort": cohorts.shown() is not None,
        "sets": bool(project.others),
        "selection": selection.chosen(project) is not None,
        "alone": True,
    }
    usual = ("cohort", "sets", "alone", "selection")
    return tuple(name for name in usual if there[name])


def compared(project: Project) -> Compared:
    """What the page shows now."""
    offered, within = choices(project), cohorts.shown()
    kind = asked.COMPARE.value if asked.COMPARE.value in offered else offered[0]
    if kind == "cohort":
        return Compared(answers.profile(project, where=within), (kind, within), kind, within)
    if kind == "selection":
        chosen = selection.chosen(project)
        assert chosen is not None
        mark = hashlib.sha256(chosen.rows.tobytes()).hexdigest()
        key: tuple[Any, ...] = (kind, mark, within)
        split = lambda: _profile(project, _split(project, chosen.rows))  # noqa: E731
        return Compared(project.answer(("overview", *key), split), key, kind, within)
    if kind == "sets" and within is None:
        return Compared(answers.profile(project), (kind,), kind, None)
    key = (kind, within)
    tables = {project.name: project.frame, **(project.others if kind == "sets" else {})}
    made = lambda: _profile(project, tables, where=within)  # noqa: E731
    return Compared(project.answer(("overview", *key), made), key, kind, within)


def _split(project: Project, rows: Any) -> dict[str, pandas.DataFrame]:
    """The selected rows and the others, of those that are shown."""
    shown = cohorts.rows_shown(project)
    inside = np.zeros(len(project), dtype=bool)
    inside[rows] = True
    among = np.ones(len(project), dtype=bool) if shown is None else shown
    return {"selection": project.frame[inside & among], "the rest": project.frame[~inside & among]}


def _profile(
    project: Project, tables: Mapping[str, pandas.DataFrame], *, where: str | None = None
) -> rai.Profile:
    roles = project.roles
    return rai.profile(
        tables,
        y_true=roles.y_true,
        sensitive_features=roles.sensitive_features,
        cuts=dict(roles.cuts) or None,
        sample_weight=roles.sample_weight,
        where=where,
    )
