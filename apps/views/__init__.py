"""The pages, a file each: `TITLE`, `PATH` (in the address), `ICON`, `NEEDS`, `SETTINGS`, `render`.

To add one, write its file and name it in `VIEWS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

from ..settings import Setting
from . import attributions, dive, overview, performance, start, what_if


class View(Protocol):
    """What a page's file holds.

    Attributes:
        TITLE: Its name on screen.
        PATH: Its name in the address.
        ICON: Its icon.
        NEEDS: What must be open, names of `needs.NEEDS`.
        SETTINGS: What can be set on it.
    """

    TITLE: str
    PATH: str
    ICON: str
    NEEDS: Sequence[str]
    SETTINGS: Sequence[Setting]

    def render(self, project: Any) -> None:
        """Draw the page."""


START = cast(View, start)
VIEWS = cast(tuple[View, ...], (overview, dive, what_if, performance, attributions))
