"""Errors on screen: one sentence, and for what nobody foresaw a trace in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

import rai

from .words import plain

log = logging.getLogger(__name__)

UNFORESEEN = (
    "Something went wrong here, and the numbers on this page may be incomplete. "
    "The log of the app says what it was."
)


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong inside is told on the page, and the rest of the page goes on."""
    try:
        yield
    except rai.RaiError as error:
        st.error(plain(error), icon=":material/error:")
    except Exception:
        log.exception("A page failed")
        st.error(UNFORESEEN, icon=":material/error:")
