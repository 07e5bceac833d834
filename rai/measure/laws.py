"""How a number and its interval follow from a confusion matrix: five laws, one per kind of metric.

    Proportion  x / n                      Wilson
    Mapped      f(x / n), f increasing     Wilson, mapped by f
    Combined    of two independent rates   Newcombe, MOVER
    Smooth      any other function         linearised on a suitable scale
    Count       a number of rows           none: it is what was seen

Weights: each proportion uses Kish's effective n of its own denominator, (Σw)² / Σw²; the linearised
law uses Σw² of each cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rai.measure.forms import ALL, Form
from rai.measure.intervals import Bounds, mover_difference, mover_ratio, mover_sum, wilson
from rai.measure.measured import Measured
from rai.values import Confusion

Array = NDArray[np.float64]
Cells = Callable[[Array, Array, Array, Array], Array]
Scale = Literal["unit", "correlation", "positive", "real"]

_ADDED_ROWS = 2.0
_STEP = 1e-5
_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Proportion:
    """Rows of one kind out of rows of a wider kind."""

    numerator: Form
    denominator: Form

    def measure(self, name: str, confusion: Confusion) -> Measured:
        """The proportion per group, with Wilson's interval."""
        count, total = self.numerator.of(confusion), self.denominator.of(confusion)
        trials = effective_trials(self.denominator, confusion)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(total > 0, count / total, np.nan)

        def bounds(z: float) -> Bounds:
            low, high = wilson(np.nan_to_num(value) * trials, trials, z=z)
            return Bounds(np.minimum(low, value), np.maximum(high, value))

        notes = undefined_notes(value, self.denominator.words, confusion)
        return Measured(
            name, confusion.axes, confusion.groups, value, bounds, group_rows(confusion), notes,
            "wilson", count, total, trials,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{_bracketed(self.numerator)} / {_bracketed(self.denominator)}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """An increasing function of a proportion; its interval is the function of Wilson's."""

    proportion: Proportion
    function: Callable[[Array], Array]
    numerator: Form
    denominator: Form

    def measure(self, name: str, confusion: Confusion) -> Measured:
        """The mapped proportion per group."""
        inner = self.proportion.measure(name, confusion)
        numerator, denominator = self.numerator.of(confusion), self.denominator.of(confusion)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(denominator > 0, self.function(inner.value), np.nan)

        def bounds(z: float) -> Bounds:
            low, high = inner.bounds(z)
            with np.errstate(invalid="ignore", divide="ignore"):
                return Bounds(self.function(low), self.function(high))

        notes = undefined_notes(value, self.denominator.words, confusion)
        return Measured(
            name, confusion.axes, confusion.groups, value, bounds, inner.n, notes,
            "wilson, mapped", numerator, denominator,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{_bracketed(self.numerator)} / {_bracketed(self.denominator)}"


@dataclass(frozen=True, slots=True)
class Combined:
    """Two proportions over separate rows, so independent given their denominators."""

    first: Proportion
    second: Proportion
    how: Literal["mean", "difference", "ratio"]

    def measure(self, name: str, confusion: Confusion) -> Measured:
        """The combination per group."""
        one, two = (part.measure(name, confusion) for part in (self.first, self.second))
        with np.errstate(invalid="ignore", divide="ignore"):
            value = _VALUES[self.how](one.value, two.value)
        value = np.where(np.isfinite(value), value, np.nan)

        def bounds(z: float) -> Bounds:
            return _combined_bounds(self.how, one, two, z)

        lacking = [
            first or second or self._zero for first, second in zip(one.notes, two.notes, strict=True)
        ]
        notes = tuple(note if np.isnan(v) else "" for note, v in zip(lacking, value, strict=True))
        nothing = np.full(len(value), np.nan)
        return Measured(
            name, confusion.axes, confusion.groups, value, bounds, one.n, notes,
            "newcombe" if self.how == "difference" else "mover", nothing, nothing,
        )  # fmt: skip

    @property
    def _zero(self) -> str:
        return f"undefined: no {self.second.numerator.words} to divide by"

    def __str__(self) -> str:
        return _FORMULAS[self.how].format(self.first, self.second)


@dataclass(frozen=True, slots=True)
class Smooth:
    """Any other function of the four cells that doesn't change when all cells are doubled."""

    function: Cells
    scale: Scale
    formula: str
    reason: str

    def measure(self, name: str, confusion: Confusion) -> Measured:
        """The function per group, linearised on a scale that keeps its range."""
        value, bounds = linearised(
            lambda cells: self.function(*_by_cell(cells)),
            confusion.weight.reshape(-1, 4),
            confusion.weight_sq.reshape(-1, 4),
            rows=group_rows(confusion),
            scale=self.scale,
        )
        notes = tuple(
            "" if np.isfinite(v) else f"undefined: {self.reason} (n={n})"
            for v, n in zip(value, group_rows(confusion), strict=True)
        )
        nothing = np.full(len(value), np.nan)
        return Measured(
            name, confusion.axes, confusion.groups, value, bounds, group_rows(confusion), notes,
            "linearised", nothing, nothing,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.formula


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows (or their weight). It has no interval: it is what was seen."""

    form: Form

    def measure(self, name: str, confusion: Confusion) -> Measured:
        """The count per group."""
        value = self.form.of(confusion)
        nothing = np.full(len(value), np.nan)
        return Measured(
            name, confusion.axes, confusion.groups, value, lambda z: Bounds(nothing, nothing),
            group_rows(confusion), ("",) * len(value), "count", value, nothing,
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.form)


Law = Proportion | Mapped | Combined | Smooth | Count


def group_rows(confusion: Confusion) -> NDArray[np.int64]:
    """Rows per group, shape (g,)."""
    return np.asarray(confusion.n.sum(axis=(1, 2)), dtype=np.int64)


def effective_trials(denominator: Form, confusion: Confusion) -> Array:
    """Kish's effective number of rows in a denominator, shape (g,).

    Source: Kish (1965), Survey Sampling, section 11.7.
    """
    total = denominator.of(confusion)
    if not confusion.weighted:
        return total
    squares = denominator.over(confusion.weight_sq)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(squares > 0, total**2 / squares, 0.0)


def linearised(
    function: Callable[[Array], Array],
    cells: Array,
    squares: Array,
    *,
    rows: NDArray[np.generic],
    scale: Scale,
) -> tuple[Array, Callable[[float], Bounds]]:
    """Value and bounds of a smooth function of cells that doesn't change when all are doubled.

    The variance is Σ g² Σw² over cells, g the gradient on the chosen scale, after two rows are
    spread over all cells so that empty ones don't pretend to certainty. The bounds always hold the
    value.

    Args:
        function: From cells, shape (g, c), to values, shape (g,).
        cells: Sums of weights, shape (g, c).
        squares: Sums of squared weights, the same shape.
        rows: Rows per group, shape (g,).
        scale: The range to keep: `unit`, `correlation`, `positive` or `real`.

    Returns:
        Values (NaN where undefined) and a function from a critical value to bounds.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = function(cells)
    value = np.where(np.isfinite(value), value, np.nan)
    count = rows.astype(np.float64)
    weight = cells.sum(1)
    mean_weight = np.where(weight > 0, weight / np.maximum(count, 1), 1.0)[:, None]
    share = _ADDED_ROWS / cells.shape[1]
    smoothed, variances = cells + share * mean_weight, squares + share * mean_weight**2
    forward, back = SCALES[scale]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        centre = forward(function(smoothed))
        slopes = gradient(lambda c: forward(function(c)), smoothed)
        error = np.sqrt((slopes**2 * variances).sum(axis=1))

    def bounds(z: float) -> Bounds:
        with np.errstate(invalid="ignore", over="ignore"):
            low, high = back(centre - z * error), back(centre + z * error)
        return Bounds(np.minimum(low, value), np.maximum(high, value))

    return value, bounds


def gradient(function: Callable[[Array], Array], cells: Array) -> Array:
    """Central differences in each cell, shape (g, c); many cells are moved in one call."""
    g, c = cells.shape
    steps = (cells * _STEP).T  # (c, g)
    at_once = max(1, _AT_ONCE // (g * c))
    slopes = []
    for first in range(0, c, at_once):
        some = np.arange(first, min(first + at_once, c))
        moved = np.zeros((len(some), g, c))
        moved[np.arange(len(some)), :, some] = steps[some]
        above, below = (
            function((cells + sign * moved).reshape(-1, c)).reshape(len(some), g) for sign in (1, -1)
        )
        slopes.append((above - below) / (2 * steps[some]))
    return np.concatenate(slopes).T


def undefined_notes(value: Array, lacking: str, confusion: Confusion) -> tuple[str, ...]:
    """A reason for each group whose denominator is empty."""
    return tuple(
        f"undefined: no {lacking} (n={n})" if np.isnan(v) else ""
        for v, n in zip(value, group_rows(confusion), strict=True)
    )


def _combined_bounds(how: str, one: Measured, two: Measured, z: float) -> Bounds:
    first, second = one.bounds(z), two.bounds(z)
    if how == "difference":
        return mover_difference(one.value, first, other=two.value, other_bounds=second)
    if how == "ratio":
        return mover_ratio(one.value, first, other=two.value, other_bounds=second)
    pair = Bounds(np.stack([first.low, second.low], -1), np.stack([first.high, second.high], -1))
    return mover_sum(np.stack([one.value, two.value], -1), pair, weights=np.array([0.5, 0.5]))


def _by_cell(cells: Array) -> tuple[Array, Array, Array, Array]:
    """(..., tn fp fn tp) to tp, fp, fn, tn."""
    return cells[..., 3], cells[..., 1], cells[..., 2], cells[..., 0]


def _bracketed(form: Form) -> str:
    return f"({form})" if sum(c != 0 for c in form.coefficients) > 1 and form != ALL else str(form)


def _logit(p: Array) -> Array:
    return np.log(p) - np.log1p(-p)


def _expit(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


SCALES: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "unit": (_logit, _expit),
    "correlation": (np.arctanh, np.tanh),
    "positive": (np.log, np.exp),
    "real": (lambda x: x, lambda x: x),
}
_VALUES: dict[str, Callable[[Array, Array], Array]] = {
    "mean": lambda p, q: (p + q) / 2,
    "difference": lambda p, q: p - q,
    "ratio": lambda p, q: p / q,
}
_FORMULAS = {
    "mean": "½ · ({0} + {1})",
    "difference": "{0} − {1}",
    "ratio": "[{0}] / [{1}]",
}
