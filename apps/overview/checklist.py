"""The bias checklist: rai's worksheet, whose answers stay in the session and can be taken along."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path

import streamlit as st

import rai

from ..words import plain, readable

ANSWERS = "overview answers"


def sheet() -> rai.Worksheet:
    """The worksheet with what was answered in this session."""
    held: rai.Worksheet = st.session_state.setdefault(ANSWERS, rai.Worksheet())
    return held


def show() -> None:
    """The questions, bias by bias."""
    current = sheet()
    st.caption(
        "Questions that no number answers. What you write stays in this session and goes into the "
        "report; download it to keep it."
    )
    done = len(current) - len(current.unanswered)
    st.progress(done / len(current), text=f"{done} of {len(current)} answered")
    who = st.text_input("Answered by", key="overview answered by", placeholder="Ada", max_chars=80)
    for bias, questions in groupby(current, key=lambda question: question.bias):
        st.subheader(f"{readable(bias).capitalize()} bias")
        for question in questions:
            st.text_area(
                plain(question.question),
                value=question.answer or "",
                key=f"answer:{question.id}",
                help=f"Look at: {plain(question.look_at)}" if question.look_at else None,
                placeholder='What is known; "not known" where that is so.',
                height=68,
                on_change=_keep,
                args=(question.id, who),
            )
    with st.container(horizontal=True):
        st.download_button(
            "As Markdown", current.to_markdown, "worksheet.md", "text/markdown", on_click="ignore"
        )
        st.download_button("As JSON", _saved, "worksheet.json", "application/json", on_click="ignore")


def _keep(question: str, who: str) -> None:
    text = str(st.session_state[f"answer:{question}"]).strip()
    if text:
        st.session_state[ANSWERS] = sheet().answer(question, text, by=who.strip() or None)
        return
    blank = rai.Worksheet().question(question)
    st.session_state[ANSWERS] = rai.Worksheet(blank if q.id == question else q for q in sheet())


def _saved() -> bytes:
    current = sheet()
    with tempfile.TemporaryDirectory() as folder:
        return current.save(Path(folder) / "worksheet.json").read_bytes()
