"""The thresholds of a model as sliders: one for everybody, or one for each slice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import answers, cutoffs
from ..cutoffs import CUSTOM, NOBODY, Cut, Key
from ..project import Project
from ..settings import Setting
from ..words import listed, plain, readable
from . import terms
from .asked import Asked, name_of

MOST = 40  # sliders
OF = Setting("performance thresholds of", default="", url="thresholds_of")

SETTINGS = (OF,)


def draw(asked: Asked) -> None:
    """Draw them, of one model at a time."""
    model = _model(asked)
    held = asked.cut(model)
    low, high, _ = bounds(asked.project, model)
    if low == high:
        st.caption("This column holds decisions, not scores: there is no threshold to move.")
        return
    st.markdown(
        f"**Thresholds** · {plain(_how(asked, model))}",
        help=f"{terms.THRESHOLD} Dive and What-If decide by them, too. Moving one makes them custom. "
        f"Of probabilities, 0 calls everybody positive, {NOBODY} nobody.",
    )
    groups = asked.sliced(model).tally.groups
    _one_or_many(asked, model, groups)
    with st.container(height=380 if len(groups) > 5 and held.groups else "content", border=False):
        if not held.groups:
            _slider(asked, model, (), held.single)
        elif same_slices(asked, held):
            for key in groups:
                _slider(asked, model, key, held.groups.get(key, held.single))
        else:
            st.caption(f"They are set for each group of {listed(held.along)}, not of these slices.")
            st.button("Set them for these", on_click=_per_slice, args=(asked, model, groups))
    st.button(
        "Reset",
        on_click=cutoffs.reset,
        args=(model,),
        type="tertiary",
        icon=":material/restart_alt:",
        disabled=held == _own(asked, model),
        help="Back to the model's own threshold",
    )


def same_slices(asked: Asked, held: Cut) -> bool:
    """Whether thresholds are for the slices that are shown."""
    return held.along == asked.along and dict(held.cuts) == dict(asked.cuts)


def bounds(project: Project, model: str) -> tuple[float, float, float]:
    """Between which scores a threshold can be, and its step; both ends alike where scores decide."""
    return project.answer(("slider bounds", model), lambda: _bounds(project, model))


def slider_key(model: str, key: Key) -> str:
    """The key of a slider's widget."""
    return f"threshold:{model}:{name_of(key)}"


def _bounds(project: Project, model: str) -> tuple[float, float, float]:
    scores = np.asarray(answers.scores(project, model))
    if np.isin(scores, (0.0, 1.0)).all():
        return 0.0, 0.0, 1.0
    if project.models[model].probabilities:
        return 0.0, NOBODY, 0.001
    low, high = float(scores.min()), float(scores.max())
    step = float(f"{(high - low) / 1000:.1g}") or 1.0
    return low - step, high + step, step


def _model(asked: Asked) -> str:
    """The model whose thresholds are shown."""
    if len(asked.models) == 1:
        return asked.models[0]
    st.selectbox("Thresholds of", asked.models, **OF.tied(asked.models))
    model: str = OF.value
    return model


def _how(asked: Asked, model: str) -> str:
    """How they were chosen."""
    held = asked.cut(model)
    return "as given" if _own(asked, model) == held else readable(held.strategy)


def _own(asked: Asked, model: str) -> Cut:
    return Cut(asked.project.models[model].threshold)


def _one_or_many(asked: Asked, model: str, groups: tuple[Key, ...]) -> None:
    key = f"per slice:{model}"
    st.session_state[key] = bool(asked.cut(model).groups)
    st.toggle(
        "One for each slice",
        key=key,
        on_change=_switched,
        args=(asked, model, groups, key),
        disabled=len(groups) > MOST,
        help=f"For at most {MOST} slices. Mind the legal note under Strategies.",
    )


def _slider(asked: Asked, model: str, key: Key, value: float) -> None:
    low, high, step = bounds(asked.project, model)
    widget = slider_key(model, key)
    shown = min(max(value, low), high)
    if st.session_state.get(widget) != shown:
        st.session_state[widget] = shown
    st.slider(
        plain(name_of(key)),
        low,
        high,
        step=step,
        format="%.3f",
        key=widget,
        on_change=_moved,
        args=(asked, model, key, widget),
    )


def _moved(asked: Asked, model: str, key: Key, widget: str) -> None:
    value = rounded(st.session_state[widget], model=asked.project.models[model])
    held = asked.cut(model)
    new = (
        replace(held, groups={**held.groups, key: value})
        if key
        else replace(held, single=value, groups={}, along=(), cuts={})
    )
    cutoffs.set_cut(model, replace(new, strategy=CUSTOM))


def rounded(value: float, *, model: rai.Model) -> float:
    """A slider's value on the grid of thresholds."""
    return round(value, 3) if model.probabilities else value


def _switched(asked: Asked, model: str, groups: tuple[Key, ...], key: str) -> None:
    if st.session_state[key]:
        _per_slice(asked, model, groups)
    else:
        cutoffs.set_cut(model, Cut(asked.cut(model).single))


def _per_slice(asked: Asked, model: str, groups: tuple[Key, ...]) -> None:
    """Each slice a threshold of its own, all alike at first."""
    single = asked.cut(model).single
    each: dict[Any, float] = dict.fromkeys(groups, single)
    cutoffs.set_cut(model, Cut(single, asked.along, each, CUSTOM, dict(asked.cuts)))
