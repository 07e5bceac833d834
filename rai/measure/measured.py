"""One metric of every group at once: what gaps, tables and plots are made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import Bounds, critical_value
from rai.values import Estimate, Estimates, Key

Array = NDArray[np.float64]

WITHOUT_INTERVAL = ("count", "isotonic")  # methods that give a value and no bounds


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One metric of g groups: values, and bounds at any critical value.

    Args:
        name: Name of the metric.
        axes: Names of the columns that split rows.
        groups: One key per group.
        value: Estimates, shape (g,); NaN where undefined.
        bounds: From a critical value z to bounds of shape (g,).
        n: Rows per group, shape (g,).
        notes: Why a group is undefined, or what to mind; length g.
        method: How the bounds are made.
        numerator, denominator: What was divided, shape (g,); NaN where it is no quotient.
        trials: Effective number of trials when the metric is a plain proportion, else None.
    """

    name: str
    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    value: Array
    bounds: Callable[[float], Bounds]
    n: NDArray[np.int64]
    notes: tuple[str, ...]
    method: str
    numerator: Array
    denominator: Array
    trials: Array | None = None

    @property
    def defined(self) -> NDArray[np.bool_]:
        """Which groups have a value, shape (g,)."""
        return ~np.isnan(self.value)

    @property
    def spread(self) -> Array:
        """A standard error per group, shape (g,): half the width of the bounds at z = 1."""
        low, high = self.bounds(1.0)
        return (high - low) / 2

    @property
    def relative_spread(self) -> Array:
        """The same relative to the value: half the width at z = 1 over the middle."""
        low, high = self.bounds(1.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((high - low) / (high + low))

    def take(self, places: Sequence[int] | NDArray[np.intp]) -> Measured:
        """The same metric of some groups, in the order given; places may repeat."""
        at = np.asarray(places, dtype=np.intp)

        def bounds(z: float) -> Bounds:
            low, high = self.bounds(z)
            return Bounds(low[at], high[at])

        return replace(
            self,
            groups=tuple(self.groups[i] for i in at),
            value=self.value[at],
            bounds=bounds,
            n=self.n[at],
            notes=tuple(self.notes[i] for i in at),
            numerator=self.numerator[at],
            denominator=self.denominator[at],
            trials=None if self.trials is None else self.trials[at],
        )

    def estimates(self, *, level: float) -> Estimates:
        """One `Estimate` per group, with its interval."""
        bounds = self.bounds(critical_value(level))
        low, high = (np.where(self.defined, side, np.nan) for side in bounds)
        return Estimates(
            Estimate(
                metric=self.name,
                group=tuple(zip(self.axes, key, strict=True)),
                value=finite(self.value[i]),
                low=finite(low[i]),
                high=finite(high[i]),
                level=level,
                method=self.method,
                numerator=finite(self.numerator[i]),
                denominator=finite(self.denominator[i]),
                n=int(self.n[i]),
                note=self.notes[i],
            )
            for i, key in enumerate(self.groups)
        )


def finite(number: float) -> float | None:
    """The number, or None where it is not finite.

    Example:
        >>> finite(float("nan")), finite(0.5)
        (None, 0.5)
    """
    return float(number) if np.isfinite(number) else None
