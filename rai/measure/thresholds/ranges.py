"""The least value in any range of an array, after one preparation: a sparse table.

level 0   3 1 4 1 5      least of 1
level 1   1 1 1 1        least of 2        a range is covered by two that may overlap
level 2   1 1            least of 4
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Least:
    """Range minima of one array.

    Args:
        levels: Least of 1, 2, 4, … values from each place on, shape (levels, n).

    Example:
        >>> Least.of(np.array([3.0, 1.0, 4.0])).within(np.array([0, 2, 1]), np.array([2, 3, 1])).tolist()
        [1.0, 4.0, inf]
    """

    levels: Array

    @classmethod
    def of(cls, values: Array, *, longest: int | None = None) -> Least:
        """Prepare an array for questions, about ranges no longer than `longest` if that is given."""
        most = len(values) if longest is None else min(longest, len(values))
        count = max(most.bit_length(), 1)
        levels = np.empty((count, len(values)))
        levels[0] = values
        for k in range(1, count):
            half = 1 << (k - 1)
            size = len(values) - (1 << k) + 1
            np.minimum(levels[k - 1, :size], levels[k - 1, half : half + size], out=levels[k, :size])
            levels[k, size:] = np.inf
        return cls(levels)

    def within(self, first: Places, end: Places) -> Array:
        """The least value of each range [first, end), any shape; inf where it is empty."""
        length = np.maximum(end - first, 0)
        level = np.maximum(np.frexp(length.astype(np.float64))[1] - 1, 0)
        low = np.minimum(first, self.levels.shape[1] - 1)
        high = np.maximum(end - (1 << level), 0)
        found = np.minimum(self.levels[level, low], self.levels[level, high])
        return np.where(length > 0, found, np.inf)
