"""How far every row is from one: made in What-If, a column of Dive to colour, sort and place points by.

make(project, distance, row=7, …)      made(project) ─▶ Similarity ─ of(frame) ─▶ distances
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

import rai

from .project import Project

if TYPE_CHECKING:
    import pandas

_HELD = "similarity:"


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """The distance to one row, as a column.

    Args:
        name: The column's name.
        distance: What is near.
        record: The values of the row.
        stamp: What tells it from any other.
    """

    name: str
    distance: rai.whatif.Distance
    record: Mapping[str, Any]
    stamp: str

    def of(self, frame: pandas.DataFrame) -> Any:
        """How far each row of a frame is, shape (n,)."""
        return np.asarray(self.distance.to(dict(self.record), rows=frame))


def made(project: Project) -> Similarity | None:
    """The column that was made in this session."""
    held: Similarity | None = st.session_state.get(_HELD + project.token)
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
    while name in project.columns:
        name += " (What-If)"
    found = Similarity(name, distance, dict(record), secrets.token_hex(8))
    found.of(project.frame)  # what can't be measured is told here
    st.session_state[_HELD + project.token] = found
