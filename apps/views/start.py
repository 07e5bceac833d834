"""What to open: a bundled data set, or files of your own, and which column is what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ..going import go
from ..project import Project
from ..settings import Setting
from ..start import bundled, own_files
from ..words import plain

TITLE = "Start"
PATH = "start"
ICON = ":material/folder_open:"
NEEDS: tuple[str, ...] = ()

SOURCE = Setting("start from", default="Bundled data")
SETTINGS: tuple[Setting, ...] = ()

SOURCES: Mapping[str, Callable[[], Project | None]] = {
    "Bundled data": bundled.draw,
    "Your own files": own_files.draw,
}
ASKS = "Who does a model harm? Choose rows, and a model if there is one; then look, edit, and compare."


def render(project: Project | None) -> None:
    """Draw the page."""
    from ..shell import open_project

    st.header(TITLE)
    open_now = "" if project is None else f" Open now: **{plain(project.name)}**."
    st.markdown(f"{ASKS}{open_now}")
    names = tuple(SOURCES)
    st.segmented_control(
        "From", names, required=True, label_visibility="collapsed", **SOURCE.tied(names)
    )
    chosen = SOURCES[SOURCE.value]()
    if chosen is not None:
        open_project(chosen)
        go("overview")
        st.rerun()
