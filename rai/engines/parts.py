"""A part: what one piece of rows comes to. Parts add up, in any order, to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rai.values.levels import Level
from rai.values.moments import Moments
from rai.values.tally import Tally

Seen = Mapping[str, Mapping[Level, None]]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The counts of some rows, and what was noticed on the way.

    Args:
        rows: Rows read.
        total: Their counts; None where no row could be counted.
        dropped: Reason to rows that could not be counted.
        checksum: Sum of the rows' hashes, modulo 2^64.
        seen: Column to the levels that occur, as an ordered set.
        weight: Sum of weights.
        truths: Distinct true values of a regression, as far as they are few (three stand for many).
    """

    rows: int
    total: Tally | Moments | None
    dropped: Mapping[str, int]
    checksum: int
    seen: Seen = field(default_factory=dict)
    weight: float = 0.0
    truths: frozenset[float] = frozenset()

    def __add__(self, other: Part) -> Part:
        """What both pieces come to."""
        total = self.total or other.total
        if self.total is not None and other.total is not None:
            total = self.total + other.total  # type: ignore[operator]
        return Part(
            rows=self.rows + other.rows,
            total=total,
            dropped={
                reason: self.dropped.get(reason, 0) + other.dropped.get(reason, 0)
                for reason in {**self.dropped, **other.dropped}
            },
            checksum=(self.checksum + other.checksum) % 2**64,
            seen={name: {**levels, **other.seen[name]} for name, levels in self.seen.items()},
            weight=self.weight + other.weight,
            truths=self.truths | other.truths,
        )
