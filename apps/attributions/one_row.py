"""Why the pinned row has its number: from the mean of the background to it, feature by feature."""

from __future__ import annotations

from typing import Any

import streamlit as st

import rai

from .. import edits, selection, tables
from ..going import go
from ..performance import charts as base_charts
from ..sidebar import WHAT_IF
from ..words import counted, figure
from . import charts
from . import found as answers
from .asked import Asked
from .found import Explained
from .said import number_said

MOST = 14  # features drawn by themselves
ABOUT = {
    "attribution": "What the value adds to the number, against the rows of the background.",
    "standard_error": "How far an estimate is off, typically.",
}


def draw(asked: Asked, model: str, found: Explained) -> None:
    """Draw it."""
    row = selection.pinned(asked.project)
    if row is None:
        if model == asked.models[0]:
            _empty(found)
        return
    one = answers.one(asked, model, row)
    held = one.attributions
    parts = held.row(0, output=one.label)
    k = held.output_place(one.label)
    base, score = float(held.base[0, k]), float(held.scores[0, k])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Row {row:,}: {figure(score)}**, from {figure(base)}, the mean of the background",
            width="content",
        )
        if model == asked.models[0]:
            st.button("Edit it in What-If", on_click=go, args=(WHAT_IF,), key="attributions to what-if")
    if row in edits.bench(asked.project).changed_rows:
        st.caption("The row as the data have it; What-If explains it as it was edited.")
    base_charts.show(
        charts.waterfall(steps(parts, base, score), title=number_said(asked, model, one)),
        key=f"row:{model}",
        alt=f"From {figure(base)} to {figure(score)}, feature by feature; the table has the numbers",
    )
    columns = ("feature", "value", "attribution", *(() if held.exact else ("standard_error",)))
    tables.show(
        parts,
        name=f"row attributions {model}",
        explained=ABOUT,
        columns=columns,
        picture=lambda: rai.plots.attribution_waterfall(held, output=one.label),
    )


def steps(parts: Any, base: float, score: float) -> list[dict[str, Any]]:
    """The steps of a waterfall: the base, the largest parts, the others together, the score."""
    shown, others = list(parts[:MOST]), list(parts[MOST:])
    rows = [_total("mean of the background", base)]
    at = base
    for each in shown:
        rows.append(_step(f"{each.feature} = {each.value}", at, each.attribution))
        at += each.attribution
    if others:
        rest = sum(each.attribution for each in others)
        rows.append(_step(counted(len(others), "other feature"), at, rest))
    return [*rows, _total("this row", score)]


def _step(part: str, start: float, by: float) -> dict[str, Any]:
    return {
        "part": part,
        "start": start,
        "end": start + by,
        "edge": max(start, start + by),
        "attribution": f"{by:+.3g}",
        "said": f"{by:+.3g}".replace("-", "−"),
        "way": charts.RAISES if by >= 0 else charts.LOWERS,
    }


def _total(part: str, at: float) -> dict[str, Any]:
    said = figure(at)
    return {"part": part, "start": at, "end": at, "edge": at, "attribution": said, "said": said,
            "way": charts.TOTAL}  # fmt: skip


def _empty(found: Explained) -> None:
    st.info(
        "No row is pinned. Click a point under **Rows** or **Dependence**, or pin a row in Dive; or "
        "take the first that was explained.",
        icon=":material/push_pin:",
    )
    st.button("Pin one", on_click=selection.pin, args=(int(found.rows[0]),))
