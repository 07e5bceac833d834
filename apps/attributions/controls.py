"""The controls on top: models, groups, number, method, how many rows; the rest in a popover."""

from __future__ import annotations

import streamlit as st

import rai

from .. import selection
from ..performance.controls import sliceable
from ..project import Project
from ..words import readable
from . import asked as asking
from .asked import AUTO, Asked

SPACES = {
    AUTO: "Whichever the method is exact in, else the model's own scores.",
    "margin": "Log-odds, where parts add up most simply.",
    "probability": "The score itself.",
    "decision": "1 if the row is decided positive, else 0: what moves people over the threshold.",
    "prediction": "The predicted value.",
}


def draw(project: Project) -> Asked:
    """Draw them; what they say."""
    names = tuple(project.answering)
    columns = [asking.NOBODY, *sliceable(project)]
    _first_time(project, names, columns)
    models, groups, space, method, rows, more = st.columns(
        [3, 2.1, 1.7, 2.2, 1.7, 1.2], vertical_alignment="bottom"
    )
    models.multiselect(
        "Models", names, help="One, or several below each other.", **asking.MODELS.tied(names)
    )
    groups.selectbox(
        "Groups",
        columns,
        help="The column whose groups are compared. Rows are drawn from each in its share.",
        **asking.GROUPS.tied(columns),
    )
    spaces = spaces_of(project)
    space.selectbox(
        "Number",
        spaces,
        help="What is explained. " + "; ".join(f"**{name}**: {SPACES[name]}" for name in spaces),
        **asking.SPACE.tied(spaces),
    )
    methods = rai.explainers.METHODS
    method.selectbox(
        "Method",
        methods,
        format_func=readable,
        help=_about(asking.METHOD.value),
        **asking.METHOD.tied(methods),
    )
    rows.number_input(
        "Rows at most",
        asking.FEWEST,
        asking.MOST,
        step=100,
        help="How many rows are explained; more take longer and give narrower intervals.",
        **asking.SIZE.tied(),
    )
    with more.popover("More", width="stretch", help="Background, rows, class"):
        _more(project)
    return asked(project)


def asked(project: Project) -> Asked:
    """What the settings say, once the controls are drawn."""
    by = asking.GROUPS.value
    return Asked(
        project=project,
        models=asking.MODELS.value,
        space=asking.SPACE.value,
        method=asking.METHOD.value,
        background=asking.BACKGROUND.value,
        by=by if by in project.features else None,
        scope=asking.SCOPE.value,
        size=min(max(int(asking.SIZE.value), asking.FEWEST), asking.MOST),
        output=asking.OUTPUT.value,
    )


def spaces_of(project: Project) -> tuple[str, ...]:
    """The numbers that may be explained."""
    if project.task == "regression":
        return (AUTO, "prediction")
    return (AUTO, "margin", "probability", "decision")


def _first_time(project: Project, names: tuple[str, ...], columns: list[str]) -> None:
    """What is shown until something is chosen."""
    if asking.MODELS.value == asking.FIRST:
        asking.MODELS.put(names[:1])
    if not asking.GROUPS.value:
        asking.GROUPS.put(columns[1] if project.roles.sensitive_features else asking.NOBODY)


def _about(method: str) -> str:
    found = next((e for e in rai.explainers.EXPLAINERS if e.name == method), None)
    if found is None:
        return "auto takes the fastest exact method that goes with the model, else an estimate."
    return f"{found.what[0].upper()}{found.what[1:]}."


def _more(project: Project) -> None:
    by = asking.GROUPS.value
    offered = asking.backgrounds(project, by if by in project.features else None)
    st.selectbox(
        "Background",
        offered,
        help="The rows that a column's values are taken from while it is left out: what a row is "
        "explained against. Each cohort and each group can be one.",
        **asking.BACKGROUND.tied(offered),
    )
    scopes = [asking.EVERYBODY]
    scopes += [asking.SELECTED] if selection.chosen(project) is not None else []
    st.selectbox(
        "Rows explained",
        scopes,
        help="All rows, of the cohort if one is shown; or the selected ones.",
        **asking.SCOPE.tied(scopes),
    )
    if project.task == "multiclass":
        known = next(iter(project.answering.values())).classes
        classes = [str(each) for each in known]
        st.selectbox(
            "Class", classes, help="The class whose number is explained.", **asking.OUTPUT.tied(classes)
        )
