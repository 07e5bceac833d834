"""From a bar to the query that finds its rows.

age, 30 to 39       ─▶  age >= 30 and age < 40
sex, Female         ─▶  sex = Female
income, (missing)   ─▶  income is missing
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite

from rai.explore import Condition, Intervals, TopLevels

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - dates of data have no zone

UNASKED = (
    "list",
    "other",
    "duration",
)  # kinds of columns of which a query knows only whether a value is there


def bar_query(feature: str, binning: Intervals | TopLevels, place: int, *, kind: str) -> str | None:
    """The query for the rows of a bar; None where no query can tell them.

    Args:
        feature: The column.
        binning: Its bins.
        place: Which bar; the missing are the one behind the last.
        kind: What the column holds.

    Example:
        >>> bar_query("job title", TopLevels(("cook", "New York"), others=3), 2, kind="category")
        '`job title` not in (cook, "New York")'
    """
    if place >= len(binning):
        return str(Condition(feature, "missing"))
    if kind in UNASKED:
        return None
    if isinstance(binning, Intervals):
        found = _between(feature, binning, place)
    else:
        found = _level(feature, binning, place)
    return " and ".join(map(str, found)) or None


def _between(feature: str, binning: Intervals, place: int) -> list[Condition]:
    low, high = (float(edge) for edge in binning.edges[place : place + 2])
    closed = place == len(binning) - 1 and not binning.dates
    found: list[Condition] = []
    if isfinite(low):
        found.append(Condition(feature, ">=", _value(low, dates=binning.dates)))
    if isfinite(high):
        found.append(Condition(feature, "<=" if closed else "<", _value(high, dates=binning.dates)))
    return found or [Condition(feature, "present")]


def _level(feature: str, binning: TopLevels, place: int) -> list[Condition]:
    if any(isinstance(level, float) and not isfinite(level) for level in binning.levels):
        return []
    if place >= len(binning.levels):
        return [Condition(feature, "not in", tuple(binning.levels))]
    return [Condition(feature, "==", binning.levels[place])]


def _value(edge: float, *, dates: bool) -> int | float | str:
    if dates:
        moment = EPOCH + timedelta(microseconds=round(edge * 86_400e6))
        return moment.isoformat().removesuffix("T00:00:00")
    return int(edge) if edge.is_integer() and abs(edge) < 2**53 else edge
