"""Rows and models of one's own: uploaded, looked at, and opened for this session alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

import rai

from .. import uploads
from ..opening import asked_of_command, made, unique
from ..project import ColumnRoles, Project
from ..words import counted, plain
from . import roles

if TYPE_CHECKING:
    import pandas

PREVIEW = 5  # rows
MOST_READ = 5  # files before one more
PROMISE = (
    "Files stay on the machine that runs the app, and in this session: no one else sees them, and they "
    "are gone when it ends."
)
_READ = "start read files"


def draw() -> Project | None:
    """Draw it; the project once it was asked for."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        rows = st.file_uploader(
            "Rows", type=list(uploads.ROWS), key="start rows", help="CSV with a header line, or Parquet."
        )
    with middle:
        models = st.file_uploader(
            "Models (optional)",
            accept_multiple_files=True,
            key="start models",
            help="ONNX or skops files. A pickle is refused, since it can run any code.",
        )
    with right:
        others = st.file_uploader(
            "More rows to compare with (optional)",
            type=list(uploads.ROWS),
            accept_multiple_files=True,
            key="start others",
            help="The same columns, such as the training rows.",
        )
    st.caption(f":material/lock: {PROMISE}")
    try:
        return _drawn(rows, models, others)
    except rai.RaiError as error:
        st.error(plain(error), icon=":material/error:")
        return None


def _drawn(rows: Any, models: list[Any], others: list[Any]) -> Project | None:
    for each in models:
        uploads.check_model_name(each.name)
    if rows is None:
        st.info("Upload rows to go on: which column is what comes next.", icon=":material/upload:")
        return None
    frame = _rows_of(rows)
    st.subheader(f"{plain(rows.name)}: {counted(len(frame), 'row')}", anchor=False)
    st.dataframe(frame.head(PREVIEW), hide_index=True)
    said = roles.draw(frame, token=rows.file_id)
    features = _features(frame, said, rows.file_id) if models else ()
    asked = f"Open with {counted(len(models), 'model')}" if models else "Open"
    if not st.button(asked, type="primary", icon=":material/folder_open:", key="start open"):
        return None
    with st.spinner("Opening …", show_time=True):
        return _opened(rows.name, frame, said=said, models=models, others=others, features=features)


def _rows_of(file: Any) -> pandas.DataFrame:
    """The rows of an uploaded file, read once in a session."""
    held = st.session_state.setdefault(_READ, {})
    if file.file_id not in held:
        if len(held) > MOST_READ:
            held.clear()
        with st.spinner(f"Reading {plain(file.name)} …", show_time=True):
            held[file.file_id] = uploads.read_rows(file.name, file.getvalue())
    found: pandas.DataFrame = held[file.file_id]
    return found


def _features(frame: pandas.DataFrame, said: ColumnRoles, token: str) -> tuple[str, ...]:
    names = [name for name in map(str, frame.columns) if name not in said.taken]
    with st.expander("A model doesn't name its columns?", icon=":material/tune:"):
        found = st.multiselect(
            "The columns that it reads, in its order",
            names,
            help="Only for files without names, such as ONNX with one tensor. Others read the columns "
            "that they name.",
            key=f"start features {token}",
        )
    return tuple(found)


def _opened(
    name: str,
    frame: pandas.DataFrame,
    *,
    said: ColumnRoles,
    models: list[Any],
    others: list[Any],
    features: tuple[str, ...],
) -> Project:
    trusted = asked_of_command().trusted_types

    def read(typed: ColumnRoles) -> dict[str, rai.Model]:
        found = [
            uploads.read_model(
                each.name,
                each.getvalue(),
                frame=frame,
                roles=typed,
                features=features,
                trusted_types=trusted,
            )
            for each in models
        ]
        return dict(zip(unique(_stem(each.name) for each in models), found, strict=True))

    compared = dict(zip(unique(_stem(each.name) for each in others), map(_rows_of, others), strict=True))
    return made(_stem(name), frame, roles=said, models=read, others=compared)


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
