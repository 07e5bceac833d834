"""Why the models say what they say: features over all rows, by group, of one row, and of a gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

import rai

from ..attributions import (
    asked,
    controls,
    dependence_chart,
    found,
    gap,
    one_row,
    overview,
    points,
    said,
)
from ..attributions.asked import Asked
from ..attributions.found import Explained
from ..project import Project
from ..settings import Setting
from ..words import plain

TITLE = "Attributions"
PATH = "attributions"
ICON = ":material/align_horizontal_left:"
NEEDS: tuple[str, ...] = ("answering",)

SECTION = Setting("attribution section", default="Overview", url="attribution_section")
SETTINGS: tuple[Setting, ...] = (
    SECTION,
    *asked.SETTINGS,
    *overview.SETTINGS,
    *dependence_chart.SETTINGS,
    *gap.SETTINGS,
)

Section = Callable[[Asked, str, Explained], None]
SECTIONS: Mapping[str, Section] = {
    "Overview": overview.draw,
    "Rows": points.draw,
    "Dependence": dependence_chart.draw,
    "One row": one_row.draw,
}
GAP = "Gap"
NO_CAUSE = (
    "Attributions say what a model makes of its columns, not what causes what: a column that it doesn't "
    "read gets 0, even if it stands behind all the others."
)


def render(project: Project) -> None:
    """Draw the page."""
    what = controls.draw(project)
    if not what.models:
        st.info("Choose a model, above.", icon=":material/info:")
        return
    names = (*SECTIONS, GAP)
    st.segmented_control(
        "Section", names, required=True, label_visibility="collapsed", **SECTION.tied(names)
    )
    for model in what.models:
        try:
            _of_model(what, model)
        except rai.RaiError as error:
            st.warning(f"{plain(model)}: {plain(error)}", icon=":material/error:")
    st.caption(NO_CAUSE)


def _of_model(what: Asked, model: str) -> None:
    if SECTION.value == GAP:  # explained in the space of its metric, not in that of the rows
        gap.draw(what, model)
        return
    answer = found.explained(what, model)
    said.draw(what, model, answer)
    SECTIONS[SECTION.value](what, model, answer)
