"""A scenario: edits for many rows at once, and the gaps before and after.

column · set, add, scale or replace · value ─▶ edits ─▶ run ─▶ decisions changed by group, gaps
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

import rai

from .. import answers, selection
from ..project import Project
from ..settings import Setting
from ..words import plain
from . import scenario_results, which_rows
from .desk import Desk
from .fields import Field, fields_of, spelled
from .nearest import asked_model, choose_model
from .verdicts import deciding
from .waiting import progress
from .which_rows import Which

NAME = Setting("what-if scenario name", default="scenario", url="scenario")
EDITS = Setting("what-if scenario edits", default=(), url="edits")
ROWS = Setting("what-if scenario rows", default=which_rows.ALL, url="scenario_rows")
QUERY = Setting("what-if scenario query", default="", url="scenario_where")
SETTINGS = (NAME, EDITS, ROWS, QUERY)

KINDS = {"set": "set to", "add": "add", "scale": "multiply by", "replace": "replace"}
UPLOAD_MB = 8
_FOUND, _LOADED = "what-if scenario:", "what-if scenario file"


def draw(project: Project, desk: Desk) -> None:
    """Draw it."""
    del desk  # a scenario is about many rows
    name, rows, model = st.columns(3, gap="small")
    name.text_input("Name", **NAME.tied())
    with rows:
        which = _which(project)
    with model:
        choose_model(project)
    _edits()
    _add(project)
    with st.container(horizontal=True, gap="small"):
        _loader()
        scenario = _told(which)
    if scenario is not None and which is not None:
        _run(project, scenario, which)
    elif not EDITS.value:
        st.info(
            "Say above what changes, such as 5 hours more or income times 1.1, and add it. "
            "Then run it: who is decided otherwise, and what becomes of the gaps?",
            icon=":material/edit_note:",
        )


def scenario_of(which: Which) -> rai.whatif.Scenario:
    """The scenario that is set.

    Raises:
        ArgumentError: If it has no name or no edits.
    """
    edits = tuple(rai.whatif.Edit.from_dict(each) for each in EDITS.value)
    rows = None if which.rows is None or which.where is not None else tuple(map(int, which.rows))
    where = None if which.where is None else rai.explore.parse_query(which.where)
    return rai.whatif.Scenario(NAME.value, edits, where=where, rows=rows)


def ran(project: Project, model: str, scenario: rai.whatif.Scenario) -> rai.whatif.ScenarioResult:
    """What it did, asked once."""
    roles, held = project.roles, deciding(project, model)
    key = ("scenario", model, repr(scenario.to_dict()), repr(held))
    cuts = {**roles.cuts, **held.pop("cuts", {})}  # groups are those that thresholds are for
    with progress("Asking the model about the edited rows …") as advanced:
        return project.answer(
            key,
            lambda: rai.whatif.run_scenario(
                project.models[model],
                project.frame,
                scenario=scenario,
                y_true=roles.y_true,
                sensitive_features=list(roles.sensitive_features),
                cuts=cuts,
                y_score=answers.scores(project, model),
                progress=advanced,
                **held,
            ),
        )


def _which(project: Project) -> Which | None:
    try:
        return which_rows.choose(project, ROWS, QUERY)
    except rai.RaiError as error:
        st.warning(plain(error))
        return None


def _edits() -> None:
    for place, each in enumerate(EDITS.value):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{place + 1}\\. {plain(_words(each))}", width="content")
            st.button(
                "",
                icon=":material/close:",
                type="tertiary",
                key=f"drop edit {place}",
                on_click=_drop,
                args=(place,),
                help="Leave this edit out",
            )


def _words(plain_edit: Any) -> str:
    try:
        return str(rai.whatif.Edit.from_dict(plain_edit))
    except rai.RaiError:
        return "an edit that can't be read"


def _drop(place: int) -> None:
    EDITS.put(tuple(each for at, each in enumerate(EDITS.value) if at != place))


def _add(project: Project) -> None:
    """A line for one more edit."""
    fields = fields_of(project)
    with st.container(
        horizontal=True, border=True, vertical_alignment="bottom", gap="small", key="scenario-edit"
    ):
        column = st.selectbox("Column", project.features, key="scenario column")
        field = fields[column]
        numeric = field.kind in {"integer", "number"}
        kinds = ("set", "add", "scale", "replace") if numeric else ("set", "replace")
        kind = st.selectbox("Change", kinds, format_func=KINDS.__getitem__, key=f"kind:{numeric}")
        old = _value(field, "From", key="old") if kind == "replace" else None
        new = _amount(kind) if kind in {"add", "scale"} else _value(field, "To", key="new")
        st.button(
            "Add this edit",
            icon=":material/add:",
            on_click=_added,
            args=(column, kind, old, new),
        )


def _value(field: Field, label: str, *, key: str) -> Any:
    """A value of a column; None for a missing one."""
    key = f"scenario {key}:{field.name}"
    if field.kind in {"integer", "number"}:
        whole = field.kind == "integer"
        start = field.low if field.low is not None else 0
        return st.number_input(
            label, value=start, step=int(field.step) if whole else float(field.step), key=key
        )
    if field.kind in {"date", "moment"}:
        text: str = st.text_input(label, value=str(field.low or ""), help="As 2024-05-01", key=key)
        return text or None
    return st.selectbox(label, [*field.levels, None], format_func=spelled, key=key)


def _amount(kind: str) -> float:
    words, start = ("Factor", 1.1) if kind == "scale" else ("Amount", 1.0)
    return float(st.number_input(words, value=start, key=f"scenario amount:{kind}"))


def _added(column: str, kind: str, old: Any, new: Any) -> None:
    make = {
        "set": lambda: rai.whatif.Edit.set(column, new),
        "add": lambda: rai.whatif.Edit.add(column, new),
        "scale": lambda: rai.whatif.Edit.scale(column, new),
        "replace": lambda: rai.whatif.Edit.replace(column, {old: new}),
    }
    try:
        EDITS.put((*EDITS.value, make[kind]().to_dict()))
    except rai.RaiError as error:
        st.session_state[_LOADED] = str(error)


def _told(which: Which | None) -> rai.whatif.Scenario | None:
    """The scenario that is set, with its file; None, and what is missing, where there is none."""
    trouble = st.session_state.pop(_LOADED, "")
    if trouble:
        st.warning(plain(trouble))
    if not EDITS.value or which is None:
        return None
    try:
        scenario = scenario_of(which)
    except rai.RaiError as error:
        st.warning(plain(error))
        return None
    st.download_button(
        "Save as JSON",
        lambda: written(scenario),
        f"{NAME.value.replace(' ', '_')}.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )
    return scenario


def written(scenario: rai.whatif.Scenario) -> bytes:
    """A scenario as its file."""
    with tempfile.TemporaryDirectory() as folder:
        return scenario.save(Path(folder) / "scenario.json").read_bytes()


def read(given: bytes) -> rai.whatif.Scenario:
    """A scenario from its file.

    Raises:
        DataError: If it is none.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.json"
        path.write_bytes(given)
        return rai.whatif.Scenario.load(path)


