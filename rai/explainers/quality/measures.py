"""How good an explanation is, as a table: one record for each measure.

measure │ value [low, high] │ n │ better │ note
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.formatting import counted
from rai.ground.records import FlatRow, Records, RecordTuple, Row
from rai.measure.intervals import critical_value
from rai.measure.score_points import student

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMeasure(FlatRow):
    """One measure of an explanation.

    Args:
        measure: Its name.
        value: A mean over rows unless its name says otherwise; None where it is undefined.
        low, high: Its interval, for rows drawn at random; None where there is none.
        n: How many rows it is of.
        better: Whether `higher` or `lower` is better.
        note: Why it is undefined, or what to mind.

    Example:
        >>> QualityMeasure(measure="infidelity", value=0.0, n=4, better="lower").to_dict()["better"]
        'lower'
    """

    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    better: Better
    note: str = ""


class QualityMeasures(RecordTuple[QualityMeasure]):
    """Several measures.

    Example:
        >>> QualityMeasures([QualityMeasure(measure="infidelity", value=0.0, n=4, better="lower")]).names
        ('infidelity',)
    """

    __slots__ = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The measures."""
        return tuple(each.measure for each in self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint(FlatRow):
    """One step of a deletion or insertion curve.

    Args:
        curve: `deletion` or `insertion`.
        order: `size` (the largest attributions first), `positive` (the most positive first), `negative`
            (the most negative first) or `random`.
        step: How many players were deleted, or inserted.
        share: The same as a share of all players.
        value: The model's number, mean over rows.
        low, high: Its interval; None where there is none.
        n: How many rows it is of.

    Example:
        >>> CurvePoint(curve="deletion", order="size", step=1, share=0.5, value=0.2, n=4).step
        1
    """

    curve: str
    order: str
    step: int
    share: float
    value: float
    low: float | None = None
    high: float | None = None
    n: int


class Curves(RecordTuple[CurvePoint]):
    """Deletion and insertion curves, one point after another.

    Example:
        >>> Curves([CurvePoint(curve="deletion", order="size", step=0, share=0.0, value=0.2, n=4)])[0].n
        4
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttributionQuality(Records):
    """What was found about an explanation.

    Args:
        measures: A row for each measure.
        curves: Deletion and insertion curves.
        method: The explainer.
        space: The space of the attributions.
        level: Coverage of each interval.
        notes: What was done, and what it cost.

    Example:
        >>> import rai
        >>> from rai.explainers.quality import check_attributions
        >>> rows = {"a": [1.0, 0.0, 0.5], "b": [0.5, 0.2, 0.0]}
        >>> model = rai.load_model(lambda f: 0.5 * f["a"] + 0.2 * f["b"])
        >>> check_attributions(model, rai.explain(model, rows)).value("completeness_max") < 1e-9
        True
    """

    measures: QualityMeasures
    curves: Curves = field(repr=False)
    method: str
    space: str
    level: float = 0.95
    notes: tuple[str, ...] = ()

    def value(self, measure: str) -> float | None:
        """The value of one measure.

        Raises:
            KeyError: If there is none of this name.
        """
        return {each.measure: each.value for each in self.measures}[measure]

    def to_dicts(self) -> list[Row]:
        """A flat row for each measure."""
        return self.measures.to_dicts()

    def __str__(self) -> str:
        return "\n".join((Records.__str__(self), *self.notes))


def mean_of(
    values: Floats, *, level: float, least: float = -np.inf, most: float = np.inf
) -> tuple[float | None, float | None, float | None]:
    """A mean over rows with Student's interval; None where there is none.

    Args:
        values: One number a row, shape (n,).
        level: Coverage.
        least, most: What the numbers can be at least and at most.

    Example:
        >>> mean_of(np.array([1.0, 1.0, 1.0]), level=0.95), mean_of(np.array([2.0]), level=0.95)
        ((1.0, 1.0, 1.0), (2.0, None, None))
    """
    if not len(values):
        return None, None, None
    mean = float(values.mean())
    if len(values) == 1:
        return mean, None, None
    error = float(values.std(ddof=1)) / np.sqrt(len(values))
    low, high = student(np.array([mean, error, len(values) - 1.0]), critical_value(level))
    return mean, max(float(low), least), min(float(high), most)


def measure_of(
    name: str,
    values: Floats,
    *,
    better: Better,
    level: float,
    least: float = -np.inf,
    most: float = np.inf,
    note: str = "",
) -> QualityMeasure:
    """A measure that is a mean over rows; rows where it is NaN are left out, and it says so.

    Example:
        >>> found = measure_of("a", np.array([1.0, np.nan]), better="lower", level=0.95)
        >>> found.value, found.n, found.note
        (1.0, 1, 'undefined in 1 row, left out')
    """
    there = values[~np.isnan(values)]
    left = len(values) - len(there)
    said = f"undefined in {counted(left, 'row')}, left out" if len(there) else "undefined in every row"
    value, low, high = mean_of(there, level=level, least=least, most=most)
    return QualityMeasure(
        measure=name,
        value=value,
        low=low,
        high=high,
        n=len(there),
        better=better,
        note="; ".join(each for each in (said if left else "", note) if each),
    )
