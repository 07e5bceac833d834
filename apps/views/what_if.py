"""One row, edited: what would the models decide?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ..project import Project
from ..settings import Setting
from ..telling import told
from ..what_if import (
    choosing,
    effects,
    flips,
    form,
    generated,
    nearest,
    scenarios,
    steps,
    verdict_cards,
)
from ..what_if import desk as desks
from ..what_if.desk import Desk
from ..what_if.verdicts import verdicts
from ..words import plain

TITLE = "What-If"
PATH = "what-if"
ICON = ":material/edit_note:"
NEEDS: tuple[str, ...] = ("answering",)

SECTION = Setting("what-if section", default="Nearest", url="what_if")
SETTINGS: tuple[Setting, ...] = (
    SECTION,
    *form.SETTINGS,
    *nearest.SETTINGS,
    *generated.SETTINGS,
    *effects.SETTINGS,
    *flips.SETTINGS,
    *scenarios.SETTINGS,
)

_OPEN = "what-if section drawn"

Section = Callable[[Project, Desk], None]
SECTIONS: Mapping[str, Section] = {
    "Nearest": nearest.draw,
    "Counterfactuals": generated.draw,
    "Effects": effects.draw,
    "Flip test": flips.draw,
    "Scenario": scenarios.draw,
    "Steps": steps.draw,
}
ABOUT = {
    "Nearest": "The nearest row of the data that is decided otherwise",
    "Counterfactuals": "The few changes that would be decided otherwise",
    "Effects": "How the score depends on a feature",
    "Flip test": "Whether a sensitive attribute alone changes decisions",
    "Scenario": "One change to many rows, and what becomes of the gaps",
    "Steps": "What was edited, and what each run said",
}


def render(project: Project) -> None:
    """Draw the page."""
    choosing.start(project)
    choosing.draw(project)
    row = desks.on_desk(project)
    if row is None:
        choosing.empty()
    elif desks.is_deleted(project, row):
        steps.deleted(project, row)
    else:
        _desk(project, row)


@st.fragment
def _desk(project: Project, row: int) -> None:
    """The form and the answer beside it, then a section; an edit draws only this again."""
    with told():
        if row != desks.on_desk(project) or desks.is_deleted(project, row):
            st.rerun()  # undone or done again: another row is on the desk
        _draw(project, row)


def _draw(project: Project, row: int) -> None:
    desk = desks.at(project, row)
    left, right = st.columns([1.35, 1], gap="medium")
    with right:
        verdict_cards.draw(project, verdicts(project, desk))
        trouble = desks.trouble()
        if trouble:
            st.warning(f"That change was not made. {plain(trouble)}", icon=":material/error:")
        steps.buttons(project, desk)
        steps.changes(desk)
    with left:
        form.draw(project, desk)
    names = tuple(SECTIONS)
    st.segmented_control(
        "Section", names, required=True, label_visibility="collapsed", **SECTION.tied(names)
    )
    _into_the_address()
    st.caption(ABOUT[SECTION.value])
    SECTIONS[SECTION.value](project, desk)


def _into_the_address() -> None:
    """Draw the whole page once when another section is opened, so that a link shows it."""
    before = st.session_state.get(_OPEN, SECTION.value)
    st.session_state[_OPEN] = SECTION.value
    if before != SECTION.value:
        st.rerun()
