"""What is known of one column of one data set: mergeable, and enough for everything a profile shows.

    column ──▶ ColumnSummary ── numbers   numbers, dates (days), durations (seconds), numbers in lists
                             ├─ levels    categories, true and false, mixed values, words in lists
                             └─ lengths   characters of text, values of a list

Piece by piece or at once is the same, but for the percentiles of very many distinct numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeVar

from rai.values.level_counts import LevelCounts
from rai.values.number_counts import NumberCounts

ColumnKind = Literal[
    "number", "integer", "boolean", "category", "date", "duration", "list", "mixed", "other", "empty"
]
KINDS: tuple[ColumnKind, ...] = (
    "number", "integer", "boolean", "category", "date", "duration", "list", "mixed", "other", "empty",
)  # fmt: skip
Held = TypeVar("Held", NumberCounts, LevelCounts)

NUMERIC = ("number", "integer", "duration")
MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ColumnSummary:
    """One column of one data set.

    Args:
        kind: What it holds; `empty` where no type says so and no value is there, `other` for values
            that can be counted but not described.
        rows: Rows, with and without a value.
        missing: Rows without one (None, NaN, NaT, and what a CSV file means by it).
        below, above: Rows with minus and plus infinity; they are no part of `numbers`.
        weight, missing_weight: Weight of all rows and of those without a value; counts where there
            are no weights.
        numbers: Counts of the finite numbers.
        levels: Counts of the categories.
        lengths: Counts of the lengths: characters of each text, values of each list.
        decimals: Rows whose number needs 0, 1, … 6 and more digits after the point; empty for others.
        types: Of a mixed column the types of its values and their rows.
        weight_sq: Sum of squared weights of all rows; None where rows carry none.

    Example:
        >>> from rai.explore.columns import summarise
        >>> summarise([3, 1, None]).missing, summarise(["a", "bc"]).lengths.plain.mean
        (1, 1.5)
    """

    kind: ColumnKind
    rows: int
    missing: int
    below: int = 0
    above: int = 0
    weight: float
    missing_weight: float
    numbers: NumberCounts | None = None
    levels: LevelCounts | None = None
    lengths: NumberCounts | None = None
    decimals: tuple[int, ...] = ()
    types: tuple[tuple[str, int], ...] = ()
    weight_sq: float | None = None

    @property
    def effective(self) -> float:
        """How many rows the weighted ones are worth (Kish): (Σw)² / Σw²; without weights all of them."""
        if self.weight_sq is None:
            return float(self.rows)
        return self.weight**2 / self.weight_sq if self.weight_sq > 0 else 0.0

    @property
    def count(self) -> int:
        """Rows with a value."""
        return self.rows - self.missing

    @property
    def numeric(self) -> bool:
        """Whether its values have a mean."""
        return self.kind in NUMERIC

    @property
    def unique(self) -> int:
        """Distinct values, without the missing; of lists those inside. An estimate where not `exact`."""
        held = self.levels.distinct.count if self.levels is not None else 0
        infinite = (self.below > 0) + (self.above > 0)
        return held + infinite + (self.numbers.distinct.count if self.numbers is not None else 0)

    @property
    def exact(self) -> bool:
        """Whether `unique` and the quantiles are exact."""
        held = [counts.distinct.exact for counts in (self.levels, self.numbers) if counts is not None]
        numbers = self.numbers
        return all(held) and (numbers is None or numbers.exact or numbers.percentiles is not None)

    def __add__(self, other: ColumnSummary) -> ColumnSummary:
        if not isinstance(other, ColumnSummary):
            return NotImplemented
        types = Counter(dict(self.types)) + Counter(dict(other.types))
        return ColumnSummary(
            kind=_kind(self.kind, other.kind),
            rows=self.rows + other.rows,
            missing=self.missing + other.missing,
            below=self.below + other.below,
            above=self.above + other.above,
            weight=self.weight + other.weight,
            missing_weight=self.missing_weight + other.missing_weight,
            numbers=_either(self.numbers, other.numbers),
            levels=_either(self.levels, other.levels),
            lengths=_either(self.lengths, other.lengths),
            decimals=tuple(a + b for a, b in zip(self.decimals, other.decimals, strict=True))
            if self.decimals and other.decimals
            else self.decimals or other.decimals,
            types=tuple(sorted(types.items())),
            weight_sq=_squares(self, other),
        )


def _squares(ours: ColumnSummary, theirs: ColumnSummary) -> float | None:
    """Squared weights of both; a row without a weight counts once."""
    if ours.weight_sq is None and theirs.weight_sq is None:
        return None
    each = (c.rows if c.weight_sq is None else c.weight_sq for c in (ours, theirs))
    return float(sum(each))


def _kind(ours: ColumnKind, theirs: ColumnKind) -> ColumnKind:
    if theirs in (ours, "empty"):
        return ours
    if ours == "empty":
        return theirs
    return "number" if {ours, theirs} == {"number", "integer"} else "mixed"


def _either(ours: Held | None, theirs: Held | None) -> Held | None:
    if ours is None or theirs is None:
        return ours if theirs is None else theirs
    return ours + theirs
