"""What the models say of the row: score before and now, the decision, and a bar with the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from .. import colours
from ..project import Project
from ..words import figure, listed, plain
from .fields import spelled
from .verdicts import Verdict, score_range

BESIDE = 2  # models in a row
MOST_CLASSES = 4


def draw(project: Project, found: Sequence[Verdict]) -> None:
    """Draw a card for each model."""
    for start in range(0, len(found), BESIDE):
        part = found[start : start + BESIDE]
        for place, verdict in zip(st.columns(len(part), gap="small"), part, strict=True):
            with place, st.container(border=True, key=f"verdict:{verdict.model}", gap="xsmall"):
                _card(project, verdict)


def signed(value: float) -> str:
    """A change with its sign.

    Example:
        >>> signed(0.1234), signed(-0.5), signed(0.0)
        ('+0.123', '−0.500', '±0')
    """
    if value == 0:
        return "±0"
    return f"{'+' if value > 0 else '−'}{figure(abs(value))}"


def _card(project: Project, verdict: Verdict) -> None:
    model = project.models[verdict.model]
    if model.task == "multiclass":
        _classes(verdict, model.classes)
        return
    before, now = float(verdict.before), float(verdict.now)
    moved = now != before
    st.metric(
        plain(verdict.model),
        figure(now),
        delta=f"{signed(now - before)} from {figure(before)}" if moved else "as it was",
        delta_color="off",
        delta_arrow="off" if not moved else "up" if now > before else "down",
        help=_help(model),
    )
    _bar(project, verdict)
    if model.task == "binary":
        _decision(verdict)


def _help(model: Any) -> str:
    if model.task == "regression":
        return "The value that the model predicts for the row as it is."
    kind = "probability" if model.probabilities else "score"
    return f"The {kind} of {plain(model.positive_label)} for the row as it is."


def _decision(verdict: Verdict) -> None:
    whose = f" of {listed(verdict.group)}" if verdict.group else ""
    if verdict.flipped:
        told = f"~~{plain(verdict.decided)}~~ → **{plain(verdict.decides)}**"
        st.markdown(f":primary-background[:material/swap_horiz: {told}]")
    else:
        st.markdown(f"**{plain(verdict.decides)}**")
    moved = verdict.threshold != verdict.threshold_before
    was = f", was {figure(verdict.threshold_before)}" if moved else ""
    st.caption(f"threshold {figure(verdict.threshold)}{whose}{was}")


def _classes(verdict: Verdict, classes: Sequence[Any]) -> None:
    """The likeliest classes, each with its score and how far that moved."""
    st.markdown(f"**{plain(verdict.model)}**")
    if verdict.flipped:
        told = f"~~{plain(verdict.decided)}~~ → **{plain(verdict.decides)}**"
        st.markdown(f":primary-background[:material/swap_horiz: {told}]")
    else:
        st.markdown(f"**{plain(verdict.decides)}**")
    for place in np.argsort(-np.asarray(verdict.now), kind="stable")[:MOST_CLASSES]:
        score, delta = float(verdict.now[place]), float(verdict.delta[place])
        moved = f" ({signed(delta)})" if delta else ""
        words = f"{plain(spelled(classes[place]))} · {figure(score)}{plain(moved)}"
        st.progress(min(max(score, 0.0), 1.0), text=words)


def _bar(project: Project, verdict: Verdict) -> None:
    """Where the score lies between the ends, before and now, with the threshold. Numbers only."""
    low, high = score_range(project, verdict.model)

    def place(value: float) -> float:
        return 100 * min(max((value - low) / (high - low), 0.0), 1.0)

    before, now = place(float(verdict.before)), place(float(verdict.now))
    ink = (colours.DARK if colours.is_dark() else colours.LIGHT)[0]
    grey = colours.GREY[colours.is_dark()]
    parts = [_box(0, 100, f"top:7px;height:6px;border-radius:3px;background:{grey};opacity:.25")]
    parts.append(_box(0, now, f"top:7px;height:6px;border-radius:3px;background:{ink}"))
    if before != now:
        parts.append(_box(before, 0, f"top:4px;height:12px;border-left:2px dotted {ink}"))
    words = f"score {float(verdict.now):.3g}, before {float(verdict.before):.3g}"
    if verdict.threshold is not None:
        parts.append(
            _box(place(verdict.threshold), 0, "top:0;height:20px;border-left:2px solid currentColor")
        )
        words += f", threshold {verdict.threshold:.3g}"
    st.html(
        f'<div role="img" aria-label="{words}" style="position:relative;height:20px">'
        f"{''.join(parts)}</div>"
    )


def _box(left: float, width: float, style: str) -> str:
    return f'<div style="position:absolute;left:{left:.2f}%;width:{width:.2f}%;{style}"></div>'
