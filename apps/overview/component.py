"""The blocks in the page: one component in plain JavaScript, and what a click on a bar says.

draw(data, picked=…)      picked({"feature": "age", "place": 2})
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

KEY = "overview blocks"
FOLDER = Path(__file__).parent / "frontend"
MODULES = ("shapes.js", "drawing.js", "charts.js", "blocks.js")  # each after those that it imports

_JOINED = re.compile(
    r'^import \{[^}]*\} from "\./[a-z]+\.js";\n|^export (?=function|const)', re.MULTILINE
)


def script() -> str:
    """The modules as one."""
    return "\n".join(_JOINED.sub("", (FOLDER / name).read_text("utf-8")) for name in MODULES) + "\n"


def draw(data: Mapping[str, Any], *, picked: Callable[[Mapping[str, Any]], None]) -> None:
    """Draw blocks.

    Args:
        data: What is drawn; JSON.
        picked: What hears of a bar that was clicked.
    """

    def on_picked() -> None:
        said = (st.session_state.get(KEY) or {}).get("picked")
        if said is not None:
            picked(said)

    _BLOCKS(key=KEY, data=dict(data), height="content", on_picked_change=on_picked)


_BLOCKS = st.components.v2.component(
    "rai_overview", js=script(), css=(FOLDER / "overview.css").read_text("utf-8") + "\n"
)
