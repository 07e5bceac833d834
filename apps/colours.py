"""One colour for each group, on every page: what charts, legends and Dive take.

A group's colour goes by its place among the levels of its column, in the order of an audit's groups, so
that it stays when others are filtered away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from rai.ground.colours import DARK, GREY, LIGHT, PAPER, Mark, marks, marks_among, ramp

__all__ = ["DARK", "GREY", "LIGHT", "PAPER", "Mark", "is_dark", "marks", "marks_among", "ramp", "scale"]


def is_dark() -> bool:
    """Whether the page is dark."""
    theme = st.context.theme
    return bool(theme and theme.type == "dark")


def scale(shown: Sequence[str], among: Iterable[str] | None = None) -> dict[str, Any]:
    """An Altair scale that gives groups their colours.

    Args:
        shown: The groups of a chart.
        among: All groups there are, in order; the shown ones if None.
    """
    looks = marks(shown) if among is None else marks_among(shown, among)
    dark = is_dark()
    return {"domain": list(shown), "range": [looks[name].colour(dark=dark) for name in shown]}
