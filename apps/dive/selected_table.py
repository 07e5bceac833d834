"""The selected rows as a table with its export: what a canvas shows, for readers who can't see it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from .. import selection, tables
from ..settings import Setting
from ..words import counted
from .columns import Rows

if TYPE_CHECKING:
    import pandas

PAGE = 1000
AT = Setting("selected page", default=1)

TABLE = "selected rows"


def show(rows: Rows, chosen: Any) -> None:
    """The rows at some places, a page at a time; all of them in the export.

    Args:
        rows: The rows that are drawn.
        chosen: Places of the selected ones, rising.
    """
    pages = -(-len(chosen) // PAGE)
    at = 0
    if pages > 1:
        st.number_input(
            f"Page of {pages:,}", 1, pages, step=1, width=140, **AT.tied(range(1, pages + 1))
        )
        at = (AT.value - 1) * PAGE
        last = min(at + PAGE, len(chosen))
        st.caption(f"Rows {at + 1:,} to {last:,} of {counted(len(chosen), 'selected row')}.")
    found = tables.show(
        _taken(rows, chosen[at : at + PAGE]),
        name=TABLE,
        whole=partial(_taken, rows, chosen),
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = found["selection"]["rows"]
    if picked:
        row = int(rows.ids[chosen[at + picked[0]]])
        st.button(f"Pin row {row:,}", on_click=selection.pin, args=(row,), icon=":material/push_pin:")


def _taken(rows: Rows, chosen: Any) -> pandas.DataFrame:
    frame = rows.frame.iloc[chosen]
    frame.insert(0, _free("row", frame.columns), rows.ids[chosen])
    return frame


def _free(name: str, taken: Any) -> str:
    while name in taken:
        name += " "
    return name
