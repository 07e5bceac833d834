"""Pictures of results to take along: drawn by rai's plots when they are asked for.

pictures.button(lambda: rai.plots.gaps(found), "gaps")      PNG · SVG
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = {"PNG": "image/png", "SVG": "image/svg+xml"}
DPI = 200

_ONE_AT_A_TIME = threading.Lock()  # matplotlib draws in one thread at a time


def button(figure_maker: Callable[[], Axes], name: str) -> None:
    """A way to download a picture, which is drawn when it is pressed.

    Args:
        figure_maker: Draws it: a call of one of `rai.plots`.
        name: Names it once on the page, and its file.
    """
    file = name.replace(" ", "_")
    with st.popover("Picture", icon=":material/image:", type="tertiary", key=f"picture:{name}"):
        for kind, mime in KINDS.items():
            st.download_button(
                kind,
                partial(drawn, figure_maker, kind.lower()),
                f"{file}.{kind.lower()}",
                mime,
                key=f"{kind}:{name}",
                on_click="ignore",
            )


def drawn(figure_maker: Callable[[], Axes], kind: str) -> bytes:
    """A picture as a file's bytes.

    Args:
        figure_maker: Draws it.
        kind: `png` or `svg`.
    """
    import matplotlib as mpl
    from matplotlib import pyplot

    buffer = io.BytesIO()
    with _ONE_AT_A_TIME:
        mpl.use("Agg")
        figure = figure_maker().get_figure(root=True)
        pyplot.figure(figure)
        pyplot.savefig(buffer, format=kind, dpi=DPI, bbox_inches="tight")
        pyplot.close(figure)
    return buffer.getvalue()
