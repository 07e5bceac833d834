"""Who pays for the errors, and what other thresholds would change."""

from __future__ import annotations

import streamlit as st

from ..project import Project
from ..settings import Setting

TITLE = "Performance & Fairness"
PATH = "performance"
ICON = ":material/balance:"
NEEDS: tuple[str, ...] = ("models", "y_true")
SETTINGS: tuple[Setting, ...] = ()


def render(project: Project) -> None:
    """Draw the page."""
    st.header(TITLE)
