"""The rows that are selected and the one that is pinned: the same on every page.

    choose(rows, why="age 30 to 40")     chosen() ─▶ Selection      clear()
    pin(7)                               pinned() ─▶ 7 or None

Rows go by their positions in the project's frame. A selection made by a query is that query in the
address; another one is its rows, packed, where that is short enough.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

import rai

from .project import Project
from .settings import Setting

PINNED = Setting("pinned", url="row")
WHERE = Setting("selected where", default="", url="where")
PACKED = Setting("selected rows", default="", url="rows")

SETTINGS = (PINNED, WHERE, PACKED)

MOST_PACKED = 1500  # characters in an address
FIRST_LOOK = 1 << 16  # bytes

_HELD = "selection"


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows, and why they are chosen.

    Args:
        rows: Positions in the project's frame, rising.
        why: In words, for people: where and how they were chosen.
        where: The query that chooses them, None if they were chosen otherwise.
        version: A number that changes with every choice.
    """

    rows: Any
    why: str
    where: str | None = None
    version: int = 0

    def __len__(self) -> int:
        return len(self.rows)


def choose(rows: Iterable[int] | Any, *, why: str, where: str | None = None) -> None:
    """Select rows, by position."""
    chosen = np.unique(np.asarray(rows, dtype=np.int64))
    before = st.session_state.get(_HELD)
    version = 1 if before is None else before.version + 1
    st.session_state[_HELD] = Selection(rows=chosen, why=why, where=where, version=version)
    WHERE.put(where or "")
    PACKED.put("" if where else _packed(chosen))


def choose_where(project: Project, where: str, *, why: str | None = None) -> int:
    """Select the rows of a query; how many there are.

    Raises:
        RaiError: If the query can't be read or asks about columns that are not there.
    """
    query = rai.explore.parse_query(where)
    mask = query.mask(project.frame)
    choose(np.flatnonzero(mask), why=why or where, where=str(query))
    return int(mask.sum())


def chosen(project: Project) -> Selection | None:
    """What is selected; None if nothing is. The first call of a session reads the address."""
    held: Selection | None = st.session_state.get(_HELD)
    if held is None and (WHERE.value or PACKED.value):
        _from_address(project)
        held = st.session_state.get(_HELD)
    return held if held is not None and len(held) else None


def invert(project: Project, *, among: Any = None) -> None:
    """Select what is not selected.

    Args:
        project: The project.
        among: Whether each row may be selected, shape (n,); any if None.
    """
    held = chosen(project)
    rest = np.ones(len(project), dtype=bool) if among is None else np.array(among)
    if held is not None:
        rest[held.rows] = False
    choose(np.flatnonzero(rest), why="all rows" if held is None else f"all but: {held.why}")


def clear() -> None:
    """Select nothing."""
    choose([], why="")


def pinned(project: Project) -> int | None:
    """The position of the pinned row; None if none is, or it is not there."""
    row = PINNED.value
    there = isinstance(row, int) and not isinstance(row, bool) and 0 <= row < len(project)
    return row if there else None


def pin(row: int | None) -> None:
    """Pin a row, the one that What-If edits; None for none."""
    PINNED.put(None if row is None else int(row))


def bits(rows: Any, n: int) -> str:
    """Positions among n as a base64 bit mask, lowest bit first.

    Example:
        >>> bits([0, 3], 10)
        'CQA='
    """
    mask = np.zeros(n, dtype=bool)
    mask[np.asarray(rows, dtype=np.int64)] = True
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def positions(packed: str, n: int) -> Any:
    """The positions in such a mask.

    Example:
        >>> positions("CQA=", 10).tolist()
        [0, 3]
    """
    held = np.frombuffer(base64.b64decode(packed), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(held, count=n, bitorder="little"))


def _packed(rows: Any) -> str:
    """Gaps between rows, deflated; empty if that is too long for an address."""
    if not len(rows):
        return ""
    gaps = np.diff(rows, prepend=0).astype("<u4").tobytes()
    if len(zlib.compress(gaps[:FIRST_LOOK], 6)) > MOST_PACKED:  # quick to say of many scattered rows
        return ""
    text = base64.urlsafe_b64encode(zlib.compress(gaps, 9)).decode().rstrip("=")
    return text if len(text) <= MOST_PACKED else ""


def _unpacked(text: str, n: int) -> Any:
    padded = text + "=" * (-len(text) % 4)
    held = zlib.decompressobj().decompress(base64.urlsafe_b64decode(padded), 4 * n)
    rows = np.cumsum(np.frombuffer(held, dtype="<u4"), dtype=np.int64)
    return rows[(rows >= 0) & (rows < n)]


def _from_address(project: Project) -> None:
    """Select what the address says; an address that can't be read selects nothing."""
    try:
        if WHERE.value:
            choose_where(project, WHERE.value)
        else:
            choose(_unpacked(PACKED.value, len(project)), why="rows of the link")
    except (rai.RaiError, ValueError, zlib.error):
        clear()
