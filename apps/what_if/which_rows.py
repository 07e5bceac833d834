"""Which rows a question is about: all, the cohort, the selection, or those that a query finds.

choose(project, WHICH, QUERY) ─▶ Which("the cohort", rows, where)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import cohorts, selection
from ..project import Project
from ..settings import Setting
from ..words import counted

ALL, COHORT, SELECTION, QUERY = "all rows", "the cohort", "the selection", "a query"


@dataclass(frozen=True, slots=True, eq=False)
class Which:
    """Rows.

    Args:
        name: What they are.
        rows: Their positions; None for all.
        where: The query that finds them, where one does.
    """

    name: str
    rows: Any = None
    where: str | None = None

    @property
    def key(self) -> Any:
        """What tells them from others."""
        return None if self.rows is None else self.rows.tobytes()


def choose(project: Project, which: Setting, query: Setting | None = None) -> Which:
    """A chooser, and what is chosen.

    Raises:
        RaiError: If a query can't be read or asks about columns that are not there.
    """
    offered = [ALL]
    offered += [COHORT] if cohorts.shown() is not None else []
    offered += [SELECTION] if selection.chosen(project) is not None else []
    offered += [QUERY] if query is not None else []
    st.selectbox("Rows", offered, format_func=str.capitalize, **which.tied(offered))
    if which.value == QUERY and query is not None:
        st.text_input(
            "Query", placeholder="age > 40 and sex = Female", help="The cohort language", **query.tied()
        )
    return chosen(project, which.value, query.value if query is not None else "")


def chosen(project: Project, name: str, query: str) -> Which:
    """What a name stands for now.

    Raises:
        RaiError: If a query can't be read or asks about columns that are not there.
    """
    if name == COHORT and cohorts.shown() is not None:
        return Which(name, np.flatnonzero(cohorts.rows_shown(project)), cohorts.shown())
    held = selection.chosen(project)
    if name == SELECTION and held is not None:
        return Which(name, held.rows, held.where)
    if name == QUERY and query.strip():
        parsed = rai.explore.parse_query(query)
        mask = parsed.mask(project.frame)
        return Which(name, np.flatnonzero(mask), str(parsed))
    return Which(ALL)


def sized(project: Project, which: Which) -> str:
    """How many rows these are, in words."""
    return counted(len(project) if which.rows is None else len(which.rows), "row")
