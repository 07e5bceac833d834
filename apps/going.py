"""From one page to another: a button anywhere, a project that was opened.

st.button("Edit it in What-If", on_click=go, args=("what-if",))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_NEXT = "next page"


def go(path: str) -> None:
    """Show another page from the next run on: a callback, or before `st.rerun`.

    Args:
        path: The `PATH` of the page.
    """
    st.session_state[_NEXT] = path


def follow(pages: Mapping[str, Any]) -> None:
    """Go where somebody wants to go, if that page is there.

    Args:
        pages: Path to page.
    """
    wanted = pages.get(st.session_state.pop(_NEXT, ""))
    if wanted is not None:
        st.switch_page(wanted)
