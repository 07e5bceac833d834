"""The nearest row with another outcome, side by side with the one on the desk; distances for Dive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st
from threadpoolctl import threadpool_limits

import rai

from .. import answers, edits, going, similarity, tables
from ..project import Project
from ..settings import Setting
from ..words import figure, plain
from . import desk as desks
from .desk import Desk
from .fields import spelled
from .verdicts import deciding

if TYPE_CHECKING:
    import pandas

MODEL = Setting("what-if model", default="", url="wi_model")
PRESET = Setting("what-if distance", default="default", url="distance")
NORM = Setting("what-if norm", default="l1", url="norm")
FROZEN = Setting("what-if agree in", default=(), url="agree")
TOLERANCE = Setting("what-if tolerance", default=0.0, url="apart")
SETTINGS = (MODEL, PRESET, NORM, FROZEN, TOLERANCE)

PRESETS = {"default": "rai's", "what-if-tool": "the What-If Tool's"}
HELP = (
    "rai's: what the model reads, numbers by their spread, categories by how rare it is that two rows "
    "differ. The What-If Tool's: its formula, over all columns but the true label."
)
SAME, OTHER = "", "≠"


def draw(project: Project, desk: Desk) -> None:
    """Draw it."""
    _controls(project)
    model = asked_model(project)
    found = nearest(project, desk, model)
    if found.row is None:
        st.info(f"There is none: {plain(found.note)}. Free a feature, or choose another distance.")
        return
    left, right = st.columns([2.2, 1], gap="medium")
    with right:
        _told(project, desk, model, found)
    with left:
        _side_by_side(project, desk, found)


def asked_model(project: Project) -> str:
    """The model that is asked in the sections."""
    held: str = MODEL.value
    return held if held in project.answering else next(iter(project.answering))


def choose_model(project: Project) -> None:
    """A chooser of the model, where there are several."""
    names = tuple(project.answering)
    if len(names) > 1:
        st.selectbox("Model", names, **MODEL.tied(names))


def fitted(project: Project, model: str) -> rai.whatif.Distance:
    """The distance that is set, fitted once on all rows."""
    preset, norm, frozen = PRESET.value, NORM.value, tuple(FROZEN.value)
    key = ("distance", model if preset == "default" else None, preset, norm, frozen)
    read = project.models[model].features or project.features
    return project.answer(
        key,
        lambda: rai.whatif.fit_distance(
            project.frame,
            read if preset == "default" else None,
            distance=preset,
            norm=norm,
            frozen=frozen,
            y_true=project.roles.y_true,
        ),
    )


def nearest(project: Project, desk: Desk, model: str) -> rai.whatif.NearestCounterfactual:
    """The nearest row of the data with another outcome than the row as it is."""
    asked = project.models[model]
    regression = asked.task == "regression"
    with threadpool_limits(1):
        return rai.whatif.nearest_counterfactual(
            asked,
            project.frame,
            row=desk.row if desk.row < len(project) and not desk.changed else dict(desk.record),
            distance=fitted(project, model),
            y_score=answers.scores(project, model),
            tolerance=_tolerance() if regression else None,
            **deciding(project, model),
        )


def compared(
    project: Project, record: Mapping[str, Any], other: Mapping[str, Any], shares: Mapping[str, Any]
) -> pandas.DataFrame:
    """Two rows below their features, those that differ first."""
    import pandas

    names = sorted(project.columns, key=lambda name: record.get(name) == other.get(name))
    return pandas.DataFrame(
        {
            "differs": [SAME if record.get(name) == other.get(name) else OTHER for name in names],
            "feature": names,
            "this row": [spelled(record.get(name)) for name in names],
            "that row": [spelled(other.get(name)) for name in names],
            "share of distance": [shares.get(name) for name in names],
        }
    )


def _controls(project: Project) -> None:
    several = len(project.answering) > 1
    places = st.columns([1.2, 1.2, 0.7, 2] if several else [1.2, 0.7, 2], gap="small")
    if several:
        with places[0]:
            choose_model(project)
    preset, norm, frozen = places[-3:]
    preset.selectbox(
        "Distance",
        tuple(PRESETS),
        format_func=PRESETS.__getitem__,
        help=HELP,
        **PRESET.tied(tuple(PRESETS)),
    )
    norm.selectbox(
        "Norm",
        ("l1", "l2"),
        format_func=str.upper,
        help="L1 adds differences up, L2 adds their squares.",
        **NORM.tied(("l1", "l2")),
    )
    frozen.multiselect(
        "Must agree in",
        project.features,
        placeholder="nothing",
        help="Frozen features: only rows that have the same values there are looked at.",
        **FROZEN.tied(project.features),
    )
    if project.models[asked_model(project)].task == "regression":
        _tolerance_input()


def _tolerance() -> float | None:
    """How far away another outcome is; None for the standard deviation of all predictions."""
    held = float(TOLERANCE.value)
    return held if held > 0 else None


def _tolerance_input() -> None:
    st.number_input(
        "Another outcome is at least this far away",
        min_value=0.0,
        help="In units of the prediction. At 0 it is the standard deviation of all predictions.",
        width=360,
        **TOLERANCE.tied(),
    )


def _told(project: Project, desk: Desk, model: str, found: rai.whatif.NearestCounterfactual) -> None:
    how = "that is decided otherwise" if found.decision_to is not None else "with another outcome"
    st.markdown(f"**Row {found.row:,}** is the nearest {how}.")
    if found.decision_to is not None:
        st.markdown(f"{plain(found.decision_from)} → **{plain(found.decision_to)}**")
    st.caption(
        f"score {figure(found.score_from)} → {figure(found.score_to)} · distance "
        f"{figure(found.distance)} · {len(found.changes)} features differ"
    )
    if found.note:
        st.caption(plain(found.note))
    if st.button("Pin that one", icon=":material/push_pin:", width="stretch"):
        desks.put_on_desk(project, int(found.row or 0))
        st.rerun()
    values = {change.feature: change.after for change in found.changes}
    st.button(
        "Copy these values",
        icon=":material/content_paste:",
        width="stretch",
        on_click=desks.edit,
        args=(project, desk.row, values),
        help="The features that count in the distance take that row's values: a step you can undo.",
    )
    _similarity(project, desk, model)


def _similarity(project: Project, desk: Desk, model: str) -> None:
    if st.button(
        "Distances for Dive",
        icon=":material/gradient:",
        width="stretch",
        help="A column with every row's distance to this one, to colour, sort and place points by.",
    ):
        similarity.make(
            project, fitted(project, model), row=desk.row, record=desk.record, edited=bool(desk.changed)
        )
    held = similarity.made(project)
    if held is not None:
        st.caption(f"Dive has the column “{plain(held.name)}”.")
        if st.button("Look in Dive", type="tertiary", icon=":material/arrow_forward:"):
            going.go("dive")
            st.rerun()


def _side_by_side(project: Project, desk: Desk, found: rai.whatif.NearestCounterfactual) -> None:
    other = edits.untouched(project).record(int(found.row or 0))
    shares = {change.feature: change.share for change in found.changes}
    frame = compared(project, desk.record, other, shares)
    st.dataframe(
        frame,
        hide_index=True,
        height=38 + 35 * min(len(frame), 11),
        column_config={
            "differs": st.column_config.TextColumn("≠", width=36, help="The two rows differ here."),
            "feature": "Feature",
            "this row": "This row",
            "that row": f"Row {found.row:,}",
            "share of distance": st.column_config.ProgressColumn(
                "Share of distance", format="percent", min_value=0.0, max_value=1.0
            ),
        },
        placeholder="–",
        key="nearest-table",
    )
    tables.export(frame, name="nearest counterfactual")
