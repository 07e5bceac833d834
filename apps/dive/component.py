"""Dive in a page: feeders that hand packets to the browser, and the view that draws.

start(told)                    the JavaScript, once; what is selected, pinned or searched comes back here
feed({0: packet, …})           columns, each in a mount of its own; unchanged ones cost a reference
view(data, told=…)             what is shown, in a few kilobytes; its layout comes back
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..javascript import joined, styles

FOLDER = Path(__file__).parent / "frontend"
MAIN = FOLDER / "doors.js"

KEY, LIBRARY = "dive", "dive library"
HEIGHT = 600

# All mounts wait for the library in one line, so that none overtakes another.
READY = """
const ready = () => (globalThis.__raiDiveReady ??= new Promise((done) => {
  const look = () => (globalThis.__raiDive ? done() : setTimeout(look, 15));
  look();
}));
"""
FEEDER = f"""{READY}
export default ({{ data }}) => {{
  const own = data?.slice();
  if (own?.length) ready().then(() => globalThis.__raiDive.feed(own));
}};
"""
VIEW = f"""{READY}
export default (component) => {{
  let over = false;
  let end = null;
  ready().then(() => {{
    if (!over) end = globalThis.__raiDive.view(component);
  }});
  return () => {{
    over = true;
    end?.();
  }};
}};
"""
CSS = f"\n.rai-dive {{ --dive-height: {HEIGHT}px; }}\n"

# Mounts that draw nothing take no room, nor the gap around them.
STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-dive-unseen"]), [class*="st-key-dive-unseen"] {
  display: none;
}
</style>"""

Heard = Mapping[str, Callable[[Any], None]]


@cache
def library() -> str:
    """All modules in one text: its default export offers `globalThis.__raiDive`.

    The style sheet is inside, so that a view's message stays small.
    """
    body = f"{joined(MAIN)}\nconst STYLES = {json.dumps(styles(FOLDER / 'dive.css'))};\n"
    version = f"{zlib.crc32(body.encode()):08x}"
    offer = f'({{ setTriggerValue }}) => offer("{version}", STYLES, setTriggerValue)'
    return f"{body}export default {offer};\n"


_LIBRARY = st.components.v2.component("rai_dive_library", js=library())
_FEEDER = st.components.v2.component("rai_dive_feeder", js=FEEDER)
_VIEW = st.components.v2.component("rai_dive_view", js=VIEW, css=CSS)


def start(told: Heard) -> None:
    """Bring the JavaScript to the page, and hear what concerns all of it.

    Args:
        told: What hears of `selection`, `pinned` and `search`; the whole page runs again.
    """
    st.html(STYLE)
    with _unseen("library"):
        _LIBRARY(key=LIBRARY, height=1, **_callbacks(LIBRARY, told))


def feed(packets: Iterable[tuple[str, bytes]], *, part: str) -> None:
    """Hand packets to the browser.

    Args:
        packets: The name of a mount and what it hands over; a name stands once on the page.
        part: Names this bundle of mounts.
    """
    with _unseen(part):
        for name, packet in packets:
            _FEEDER(key=f"dive feed {name}", data=packet, height=1)


def view(data: Mapping[str, Any], *, told: Heard) -> None:
    """Draw, and hear.

    Args:
        data: What is shown; JSON.
        told: What hears of `layout`, which stays; only the fragment that draws runs again.
    """
    _VIEW(key=KEY, data=dict(data), height=HEIGHT, **_callbacks(KEY, told))


def _callbacks(key: str, told: Heard) -> dict[str, Any]:
    return {f"on_{name}_change": _hears(key, name, told[name]) for name in told}


def _hears(key: str, name: str, tell: Callable[[Any], None]) -> Callable[[], None]:
    def on_change() -> None:
        said = (st.session_state.get(key) or {}).get(name)
        if said is not None:
            tell(said)

    return on_change


def _unseen(name: str) -> AbstractContextManager[Any]:
    """A place for mounts that draw nothing, without height."""
    return st.container(key=f"dive-unseen-{name}", gap=None)
