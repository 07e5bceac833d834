"""The cohorts panel: make one from a query or the selection, see its size, rename it, delete it.

Query [age < 30 and sex = "F"]   1,204 rows, 7.4%     Name [young women]  (Save)
"""

from __future__ import annotations

import streamlit as st

import rai

from . import cohorts, selection, tables
from .project import Project
from .settings import Setting
from .words import counted, interval, number, plain

QUERY = Setting("new cohort's query", default="")
NAME = Setting("new cohort's name", default="")
TO_CHANGE = Setting("cohort to change", default="")
NEW_NAME = Setting("cohort's new name", default="")

HOW = (
    "Columns, values and words between them: `age < 30 and sex = 'Female'`, `job in ('cook', 'nurse')`, "
    "`not hours >= 40`, `income is missing`."
)


def draw(project: Project) -> None:
    """Draw it."""
    _new(project)
    if cohorts.all_of().names:
        st.divider()
        _those_there(project)


def _new(project: Project) -> None:
    st.text_input("Query", placeholder="age < 30 and sex = 'Female'", help=HOW, **QUERY.tied())
    chosen = selection.chosen(project)
    if chosen is not None and chosen.where:
        st.button(
            "From the selection", on_click=QUERY.put, args=(chosen.where,), icon=":material/select:"
        )
    where = QUERY.value.strip()
    sound = _checked(project, where) if where else False
    st.text_input("Name", placeholder="young women", max_chars=60, **NAME.tied())
    name = NAME.value.strip()
    st.button(
        "Change it" if name in cohorts.all_of().names else "Save it",
        type="primary",
        disabled=not (sound and name),
        on_click=_save,
        args=(project, name, where),
    )


def _checked(project: Project, where: str) -> bool:
    """Whether the query finds rows or could; says so."""
    try:
        found = cohorts.count(project, where)
    except rai.RaiError as error:
        st.error(plain(error), icon=":material/error:")
        return False
    share = "" if found.share is None else f", {number(100 * found.share)}%"
    unknown = f"; of {counted(found.unknown, 'row')} it can't be said" if found.unknown else ""
    st.caption(f"**{counted(found.n, 'row')}**{plain(share)}{unknown}")
    return True


def _save(project: Project, name: str, where: str) -> None:
    cohorts.save(project, name, where)
    QUERY.put("")
    NAME.put("")


def _those_there(project: Project) -> None:
    rows = [
        {
            "cohort": each.name,
            "rows": each.n,
            "share": each.share,
            "interval": interval(each.low, each.high),
            "query": each.where,
        }
        for each in cohorts.counts(project)
    ]
    tables.show(
        rows,
        name="cohorts",
        explained={
            "interval": "The 95% interval of the share.",
            "rows": "Rows for which the query holds.",
        },
        height="content" if len(rows) < 8 else 280,
    )
    names = cohorts.all_of().names
    st.selectbox("Change", names, **TO_CHANGE.tied(names))
    name = TO_CHANGE.value
    st.text_input("New name", placeholder=name, max_chars=60, **NEW_NAME.tied())
    new = NEW_NAME.value.strip()
    with st.container(horizontal=True):
        free = bool(new) and new not in names
        st.button("Rename", disabled=not free, on_click=_rename, args=(name, new))
        st.button("Delete", on_click=cohorts.remove, args=(name,), icon=":material/delete:")


def _rename(name: str, new: str) -> None:
    cohorts.rename(name, new)
    TO_CHANGE.put(new)
    NEW_NAME.put("")
