"""How a model's scores depend on one feature: a curve for a number, a dot for each category.

mean      ╭──╮      score with the feature set to this value, averaged over rows
band   ░░╭╯░░╰──    how far that average may be off, for other rows of the same kind
ice    ┈┈╱┈┈┈┈╲┈    single rows
rug     ╵╵╵╵ ╵  ╵   where the rows really are
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.checks import check_choice
from rai.ground.formatting import Cell
from rai.ground.records import RecordTuple, Row
from rai.measure.measured import finite
from rai.values import Level
from rai.values.features import Kind, Value
from rai.values.levels import key_name

Group = tuple[tuple[str, Level], ...]
Method = Literal["partial_dependence", "accumulated_local_effects"]

CATEGORICAL = ("category", "boolean")
# Columns of the table: a column of groups can't have such a name.
TAKEN = frozenset({"model", "feature", "label", "class", "value", "mean", "low", "high", "n", "note"})


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MarkedRow:
    """One row beside the average.

    Args:
        value: Its own value of the feature, None where missing.
        score: Its own score.
        curve: Its score at each point of the grid, shape (G,).
        scale: Its own value as a number, NaN where it is none.
    """

    value: Value
    score: float
    curve: Floats
    scale: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Effect:
    """What a model's score is, on average, with one feature set to each of G values.

    Args:
        feature: The feature.
        kind: Its kind: `number`, `integer`, `boolean`, `category` or `date`.
        model: Name of the model.
        label: The class whose score it is; None for a regression.
        group: (axis, level) pairs: the rows that were averaged over; empty for all.
        method: `partial_dependence` or `accumulated_local_effects`.
        points: The values, None for missing.
        scale: The values as numbers (dates as days since 1970), NaN where they are none, shape (G,).
        mean: The average score at each value, shape (G,); of local effects, and of centred curves, a
            difference of scores.
        low, high: Pointwise interval of that average, NaN where there is none, shape (G,).
        share: The share of the rows whose own value is nearest to each, shape (G,).
        deciles: Of a number or date the nine deciles of all rows; else empty.
        ice: Curves of single rows, shape (m, G).
        ice_rows: Their positions.
        marked: The row that was marked.
        average: The average score of the rows as they are.
        probabilities: Whether scores are probabilities.
        centred: Whether each row's score at the first value was taken from its curve.
        n: Rows averaged over.
        level: Coverage of each interval by itself.
        note: What to mind.

    Example:
        >>> import rai
        >>> (found,) = rai.whatif.partial_dependence(lambda f: f["x"], {"x": [0.2, 0.4, 0.9]}, grid=3)
        >>> found.points, found.mean.round(3).tolist(), round(found.range, 3)
        ((0.2, 0.4, 0.9), [0.2, 0.4, 0.9], 0.7)
    """

    feature: str
    kind: Kind
    model: str = "model"
    label: Level | None = None
    group: Group = ()
    method: Method = "partial_dependence"
    points: tuple[Value, ...]
    scale: Floats
    mean: Floats
    low: Floats
    high: Floats
    share: Floats
    deciles: Floats = field(default_factory=lambda: np.zeros(0))
    ice: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    ice_rows: tuple[int, ...] = ()
    marked: MarkedRow | None = None
    average: float | None = None
    probabilities: bool = False
    centred: bool = False
    n: int = 0
    level: float = 0.95
    note: str = ""

    @property
    def name(self) -> str:
        """The group for reading."""
        return key_name(level for _, level in self.group)

    @property
    def ordered(self) -> bool:
        """Whether the values lie on a scale."""
        return self.kind not in CATEGORICAL

    @property
    def sd(self) -> float:
        """How far the curve moves over the rows there are.

        The standard deviation of its values, each weighted by the share of rows nearest to it.
        """
        if not len(self.mean):
            return 0.0
        known = np.where(np.isnan(self.mean), 0.0, self.share)
        weight = known if known.sum() > 0 else np.ones(len(self.mean))
        mean = np.nan_to_num(self.mean)
        centre = np.average(mean, weights=weight)
        return float(np.sqrt(np.average((mean - centre) ** 2, weights=weight)))

    @property
    def range(self) -> float:
        """The largest value of the curve minus the smallest."""
        return float(np.ptp(self.mean)) if len(self.mean) else 0.0

    @property
    def variation(self) -> float:
        """The What-If Tool's measure, without missing values.

        Σ |yᵢ₊₁ − yᵢ| of a number, largest minus smallest of a category.
        """
        there = self.mean[[value is not None for value in self.points]]
        if not len(there):
            return 0.0
        return float(np.abs(np.diff(there)).sum() if self.ordered else np.ptp(there))

    def to_dicts(self) -> list[Row]:
        """A flat row for each value."""
        return [
            {
                "model": self.model,
                "feature": self.feature,
                **dict(self.group),
                "class": self.label,
                "value": value.isoformat() if isinstance(value, date) else value,
                "mean": finite(self.mean[place]),
                "low": finite(self.low[place]),
                "high": finite(self.high[place]),
                "n": self.n,
                "note": self.note,
            }
            for place, value in enumerate(self.points)
        ]


MEASURES: dict[str, Callable[[Effect], float]] = {
    "sd": lambda effect: effect.sd,
    "range": lambda effect: effect.range,
    "what-if-tool": lambda effect: effect.variation,
}


class Effects(RecordTuple[Effect]):
    """Effects: one per feature, model, group and class; the features that matter most come first.

    Example:
        >>> import rai
        >>> found = rai.whatif.partial_dependence(lambda f: 0.9 * f["a"] + 0.1 * f["b"],
        ...     {"a": [0.0, 0.5, 1.0], "b": [0.0, 0.0, 1.0]})
        >>> found.features, round(found.where(feature="b")[0].range, 3)
        (('a', 'b'), 0.1)
    """

    __slots__ = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The features, in order."""
        return tuple(dict.fromkeys(effect.feature for effect in self))

    def to_dicts(self) -> list[Row]:
        """A flat row for each value of each effect."""
        return [row for effect in self for row in effect.to_dicts()]

    def where(self, **conditions: Cell) -> Effects:
        """Only the effects of this `feature`, `model`, `label`, or level of a group."""
        return Effects(effect for effect in self if conditions.items() <= _named(effect).items())

    def sorted(self, by: str = "sd") -> Effects:
        """The features by how much their curves vary, most first; of several curves the largest counts.

        Args:
            by: `sd` (spread over the rows there are), `range` (largest minus smallest), or
                `what-if-tool` (the What-If Tool's total variation).

        Raises:
            ArgumentError: For another word.
        """
        measure = MEASURES[check_choice(by, MEASURES, where="by")]
        most: dict[str, float] = {}
        for effect in self:
            most[effect.feature] = max(most.get(effect.feature, 0.0), measure(effect))
        order = {name: place for place, name in enumerate(sorted(most, key=lambda name: -most[name]))}
        return Effects(sorted(self, key=lambda effect: order[effect.feature]))


def _named(effect: Effect) -> Row:
    """What an effect is called by."""
    names = {"feature": effect.feature, "model": effect.model, "label": effect.label}
    return {**names, **dict(effect.group)}
