"""Models beside each other on the same rows: what each pair of them was counted to, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any, TypeVar

import numpy as np

from rai.engines.encoding import Ints
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.records import Records, Row
from rai.measure.paired import (
    Pairs,
    paired_agreement,
    paired_differences,
    paired_flips,
    paired_gap_differences,
)
from rai.models.model import Task
from rai.values import Level
from rai.values.differences import Agreements, Differences, Flips, GapDifferences

# Columns of the tables: a column of groups can't have such a name.
TAKEN = frozenset(
    {
        *("label", "metric", "model", "versus", "value", "low", "high", "p_value", "of_model"),
        *("of_versus", "along", "apart_model", "apart_versus", "was", "becomes", "numerator"),
        *("denominator", "kappa", "kappa_low", "kappa_high", "n", "note"),
    }
)

T = TypeVar("T", Agreements, Differences, Flips, GapDifferences)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ModelComparison(Records):
    """Two or more models on the same rows.

    What is told of a pair is always `model` minus `versus`. Intervals use that both saw the same rows;
    each holds by itself, not all of them together.

    Args:
        models: Names of the models.
        task: `binary`, `multiclass` or `regression`.
        classes: The classes; empty for regressions.
        axes: Names of the columns that make up groups.
        pairs: (versus, model) to what was counted of both.
        level: Coverage of every interval.
        shown: The metrics that `differences()` tells when none is named; the usual ones if empty.
        decided: Model to what it decides in each row, as places in `classes`; empty for regressions.
        dropped: Reason to rows that could not be counted.
        seed: Seed of the draws behind simultaneous intervals.

    Example:
        >>> import rai
        >>> rows = {"x": [0.1, 0.4, 0.6, 0.9], "sex": ["F", "F", "M", "M"], "y": [0, 1, 1, 1]}
        >>> models = {"old": lambda f: f["x"], "new": lambda f: f["x"] + 0.1 * (f["sex"] == "F")}
        >>> found = rai.whatif.compare_models(models, rows, y_true="y", sensitive_features="sex")
        >>> [(row.name, row.value) for row in found.differences("accuracy")]
        [('F', 0.5), ('M', 0.0)]
    """

    models: tuple[str, ...]
    task: Task
    classes: tuple[Level, ...]
    axes: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Pairs] = field(repr=False)
    level: float = 0.95
    shown: tuple[str, ...] = ()
    decided: Mapping[str, Ints] = field(default_factory=dict, repr=False)
    dropped: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0

    def agreement(self, *, by: Any = ()) -> Agreements:
        """How often each pair decides alike, and Cohen's kappa, with intervals.

        Args:
            by: Axes to split by; None for all of them, `()` for everyone together.

        Raises:
            ArgumentError: For regressions, which decide nothing.
        """
        return self._each(paired_agreement, Agreements, by=by)

    def flips(self, *, by: Any = None) -> Flips:
        """Which share of each group is decided differently, and in which direction (Wilson's interval).

        Args:
            by: Axes to split by; None for all of them, `()` for everyone together.

        Raises:
            ArgumentError: For regressions, which decide nothing.
        """
        return self._each(paired_flips, Flips, by=by)

    def flipped_rows(self, model: str, versus: str) -> Ints:
        """Positions of the rows that two models decide differently.

        Raises:
            ArgumentError: No such models, or regressions.
        """
        decided = [self._decided(name) for name in (model, versus)]
        return np.flatnonzero(decided[0] != decided[1])

    def differences(self, *metrics: str, by: Any = None) -> Differences:
        """Each metric of one model minus that of another, for every group, with paired intervals.

        Args:
            *metrics: Metrics of decisions by name or alias (of a regression: mean errors, R², the mean
                prediction); those of `shown`, or the usual ones, if none is named.
            by: Axes to split by; None for all of them, `()` for everyone together.

        Raises:
            ArgumentError: No such metric, or one that needs labels where none were given.
        """
        return self._each(paired_differences, Differences, metrics or self.shown, by=by)

    def gap_differences(self, *criteria: str, along: Any = None) -> GapDifferences:
        """Each gap of one model minus that of another: below 0 where `model` treats groups more alike.

        Args:
            *criteria: Criteria or metrics; the usual ones if none is named.
            along: Axes that define the groups; None for each axis, and all of them together.

        Raises:
            ArgumentError: No such criterion, one that is no difference of metrics, or no groups.
        """
        return self._each(paired_gap_differences, GapDifferences, criteria, along=along, seed=self.seed)

    def to_dicts(self) -> list[Row]:
        """The rows of `differences()`."""
        return self.differences().to_dicts()

    def _each(
        self, ask: Any, collection: type[T], names: Sequence[str] | None = None, **options: Any
    ) -> T:
        given = () if names is None else (names,)
        parts = (ask(pair, *given, level=self.level, **options) for pair in self.pairs.values())
        return collection(chain.from_iterable(parts))

    def _decided(self, name: str) -> Ints:
        if not self.classes:
            seen = "regressions, which decide nothing"
            raise ArgumentError(sentence("flipped_rows", seen, expected="models with classes"))
        if name not in self.decided:
            expected, hint = f"one of {listing(self.models)}", did_you_mean(name, self.models)
            raise ArgumentError(sentence("model", repr(name), expected=expected, hint=hint))
        return self.decided[name]


def compared_pairs(names: Sequence[str], baseline: str | None) -> list[tuple[str, str]]:
    """The pairs (versus, model): each with all before it, or each with the baseline.

    Raises:
        ArgumentError: If no model is called so.

    Example:
        >>> compared_pairs(["a", "b", "c"], None)
        [('a', 'b'), ('a', 'c'), ('b', 'c')]
        >>> compared_pairs(["a", "b", "c"], "b")
        [('b', 'a'), ('b', 'c')]
    """
    if baseline is None:
        return list(combinations(names, 2))
    if baseline not in names:
        expected, hint = f"one of {listing(names)}", did_you_mean(baseline, names)
        raise ArgumentError(sentence("baseline", repr(baseline), expected=expected, hint=hint))
    return [(baseline, name) for name in names if name != baseline]
