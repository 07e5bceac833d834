"""The values of a row as a form made from the columns' types; every change is a step.

age [ 39 ▾ ]   workclass [ Private ▾ ]     changed ones show what they were, unusual ones what is unusual
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

import rai

from .. import edits
from ..project import Project
from ..settings import Setting
from ..words import plain
from . import desk as desks
from . import tints
from .desk import Desk
from .fields import SAFE, Field, fields_of, spelled
from .tints import Tints

SEARCH = Setting("what-if search", default="")
SETTINGS = (SEARCH, *tints.SETTINGS)

GAP = "(missing)"
MOST_LEVELS = 500  # values in a list; more are typed
HEIGHT = 372
PLAIN = re.compile(r"[^\W_]+([_ ,.%-][^\W_]+)*")  # words that Markdown leaves alone
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def draw(project: Project, desk: Desk) -> None:
    """Draw it, in a box of a fixed height."""
    st.text_input(
        "Search features",
        placeholder="Search features",
        icon=":material/search:",
        label_visibility="collapsed",
        **SEARCH.tied(),
    )
    tinted = tints.draw(project, desk)
    first, rest = grouped(project)
    marks = unusual(project, desk)
    with st.container(height=HEIGHT, border=True, key="what-if-form"):
        shown = tints.ordered(matching(first, SEARCH.value), tinted)
        _widgets(project, desk, shown, marks, tinted)
        others = matching(rest, SEARCH.value)
        if others:
            with st.expander(f"{len(others)} columns that no model reads", expanded=not shown):
                _widgets(project, desk, others, marks)
        if not shown and not others:
            st.caption("No feature has this in its name. Clear the search to see all.")


def grouped(project: Project) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The features that a model reads, and the other columns."""
    asked = [model.features for model in project.answering.values()]
    read = {name for names in asked for name in (project.features if names is None else names)}
    columns = project.columns
    return tuple(n for n in columns if n in read), tuple(n for n in columns if n not in read)


def matching(names: Iterable[str], text: str) -> tuple[str, ...]:
    """The names that hold a text.

    Example:
        >>> matching(["age", "wage", "sex"], "AGE")
        ('age', 'wage')
    """
    return tuple(name for name in names if text.strip().casefold() in name.casefold())


def unusual(project: Project, desk: Desk) -> dict[str, str]:
    """Column to what is unusual about its new value."""
    values = {name: desk.record[name] for name in desk.changed}
    if not values:
        return {}
    row = desk.row if desk.row < len(project) else 0
    try:
        marks = edits.untouched(project).edit(row, values).marks
    except rai.RaiError:
        return {}
    return {mark.column: mark.mark for mark in marks}


def _widgets(
    project: Project,
    desk: Desk,
    names: Sequence[str],
    marks: dict[str, str],
    tinted: Tints | None = None,
) -> None:
    fields = fields_of(project)
    for start in range(0, len(names), 2):
        for place, name in zip(st.columns(2, gap="small"), names[start : start + 2], strict=False):
            known = tinted is not None and name in tinted.parts
            with place.container(key=tints.slot(project, name) if known else None, gap="xsmall"):
                _widget(project, desk, fields[name], tinted)
                if name in marks:
                    st.caption(f":orange[:material/warning: {plain(marks[name])}]")


def _widget(project: Project, desk: Desk, field: Field, tinted: Tints | None) -> None:
    value = desk.record[field.name]
    key = f"value:{project.token}:{desk.row}:{field.name}"
    asked: dict[str, Any] = {
        "key": key,
        "on_change": _changed,
        "args": (project, desk.row, field, key),
        "help": f"`{field.name.replace('`', '')}`: {field.words}.",
    }
    shown = _as_widget(field, value)
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    label = _label(desk, field.name) + _beside(tinted, field.name)
    if _as_text(field, value):
        st.text_input(label, placeholder=GAP, **asked)
    elif field.kind in {"integer", "number"}:
        how = "%d" if field.kind == "integer" else f"%.{_places(field, value)}f"
        step: Any = int(field.step) if field.kind == "integer" else float(field.step)
        st.number_input(label, value=None, step=step, format=how, placeholder=GAP, **asked)
    elif field.kind == "date":
        st.date_input(label, value=None, min_value=FIRST, max_value=LAST, format="YYYY-MM-DD", **asked)
    else:
        st.selectbox(
            label,
            _options(field, value),
            index=None,
            format_func=spelled,
            placeholder=GAP,
            accept_new_options=_open(field),
            **asked,
        )


def _label(desk: Desk, name: str) -> str:
    """The name; of a changed value also what it was. Screen readers read it as it is written."""
    if name not in desk.changed:
        return _unmarked(name)
    return f"✎ {_unmarked(name)} · was {_unmarked(spelled(desk.original.get(name)))}"


def _beside(tinted: Tints | None, name: str) -> str:
    """What its value adds, beside the name."""
    told = "" if tinted is None else tinted.label(name)
    return f" · {told}" if told else ""


def _unmarked(text: str) -> str:
    """Text that Markdown shows as it is, escaped only where it has to be.

    Example:
        >>> _unmarked("hours_per_week"), _unmarked("<b>")
        ('hours_per_week', '\\\\<b\\\\>')
    """
    return text if PLAIN.fullmatch(text) else plain(text)


def _changed(project: Project, row: int, field: Field, key: str) -> None:
    value = st.session_state[key]
    if isinstance(value, str) and field.kind in {"integer", "number"}:
        value = _typed(value)
    if isinstance(value, str) and not value.strip():
        value = None
    desks.edit(project, row, {field.name: value})


def _typed(text: str) -> Any:
    """Text as a number where it is one; text that is none is refused by the column."""
    for kind in (int, float):
        try:
            return kind(text.replace(",", "").strip())
        except ValueError:
            continue
    return text


def _as_widget(field: Field, value: Any) -> Any:
    """A value as its widget holds it."""
    if _as_text(field, value):
        return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    if field.kind == "date" and isinstance(value, datetime):
        return value.date()
    return float(value) if field.kind == "number" and value is not None else value


def _as_text(field: Field, value: Any) -> bool:
    """Whether a value is typed: too large for a browser, a moment, or one of very many words."""
    if field.kind in {"integer", "number"}:
        known = [abs(v) for v in (value, field.low, field.high) if v is not None]
        return any(size > SAFE for size in known)
    return field.kind == "moment" or len(field.levels) > MOST_LEVELS


def _options(field: Field, value: Any) -> list[Any]:
    """What a list offers: what occurs, the value itself, and a missing one."""
    strange = [value] if value is not None and value not in field.levels else []
    return [*field.levels, *strange, None]


def _open(field: Field) -> bool:
    """Whether words that never occurred can be typed."""
    return field.kind == "category" and all(isinstance(level, str) for level in field.levels)


def _places(field: Field, value: float | None) -> int:
    """Decimal places that show a value as it is, more than the column's where it needs them."""
    if value is None:
        return field.places
    places = range(field.places, 7)
    return next((p for p in places if round(value, p) == value), 6)
