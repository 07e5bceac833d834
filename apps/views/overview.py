"""Every column: what it holds, what is wrong with it, how data sets differ."""

from __future__ import annotations

import streamlit as st

from ..overview import asked, checklist, controls, features, sections, taken
from ..overview.compared import Compared, compared
from ..project import Project
from ..settings import Setting

TITLE = "Overview"
PATH = "overview"
ICON = ":material/bar_chart:"
NEEDS: tuple[str, ...] = ()
SETTINGS: tuple[Setting, ...] = asked.SETTINGS


def render(project: Project) -> None:
    """Draw the page."""
    head, choice, report = st.columns([6.4, 2.4, 1.2], vertical_alignment="bottom")
    with head:
        st.header(TITLE, anchor=False)
        st.segmented_control(
            "Show",
            list(asked.SECTIONS),
            format_func=lambda name: asked.SECTIONS.get(name, name),
            label_visibility="collapsed",
            required=True,
            **asked.SECTION.tied(list(asked.SECTIONS)),
        )
    with choice:
        controls.choose_compared(project)
    with st.spinner("Reading the columns …", show_time=True):
        shown = compared(project)
    with report:
        taken.button(project, shown)
    features.refused()
    _section(project, shown)


def _section(project: Project, shown: Compared) -> None:
    drawing = {
        "features": lambda: features.show(project, shown),
        "table": lambda: sections.table(shown),
        "differences": lambda: sections.differences(project, shown),
        "labels": lambda: sections.labels(project),
        "proxies": lambda: sections.proxies(project),
        "checklist": lambda: checklist.show(project),
    }
    drawing.get(asked.SECTION.value, drawing["features"])()
