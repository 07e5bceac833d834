"""Which row is pinned: by number, the next one, any one, or one near the threshold.

Next and previous go through the selection if there is one, else the cohort, else all rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from .. import answers, cohorts, cutoffs, selection
from ..project import Project
from ..words import counted, plain
from . import desk as desks

if TYPE_CHECKING:
    import pandas

MOST_LISTED = 200
_STARTED, _NUMBER = "what-if started:", "what-if row number"


def start(project: Project) -> None:
    """Pin a row at the first visit, so that there is something to look at."""
    key = _STARTED + project.token
    if st.session_state.get(key):
        return
    st.session_state[key] = True
    if selection.pinned(project) is None and len(project):
        selection.pin(int(nearest_to_threshold(project, walk(project)[0])[0]))
        st.rerun()


def draw(project: Project) -> None:
    """Draw the chooser, in one line."""
    rows, where = walk(project)
    row = desks.on_desk(project)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="what-if-chooser"):
        st.markdown("#### What-If", width="content")
        _number(project)
        _move("Previous row", ":material/chevron_left:", project, step(rows, row, by=-1))
        _move("Next row", ":material/chevron_right:", project, step(rows, row, by=1))
        st.button(
            "Random",
            icon=":material/casino:",
            on_click=_random,
            args=(project, rows),
            help=f"Any one of {where}",
        )
        _listed(project, rows, where)
        st.caption(_position(rows, row, where), width="content")
    _added(project, row)


def empty() -> None:
    """What to do when no row is pinned."""
    st.info(
        "No row is pinned. Type the number of a row, take any one or one near the threshold above; "
        "or click a point in Dive, or select rows in Overview, and pin one of them.",
        icon=":material/push_pin:",
    )


def walk(project: Project) -> tuple[Any, str]:
    """The rows to go through, by position, and what they are."""
    chosen = selection.chosen(project)
    if chosen is not None:
        return chosen.rows, f"the {counted(len(chosen), 'selected row')}"
    shown = cohorts.rows_shown(project)
    if shown is not None and shown.any():
        return np.flatnonzero(shown), "the cohort"
    return np.arange(len(project)), "all rows"


def step(rows: Any, row: int | None, *, by: int) -> int:
    """The row before or after one, around the ends.

    Example:
        >>> step(np.array([2, 5, 9]), 5, by=1), step(np.array([2, 5, 9]), 9, by=1)
        (9, 2)
        >>> step(np.array([2, 5, 9]), 6, by=-1), step(np.array([2, 5, 9]), 6, by=1)
        (5, 9)
    """
    if row is None:
        return int(rows[0])
    at = int(np.searchsorted(rows, row))
    there = at < len(rows) and rows[at] == row
    place = at + by if there or by < 0 else at
    return int(rows[place % len(rows)])


def nearest_to_threshold(project: Project, rows: Any, *, model: str | None = None) -> Any:
    """Rows by how little decides about them, the nearest call first.

    Of two classes by the distance of the score from its threshold, of more by how far the best class is
    ahead; of a regression by the distance from the middle prediction.
    """
    name = next(iter(project.answering)) if model is None else model
    return rows[np.argsort(margins(project, name)[rows], kind="stable")]


def margins(project: Project, model: str) -> Any:
    """How far each row is from another decision, in units of the score, shape (n,)."""
    found, task = np.asarray(answers.scores(project, model)), project.models[model].task
    if task == "binary":
        return np.abs(found - cutoffs.thresholds(project, model))
    if task == "multiclass":
        best = np.partition(found, -2, axis=1)
        return best[:, -1] - best[:, -2]
    return np.abs(found - np.median(found))


def _number(project: Project) -> None:
    pinned = selection.pinned(project)
    if st.session_state.get(_NUMBER) != pinned or _NUMBER not in st.session_state:
        st.session_state[_NUMBER] = pinned
    st.number_input(
        "Row",
        min_value=0,
        max_value=len(project) - 1,
        value=None,
        step=1,
        key=_NUMBER,
        on_change=_numbered,
        args=(project,),
        placeholder="row",
        label_visibility="collapsed",
        width=140,
        help="The number of the row, counted from 0",
    )


def _numbered(project: Project) -> None:
    _choose(project, st.session_state[_NUMBER])


def _move(label: str, icon: str, project: Project, row: int) -> None:
    st.button(
        "",
        icon=icon,
        key=label,
        on_click=_choose,
        args=(project, row),
        help=f"{label}: {row:,}",
    )


def _random(project: Project, rows: Any) -> None:
    _choose(project, int(np.random.default_rng().choice(rows)))


def _choose(project: Project, row: int | None) -> None:
    if row is None:
        selection.pin(None)
    else:
        desks.put_on_desk(project, int(row))


def _position(rows: Any, row: int | None, where: str) -> str:
    if row is None:
        return f"of {where}"
    at = int(np.searchsorted(rows, row))
    inside = at < len(rows) and rows[at] == row
    return f"{at + 1:,} of {len(rows):,} in {where}" if inside else f"not in {where}"


def _listed(project: Project, rows: Any, where: str) -> None:
    """A table of rows to pick from, those near the threshold first."""
    regression = project.task == "regression"
    label = "From a list" if regression else "Borderline"
    with st.popover(label, icon=":material/list:", on_change="rerun", key="what-if-list") as opened:
        if not opened.open:
            return
        names = tuple(project.answering)
        model = st.selectbox("Nearest to the threshold of", names) if len(names) > 1 else names[0]
        order = nearest_to_threshold(project, rows, model=model)[:MOST_LISTED]
        st.caption(f"{plain(where.capitalize())}, the nearest calls first. Tick one to pin it.")
        chosen = st.dataframe(
            _table(project, model, order),
            hide_index=True,
            height=280,
            on_select="rerun",
            selection_mode="single-row",
            key=f"what-if-rows:{project.token}:{model}",
        )
        picked = chosen["selection"]["rows"]
        if picked and int(order[picked[0]]) != selection.pinned(project):
            desks.put_on_desk(project, int(order[picked[0]]))
            st.rerun()


def _table(project: Project, model: str, order: Any) -> pandas.DataFrame:
    shown = project.frame.iloc[order]
    found = answers.scores(project, model)
    scores = found[order] if found.ndim == 1 else found[order].max(axis=1)
    front = {"row": order, f"{model} score": scores.round(3)}
    return shown.assign(**front)[[*front, *shown.columns]]


def _added(project: Project, row: int | None) -> None:
    """The rows that were added, to come back to."""
    others = desks.added(project)
    if not others:
        return
    pinned = selection.pinned(project)
    offered = [*([] if pinned is None else [pinned]), *others]
    key = "what-if-added"
    if st.session_state.get(key) != row:
        st.session_state[key] = row
    st.segmented_control(
        "Rows of this session",
        offered,
        required=True,
        key=key,
        format_func=lambda each: f"Row {each:,}" + (" (added)" if each >= len(project) else ""),
        on_change=lambda: _choose(project, st.session_state[key]),
        label_visibility="collapsed",
    )
