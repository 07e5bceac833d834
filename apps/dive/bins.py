"""Buckets of rows and columns of cells: those of rai's one binning engine, as the browser is told them.

number     edges; the bucket is the count of inner edges at or below the value, both in 32 bits
category   a map from the codes that were sent to the buckets
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import packets
from .columns import MOST_LEVELS, Column, Rows, coded, numbers

MOST_BINS = 100
FARTHEST = 1.7976931348623157e308


def key(name: str, count: int) -> str:
    """The name of a binning."""
    return f"{name}|{count}"


def spec(rows: Rows, column: Column, count: int) -> dict[str, Any] | None:
    """What the browser needs to bucket a column; None if its own codes are the buckets."""
    held = coded(rows, column.name, count)
    if column.kind in ("number", "date"):
        return {"edges": told(rows, column, count), "map": None, "labels": list(held.labels)}
    whole = coded(rows, column.name, MOST_LEVELS)
    if whole.labels == held.labels:
        return None
    return {"edges": None, "map": _map(whole, held), "labels": list(held.labels)}


def exact(rows: Rows, column: Column, count: int) -> bytes | None:
    """A packet of codes where comparing 32-bit floats with any edges would put a row elsewhere."""
    asked = ("dive exact", column, count, rows.stamp(column.name))
    return rows.project.answer(asked, lambda: _exact(rows, column, count))


def told(rows: Rows, column: Column, count: int) -> list[float]:
    """The edges that the browser compares with: moved by a hair where 32 bits are too coarse."""
    asked = ("dive edges", column, count, rows.stamp(column.name))
    return rows.project.answer(asked, lambda: _told(rows, column, count))


def edges(binning: Any) -> list[float]:
    """Finite edges of a binning of numbers; of single numbers those where each begins."""
    if hasattr(binning, "edges"):
        found = [float(edge) for edge in binning.edges]
    else:
        levels = [float(level) for level in binning.levels]
        found = [*levels, levels[-1]] if levels else [0.0, 0.0]
    return [min(max(edge, -FARTHEST), FARTHEST) for edge in found]


def compared(held: packets.Floats, given: list[float]) -> Any:
    """The bucket that the browser finds for each row; `len(given) - 1` where a value is missing."""
    found = np.searchsorted(_stored(held, given[1:-1]), held.v, side="right")
    found[np.isnan(held.v)] = len(given) - 1
    return found


def fitted(held: packets.Floats, given: list[float], codes: Any) -> list[float]:
    """Edges between the greatest 32-bit number of the buckets before and the least of those after.

    An edge that already lies there, and one for which there is no such place, stays.
    """
    buckets = len(given) - 1
    least, most = np.full(buckets, np.inf), np.full(buckets, -np.inf)
    for bucket in range(buckets):
        inside = held.v[codes == bucket]
        if len(inside):
            least[bucket], most[bucket] = inside.min(), inside.max()
    after = np.minimum.accumulate(least[::-1])[::-1][1:]
    before = np.maximum.accumulate(most)[:-1]
    inner = _stored(held, given[1:-1]).astype(np.float64)
    moved = ((inner <= before) | (inner > after)) & (before < after) & np.isfinite(after)
    true = np.where(moved, held.offset + held.scale * after, given[1:-1])
    return [given[0], *map(float, true), given[-1]]


def _told(rows: Rows, column: Column, count: int) -> list[float]:
    held, codes = numbers(rows, column), coded(rows, column.name, count)
    found = edges(codes.binning)
    same = np.array_equal(compared(held, found), codes.codes)
    return found if same else fitted(held, found, codes.codes)


def _exact(rows: Rows, column: Column, count: int) -> bytes | None:
    if column.kind not in ("number", "date"):
        return None
    held = coded(rows, column.name, count)
    if np.array_equal(compared(numbers(rows, column), told(rows, column, count)), held.codes):
        return None
    return packets.exact_codes(rows.place(column.name), held.codes, key=key(column.name, count))


def _stored(held: packets.Floats, values: list[float]) -> Any:
    """Numbers as the browser compares them."""
    with np.errstate(over="ignore", under="ignore"):
        return ((np.array(values) - held.offset) / held.scale).astype(np.float32)


def _map(whole: Any, held: Any) -> list[int]:
    """The bucket of each code; of a code that no row has, the missing."""
    codes, first = np.unique(whole.codes, return_index=True)
    found = np.full(len(whole.labels), held.missing)
    found[codes] = held.codes[first]
    return [int(each) for each in found]
