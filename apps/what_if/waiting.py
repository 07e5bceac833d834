"""A bar while something takes longer.

with progress("Asking the model …") as advanced:    rai's functions take `progress=advanced`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from threadpoolctl import threadpool_limits


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar that goes when it is full."""
    bar = st.progress(0.0, text=words)
    try:
        with threadpool_limits(1):
            yield lambda done, whole: _advance(bar, done / (whole or done or 1), words)
    finally:
        bar.empty()


def _advance(bar: st.delta_generator.DeltaGenerator, share: float, words: str) -> None:
    bar.progress(min(max(share, 0.0), 1.0), text=words)
