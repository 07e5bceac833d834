"""The edited rows of a session: a workbench that keeps every step, apart from the project's rows."""

from __future__ import annotations

import streamlit as st

import rai

from . import answers
from .project import Project

_BENCH = "workbench:"


def bench(project: Project) -> rai.whatif.Workbench:
    """This session's workbench, over all models that answer.

    Raises:
        ArgumentError: If no model answers edits.
    """
    key = _BENCH + project.token
    if key not in st.session_state:
        models = project.answering
        st.session_state[key] = rai.whatif.Workbench(
            models, project.frame, y_score={name: answers.scores(project, name) for name in models}
        )
    held: rai.whatif.Workbench = st.session_state[key]
    return held


def keep(project: Project, changed: rai.whatif.Workbench) -> None:
    """Make a workbench the one of this session."""
    st.session_state[_BENCH + project.token] = changed
