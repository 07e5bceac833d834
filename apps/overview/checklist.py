"""The bias checklist: rai's worksheet, whose answers stay in the session and can be taken along."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import groupby

import streamlit as st

import rai

from ..project import Project
from ..words import plain, readable

_ANSWERS = "overview answers:"


def sheet(project: Project) -> rai.Worksheet:
    """The worksheet with what was answered about this project in this session."""
    held: rai.Worksheet | None = st.session_state.get(_ANSWERS + project.token)
    return rai.Worksheet() if held is None else held


def keep(project: Project, answered: rai.Worksheet | None) -> None:
    """Make a worksheet the one of this session; None for one without answers."""
    st.session_state[_ANSWERS + project.token] = answered


def show(project: Project) -> None:
    """The questions, bias by bias."""
    current = sheet(project)
    st.caption(
        "Questions that no number answers. What you write stays in this session and goes into the "
        "report and a saved session; download it to keep it."
    )
    done = len(current) - len(current.unanswered)
    st.progress(done / len(current), text=f"{done} of {len(current)} answered")
    who = st.text_input("Answered by", key="overview answered by", placeholder="Ada", max_chars=80)
    for bias, questions in groupby(current, key=lambda question: question.bias):
        st.subheader(f"{readable(bias).capitalize()} bias")
        for question in questions:
            key = f"answer:{question.id}"
            if st.session_state.get(key) != (question.answer or ""):  # restored, or of other data
                st.session_state[key] = question.answer or ""
            st.text_area(
                plain(question.question),
                key=key,
                help=f"Look at: {plain(question.look_at)}" if question.look_at else None,
                placeholder='What is known; "not known" where that is so.',
                height=68,
                on_change=_keep,
                args=(project, question, who),
            )
    with st.container(horizontal=True):
        st.download_button(
            "As Markdown", current.to_markdown, "worksheet.md", "text/markdown", on_click="ignore"
        )
        st.download_button(
            "As JSON", partial(_saved, current), "worksheet.json", "application/json", on_click="ignore"
        )


def _keep(project: Project, question: rai.explore.Question, who: str) -> None:
    text = str(st.session_state[f"answer:{question.id}"]).strip()
    answered = replace(question, answer=text or None, by=(text and who.strip()) or None, on=None)
    keep(project, rai.Worksheet(answered if q.id == question.id else q for q in sheet(project)))


def _saved(current: rai.Worksheet) -> str:
    return json.dumps(current.to_dict(), ensure_ascii=False, indent=1) + "\n"
