"""Every row a point."""

from __future__ import annotations

import streamlit as st

from ..project import Project
from ..settings import Setting

TITLE = "Dive"
PATH = "dive"
ICON = ":material/scatter_plot:"
NEEDS: tuple[str, ...] = ()
SETTINGS: tuple[Setting, ...] = ()


def render(project: Project) -> None:
    """Draw the page."""
    st.header(TITLE)
