"""The sidebar, beside every page: what is open, cohort, selection, pinned row, session, terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

import rai

from . import cohorts, cohorts_panel, glossary, saved_sessions, selection
from . import settings as held_settings
from .going import go
from .opening import DATASET
from .project import Project
from .settings import Setting
from .words import counted, number, plain

ALL_ROWS = "all rows"
WHAT_IF = "what-if"
PANEL_WIDTH = 520  # pixels

_SAID = "what restoring said"


def show(project: Project, *, settings: Sequence[Setting]) -> None:
    """Draw it.

    Args:
        project: What is open.
        settings: What a link and a saved session hold.
    """
    with st.sidebar:
        st.markdown(f"**{plain(project.name)}**")
        st.caption(f"{counted(len(project), 'row')} · {counted(len(project.models), 'model')}")
        _cohort(project)
        _selection(project)
        _pinned(project)
        st.divider()
        with st.popover(
            "Session", icon=":material/save:", width="stretch", on_change="rerun", key="session panel"
        ):
            _session(project, settings)
        with st.popover("Terms", icon=":material/menu_book:", width="stretch"):
            _terms()


def _cohort(project: Project) -> None:
    names = ["", *cohorts.all_of().names]
    st.selectbox(
        "Cohort",
        names,
        format_func=lambda name: name or ALL_ROWS,
        help="Pages show these rows only. Save a query or a selection as a cohort to have it here.",
        **cohorts.SHOWN.tied(names),
    )
    where = cohorts.shown()
    if where is not None:
        found = cohorts.count(project, where)
        share = "" if found.share is None else f", {number(100 * found.share)}%"
        st.caption(f"{counted(found.n, 'row')}{plain(share)}: {plain(where)}")
    with (
        st.popover("Cohorts", icon=":material/filter_alt:", width="stretch"),
        st.container(width=PANEL_WIDTH),
    ):
        cohorts_panel.draw(project)


def _selection(project: Project) -> None:
    chosen = selection.chosen(project)
    if chosen is None:
        st.caption("Nothing is selected. Click a bar, a cell or a point on a page to select its rows.")
        _select_cohort(project)
        return
    st.markdown(f"**{counted(len(chosen), 'row')} selected**")
    st.caption(plain(chosen.why))
    with st.container(horizontal=True, gap="small"):
        st.button("Clear", on_click=selection.clear, help="Select nothing.", key="clear the selection")
        st.button("Invert", on_click=_invert, args=(project,), help="Select the other rows shown.")
    _select_cohort(project)


def _select_cohort(project: Project) -> None:
    if cohorts.shown() is not None:
        st.button("Select all of the cohort", on_click=_choose_shown, args=(project,))


def _invert(project: Project) -> None:
    selection.invert(project, among=cohorts.rows_shown(project))


def _choose_shown(project: Project) -> None:
    rows = np.flatnonzero(cohorts.rows_shown(project))
    selection.choose(rows, why=f"cohort {cohorts.SHOWN.value}", where=cohorts.shown())


def _pinned(project: Project) -> None:
    row = selection.pinned(project)
    if row is None:
        return
    st.markdown(f"**Row {row:,} is pinned**")
    with st.container(horizontal=True, gap="small"):
        if project.answering:
            st.button("Edit it", on_click=go, args=(WHAT_IF,), help="What-If: change its values.")
        st.button("Unpin", on_click=selection.pin, args=(None,))


def _session(project: Project, settings: Sequence[Setting]) -> None:
    st.download_button(
        "Save as a file",
        saved_sessions.taken(project, settings=settings).text,
        f"{project.name}.session.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
        help="Settings, cohorts, selection, thresholds, edited rows, the scenario and the checklist; "
        "not the rows of the data.",
    )
    given = st.file_uploader("Restore from a file", type="json", max_upload_size=64, key="session file")
    st.button(
        "Restore",
        disabled=given is None,
        on_click=_restore,
        args=(project, given, settings),
        width="stretch",
    )
    of_file, went_well, said = st.session_state.get(_SAID, ("", True, ""))
    if given is not None and of_file == given.file_id:
        (st.success if went_well else st.error)(plain(said))
    st.divider()
    st.caption("A link to this view")
    st.code(_link(settings), language=None, wrap_lines=True)
    for each in _lost(project):
        st.caption(f":material/info: {each}")


def _restore(project: Project, given: Any, settings: Sequence[Setting]) -> None:
    """A callback, so that settings change before their widgets are drawn."""
    try:
        saved_sessions.restored(project, given.getvalue(), settings=settings)
    except rai.RaiError as error:
        st.session_state[_SAID] = (given.file_id, False, str(error))
    else:
        st.session_state[_SAID] = (given.file_id, True, f"{given.name} is restored.")


def _link(settings: Sequence[Setting]) -> str:
    page = (st.context.url or "").partition("?")[0]
    said = urlencode(held_settings.address(settings))
    return f"{page}?{said}" if said else page


def _lost(project: Project) -> list[str]:
    """What a link can't hold, in sentences."""
    lost = []
    if not project.source:
        lost.append("Uploaded rows are not in a link: it opens for nobody else. Save a file instead.")
    elif not project.source.startswith(DATASET):
        lost.append("It shows these rows while the app runs that was started with them.")
    chosen = selection.chosen(project)
    if chosen is not None and not selection.WHERE.value and not selection.PACKED.value:
        lost.append("These are too many selected rows for a link; a file holds them.")
    if project.answering:
        lost.append("Edited rows are not in a link; a file holds them.")
    return lost


def _terms() -> None:
    text = st.text_input("Find a term", placeholder="rate", key="term")
    found = glossary.matching(text)
    with st.container(height=360, border=False):
        for term, words in found.items():
            st.markdown(f"**{plain(term)}**  \n{plain(words)}")
        if not found:
            st.caption("No term holds this.")
