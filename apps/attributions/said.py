"""What an answer says of itself: number, method, background, rows, and how far off it is at worst."""

from __future__ import annotations

import streamlit as st

from ..words import number, plain
from .asked import Asked
from .found import Explained

SPACES = {
    "margin": "log-odds (margin)",
    "probability": "probability",
    "decision": "decision, 1 if positive and else 0",
    "prediction": "predicted value",
    "loss": "loss",
}


def draw(asked: Asked, model: str, found: Explained) -> None:
    """Draw it, a line, with what is behind it to be opened."""
    held = found.attributions
    if len(asked.models) > 1:
        st.markdown(f"**{plain(model)}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(line(asked, model, found), width="stretch")
        with st.popover("How it was found", icon=":material/info:", type="tertiary", key=f"how:{model}"):
            st.markdown(f"**Why this method.** {plain(held.why)}.")
            st.markdown(f"**Background.** {plain(found.background)}.")
            st.markdown(f"**Digest of the background.** `{held.background_digest[:16]}…`")
            st.markdown(
                "**Held against the model.** Base and attributions of each row add up to what the model "
                f"itself says of it, off by at most {number(worst(found))}."
            )
            for note in held.notes:
                st.markdown(plain(note))
            if asked.threshold(model) is not None:
                st.markdown(
                    f"**Decided** at {number(asked.threshold(model))}, the threshold of everybody."
                )


def line(asked: Asked, model: str, found: Explained) -> str:
    """The line."""
    held = found.attributions
    exact = "exact" if held.exact else "estimated, with standard errors"
    return (
        f"**{plain(number_said(asked, model, found))}** · {plain(held.method)}, {exact} · against "
        f"{plain(found.background)} · explained: {plain(asked.rows_said)} · off the model by at most "
        f"{plain(number(worst(found)))}"
    )


def number_said(asked: Asked, model: str, found: Explained) -> str:
    """Which number is explained, in words."""
    label = found.label if found.label is not None else asked.project.models[model].positive_label
    of = "" if label is None or found.attributions.space == "prediction" else f" of {label}"
    return f"{SPACES[found.attributions.space]}{of}"


def worst(found: Explained) -> float:
    """How far the parts are off the model's own number, at worst."""
    return float(abs(found.attributions.completeness_error).max(initial=0.0))
