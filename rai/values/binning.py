"""Binning: which bucket each value of a column falls into. One for every view, so that no two disagree.

    Intervals   numbers and dates    10 to 19 · 20 to 29 · … · 80 to 90            (missing)
    TopLevels   categories           Private · Self-emp · … · other (12 values)    (missing)

Rows without a value get the place behind the last bucket; values of which there is no bucket too, but
for `other`, which is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rai.values.bin_labels import interval_labels, level_labels
from rai.values.levels import MISSING, Level, level_key

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Intervals:
    """Bins of numbers or dates between edges.

    Args:
        edges: Rising edges, shape (b + 1,). A bin holds its lower edge; the last one of numbers holds
            both, the last one of dates ends before its own. The outer ones may be infinite.
        dates: Whether the numbers are days since 1970.
        whole: Whether the numbers are whole.

    Example:
        >>> ages = Intervals(np.array([10.0, 20, 30]), whole=True)
        >>> ages.labels, ages.places(np.array([10, 30, 31, np.nan])).tolist()
        (('10 to 19', '20 to 30'), [0, 1, 2, 2])
    """

    edges: Array
    dates: bool = False
    whole: bool = False

    def __len__(self) -> int:
        return len(self.edges) - 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Intervals) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def places(self, numbers: Array) -> Places:
        """The bin of each number, shape (n,); `len(self)` where it has none."""
        edges, last = self.edges, len(self) - 1
        places = np.searchsorted(edges[1:-1], numbers, side="right").astype(np.intp, copy=False)
        inside = numbers < edges[-1] if self.dates else numbers <= edges[-1]
        inside |= np.isposinf(edges[-1]) & np.isposinf(numbers)
        inside &= numbers >= edges[0]
        if not inside.all():
            places[~inside] = last + 1
        return places

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A name for each bin, for reading, shape (b,)."""
        return interval_labels(self.edges, dates=self.dates, whole=self.whole)

    @property
    def _key(self) -> tuple[bytes, bool, bool]:
        return (self.edges + 0.0).tobytes(), self.dates, self.whole


@dataclass(frozen=True, eq=False)
class TopLevels:
    """A bucket for each of some values, and one for all others.

    Args:
        levels: The values with a bucket of their own.
        others: How many further values share the last bucket; 0 for none, and no such bucket.

    Example:
        >>> TopLevels(("Private", "Self-emp"), others=12).labels
        ('Private', 'Self-emp', 'other (12 values)')
    """

    levels: tuple[Level, ...]
    others: int = 0

    def __len__(self) -> int:
        return len(self.levels) + (self.others > 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TopLevels) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def places(self, levels: Sequence[Level]) -> Places:
        """The bucket of each value, shape (n,); `len(self)` where it has none."""
        known = {level_key(level): place for place, level in enumerate(self.levels)}
        rest = len(self.levels)
        return np.array([known.get(level_key(level), rest) for level in levels], dtype=np.intp)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A name for each bucket, for reading."""
        return level_labels(self.levels, others=self.others)

    @property
    def _key(self) -> tuple[tuple[tuple[bool, Level], ...], int]:
        return tuple(map(level_key, self.levels)), self.others


Binning = Intervals | TopLevels


def labels_with_missing(binning: Binning) -> tuple[str, ...]:
    """The names of the buckets and, last, of the missing."""
    return (*binning.labels, MISSING)
