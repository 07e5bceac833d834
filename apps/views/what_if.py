"""One row, edited: what would the model decide?"""

from __future__ import annotations

import streamlit as st

from ..project import Project
from ..settings import Setting

TITLE = "What-If"
PATH = "what-if"
ICON = ":material/edit_note:"
NEEDS: tuple[str, ...] = ("answering",)
SETTINGS: tuple[Setting, ...] = ()


def render(project: Project) -> None:
    """Draw the page."""
    st.header(TITLE)
