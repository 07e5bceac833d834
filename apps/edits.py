"""The edited rows of a session: a workbench that keeps every step, apart from the project's rows."""

from __future__ import annotations

import secrets
from dataclasses import replace

import streamlit as st

import rai

from . import answers
from .memory import Memory
from .project import Project

_BENCH = "workbench:"


def untouched(project: Project) -> rai.whatif.Workbench:
    """A workbench before its first step, over all models that answer: one for all sessions.

    Raises:
        ArgumentError: If no model answers edits.
    """
    return project.answer(("workbench",), lambda: _opened(project))


def bench(project: Project) -> rai.whatif.Workbench:
    """This session's workbench.

    Raises:
        ArgumentError: If no model answers edits.
    """
    held = kept(project)
    return untouched(project) if held is None else held


def kept(project: Project) -> rai.whatif.Workbench | None:
    """This session's workbench; None before its first step."""
    held: rai.whatif.Workbench | None = st.session_state.get(_BENCH + project.token)
    return held


def keep(project: Project, changed: rai.whatif.Workbench | None) -> None:
    """Make a workbench the one of this session; None for the untouched one."""
    st.session_state[_BENCH + project.token] = changed


def touched(project: Project) -> bool:
    """Whether this session has edited, added or deleted a row."""
    held = kept(project)
    return held is not None and bool(held.steps)


def edited(project: Project) -> Project:
    """A project of this session's rows as they are now, with the models that answer."""
    held = bench(project)
    key = f"{_BENCH}edited:{project.token}"
    before: tuple[rai.whatif.Workbench, Project] | None = st.session_state.get(key)
    if before is None or before[0] is not held:
        rows = held.rows.reset_index(drop=True)
        new = replace(
            project,
            frame=rows,
            models=project.answering,
            others={},
            source="",
            token=secrets.token_hex(8),
            memory=Memory(),
        )
        before = st.session_state[key] = (held, new)
    return before[1]


def _opened(project: Project) -> rai.whatif.Workbench:
    models = project.answering
    known = {name: answers.scores(project, name) for name in models}
    return rai.whatif.Workbench(models, project.frame, y_score=known)