def _loader() -> None:
    with st.popover("Load", icon=":material/upload:", type="tertiary"):
        st.file_uploader(
            "A scenario saved as JSON",
            type="json",
            max_upload_size=UPLOAD_MB,
            key="scenario upload",
            on_change=_load,
        )


def _load() -> None:
    given = st.session_state["scenario upload"]
    if given is None:
        return
    try:
        scenario = read(given.getvalue())
    except rai.RaiError as error:
        st.session_state[_LOADED] = f"{given.name} holds no scenario. {error}".replace("\n", " ")
        return
    NAME.put(scenario.name)
    EDITS.put(tuple(edit.to_dict() for edit in scenario.edits))
    QUERY.put("" if scenario.where is None else str(scenario.where))
    ROWS.put(which_rows.ALL if scenario.where is None else which_rows.QUERY)
    if scenario.rows is not None:
        selection.choose(scenario.rows, why=f"the rows of {scenario.name}")
        ROWS.put(which_rows.SELECTION)


def _run(project: Project, scenario: rai.whatif.Scenario, which: Which) -> None:
    model = asked_model(project)
    question = (model, repr(scenario.to_dict()), repr(deciding(project, model)))
    key = _FOUND + project.token
    words = f"Run on {which_rows.sized(project, which)}"
    if st.button(words, type="primary", icon=":material/play_arrow:"):
        st.session_state[key] = question
    if st.session_state.get(key) != question:
        st.caption("Press to see what it would change, for whom, and what becomes of the gaps.")
        return
    try:
        found = ran(project, model, scenario)
    except rai.RaiError as error:
        st.warning(plain(error))
        return
    scenario_results.draw(project, found)
