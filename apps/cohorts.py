"""The cohorts of a session: rows by a query, under a name, on every page."""

from __future__ import annotations

from typing import Any

import rai

from .project import Project
from .settings import Setting

COHORTS = Setting("cohorts", default={}, url="cohorts")
SHOWN = Setting("shown cohort", default="", url="cohort")

SETTINGS = (COHORTS, SHOWN)


def all_of() -> rai.Cohorts:
    """The cohorts; one from an address that can't be read is left out."""
    good: dict[str, str] = {}
    for name, where in COHORTS.value.items():
        try:
            good |= rai.Cohorts({name: where}).texts()
        except rai.RaiError:
            continue
    return rai.Cohorts(good)


def save(project: Project, name: str, where: str) -> None:
    """Add a cohort, or change the one of this name.

    Raises:
        RaiError: If it has no name, or its query can't be read or asks about columns that are not there.
    """
    cohort = rai.explore.Cohort(name.strip(), rai.explore.parse_query(where))
    cohort.where.check(project.frame.head(1))
    COHORTS.put({**COHORTS.value, cohort.name: str(cohort.where)})


def rename(name: str, new: str) -> None:
    """Give a cohort another name, in its place."""
    COHORTS.put({new if key == name else key: where for key, where in COHORTS.value.items()})
    if SHOWN.value == name:
        SHOWN.put(new)


def remove(name: str) -> None:
    """Forget a cohort."""
    COHORTS.put({key: where for key, where in COHORTS.value.items() if key != name})
    if SHOWN.value == name:
        SHOWN.put("")


def counts(project: Project) -> rai.explore.CohortCounts:
    """How many rows each cohort holds, of what share, with its interval."""
    held = all_of().texts()
    return project.answer(("cohort counts", *held.items()), lambda: _counts(project, held))


def count(project: Project, where: str) -> rai.explore.CohortCount:
    """How many rows a query finds.

    Raises:
        RaiError: If it can't be read or asks about columns that are not there.
    """
    found = project.answer(("cohort count", where), lambda: _counts(project, {"query": where}))
    return found[0]


def shown() -> str | None:
    """The query of the cohort that pages are confined to; None for all rows."""
    name = SHOWN.value
    return all_of().texts().get(name) if name else None


def rows_shown(project: Project) -> Any:
    """Whether each row is in that cohort, shape (n,); None for all rows."""
    where = shown()
    if where is None:
        return None
    return project.answer(("mask", where), lambda: _mask(project, where))


def _counts(project: Project, held: dict[str, str]) -> rai.explore.CohortCounts:
    return rai.Cohorts(held).counts(project.frame)


def _mask(project: Project, where: str) -> Any:
    return rai.explore.parse_query(where).mask(project.frame)
