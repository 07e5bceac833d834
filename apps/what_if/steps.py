"""What was done: buttons for undo, redo and whole rows, the list of steps, runs and edited rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from .. import answers, edits, tables
from ..project import Project
from ..words import counted, plain
from . import desk as desks
from .desk import Desk
from .fields import spelled

LINE_HEIGHT = 190


def buttons(project: Project, desk: Desk) -> None:
    """Buttons for steps, in one line. What puts another row on the desk draws the page again."""
    steps, undone = desk.bench.steps, desk.bench.undone
    with st.container(horizontal=True, gap="xsmall", key="what-if-steps"):
        _button("Undo", "undo", project, desks.undo, told=steps[-1] if steps else "")
        _button("Redo", "redo", project, desks.redo, told=undone[0] if undone else "")
        st.button(
            "Reset row",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=desks.reset,
            args=(project, desk.row),
            disabled=not desk.changed,
            help="All values of this row as they were",
        )
    with st.container(horizontal=True, gap="xsmall", key="what-if-rows-steps"):
        if _moving("Duplicate", "content_copy", "A copy, to edit beside this row"):
            desks.duplicate(project, desk.row)
            st.rerun()
        if _moving("Add", "add", "A row of its own that starts with these values"):
            desks.add(project, desk.row)
            st.rerun()
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.write(f"Leave row {desk.row:,} out of this session? The data stay as they are.")
            if st.button("Delete it", type="primary"):
                desks.delete(project, desk.row)
                st.rerun()


def changes(desk: Desk) -> None:
    """What differs in the row, in words."""
    if not desk.changed:
        st.caption(
            "Change a value on the left: the models answer at once, and every step can be undone."
        )
        return
    st.markdown(
        "  \n".join(
            f"**{plain(name)}** {plain(spelled(desk.original.get(name)))} → "
            f"{plain(spelled(desk.record[name]))}"
            for name in desk.changed
        )
    )


def deleted(project: Project, row: int) -> None:
    """What is said of a row that was deleted."""
    st.info(f"Row {row:,} was deleted in this session.", icon=":material/delete:")
    steps = edits.bench(project).steps
    _button("Undo", "undo", project, desks.undo, told=steps[-1] if steps else "")


def draw(project: Project, desk: Desk) -> None:
    """Draw what was done, and what each run said of this row."""
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        st.markdown("**Steps**", help="Undo and redo go through these.")
        steps, undone = desk.bench.steps, desk.bench.undone
        if not steps and not undone:
            st.caption("Nothing was edited yet. Change a value in the form above.")
        for number, words in enumerate(steps, start=1):
            st.markdown(f"{number}\\. {plain(words)}")
        for words in undone:
            st.caption(f"undone: {plain(words)}")
    with right:
        st.markdown("**Runs of this row**", help="The score after each step that changed this row.")
        runs = runs_of(project, desk)
        _line(runs, tuple(project.answering))
        tables.show(runs, name="runs", height=min(38 + 35 * len(runs), 220))
    st.markdown("**Edited rows**", help="Every value that differs in this session.")
    rows = [{key: _cell(value) for key, value in row.items()} for row in desk.bench.to_dicts()]
    if rows:
        tables.show(rows, name="edited rows", height=min(38 + 35 * len(rows), 260))
        st.caption(
            f"{counted(len({row['row'] for row in rows}), 'row')} differ. The data stay as they are."
        )
    else:
        st.caption("No row differs from the data.")


def runs_of(project: Project, desk: Desk) -> list[dict[str, Any]]:
    """What each run said of a row, the row as it was first."""
    found: list[dict[str, Any]] = []
    if desk.row < len(project):
        for name, model in project.answering.items():
            scores = np.atleast_1d(answers.scores(project, name)[desk.row])
            labels: Sequence[Any] = model.classes if len(scores) > 1 else (model.positive_label,)
            found += [
                {"run": 0, "step": "as it was", "model": name, "class": _cell(label), "score": float(s),
                 "delta": None}
                for label, s in zip(labels, scores, strict=True)
            ]  # fmt: skip
    return found + [
        {
            "run": entry.run,
            "step": entry.name,
            "model": entry.model,
            "class": _cell(entry.label),
            "score": entry.score,
            "delta": entry.delta,
        }
        for entry in desk.bench.history.of(desk.row)
    ]


def _line(runs: list[dict[str, Any]], models: Sequence[str]) -> None:
    """Scores over runs; of one class, where there are several, a line each."""
    if len({row["run"] for row in runs}) < 2:
        return
    several = len({row["class"] for row in runs}) > 1
    colour = {"field": "class" if several else "model", "type": "nominal", "title": None,
              "legend": {"orient": "bottom"}}  # fmt: skip
    spec = {
        "data": {"values": runs},
        "mark": {"type": "line", "point": True},
        "height": LINE_HEIGHT,
        "encoding": {
            "x": {"field": "run", "type": "quantitative", "axis": {"tickMinStep": 1, "format": "d"}},
            "y": {"field": "score", "type": "quantitative", "scale": {"zero": False}},
            "color": colour,
            "tooltip": [{"field": f, "type": "nominal"} for f in ("step", "model", "class", "score")],
            **(
                {"strokeDash": {"field": "model", "type": "nominal", "sort": list(models)}}
                if several
                else {}
            ),
        },
    }
    st.vega_lite_chart(spec, width="stretch", alt="Scores over runs; the table below has the numbers.")


def _button(label: str, icon: str, project: Project, act: Any, *, told: str) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=act,
        args=(project,),
        disabled=not told,
        help=plain(told) if told else "Nothing there",
    )


def _moving(label: str, icon: str, about: str) -> bool:
    return st.button(label, icon=f":material/{icon}:", type="tertiary", help=about)


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)
