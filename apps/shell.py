"""The frame around every page: what is open, its pages, its sidebar, and errors in a sentence.

read the address ─▶ the project (or the start page) ─▶ sidebar · one view ─▶ write the address
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from . import cohorts, cutoffs, going, selection, settings, sidebar
from .garbage import set_aside
from .needs import unmet
from .opening import DATASET, Opening, asked_of_command, opened
from .project import Project
from .settings import Setting
from .styling import style
from .telling import told
from .views import START, VIEWS, View
from .words import plain

DATA = Setting("data", default="", url="data")
SETTINGS = (
    DATA,
    *cohorts.SETTINGS,
    *selection.SETTINGS,
    *cutoffs.SETTINGS,
    *(setting for view in VIEWS for setting in view.SETTINGS),
)

_PROJECT = "project"


def run() -> None:
    """Show the app, once from top to bottom; Streamlit calls this at every change."""
    st.set_page_config(page_title="rai", page_icon="⚖️", layout="wide")
    st.html(style())
    settings.read_address(SETTINGS)
    project: Project | None = None
    with told():
        project = current_project()
    pages = {view.PATH: _page(view) for view in (*VIEWS, START)}
    page = st.navigation(list(pages.values()), position="hidden" if project is None else "top")
    going.follow(pages)
    if project is not None:
        with told():
            sidebar.show(project, settings=SETTINGS)
    page.run()
    settings.write_address(SETTINGS)


def current_project() -> Project | None:
    """What is open in this session: what the start page made, or what the command or a link names."""
    held: Project | None = st.session_state.get(_PROJECT)
    if held is not None:
        return held
    asked = asked_for()
    if asked is None:
        return None
    with st.spinner(f"Opening {plain(asked.data)} …", show_time=True):
        project = opened(asked)
    open_project(project)
    return project


def open_project(project: Project) -> None:
    """Make a project the one of this session; what belonged to another is forgotten."""
    before: Project | None = st.session_state.get(_PROJECT)
    if before is not None and before.token != project.token:
        settings.restore(SETTINGS, {})
        selection.clear()
    st.session_state[_PROJECT] = project
    DATA.put(project.source if project.source.startswith(DATASET) else "")


def asked_for() -> Opening | None:
    """What a link to a bundled data set opens, or else the command line; None for neither."""
    asked = asked_of_command()
    if DATA.value.startswith(DATASET) and DATA.value != asked.data:
        return Opening(data=DATA.value, example_models=True)
    return asked if asked.data else None


def _page(view: View) -> st.Page:
    return st.Page(
        partial(_show, view),
        title=view.TITLE,
        url_path=view.PATH,
        icon=view.ICON,
        default=view is VIEWS[0],
    )


def _show(view: View) -> None:
    project: Project | None = st.session_state.get(_PROJECT)
    with told():
        if project is None or view is START:
            START.render(project)
            return
        missing = unmet(project, view.NEEDS)
        if missing:
            st.info(missing, icon=":material/info:")
            return
        view.render(project)
        set_aside(view.PATH)
