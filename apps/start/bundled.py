"""A data set that comes with rai, with what its card says."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

import rai

from ..opening import DATASET, TEST, Opening, opened
from ..project import Project
from ..settings import Setting
from ..words import counted, listed, plain, readable

LATEST = {"acs_employment": "2018"}

CHOSEN = Setting("start data set", default="adult")
TRAINED = Setting("start example models", default=True)


def draw() -> Project | None:
    """Draw it; the project once it was asked for."""
    left, right = st.columns([1, 1.7], gap="large")
    names = rai.list_datasets()
    with left:
        st.radio("Data set", names, format_func=readable, **CHOSEN.tied(names))
        card = card_of(CHOSEN.value)
        opening = _opening(card)
        st.caption(_says(opening, card))
        pressed = st.button("Open", type="primary", icon=":material/folder_open:", width="stretch")
    with right:
        _draw_card(card)
    if not pressed:
        return None
    with st.spinner(
        "Opening …" if not opening.example_models else "Training two models …", show_time=True
    ):
        return opened(opening)


@lru_cache
def card_of(name: str) -> Any:
    """The card of a bundled data set."""
    return rai.load_dataset(name, LATEST.get(name)).card


def _opening(card: Any) -> Opening:
    """What the choices say, asked for here."""
    splits = [s.name for s in card.splits]
    data = DATASET + card.name
    if splits and TEST not in splits:
        part = Setting(f"start split {card.name}", default=LATEST.get(card.name, splits[0]))
        st.selectbox("Part", splits, **part.tied(splits))
        data = f"{data}/{part.value}"
    if card.roles.y_score is not None:
        return Opening(data=data)
    trained = st.toggle(
        "With two example models",
        help="Gradient boosting and logistic regression, trained on the spot, to compare and to ask.",
        **TRAINED.tied(),
    )
    return Opening(data=data, example_models=trained)


def _says(opening: Opening, card: Any) -> str:
    if card.roles.y_score is not None:
        return (
            f"It holds a model's scores (column {plain(card.roles.y_score)}): every page but What-If, "
            "which asks a model about edited rows."
        )
    if opening.example_models:
        return "Every page, What-If too."
    return "The rows alone: Overview and Dive."


def _draw_card(card: Any) -> None:
    roles = card.roles
    with st.container(border=True):
        st.subheader(plain(card.title), anchor=False)
        st.markdown(plain(card.summary))
        facts = {
            "Rows": f"{card.rows:,}",
            "Features": f"{len(card.features)}",
            "True label": f"{plain(roles.y_true)}, positive: {plain(roles.positive_label)}",
            "Sensitive features": listed(roles.sensitive_features),
            "Licence": plain(card.licence),
        }
        st.markdown("  \n".join(f"**{head}** · {text}" for head, text in facts.items()))
        with st.expander(f"{counted(len(card.caveats), 'caveat')} to mind", icon=":material/info:"):
            for caveat in card.caveats:
                st.markdown(f"- {plain(caveat)}")
        with st.expander("Its columns", icon=":material/table_rows:"):
            meant = [{"column": c.name, "use": c.use, "meaning": c.meaning} for c in card.columns]
            st.dataframe(meant, hide_index=True, height=240)
