"""Every row a point: in cells, over axes, coloured; searched, selected, pinned."""

from __future__ import annotations

import streamlit as st

from ..dive import actions, plot, selected_table
from ..dive.columns import described
from ..project import Project
from ..settings import Setting

TITLE = "Dive"
PATH = "dive"
ICON = ":material/scatter_plot:"
NEEDS: tuple[str, ...] = ()
SETTINGS: tuple[Setting, ...] = (*plot.SETTINGS, *actions.SETTINGS)


def render(project: Project) -> None:
    """Draw the page."""
    if not len(project):
        st.info("There are no rows to draw. Open others on **Start**.", icon=":material/info:")
        return
    with st.spinner("Looking at the columns …", show_time=True):
        rows = actions.rows_of(project)
        columns = described(rows)
    if not columns:
        st.info("No column here can be drawn. Open other rows on **Start**.", icon=":material/info:")
        return
    actions.draw(project, rows)
    plot.draw(project, rows)
    actions.say_selected(project)
    chosen = plot.places(project, rows)
    if chosen is not None:
        selected_table.show(rows, chosen)
