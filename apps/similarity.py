"""How far every row is from one, as a column that Dive can colour and sort by.

make(project, distance, row=7, …)      similarity_column(project) ─▶ ("distance to row 7", distances)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

import rai

from ..project import Project

_HELD = "what-if similarity:"


def similarity_column(project: Project) -> tuple[str, Any] | None:
    """The column that was made in this session: its name and its values, shape (n,)."""
    held: tuple[str, Any] | None = st.session_state.get(_HELD + project.token)
    return held


def make(
    project: Project, distance: rai.whatif.Distance, *, row: int, record: Mapping[str, Any], edited: bool
) -> None:
    """Make the column of distances to a row as it is.

    Args:
        project: The project.
        distance: What is near.
        row: The number of the row.
        record: Its values.
        edited: Whether they are not those of the data.
    """
    name = f"distance to row {row}" + (" as edited" if edited else "")
    found = np.asarray(distance.to(dict(record), rows=project.frame))
    st.session_state[_HELD + project.token] = (name, found)
