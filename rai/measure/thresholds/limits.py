"""Limits that all groups share: how many may be selected, or how precise the selection must be.

Each is a sum over what is selected, kept at or below a bound:

    max_selected k          TP + FP            ≤ k
    max_selection_rate x    TP + FP            ≤ x · n
    min_precision p         p·(TP + FP) − TP   ≤ 0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import number, readable
from rai.measure.thresholds.cuts import Cuts

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Args:
        name: `max_selected` (rows, or their weight), `max_selection_rate` or `min_precision`.
        value: Its bound.

    Raises:
        ArgumentError: If the value is no number in range.
    """

    name: str
    value: float

    def __post_init__(self) -> None:
        most = math.inf if self.name == "max_selected" else 1.0
        valid = isinstance(self.value, Real) and not isinstance(self.value, bool)
        if not valid or not 0 <= self.value <= most or math.isinf(self.value):
            expected = "a number of at least 0" if most > 1 else "a share between 0 and 1"
            raise ArgumentError(sentence(self.name, repr(self.value), expected=expected))

    def use(self, cuts: Cuts) -> Array:
        """What each cut of a group adds to the sum, shape (c,)."""
        selected = cuts.tp + cuts.fp
        return np.asarray(self.value * selected - cuts.tp if self.name == "min_precision" else selected)

    def cap(self, everyone: Cuts) -> float:
        """The bound of the sum."""
        bounds = {
            "max_selected": self.value,
            "max_selection_rate": self.value * everyone.total,
            "min_precision": 0.0,
        }
        return float(bounds[self.name])

    def __str__(self) -> str:
        return f"{readable(self.name)} {number(self.value)}"


def limit_of(**given: float | None) -> Limit | None:
    """The one limit that is given, or None.

    Raises:
        ArgumentError: If there are several.

    Example:
        >>> limit_of(max_selected=None, max_selection_rate=0.2, min_precision=None)
        Limit(name='max_selection_rate', value=0.2)
    """
    found = {name: value for name, value in given.items() if value is not None}
    if len(found) > 1:
        raise ArgumentError(sentence("limits", listing(found), expected="one limit at a time"))
    return next((Limit(name, value) for name, value in found.items()), None)
