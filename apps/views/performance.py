"""Who pays for the errors, and what other thresholds would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ..performance import (
    asked,
    comparison,
    confusions,
    controls,
    curves,
    gaps,
    headline,
    numbers,
    slices,
    sliders,
    strategies,
    takeaway,
)
from ..performance.asked import Asked
from ..project import Project
from ..settings import Setting

TITLE = "Performance & Fairness"
PATH = "performance"
ICON = ":material/balance:"
NEEDS: tuple[str, ...] = ("models", "y_true")

SECTION = Setting("performance section", default="Slices", url="section")
SETTINGS: tuple[Setting, ...] = (
    SECTION,
    *asked.SETTINGS,
    *sliders.SETTINGS,
    *strategies.SETTINGS,
    *curves.SETTINGS,
    *confusions.SETTINGS,
    *gaps.SETTINGS,
)

Section = Callable[[Asked], None]
BINARY: Mapping[str, Section] = {
    "Slices": slices.draw,
    "Strategies": strategies.draw,
    "Curves": curves.draw,
    "Confusion": confusions.draw,
    "Gaps": gaps.draw,
    "Models": comparison.draw,
    "Take along": takeaway.draw,
}
CLASSES: Mapping[str, Section] = {
    "Slices": slices.draw,
    "Confusion": confusions.draw_classes,
    "Gaps": gaps.draw,
    "Models": comparison.draw,
    "Take along": takeaway.draw,
}
NUMBERS: Mapping[str, Section] = {
    "Slices": slices.draw,
    "Errors": numbers.draw_residuals,
    "Predictions": numbers.draw_predictions,
    "Gaps": gaps.draw,
    "Models": comparison.draw,
    "Take along": takeaway.draw,
}
SECTIONS = {"binary": BINARY, "multiclass": CLASSES, "regression": NUMBERS}


def render(project: Project) -> None:
    """Draw the page."""
    what = controls.draw(project)
    if not what.models or not what.along:
        missing = (
            "a model" if not what.models else "a column to slice the rows by, such as a sensitive one"
        )
        st.info(f"Choose {missing}, above.", icon=":material/info:")
        return
    with st.spinner("Counting …", show_time=True):
        for model in what.models:
            what.audit(model)
    headline.draw(what)
    sections = SECTIONS[what.task]
    names = tuple(sections)
    st.segmented_control(
        "Section", names, required=True, label_visibility="collapsed", **SECTION.tied(names)
    )
    if what.task == "binary":
        left, right = st.columns([1, 4.2])
        with left:
            sliders.draw(what)
    else:
        right = st.container()
    with right:
        sections[SECTION.value](what)
