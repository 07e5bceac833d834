"""What permuted columns cost: one record for each column and number.

feature │ measure │ kind │ along │ label │ baseline │ permuted │ value [low, high] │ note
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rai.ground.records import RecordTuple, Row
from rai.values import Level

METHOD = "Student's interval over permutations, of these rows as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """How far a metric or a gap falls when one column no longer says anything of its row.

    Args:
        feature: The player that was permuted.
        measure: The metric, or the metric or criterion whose gap it is.
        kind: `metric` or `gap`.
        along: Of a gap, the axes along which groups are compared.
        label: Of several classes, the class (or average) that is told of.
        baseline: The number of the rows as they are.
        permuted: Its mean over the permutations.
        value: Baseline minus permuted. Of accuracy: how much the model gets out of the column; of an
            error it is below 0 where the column helps. Of a gap: how much of it goes away.
        standard_error: Of the mean over permutations.
        low, high: Its interval; of chance in permuting only, not in which rows there are.
        repeats: Permutations.
        level: Coverage of each interval by itself.
        method: How intervals were made.
        note: Why something is undefined.

    Example:
        >>> Importance(feature="age", measure="accuracy", kind="metric", baseline=0.8, permuted=0.7,
        ...     value=0.1, repeats=10).to_dict()["value"]
        0.1
    """

    feature: str
    measure: str
    kind: Literal["metric", "gap"]
    along: str | None = None
    label: Level | None = None
    baseline: float | None
    permuted: float | None
    value: float | None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    repeats: int
    level: float = 0.95
    method: str = METHOD
    note: str = ""

    def to_dict(self) -> Row:
        """The fields by name, without level and method."""
        names = [name for name in self.__slots__ if name not in {"level", "method"}]
        return {name: getattr(self, name) for name in names}


class Importances(RecordTuple[Importance]):
    """Importances, number by number, and within each the largest fall first.

    Example:
        >>> one = Importance(feature="age", measure="accuracy", kind="metric", baseline=0.8,
        ...     permuted=0.7, value=0.1, repeats=10)
        >>> len(Importances([one]).where(kind="metric"))
        1
    """

    __slots__ = ()
