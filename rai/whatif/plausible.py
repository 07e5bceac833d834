"""How unusual an edited row is: its distance to the nearest real row that has the outcome.

1 means: as far as such rows usually are from each other; 5 means: nobody like this was seen
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.whatif.distances import Distance
from rai.whatif.feature_terms import Column

SAMPLE = 64  # rows that say how far rows usually are from each other
CELLS = 30_000_000  # comparisons spent on that


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Company:
    """The real rows that have the outcome.

    Args:
        distance: The distance.
        columns: Their columns, made ready.
        usual: How far one of them usually is from the nearest that differs; None if none does.
    """

    distance: Distance
    columns: tuple[Column, ...]
    usual: float | None

    def nearest(self, asked: Sequence[float]) -> float:
        """How far the nearest of them is from a row; 0 if there are none, and so nothing to prefer."""
        if not len(self.columns[0].values):
            return 0.0
        return float(self.distance.over(self.columns, asked).min())

    def in_units(self, far: Floats) -> list[float | None]:
        """Distances to the nearest in units of what is usual; None if that isn't known."""
        usual = self.usual
        return [None if usual is None else float(each) / usual for each in far]


def company_of(
    distance: Distance, columns: Sequence[Column], places: Ints, *, rng: np.random.Generator
) -> Company:
    """The rows at some places, and how far they usually are from each other.

    Args:
        distance: The distance.
        columns: The columns of all rows, made ready.
        places: The rows that have the outcome.
        rng: Draws the rows that say what is usual: at most 64.
    """
    held = tuple(column.take(places) for column in columns)
    most = min(SAMPLE, max(8, CELLS // max(len(places) * len(held), 1)), len(places))
    drawn = np.sort(rng.choice(len(places), most, replace=False)) if most else places[:0]
    apart = [_to_next(distance.over(held, [_value(c, int(at)) for c in held])) for at in drawn]
    known = [far for far in apart if far is not None]
    return Company(distance=distance, columns=held, usual=float(np.median(known)) if known else None)


def _value(column: Column, place: int) -> float:
    return float(column.values[place])


def _to_next(apart: Floats) -> float | None:
    """The distance to the nearest row that differs."""
    others = apart[apart > 0]
    return float(others.min()) if len(others) else None
