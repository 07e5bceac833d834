"""What can be done around the plot: read about it, keep what was found, draw edited rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import cohorts, edits, selection, similarity
from ..project import Project
from ..settings import Setting
from ..words import counted, plain
from . import layouts, searching
from .columns import Rows, described
from .plot import LAYOUT, SEARCH, places

EDITED = Setting("dive edited", default=False, url="edited")
SETTINGS = (EDITED,)

ABOUT = """
Every point is a row.

- **Rows, Columns** split the plot into cells, by the buckets that all pages use. In a cell without axes,
  points are stacked: a larger pile is more rows, in every cell at the same scale.
- **Across, Up** place points by a number or a date. Rows without a value lie in a strip outside the
  scale.
- **Colour** gives a group the colour that it has on every page. *Outcome* compares a model's decision at
  the current threshold with the true label: right decisions are blue, wrong ones orange and red.
- **Box, Lasso** select; with Shift they add to the selection, with Alt they take away. A click selects
  one row. The selection is the same on all pages.
- **Search** shows only what a query finds, such as `{example}`. Click a level in the legend to hide it.
- Where points cover points, switch on **Density**, or zoom in.
- Keys: arrows step from point to point, Enter selects, P pins, + − 0 zoom, Escape selects nothing.
"""

NOTHING_TO_SAVE = """
A cohort is a query, so that it can be found again in other rows. Search for something, or select rows
that a query about columns of the data finds: a box over two numbers, or a level of the legend.
"""

_NAME = "dive cohort name"


def rows_of(project: Project) -> Rows:
    """The rows to draw: as they were opened, or with this session's edits."""
    similar = similarity.made(project)
    if edits.touched(project) and EDITED.value:
        return Rows.of(edits.edited(project), edits.bench(project).ids, similar=similar)
    ids = project.answer(("dive ids",), lambda: np.arange(len(project)))
    return Rows.of(project, ids, similar=similar)


def draw(project: Project, rows: Rows) -> None:
    """One line of buttons."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("How to read this", icon=":material/help:", type="tertiary"):
            st.markdown(ABOUT.format(example=searching.example(rows).replace("`", "")))
        _keep(project, rows)
        _found(project, rows)
        if edits.touched(project):
            st.toggle(
                "With my edits",
                help="Draw rows as you edited and added them in What-If; off, as they were opened.",
                **EDITED.tied(),
            )


def _keep(project: Project, rows: Rows) -> None:
    """Save what is searched, or what is selected, as a cohort, where a query says it."""
    offered = _queries(project, rows)
    with st.popover("Save as cohort", icon=":material/bookmark_add:", type="tertiary"):
        if not offered:
            st.markdown(NOTHING_TO_SAVE)
            return
        what = st.radio("What", list(offered), key="dive cohort of")
        st.code(offered[what], language=None, wrap_lines=True)
        st.text_input("Name", key=_NAME, placeholder="older women", max_chars=60)
        st.button("Save", on_click=_save, args=(project, offered[what]), type="primary")


def _save(project: Project, where: str) -> None:
    try:
        cohorts.save(project, st.session_state[_NAME], where)
    except rai.RaiError as error:
        st.toast(plain(error), icon=":material/error:")
        return
    st.toast(f"Cohort saved: {plain(st.session_state[_NAME])}", icon=":material/check:")


def _queries(project: Project, rows: Rows) -> dict[str, str]:
    """What could be a cohort, in words, and the query that finds it."""
    found: dict[str, str] = {}
    text = SEARCH.value
    if searching.searched(rows, text).mask is not None and searching.savable(rows, text):
        found["What the search finds"] = text
    held = selection.chosen(project)
    if held is not None:
        query = held.where or _described(rows, places(project, rows), held.version)
        if query is not None and searching.savable(rows, query):
            found["The selection"] = query
    return found


def _described(rows: Rows, chosen: Any, version: int) -> str | None:
    """A query for the selection, worked out once for each."""
    columns = described(rows)
    names = layouts.needed(layouts.whole(LAYOUT.value, rows, columns))
    key = (rows.project.token, version, names, SEARCH.value, cohorts.shown())
    before = st.session_state.get("dive selection in words")
    if before is None or before[0] != key:
        query = searching.described(rows, columns, names=names, text=SEARCH.value, chosen=chosen)
        before = st.session_state["dive selection in words"] = (key, query)
    found: str | None = before[1]
    return found


def _found(project: Project, rows: Rows) -> None:
    mask = searching.searched(rows, SEARCH.value).mask
    if mask is None:
        return
    ids = rows.ids[mask]
    ids = ids[ids < len(project)]
    st.button(
        f"Select the {len(ids):,} found",
        icon=":material/select_all:",
        type="tertiary",
        disabled=not len(ids),
        on_click=selection.choose,
        args=(ids,),
        kwargs={"why": SEARCH.value, "where": _where(project, rows)},
    )


def _where(project: Project, rows: Rows) -> str | None:
    own = rows.project is project and searching.savable(rows, SEARCH.value)
    return SEARCH.value if own else None


def say_selected(project: Project) -> None:
    """What is selected, in words, or how to select."""
    held = selection.chosen(project)
    if held is None:
        st.caption("Draw a box or a lasso, or click a point, to select rows: they are listed here.")
    else:
        st.markdown(f"**{counted(len(held), 'selected row')}** · {plain(held.why)}")
