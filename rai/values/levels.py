"""Levels: the values a column takes, as plain Python, in one canonical order.

A group is a key: one level per axis. Numbers cut into ranges keep their boundary rule in their
name (`< 25`, `25 to < 45`, `≥ 45`), a missing value is a level of its own, `(missing)`, and empty
text is shown as `(empty)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rai.ground.formatting import TIMES

Level = str | int | float | bool
Key = tuple[Level, ...]

MISSING = "(missing)"
EMPTY = "(empty)"
EVERYONE = "everyone"

_CUT = re.compile(r"^(?:(?P<below><) )?(?:≥ )?(?P<number>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?: to < .*)?$")


def cut_names(edges: Sequence[float]) -> tuple[str, ...]:
    """The names of the ranges between edges; each range holds its lower edge.

    Example:
        >>> cut_names([25, 45])
        ('< 25', '25 to < 45', '≥ 45')
    """
    marks = [f"{float(edge):.12g}" for edge in edges]
    between = [f"{low} to < {high}" for low, high in pairwise(marks)]
    return (f"< {marks[0]}", *between, f"≥ {marks[-1]}")


def level_order(level: Level) -> tuple[int, float, int, str]:
    """Sort key: numbers and ranges by size, then words, then the missing.

    Example:
        >>> sorted(["≥ 45", "(missing)", "25 to < 45", "< 25"], key=level_order)
        ['< 25', '25 to < 45', '≥ 45', '(missing)']
    """
    if not isinstance(level, str):
        return (0, float(level), 0, "")
    if level == MISSING:
        return (2, 0.0, 0, "")
    cut = _CUT.match(level)
    if cut:
        return (0, float(cut["number"]), 0 if cut["below"] else 1, level)
    return (1, 0.0, 0, level)


def level_key(level: Level) -> tuple[bool, Level]:
    """What tells levels apart: true is not 1, though Python has them equal.

    Example:
        >>> level_key(True) == level_key(1), level_key(1.0) == level_key(1)
        (False, True)
    """
    return isinstance(level, bool), level


def key_order(key: Key) -> tuple[tuple[int, float, int, str], ...]:
    """Sort key of a group: level by level."""
    return tuple(level_order(level) for level in key)


def key_name(key: Iterable[Level]) -> str:
    """A group for reading.

    Example:
        >>> key_name(("Female", "Black")), key_name(()), key_name(("",))
        ('Female × Black', 'everyone', '(empty)')
    """
    return TIMES.join(str(level) or EMPTY for level in key) or EVERYONE
