"""Generated counterfactuals: the few changes that would have another outcome, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from threadpoolctl import threadpool_limits

import rai

from .. import answers, tables
from ..project import Project
from ..settings import Setting
from ..words import figure, plain
from . import desk as desks
from .desk import Desk
from .fields import fields_of, spelled
from .nearest import asked_model, choose_model
from .verdicts import deciding

K = Setting("what-if how many", default=5, url="k")
MOST_CHANGES = Setting("what-if most changes", default=3, url="changes")
FROZEN = Setting("what-if frozen", default=("sensitive features",), url="frozen")
UP = Setting("what-if only up", default=(), url="up")
DOWN = Setting("what-if only down", default=(), url="down")
RANGED = Setting("what-if ranged", default=(), url="ranged")
RANGES = Setting("what-if ranges", default={}, url="ranges")
SETTINGS = (K, MOST_CHANGES, FROZEN, UP, DOWN, RANGED, RANGES)

SENSITIVE = "sensitive features"  # stands for them all
_FOUND = "what-if generated:"


def draw(project: Project, desk: Desk) -> None:
    """Draw it."""
    left, right = st.columns([1, 2.2], gap="medium")
    with left:
        model = _limits(project)
        pressed = st.button("Find changes", type="primary", icon=":material/auto_fix_high:")
    with right:
        if pressed:
            _search(project, desk, model)
        _show(project, desk, model)


def asked(project: Project, model: str) -> dict[str, Any]:
    """What is asked for, as arguments of `rai.whatif.counterfactuals`."""
    frozen = dict.fromkeys(
        each for name in FROZEN.value
        for each in (project.roles.sensitive_features if name == SENSITIVE else (name,))
    )  # fmt: skip
    directions = {**dict.fromkeys(UP.value, "up"), **dict.fromkeys(DOWN.value, "down")}
    ranges = {n: tuple(RANGES.value[n]) for n in RANGED.value if n in RANGES.value}
    return {
        "k": int(K.value),
        "most_changes": int(MOST_CHANGES.value),
        "frozen": tuple(frozen),
        "directions": directions,
        "ranges": {name: ends for name, ends in ranges.items() if name not in frozen},
        "y_true": project.roles.y_true,
        **deciding(project, model),
    }


def _limits(project: Project) -> str:
    choose_model(project)
    model = asked_model(project)
    read = project.models[model].features or project.features
    fields = fields_of(project)
    scaled = [n for n in read if fields[n].kind in {"integer", "number", "date", "moment"}]
    offered = [*([SENSITIVE] if project.roles.sensitive_features else []), *read]
    st.multiselect(
        "Frozen",
        offered,
        placeholder="nothing",
        help="Features that stay as they are, because nobody can or should change them.",
        **FROZEN.tied(offered),
    )
    how_many, most = st.columns(2, gap="small")
    how_many.number_input("How many", 1, 20, help="So many different ways, at most.", **K.tied())
    most.number_input(
        "Changes at once",
        1,
        max(1, len(read)),
        help="So many features change, at most.",
        **MOST_CHANGES.tied(),
    )
    with st.expander("Directions and ranges"):
        st.multiselect(
            "May only rise",
            scaled,
            placeholder="nothing",
            help="Monotone features, such as an age or years of education.",
            **UP.tied(scaled),
        )
        others = [name for name in scaled if name not in UP.value]
        st.multiselect("May only fall", others, placeholder="nothing", **DOWN.tied(others))
        st.multiselect("Within a range", scaled, placeholder="nothing", **RANGED.tied(scaled))
        for name in RANGED.value:
            _range(project, name)
    return model


def _range(project: Project, name: str) -> None:
    field = fields_of(project)[name]
    if field.kind not in {"integer", "number"} or field.low == field.high:
        return
    key = f"range:{project.token}:{name}"
    held = RANGES.value.get(name, (field.low, field.high))
    if key not in st.session_state:
        st.session_state[key] = tuple(min(max(end, field.low), field.high) for end in held)
    low, high = st.slider(plain(name), field.low, field.high, step=type(field.low)(field.step), key=key)
    if (low, high) != tuple(held):
        RANGES.put({**RANGES.value, name: (low, high)})


def _search(project: Project, desk: Desk, model: str) -> None:
    with st.spinner("Asking the model about many small changes …", show_time=True), threadpool_limits(1):
        found = rai.whatif.counterfactuals(
            project.models[model],
            project.frame,
            row=dict(desk.record),
            y_score=answers.scores(project, model),
            **asked(project, model),
        )
    st.session_state[_FOUND + project.token] = (_question(project, desk, model), found)


def _question(project: Project, desk: Desk, model: str) -> tuple[Any, ...]:
    return (model, desk.row, repr(dict(desk.record)), repr(asked(project, model)))


def _show(project: Project, desk: Desk, model: str) -> None:
    held = st.session_state.get(_FOUND + project.token)
    if held is None:
        st.caption(
            "Which few changes would have another outcome? Freeze what can't change, then press "
            "**Find changes**. What comes out says what the model decides on; it is no advice."
        )
        return
    question, found = held
    if question != _question(project, desk, model):
        st.caption("The row or the limits have changed since. Press **Find changes** again.")
        return
    if not found.found:
        st.info(f"None: {plain(found.note)}. Free a feature, or allow more changes.")
        return
    for number, one in enumerate(found):
        _one(project, desk, number, one)
    how = "all there are" if found.exhaustive else "a search"
    st.caption(
        f"The model was asked about {found.predictions:,} edits ({how}); every one shown was put to it."
        + (f" {plain(found.note)}." if found.note else ""),
        help="Plausibility: how far the edited row is from the nearest real row with the outcome; "
        "around 1 is usual, much more is somebody whose like was never seen.",
    )
    tables.export(tables.as_frame(found), name="counterfactuals")


def _one(project: Project, desk: Desk, number: int, one: rai.whatif.Counterfactual) -> None:
    with st.container(border=True, key=f"generated:{number}"):
        words, button = st.columns([4, 1], vertical_alignment="center")
        with words:
            st.markdown("  \n".join(f"**{plain(c.feature)}** {_ends(c)}" for c in one.changes))
            likely = "" if one.plausibility is None else f" · plausibility {figure(one.plausibility)}"
            decided = "" if one.decision is None else f"{plain(one.decision)} · "
            st.caption(f"{decided}score {figure(one.score)} · distance {figure(one.distance)}{likely}")
        values: Mapping[str, Any] = {change.feature: change.after for change in one.changes}
        button.button(
            "Apply",
            key=f"apply:{number}",
            width="stretch",
            on_click=desks.edit,
            args=(project, desk.row, values),
            help="Make these changes: a step that can be undone",
        )


def _ends(change: rai.whatif.FeatureChange) -> str:
    return f"{plain(spelled(change.before))} → {plain(spelled(change.after))}"
