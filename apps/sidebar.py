"""The sidebar, the same beside every page: what is open, the cohort, the selection, the pinned row."""

from __future__ import annotations

import streamlit as st

from . import cohorts, selection
from .project import Project
from .words import counted, plain

ALL_ROWS = "all rows"


def show(project: Project) -> None:
    """Draw it."""
    with st.sidebar:
        st.markdown(f"**{plain(project.name)}**")
        st.caption(f"{counted(len(project), 'row')} · {counted(len(project.models), 'model')}")
        _cohort()
        _selection(project)
        _pinned(project)


def _cohort() -> None:
    names = ["", *cohorts.all_of().names]
    st.selectbox(
        "Cohort",
        names,
        format_func=lambda name: name or ALL_ROWS,
        help="Pages show these rows only. Save a query or a selection as a cohort to have it here.",
        **cohorts.SHOWN.tied(names),
    )


def _selection(project: Project) -> None:
    chosen = selection.chosen(project)
    if chosen is None:
        st.caption("Nothing is selected.")
        return
    st.markdown(f"**{counted(len(chosen), 'row')} selected**")
    st.caption(plain(chosen.why))
    st.button("Clear the selection", on_click=selection.clear)


def _pinned(project: Project) -> None:
    row = selection.pinned(project)
    if row is None:
        return
    st.markdown(f"**Row {row:,} is pinned**")
    st.button("Unpin", on_click=selection.pin, args=(None,))
