"""The blocks in the page: one component in plain JavaScript, and what a click on a bar says.

draw(data, picked=…, name="blocks")      picked({"feature": "age", "place": 2})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ..javascript import joined, styles

FOLDER = Path(__file__).parent / "frontend"
MAIN = FOLDER / "blocks.js"


def draw(data: Mapping[str, Any], *, picked: Callable[[Mapping[str, Any]], None], name: str) -> None:
    """Draw blocks.

    Args:
        data: What is drawn; JSON.
        picked: What hears of a bar that was clicked.
        name: Tells these blocks from others on the page.
    """
    key = f"overview {name}"

    def on_picked() -> None:
        said = (st.session_state.get(key) or {}).get("picked")
        if said is not None:
            picked(said)

    _BLOCKS(key=key, data=dict(data), height="content", on_picked_change=on_picked)


_BLOCKS = st.components.v2.component(
    "rai_overview", js=joined(MAIN), css=styles(FOLDER / "overview.css")
)
