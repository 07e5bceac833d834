"""Every column: what it holds, what is wrong with it, how data sets differ."""

from __future__ import annotations

import streamlit as st

from ..project import Project
from ..settings import Setting

TITLE = "Overview"
PATH = "overview"
ICON = ":material/bar_chart:"
NEEDS: tuple[str, ...] = ()
SETTINGS: tuple[Setting, ...] = ()


def render(project: Project) -> None:
    """Draw the page."""
    st.header(TITLE)
