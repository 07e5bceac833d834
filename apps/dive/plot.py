"""The plot: columns that are sent, what the view is told, and what comes back from it.

rows ─▶ feeders (before: what the layout names; after: the rest) ─▶ view ─▶ layout · selection · pin
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from .. import selection, settings
from ..project import Project
from ..settings import Setting
from ..telling import told
from . import bins, component, layouts, looks, packets, searching
from .columns import Column, Rows, at_once, described, packet

LAYOUT = Setting("dive layout", default={}, url="dive")
SEARCH = Setting("dive search", default="", url="search")
SETTINGS = (LAYOUT, SEARCH)

_SEEN, _VERSION, _TOKEN = "dive layout as last drawn", "dive layout version", "dive token"


def draw(project: Project, rows: Rows) -> None:
    """Draw it.

    Args:
        project: What is open.
        rows: The rows to draw.
    """
    columns = described(rows)
    needed = layouts.needed(layouts.whole(LAYOUT.value, rows, columns))
    sent = at_once(columns, len(rows), needed)
    first = tuple(name for name in sent if name in needed)
    component.start(_heard(project, rows))
    _forget_others(rows)
    component.feed(_packets(rows, columns, first), part="first")
    _view(project, rows, sent)
    component.feed(_packets(rows, columns, [name for name in sent if name not in needed]), part="rest")


def places(project: Project, rows: Rows) -> Any:
    """Where the selected rows are among those that are drawn, rising; None if nothing is selected."""
    held = selection.chosen(project)
    if held is None:
        return None
    if rows.project is project:
        return held.rows
    return np.flatnonzero(np.isin(rows.ids, held.rows))


@st.fragment
@told()
def _view(project: Project, rows: Rows, sent: tuple[str, ...]) -> None:
    """The view and what it needs beyond what was sent; only this runs again when the layout changes."""
    columns = described(rows)
    layout = layouts.whole(LAYOUT.value, rows, columns)
    settings.write_one(LAYOUT)
    more = [name for name in layouts.needed(layout) if name not in sent]
    exact = _exact(rows, columns, layout)
    masks = _masks(project, rows)
    fed = [(f"mask {name}", made) for name, (_, made) in masks.items()]
    component.feed([*_packets(rows, columns, more), *exact, *fed], part="more")
    data = _data(project, rows, columns, layout)
    versions = {name: {"version": version} for name, (version, _) in masks.items()}

    def of_layout(said: Any) -> None:
        if isinstance(said, Mapping):
            LAYOUT.put(layouts.brief(layouts.whole(dict(said) or {"row": None}, rows, columns)))
            st.session_state[_SEEN] = LAYOUT.value

    component.view({**data, **versions}, told={"layout": of_layout})


def _data(
    project: Project, rows: Rows, columns: tuple[Column, ...], layout: Mapping[str, Any]
) -> dict[str, Any]:
    """What the view is told."""
    found = searching.searched(rows, SEARCH.value)
    example = searching.example(rows)
    message = found.message and f"{found.message} For example: {example}"
    pinned = _place(rows, selection.pinned(project))
    return {
        "token": rows.project.token,
        "n": len(rows),
        "columns": [column.told() for column in columns],
        "layout": layout,
        "layout_version": _layout_version(),
        "bins": _bins(rows, columns, layout),
        "colors": _colours(rows, columns, layout),
        "palettes": looks.PALETTES,
        "inks": looks.INKS,
        "selection": None,
        "visible": None,
        "pinned": pinned,
        "search": SEARCH.value,
        "example": example,
        "message": message,
        "found": None if found.mask is None else int(found.mask.sum()),
    }


def _heard(project: Project, rows: Rows) -> component.Heard:
    """What is done with what comes back and concerns the whole page."""

    def of_selection(said: Any) -> None:
        if int(said["n"]) != len(rows):
            return
        ids = rows.ids[selection.positions(said["bits"], len(rows))]
        ids = ids[ids < len(project)]
        why = f"row {ids[0]:,}, clicked in Dive" if len(ids) == 1 else "chosen in Dive"
        selection.choose(ids, why=why)

    def of_pin(said: Any) -> None:
        row = said.get("row")
        inside = isinstance(row, int) and 0 <= row < len(rows) and rows.ids[row] < len(project)
        selection.pin(int(rows.ids[row]) if inside else None)

    def of_search(said: Any) -> None:
        SEARCH.put(str(said["text"]).strip()[: searching.LONGEST])

    return {"selection": of_selection, "pinned": of_pin, "search": of_search}


def _layout_version() -> int:
    """A number that rises when the layout was changed elsewhere than in the view."""
    if st.session_state.get(_SEEN) != LAYOUT.value:
        st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
        st.session_state[_SEEN] = LAYOUT.value
    version: int = st.session_state.get(_VERSION, 1)
    return version


def _packets(rows: Rows, columns: tuple[Column, ...], names: Iterable[str]) -> list[tuple[str, bytes]]:
    at = {column.name: place for place, column in enumerate(columns)}
    return [(str(at[name]), packet(rows, columns[at[name]])) for name in names]


def _exact(
    rows: Rows, columns: tuple[Column, ...], layout: Mapping[str, Any]
) -> list[tuple[str, bytes]]:
    found = [bins.exact(rows, *asked) for asked in layouts.binnings(layout, columns).values()]
    return [(f"codes {at}", made) for at, made in enumerate(found) if made is not None]


def _bins(rows: Rows, columns: tuple[Column, ...], layout: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: bins.spec(rows, *asked) for key, asked in layouts.binnings(layout, columns).items()}
    return {key: spec for key, spec in found.items() if spec is not None}


def _colours(rows: Rows, columns: tuple[Column, ...], layout: Mapping[str, Any]) -> dict[str, Any]:
    """Of the column that gives the colour, and of those that models add, which have their own."""
    wanted = [c for c in columns if c.kind == "category" and (c.added or c.name == layout["color"])]
    return {column.name: looks.colours(rows, column) for column in wanted}


def _masks(project: Project, rows: Rows) -> dict[str, tuple[str, bytes]]:
    """The rows that are selected and those that are shown, where not all are: versions and packets."""
    wanted = {"selection": places(project, rows), "visible": searching.visible(rows, SEARCH.value)}
    token, n = rows.project.token, len(rows)
    return {name: packets.mask(token, n, at, name=name) for name, at in wanted.items() if at is not None}


def _place(rows: Rows, row: int | None) -> int | None:
    found: Any = [] if row is None else np.flatnonzero(rows.ids == row)
    return int(found[0]) if len(found) else None


def _forget_others(rows: Rows) -> None:
    """Let the browser forget the rows that were drawn before these."""
    before = st.session_state.get(_TOKEN)
    token = rows.project.token
    if before is None or before[-1] != token:
        before = st.session_state[_TOKEN] = (*(before or ())[-1:], token)
    if len(before) > 1:
        component.feed([("drop", packets.drop(before[0]))], part="drop")
