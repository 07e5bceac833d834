"""How many distinct values there are, mergeable: exact while they are few, then from their hashes.

The smallest hashes of a set of values are the smallest of the smallest of its parts, so a count of
millions costs a fixed number of them and parts merge exactly. The k-th smallest of hashes spread evenly
over [0, 2⁶⁴) says how many there are.

Source: Bar-Yossef et al. (2002), doi:10.1007/3-540-45726-7_1; Beyer et al. (2007),
doi:10.1145/1247480.1247504, for the unbiased estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

KEPT = 4096  # hashes; the estimate's standard error is 1 / sqrt(KEPT - 2), or 1.6%

_A, _B, _C = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """A number of distinct values.

    Args:
        count: How many there are, or about how many.
        hashes: The smallest of their hashes, rising, at most `KEPT`.
        exact: Whether the count is exact.

    Example:
        >>> some, others = (Distinct.of(mixed(np.arange(a, a + 3000))) for a in (0, 1500))
        >>> both = some + others
        >>> both.exact, abs(both.count - 4500) < 250
        (False, True)
    """

    count: int
    hashes: Hashes
    exact: bool = True

    @classmethod
    def of(cls, hashes: Hashes) -> Distinct:
        """Of values without repetition, by their hashes."""
        kept = hashes if len(hashes) <= KEPT else np.partition(hashes, KEPT - 1)[:KEPT]
        return cls(len(hashes), np.sort(kept))

    def __add__(self, other: Distinct) -> Distinct:
        if not isinstance(other, Distinct):
            return NotImplemented
        union = np.union1d(self.hashes, other.hashes)
        if not (self.hashes.size and other.hashes.size):
            return self if self.hashes.size else other
        if len(union) < KEPT:
            return Distinct(len(union), union)
        kept = union[:KEPT]
        estimate = round((KEPT - 1) / (float(kept[-1]) / 2.0**64))
        return Distinct(max(estimate, self.count, other.count), kept, exact=False)


def mixed(numbers: NDArray[np.generic]) -> Hashes:
    """Hashes of 64-bit numbers, spread evenly.

    Source: Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195 (SplitMix64).
    """
    hashed = np.ascontiguousarray(numbers).view(np.uint64) + _A
    hashed = (hashed ^ (hashed >> np.uint64(30))) * _B
    hashed = (hashed ^ (hashed >> np.uint64(27))) * _C
    return np.asarray(hashed ^ (hashed >> np.uint64(31)))
