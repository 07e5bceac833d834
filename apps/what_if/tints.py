"""The form's values coloured by what each adds to the model's number, and sorted by it.

age · +0.31   [ 39 ]  blue: raises it        hours · −0.12   [ 20 ]  orange: lowers it

The number stands beside each name, so that colour is never alone; it is that of the row as edited.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from threadpoolctl import threadpool_limits

import rai
from rai.ground.colours import blend

from .. import colours
from ..attributions import found as answers
from ..attributions.asked import AUTO, EVERYBODY, features
from ..attributions.said import SPACES
from ..project import Project
from ..settings import Setting
from ..words import plain
from .desk import Desk

AS_THEY_ARE, LARGEST, RAISING, LOWERING = (
    "as in the data",
    "largest first",
    "raising first",
    "lowering first",
)
ORDERS = (AS_THEY_ARE, LARGEST, RAISING, LOWERING)
SHOWN = Setting("what-if tints", default=False, url="tints")
MODEL = Setting("what-if tints of", default="", url="tints_of")
ORDER = Setting("what-if order", default=LARGEST, url="fields_order")
SETTINGS = (SHOWN, MODEL, ORDER)

MOST = 200  # rows that stand in: an edit is to be answered at once
STRONGEST = (0.55, 0.45)  # share of colour in the strongest tint, on light and on dark paper
ABOUT = (
    "Colours each value by what it adds to the model's number, against the mean of other rows, and "
    "puts that number beside its name. It says what the model makes of the value, not what causes what."
)


@dataclass(frozen=True, slots=True, eq=False)
class Tints:
    """What each value adds.

    Args:
        model: The model.
        parts: Feature to what its value adds.
        said: Which number, how it was found, and against which rows, in words.
    """

    model: str
    parts: Mapping[str, float]
    said: str

    def label(self, name: str) -> str:
        """What stands beside a feature's name; empty for one that the model doesn't read."""
        return signed(self.parts[name]) if name in self.parts else ""


def draw(project: Project, desk: Desk) -> Tints | None:
    """Draw the controls; the tints where they are asked for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="what-if-tints"):
        st.toggle("Attributions", help=ABOUT, **SHOWN.tied())
        if not SHOWN.value:
            return None
        st.selectbox(
            "Sort", ORDERS, label_visibility="collapsed", width=150, **ORDER.tied(ORDERS),
            format_func=lambda each: f"{each[0].upper()}{each[1:]}",
        )  # fmt: skip
        names = tuple(project.answering)
        name = MODEL.value if MODEL.value in names else names[0]
        if len(names) > 1:
            st.selectbox("Of", names, label_visibility="collapsed", width=190, **MODEL.tied(names))
    try:
        found = tinted(project, desk, name)
    except rai.RaiError as error:
        st.caption(f":material/info: {plain(error)}")
        return None
    st.html(f"<style>{sheet(project, found)}</style>")
    st.caption(f"{swatch(up=True)} raises, {swatch(up=False)} lowers: {found.said}")
    return found


def tinted(project: Project, desk: Desk, model: str) -> Tints:
    """What each value of the row as it is adds to a model's number.

    Raises:
        RaiError: As `rai.explain` does.
    """
    key = ("tints", model, repr(dict(desk.record)))
    return project.answer(key, lambda: _tinted(project, desk, model))


def ordered(names: Sequence[str], tints: Tints | None) -> tuple[str, ...]:
    """Features in the order that is asked for; those without a number last.

    Example:
        >>> ordered(["a", "b"], None)
        ('a', 'b')
    """
    if tints is None or ORDER.value == AS_THEY_ARE:
        return tuple(names)
    parts, by = tints.parts, ORDER.value

    def place(name: str) -> float:
        if name not in parts:
            return math.inf
        return -abs(parts[name]) if by == LARGEST else -parts[name] if by == RAISING else parts[name]

    return tuple(sorted(names, key=place))


def signed(value: float) -> str:
    """A part with its sign.

    Example:
        >>> signed(0.1234), signed(-0.5), signed(0.0)
        ('+0.123', '−0.5', '±0')
    """
    return "±0" if value == 0 else f"{value:+.3g}".replace("-", "−")


def slot(project: Project, name: str) -> str:
    """The key of the place that holds a feature's value."""
    return f"tint-{project.columns.index(name)}"


def sheet(project: Project, tints: Tints) -> str:
    """A style sheet that colours the places. Numbers and fixed words only: nothing from the data."""
    widest = max(map(abs, tints.parts.values()), default=0.0) or 1.0
    return "".join(
        f".st-key-{slot(project, name)} :is({PAINTED}) {{ background-color: {tint(part / widest)} }}"
        for name, part in tints.parts.items()
    )


PAINTED = "input, [data-baseweb='base-input'], [data-baseweb='select'] > div, [role='combobox']"


def tint(share: float) -> str:
    """The colour of a part, from paper to the strongest, on this paper.

    Args:
        share: Of the largest part, from -1 to 1.
    """
    dark = colours.is_dark()
    inks = colours.DARK if dark else colours.LIGHT
    return blend(colours.PAPER[dark], inks[0 if share >= 0 else 1], STRONGEST[dark] * abs(share))


def swatch(*, up: bool) -> str:
    """A mark that the words below the form begin with."""
    return ":blue-badge[+]" if up else ":orange-badge[−]"


def _tinted(project: Project, desk: Desk, model: str) -> Tints:
    held, _ = answers.standing_in(
        project, model, name=EVERYBODY, space=AUTO, method=AUTO, threshold=None, most=MOST
    )
    place = int(np.searchsorted(desk.bench.ids, desk.row))
    row = desk.bench.rows.iloc[[place]][list(features(project, [0]).columns)]
    with threadpool_limits(1):
        found = rai.explain(project.models[model], row, background=held)
    k = int(found.scores[0].argmax()) if len(found.outputs) > 1 else 0
    label = found.outputs[k]
    of = "" if label is None or found.space == "prediction" else f" of {label}"
    exact = "exact" if found.exact else "estimated"
    said = (
        f"**{plain(SPACES[found.space] + of)}** · {plain(found.method)}, {exact} · "
        f"against {found.background_n:,} rows"
    )
    parts = {name: float(found.values[0, at, k]) for at, name in enumerate(found.names)}
    return Tints(model, parts, said)
