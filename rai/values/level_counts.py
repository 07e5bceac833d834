"""Categories as counts of the distinct ones: mergeable, the most frequent kept apart.

    F, M, F, x  ──▶  F ×2 · M ×1 · x ×1      exact up to 50,000 distinct values

Beyond that only the most frequent keep counts of their own and the rows of all others are counted
together; how many distinct values there are is then estimated (see `distinct`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.values.distinct import Distinct
from rai.values.levels import Level, level_key, level_order

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST = 50_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LevelCounts:
    """How often each value occurs, the most frequent first.

    Of equally frequent ones numbers rise and words are in order.

    Args:
        levels: Distinct values, k of them.
        n: Rows with each, shape (k,).
        weight: Their weights, shape (k,); the counts where they have none.
        distinct: How many distinct values there are.
        others: Rows with values that have no count of their own.
        others_weight: Their weight.
        ordered: The values in the order that their column's type gives them; empty without one.

    Example:
        >>> from rai.values.distinct import mixed
        >>> three = Distinct.of(mixed(np.arange(3)))
        >>> counts = LevelCounts.of(("F", "M", "x"), np.array([1, 1, 2]), distinct=three)
        >>> counts.levels, counts.n.tolist()
        (('x', 'F', 'M'), [2, 1, 1])
    """

    levels: tuple[Level, ...]
    n: Counts
    weight: Array
    distinct: Distinct
    others: int = 0
    others_weight: float = 0.0
    ordered: tuple[Level, ...] = ()

    @classmethod
    def of(
        cls,
        levels: tuple[Level, ...],
        n: Counts,
        weight: Array | None = None,
        *,
        distinct: Distinct,
        others: int = 0,
        others_weight: float = 0.0,
        ordered: tuple[Level, ...] = (),
    ) -> LevelCounts:
        """Counts from distinct values in any order."""
        weight = n.astype(np.float64) if weight is None else weight
        often = np.argsort(-n, kind="stable")
        rest = often[MOST:]
        kept = sorted(often[:MOST].tolist(), key=lambda at: (-int(n[at]), level_order(levels[at])))
        return cls(
            levels=tuple(levels[place] for place in kept),
            n=n[kept].astype(np.int64),
            weight=weight[kept],
            distinct=distinct,
            others=others + int(n[rest].sum()),
            others_weight=others_weight + float(weight[rest].sum()),
            ordered=ordered,
        )

    def __len__(self) -> int:
        """How many values were counted."""
        return int(self.n.sum()) + self.others

    @property
    def exact(self) -> bool:
        """Whether each distinct value has a count of its own."""
        return not self.others

    def __add__(self, other: LevelCounts) -> LevelCounts:
        if not isinstance(other, LevelCounts):
            return NotImplemented
        both_levels = (*self.levels, *other.levels)
        levels = tuple({level_key(level): level for level in both_levels}.values())
        place = {level_key(level): i for i, level in enumerate(levels)}
        went = np.array([place[level_key(level)] for level in both_levels], dtype=np.intp)
        n = np.bincount(went, np.concatenate((self.n, other.n)), minlength=len(levels))
        weight = np.bincount(
            went, np.concatenate((self.weight, other.weight)), minlength=len(levels)
        ).astype(np.float64)
        exact, both = self.exact and other.exact, self.distinct + other.distinct
        return LevelCounts.of(
            levels,
            n.astype(np.int64),
            weight,
            distinct=Distinct(len(levels), both.hashes) if exact else both,
            others=self.others + other.others,
            others_weight=self.others_weight + other.others_weight,
            ordered=self.ordered if self.ordered == other.ordered else (),
        )

    def of_level(self, level: Level) -> int:
        """How many rows have a value."""
        return int(self.n[self.levels.index(level)]) if level in self.levels else 0
