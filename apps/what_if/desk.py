"""The row on the desk, and every step that is taken with it.

    at(project, 7) ─▶ Desk(row, record, original, changed)
    take(project, lambda bench: bench.edit(7, age=40))      a step, and the models asked about it

A step that a model can't answer is not taken; the page says why, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from threadpoolctl import threadpool_limits

import rai

from .. import edits, selection
from ..project import Project

_ADDED, _ROW, _TROUBLE = "rows added:", "row on the desk:", "step not taken"

Bench = rai.whatif.Workbench


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """One row.

    Args:
        row: Its id: its position, or the number of an added row.
        record: Its values now.
        original: Its values as they were, or as it was added.
        bench: The session's workbench.
    """

    row: int
    record: Mapping[str, Any]
    original: Mapping[str, Any]
    bench: Bench

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns that differ."""
        return tuple(name for name, value in self.record.items() if value != self.original.get(name))


def on_desk(project: Project) -> int | None:
    """The id of the row on the desk: the pinned one, or a row added since; None for none."""
    pinned = selection.pinned(project)
    held = st.session_state.get(_ROW + project.token)
    if held is not None and held[0] == pinned and held[1] in added(project):
        row: int = held[1]
        return row
    return pinned


def put_on_desk(project: Project, row: int) -> None:
    """Show another row; an original one is pinned, too."""
    if row < len(project):
        selection.pin(row)
    st.session_state[_ROW + project.token] = (selection.pinned(project), row)


def added(project: Project) -> tuple[int, ...]:
    """The ids of added rows that are there."""
    ids = edits.bench(project).changed_rows
    return tuple(int(row) for row in ids if row >= len(project))


def is_deleted(project: Project, row: int) -> bool:
    """Whether a row was deleted in this session."""
    return row in edits.bench(project).deleted_rows


def at(project: Project, row: int) -> Desk:
    """The desk with a row on it."""
    bench = edits.bench(project)
    record = bench.record(row)
    if row < len(project):
        original = edits.untouched(project).record(row)
    else:
        original = st.session_state.get(_ADDED + project.token, {}).get(row, record)
    return Desk(row=row, record=record, original=original, bench=bench)


def take(project: Project, step: Callable[[Bench], Bench], *, name: str | None = None) -> bool:
    """Take a step and ask the models about it; whether it was taken."""
    before = edits.bench(project)
    try:
        with threadpool_limits(1):
            after = step(before)
            after = after.run(name or (after.steps[-1] if after.steps else None))
    except rai.RaiError as error:
        st.session_state[_TROUBLE] = str(error)
        return False
    edits.keep(project, after)
    return True


def edit(project: Project, row: int, values: Mapping[str, Any]) -> None:
    """Change values of a row."""
    take(project, lambda bench: bench.edit(row, dict(values)))


def undo(project: Project) -> None:
    """Before the last step."""
    steps = edits.bench(project).steps
    take(project, lambda bench: bench.undo(), name=f"undone: {steps[-1]}" if steps else None)


def redo(project: Project) -> None:
    """The last step that was undone, again."""
    take(project, lambda bench: bench.redo())


def reset(project: Project, row: int) -> None:
    """A row as it was at first."""
    take(project, lambda bench: bench.reset(row))


def duplicate(project: Project, row: int) -> None:
    """A copy of a row, put on the desk."""
    _add(project, row, lambda bench: bench.duplicate(row))


def add(project: Project, row: int) -> None:
    """A row of its own with the values of another, put on the desk."""
    record = dict(edits.bench(project).record(row))
    _add(project, row, lambda bench: bench.add(record))


def delete(project: Project, row: int) -> None:
    """The rows without one."""
    take(project, lambda bench: bench.delete(row))


def trouble() -> str:
    """Why the last step was not taken; told once."""
    found: str = st.session_state.pop(_TROUBLE, "")
    return found


def _add(project: Project, row: int, step: Callable[[Bench], Bench]) -> None:
    record = edits.bench(project).record(row)
    if take(project, step):
        new = int(edits.bench(project).ids[-1])
        key = _ADDED + project.token
        st.session_state[key] = {**st.session_state.get(key, {}), new: record}
        put_on_desk(project, new)
