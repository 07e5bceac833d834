"""How two features act together: the average score at each pair of values, and what is no sum.

b₁    b₂    b₃
a₁     0.2   0.3   0.3
a₂     0.3   0.4   0.7   ◀ 0.3 more than a₂ and b₃ give by themselves
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rai.engines.encoding import Floats
from rai.ground.formatting import Cell
from rai.ground.records import RecordTuple, Row
from rai.measure.measured import finite
from rai.values import Level
from rai.values.features import Kind, Value


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Interaction:
    """Two-way partial dependence.

    Args:
        features: The two features.
        kinds: Their kinds.
        model: Name of the model.
        label: The class whose score it is; None for a regression.
        points: The values of the first (A of them), and of the second (B), None for missing.
        mean: The average score at each pair of values, shape (A, B).
        apart: What of it is no sum of an effect of the first and one of the second, shape (A, B).
        share: The share of the rows that is nearest to each pair, shape (A, B).
        strength: Friedman and Popescu's H: 0 where effects add up, 1 where nothing else is there; None
            where the score depends on neither.
        size: How far scores differ from a sum, in units of the score: the root of the mean square of
            `apart` over the rows there are. H can be large where neither feature matters; this can't.
        probabilities: Whether scores are probabilities.
        n: Rows averaged over.
        note: Why the strength is undefined.

    Example:
        >>> import rai
        >>> rows = {"a": [0.1, 0.5], "b": [0.0, 0.4]}
        >>> (found,) = rai.whatif.interaction(lambda f: f["a"] + f["b"], rows, features=("a", "b"))
        >>> found.mean.round(3).tolist(), round(found.strength, 6)
        ([[0.1, 0.5], [0.5, 0.9]], 0.0)
    """

    features: tuple[str, str]
    kinds: tuple[Kind, Kind]
    model: str = "model"
    label: Level | None = None
    points: tuple[tuple[Value, ...], tuple[Value, ...]]
    mean: Floats
    apart: Floats
    share: Floats
    strength: float | None
    size: float
    probabilities: bool = False
    n: int = 0
    note: str = ""

    def to_dicts(self) -> list[Row]:
        """A flat row for each pair of values."""
        first, second = self.features
        return [
            {
                "model": self.model,
                "class": self.label,
                "first": first,
                "second": second,
                "first_value": _plain(one),
                "second_value": _plain(other),
                "mean": finite(self.mean[i, j]),
                "apart": finite(self.apart[i, j]),
                "share": float(self.share[i, j]),
                "strength": self.strength,
                "n": self.n,
                "note": self.note,
            }
            for i, one in enumerate(self.points[0])
            for j, other in enumerate(self.points[1])
        ]


class Interactions(RecordTuple[Interaction]):
    """Interactions of two features, one for each model and class.

    Example:
        >>> import rai
        >>> found = rai.whatif.interaction(lambda f: f["a"] * f["b"], {"a": [0.1, 0.5], "b": [0.0, 0.4]},
        ...     features=("a", "b"))
        >>> [(row["first_value"], row["second_value"], row["mean"]) for row in found.to_dicts()][-1]
        (0.5, 0.4, 0.2)
    """

    __slots__ = ()

    def to_dicts(self) -> list[Row]:
        """A flat row for each pair of values of each interaction."""
        return [row for each in self for row in each.to_dicts()]

    def where(self, **conditions: Cell) -> Interactions:
        """Only those of this `model` or `label`."""
        return Interactions(
            each
            for each in self
            if conditions.items() <= {"model": each.model, "label": each.label}.items()
        )


def _plain(value: Value) -> Cell:
    return value.isoformat() if isinstance(value, date) else value
