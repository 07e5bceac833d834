"""Bins of any numbers that always merge: the numbers whose leading bits are the same.

    number   bits that rise with it    shift 2      bin        Doubles in order are whole numbers in
    3.7      … 1 0 1 1 0 1             … 1 0 1 1    one of     order; dropping bits at the end groups
    3.8      … 1 0 1 1 1 0             … 1 0 1 1    both       neighbours, finer near 0 than far away.

Bits are dropped only as far as the numbers need it to fill no more than so many bins. A few distinct
numbers so keep bins of their own, and a million get bins that are about as wide, relative to the number,
wherever they lie: outliers cost one bin each and nothing is known in advance. Bins with fewer bits are
unions of bins with more, so two sets of bins merge by dropping bits of the finer; the bins of all rows
depend on the rows alone, not on how they were cut into pieces.

Edges from a first pass over the data would have cost that pass and would not merge with those of another
day. The idea of bins from the bits of a number is that of HDR histograms and of DDSketch.

Source: Masson, Rim and Lee (2019), doi:10.14778/3352063.3352135.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Keys = NDArray[np.int64]
Places = NDArray[np.intp]

_BITS = 63
_TABLE = 1 << 23
_MAGNITUDE = np.int64(0x7FFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True, eq=False)
class NumberBins:
    """The bins that some numbers occupy.

    Args:
        keys: Leading bits of each bin's numbers, rising, shape (b,).
        shift: How many bits at the end were dropped.

    Example:
        >>> bins, places = NumberBins.of(np.array([2.0, 0.5, 2.0]), most=2)
        >>> bins.low.tolist(), bins.high.tolist(), places.tolist()
        ([0.5, 2.0], [0.5, 2.0], [1, 0, 1])
    """

    keys: Keys
    shift: int

    @classmethod
    def of(cls, numbers: Array, *, most: int, shift: int = 0) -> tuple[NumberBins, Places]:
        """The bins of finite numbers, at most so many and so coarse at least, and each one's place."""
        leading, spread = _distinct((numbers + 0.0).view(np.int64) >> shift)  # -0.0 becomes 0.0
        keys = _ordered(leading, shift)
        order = np.argsort(keys)
        bins, coarse = cls(keys[order], shift).within(most)
        places = np.empty_like(coarse)
        places[order] = coarse
        return bins, spread(places)

    @classmethod
    def of_rising(cls, distinct: Array, *, most: int) -> tuple[NumberBins, Places]:
        """The same of distinct numbers in rising order, without a search."""
        return cls(_ordered(distinct.view(np.int64), 0), 0).within(most)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def low(self) -> Array:
        """The least number of each bin, shape (b,)."""
        return _numbers(self.keys << self.shift)

    @property
    def high(self) -> Array:
        """The greatest number of each bin, shape (b,)."""
        return _numbers((self.keys << self.shift) + ((np.int64(1) << self.shift) - 1))

    def within(self, most: int) -> tuple[NumberBins, Places]:
        """The finest bins of these numbers that are at most so many, and where each bin went."""
        if len(self.keys) <= most:
            return self, np.arange(len(self.keys))
        drops = range(1, _BITS + 1)
        dropped = drops[bisect_left(drops, True, key=lambda d: _count(self.keys >> d) <= most)]  # noqa: FBT003
        return self.coarser(self.shift + dropped)

    def coarser(self, shift: int) -> tuple[NumberBins, Places]:
        """The same with more bits dropped, and where each bin went."""
        keys = self.keys >> (shift - self.shift)
        new = first_of_each(keys)
        return NumberBins(keys[new], shift), np.cumsum(new) - 1

    def merged(self, other: NumberBins, *, most: int) -> tuple[NumberBins, Places, Places]:
        """The bins of both sets of numbers, and where the bins of each went."""
        shift = max(self.shift, other.shift)
        (ours, own), (theirs, others) = self.coarser(shift), other.coarser(shift)
        union = NumberBins(np.union1d(ours.keys, theirs.keys), shift)
        bins, went = union.within(most)
        return (
            bins,
            went[np.searchsorted(union.keys, ours.keys)][own],
            went[np.searchsorted(union.keys, theirs.keys)][others],
        )


def shift_of(numbers: Array, *, most: int) -> int:
    """The shift at which numbers fill at most so many bins."""
    return NumberBins.of(np.unique(numbers), most=most)[0].shift


def _ordered(leading: Keys, shift: int) -> Keys:
    """Leading bits of doubles as whole numbers in the order of the doubles."""
    return np.asarray(leading ^ ((leading >> _BITS) & (_MAGNITUDE >> shift)))


def _numbers(keys: Keys) -> Array:
    """The doubles of keys without a shift."""
    return _ordered(keys, 0).view(np.float64)


def first_of_each(rising: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each of some rising numbers differs from the one before, shape (n,).

    Example:
        >>> first_of_each(np.array([1, 1, 4])).tolist()
        [True, False, True]
    """
    new = np.ones(len(rising), dtype=np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=new[1:])
    return new


def _count(rising: Keys) -> int:
    return int(np.count_nonzero(first_of_each(rising)))


def _distinct(bits: Keys) -> tuple[Keys, Callable[[Places], Places]]:
    """Distinct values, and a function that spreads something of each over all.

    They are found in a table where they don't reach far; whole numbers leave the last bits 0, so that
    these need no room in it.
    """
    spare = _trailing_zeros(bits)
    near = bits >> spare if spare else bits
    low, high = (int(end) for end in (near.min(), near.max())) if len(bits) else (0, 0)
    if high - low >= _TABLE:
        distinct, inverse = np.unique(bits, return_inverse=True)
        return distinct, lambda places: places[inverse]
    near = near - low
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[near] = True
    occupied = np.flatnonzero(there)

    def spread(places: Places) -> Places:
        table = np.empty(len(there), dtype=np.intp)
        table[occupied] = places
        return table[near]

    return (occupied + low) << spare, spread


def _trailing_zeros(keys: Keys) -> int:
    either = int(np.bitwise_or.reduce(keys)) if len(keys) else 0
    return (either & -either).bit_length() - 1 if either else 0
