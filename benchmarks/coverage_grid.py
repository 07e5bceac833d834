"""The grid on which worst gaps are tried: kinds, sides, metrics, group counts, sizes, rates.

a block   one kind, one side to compare with, one or two metrics, one number of groups
a cell    in a block: sizes × rate × which group is apart, and by how much
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from benchmarks.coverage import REFERENCE, Cell, coverage
from rai.measure.contrasts import BETWEEN, OVERALL

KINDS = ("difference", "ratio")
VERSUS = (BETWEEN, OVERALL, REFERENCE)
GROUPS = (2, 3, 5, 10)
MANY_GROUPS = 20
RATES = (0.05, 0.1, 0.3, 0.5, 0.9)
SIZES = ("40", "100", "500", "one 40, others 1,000", "one 1,000, others 40")
APART = ("all equal", "the first 0.1 apart", "the first 0.2 apart", "the last 0.2 apart")

REPLICATES, AGAIN, DOUBTFUL = 4_000, 20_000, 0.945


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the grid whose lowest figure is told."""

    kind: str
    versus: str
    metrics: int
    groups: int

    @property
    def places(self) -> list[tuple[int, int, int] | None]:
        """Places in SIZES, RATES and APART; None where a cell would tell nothing new."""
        every = product(range(len(SIZES)), range(len(RATES)), range(len(APART)))
        return [place if self._asked(place[0], place[2]) else None for place in every]

    def cell(self, size: int, rate: int, apart: int) -> Cell:
        """The population at these places."""
        sizes, rates = group_sizes(SIZES[size], self.groups), [RATES[rate]] * self.groups
        step = (0, 0.1, 0.2, 0.2)[apart]
        rates[-1 if apart == 3 else 0] += -step if RATES[rate] > 0.85 else step
        others = ((RATES[rate],) * self.groups,) * (self.metrics - 1)
        return Cell(self.kind, self.versus, sizes, (tuple(rates), *others))

    def name(self, place: int) -> str:
        """The cell at one of the places, in words."""
        size, rate, apart = self.places[place] or (0, 0, 0)
        return f"{SIZES[size]}; {RATES[rate]:g}; {APART[apart]}"

    def _asked(self, size: int, apart: int) -> bool:
        """Equal sizes know no first and last; large and double families take the extremes."""
        if self.metrics > 1 or self.groups == MANY_GROUPS:
            return apart in {0, 2}
        return apart < 3 or size > 2 or self.versus == REFERENCE


BLOCKS = (
    *(Block(*part) for part in product(KINDS, VERSUS, (1, 2), GROUPS)),
    *(Block(kind, versus, 1, MANY_GROUPS) for kind, versus in product(KINDS, VERSUS)),
)


def group_sizes(words: str, groups: int) -> tuple[int, ...]:
    """Rows of each group."""
    if words.isdecimal():
        return (int(words),) * groups
    first, others = (1000, 40) if words.startswith("one 1,000") else (40, 1000)
    return (first, *(others,) * (groups - 1))


def try_cell(block: Block, place: tuple[int, int, int]) -> tuple[float, float | None]:
    """A cell's coverage, and that of many more replicates where the first was doubtful."""
    cell = block.cell(*place)
    first = coverage(cell, replicates=REPLICATES, seed=1).coverage
    if first >= DOUBTFUL:
        return first, None
    return first, coverage(cell, replicates=AGAIN, seed=2).coverage


def try_cells(block: Block, size: int) -> list[tuple[float, float | None] | None]:
    """The block's cells of one of the SIZES, in order."""
    mine = len(RATES) * len(APART)
    places = block.places[size * mine : (size + 1) * mine]
    return [None if place is None else try_cell(block, place) for place in places]
