"""Scales of drawings: from values to places in percent, with round ticks.

Drawings on pages are laid out in percent, so they fill whatever width a screen has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rai.ground.formatting import number
from rai.values.bin_edges import round_steps


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale.

    Args:
        low, high: Values at 0 and at 100 percent.
        ticks: Round values in between.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Place of a value in percent, kept inside the drawing.

        Example:
            >>> Scale(0.0, 0.5, ()).at(0.1)
            20.0
        """
        place = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(place, 0.0), 1.0), 2)

    @property
    def marked(self) -> tuple[tuple[float, str], ...]:
        """Place and text of each tick."""
        return tuple((self.at(tick), number(tick)) for tick in self.ticks)


def scale(values: Iterable[float | None], *, include: float | None = None, ticks: int = 5) -> Scale:
    """A scale with round ends that holds all values.

    Args:
        values: What must fit; None is skipped.
        include: A value that must fit too, such as parity.
        ticks: About how many ticks.

    Example:
        >>> scale([0.12, 0.43], include=0.0).ticks
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    known += [] if include is None else [include]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if low == high:
        low, high = (low, low + 1.0) if low == 0 else (low - abs(low) / 2, low + abs(low) / 2)
    tenths, power = next(round_steps((high - low) / ticks))
    step = tenths / 10 * 10.0**power
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    places = tuple(float(f"{place * step:.12g}") for place in range(first, last + 1))
    return Scale(places[0], places[-1], places)
