"""The flip test: a sensitive attribute is changed, and nothing else. Would the decision differ?"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import streamlit as st
from threadpoolctl import threadpool_limits

import rai

from .. import answers, pictures, tables
from ..project import Project
from ..settings import Setting
from ..words import estimate_words, plain
from . import desk as desks
from . import which_rows
from .desk import Desk
from .fields import fields_of, spelled
from .nearest import asked_model, choose_model
from .verdicts import deciding
from .waiting import progress
from .which_rows import Which

FEATURE = Setting("what-if flip", default="", url="flip")
ROWS = Setting("what-if flip rows", default=which_rows.ALL)
OWN = Setting("what-if flip at own threshold", default=False, url="own_threshold")
SETTINGS = (FEATURE, ROWS, OWN)

MOST_VALUES = 50
_ASKED = "what-if flip asked:"
EXPLAINED = {
    "n": "Rows compared",
    "changed": "Rows whose decision changes",
    "share": "Changed ÷ n",
    "low": "95% interval of the share (Wilson)",
    "high": "95% interval of the share (Wilson)",
    "to_positive": "Decisions that become positive",
    "to_negative": "Decisions that become negative",
    "mean_delta": "How far the score moves, on average",
}


def draw(project: Project, desk: Desk) -> None:
    """Draw it."""
    offered = candidates(project)
    if not offered:
        st.info("No column is named as sensitive and has few values. Name one on **Start**.")
        return
    places = st.columns(3 if len(project.answering) > 1 else 2, gap="small")
    with places[0]:
        st.selectbox("Changed", offered, help="Sensitive features come first.", **FEATURE.tied(offered))
    with places[1]:
        which = which_rows.choose(project, ROWS)
    if len(places) > 2:
        with places[2]:
            choose_model(project)
    feature, model = FEATURE.value, asked_model(project)
    _this_row(project, desk, feature)
    _all_rows(project, feature, model, which)


def candidates(project: Project) -> tuple[str, ...]:
    """Columns with few values, sensitive ones first."""
    fields = fields_of(project)
    few = [n for n in project.features if 1 < len(fields[n].levels) <= MOST_VALUES]
    first = [n for n in project.roles.sensitive_features if n in few]
    return (*first, *(n for n in few if n not in first))


def this_row(project: Project, desk: Desk, feature: str) -> list[dict[str, Any]]:
    """What each model says of the row with each other value of a feature."""
    own = desk.record.get(feature)
    others = [level for level in fields_of(project)[feature].levels if level != own]
    with threadpool_limits(1):
        return [
            {"model": name, "to": spelled(value), **_changed(project, desk, name, feature, value)}
            for name in project.answering
            for value in others
        ]


def tested(project: Project, feature: str, model: str, which: Which) -> rai.whatif.FlipTest:
    """The test of many rows."""
    held = deciding(project, model)
    whose: Literal["original", "edited"] = "original" if OWN.value else "edited"
    places = slice(None) if which.rows is None else which.rows
    with progress("Asking about each row with each other value …") as advanced:
        return project.answer(
            ("flip", feature, model, which.key, repr(held), whose),
            lambda: rai.whatif.flip_test(
                project.models[model],
                project.frame.iloc[places],
                change=feature,
                values=fields_of(project)[feature].levels,
                y_score=answers.scores(project, model)[places],
                decide_as=whose,
                progress=advanced,
                **held,
            ),
        )


def _changed(project: Project, desk: Desk, name: str, feature: str, value: Any) -> dict[str, Any]:
    model = project.models[name]
    found = rai.whatif.predict_edit(
        model, project.frame, row=dict(desk.record), edits={feature: value}, **deciding(project, name)
    )
    before, after = (max(s) if isinstance(s, tuple) else s for s in (found.before, found.after))
    decided = {} if model.task == "regression" else {"decision": spelled(found.decision_after)}
    return {
        "before": before,
        "after": after,
        "delta": after - before,
        **decided,
        "changed": found.changed,
    }


def _this_row(project: Project, desk: Desk, feature: str) -> None:
    own = spelled(desk.record.get(feature))
    st.markdown(f"**This row**, were {plain(feature)} not {plain(own)}")
    try:
        rows = this_row(project, desk, feature)
    except rai.RaiError as error:
        st.info(plain(error))
        return
    tables.show(
        rows,
        name="flip of this row",
        heads={"to": feature, "before": "score", "after": "then"},
        config={"changed": st.column_config.CheckboxColumn("Changes")},
        height=min(38 + 35 * len(rows), 300),
    )
    flipping = list(dict.fromkeys(row["to"] for row in rows if row["changed"]))
    regression = project.task == "regression"
    if not regression and not flipping:
        st.caption("No other value changes a decision about this row.")
    for value in fields_of(project)[feature].levels:
        if not regression and spelled(value) in flipping[:3]:
            st.button(
                f"Make it {plain(spelled(value))}",
                key=f"flip:{spelled(value)}",
                on_click=desks.edit,
                args=(project, desk.row, {feature: value}),
            )


def _all_rows(project: Project, feature: str, model: str, which: Which) -> None:
    st.markdown(
        f"**{plain(which.name.capitalize())}** · {which_rows.sized(project, which)} · {plain(model)}",
        help="It finds what the model does with the attribute itself. What it does through other "
        "columns, which would differ too, it can't find: no change here is no proof of fairness.",
    )
    held = deciding(project, model)
    if feature in held.get("along", ()):
        st.toggle(
            "Keep each person's own threshold",
            help="Thresholds differ by group. Off: a changed row is decided by its new group's "
            "threshold. On: by its old one, which leaves only what the model makes of the attribute.",
            **OWN.tied(),
        )
    question = (feature, model, which.key, repr(held), OWN.value)
    key = _ASKED + project.token
    if st.button("Test them all", type="primary", icon=":material/compare_arrows:"):
        st.session_state[key] = question
    if st.session_state.get(key) != question:
        st.caption("Press to ask the model about every row with every other value.")
        return
    try:
        found = tested(project, feature, model, which)
    except rai.RaiError as error:
        st.info(plain(error))
        return
    _results(found, feature)


def _results(found: rai.whatif.FlipTest, feature: str) -> None:
    rate = found.overall
    what = "values" if found.task == "regression" else "decisions"
    st.markdown(
        f"**{rate.changed:,}** of {rate.n:,} {what} change: "
        f"{plain(estimate_words(rate.share, rate.low, rate.high, rate.n))}"
    )
    rows = [
        {key: spelled(value) if key in {"from", "to"} else value for key, value in row.items()}
        for row in (pair.to_dict() for pair in found.pairs)
    ]
    directed = () if rate.to_positive is None else ("to_positive", "to_negative")
    tables.show(
        rows,
        name=f"flip test of {feature}",
        columns=("from", "to", "n", "changed", "share", "low", "high", *directed, "mean_delta"),
        explained=EXPLAINED,
        height=min(38 + 35 * len(rows), 300),
    )
    if found.marks:
        st.caption(plain(found.marks.words))
    pictures.button(partial(rai.plots.flip_test, found), f"picture of the flip test of {feature}")
