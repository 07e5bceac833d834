"""What to open: a bundled data set, or files of your own, and which column is what."""

from __future__ import annotations

import streamlit as st

from ..project import Project
from ..settings import Setting

TITLE = "Start"
PATH = "start"
ICON = ":material/folder_open:"
NEEDS: tuple[str, ...] = ()
SETTINGS: tuple[Setting, ...] = ()


def render(project: Project | None) -> None:
    """Draw the page."""
    st.header(TITLE)
