"""Which outcome is wanted in place of a row's own, and whether rows have it.

two classes    the other decision, at each row's own threshold
more           any other class, or one that is desired
a regression   a prediction at least so far away, or within a range
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import number
from rai.values import Level
from rai.whatif.feature_units import deviation
from rai.whatif.settings import Setting

Bools = NDArray[np.bool_]

LEAST = 1e-6  # probabilities nearer to 0 or 1 than this are as good as certain


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Aim:
    """The outcome that is wanted for one row.

    Args:
        setting: Model, rows and what decides.
        score: The row's own scores, shape (1,) or (1, k).
        own: Its class, as a place in the model's classes; None of a regression.
        wanted: The class that is wanted; None if any other will do.
        low: The least prediction that is wanted of a regression.
        high: The greatest.
        apart: How far a prediction must at least be from its own; None if a range is wanted.
        margin: By how much the outcome must be beyond doubt, in units of the score.
    """

    setting: Setting
    score: Floats
    own: int | None = None
    wanted: int | None = None
    low: float = -np.inf
    high: float = np.inf
    apart: float | None = None
    margin: float = 0.0

    @property
    def decision(self) -> Level | None:
        """What is decided for the row itself; None of a regression."""
        return None if self.own is None else self.setting.model.classes[self.own]

    @property
    def reached(self) -> str:
        """Why nothing needs to change; empty if something does."""
        if self.own is not None:
            return f"the row is decided {self.decision!r} already" if self.own == self.wanted else ""
        if self.apart is None and self.low <= self.score[0] <= self.high:
            return f"its prediction, {number(float(self.score[0]))}, is in the desired range already"
        return ""

    @property
    def words(self) -> str:
        """The outcome for reading."""
        if self.own is not None:
            wanted = self.wanted
            return "another decision" if wanted is None else f"{self.setting.model.classes[wanted]!r}"
        if self.apart is not None:
            return f"a prediction that differs by {number(self.apart)} or more"
        return f"a prediction from {number(self.low)} to {number(self.high)}"

    def met(self, scores: Floats, rows: Rows, *, strict: bool = True) -> Bools:
        """Whether rows have the outcome, shape (n,).

        Args:
            scores: Their scores.
            rows: The rows, for thresholds that differ by group.
            strict: Whether a group without a threshold is an error; otherwise it has no outcome.
        """
        if self.own is None:
            return self._predicted(scores)
        if scores.ndim == 2:
            decided = scores.argmax(axis=1)
            right = decided != self.own if self.wanted is None else decided == self.wanted
            return np.asarray(right & (self._lead(scores) >= self.margin))
        at = self.setting.cutoffs.of_rows(rows, strict=strict)
        return scores >= at + self.margin if self._up else scores < at - self.margin

    def progress(self, scores: Floats, rows: Rows) -> Floats:
        """How far rows are beyond what is wanted (above 0) or short of it, shape (n,).

        Probabilities are taken as log-odds, in which what several changes do nearly adds up.
        """
        if self.own is None:
            if self.apart is not None:
                return np.asarray(np.abs(scores - self.score[0]) - self.apart - self.margin)
            return np.asarray(np.minimum(scores - self.low, self.high - scores) - self.margin)
        if scores.ndim == 2:
            sure = self.setting.model.probabilities
            return self._lead(np.log(np.clip(scores, LEAST, 1.0)) if sure else scores)
        at = self.setting.cutoffs.of_rows(rows, strict=False)
        ahead = self._link(scores) - self._link(at + self.margin if self._up else at - self.margin)
        return np.nan_to_num(ahead if self._up else -ahead, nan=-np.inf)

    @property
    def _up(self) -> bool:
        return self.wanted == 1

    def _predicted(self, scores: Floats) -> Bools:
        if self.apart is None:
            return (scores >= self.low + self.margin) & (scores <= self.high - self.margin)
        far = np.abs(scores - self.score[0])
        return np.asarray((far >= self.apart + self.margin) & (far > 0))

    def _lead(self, scores: Floats) -> Floats:
        """How far the class that is wanted is ahead of the others."""
        one = self.own if self.wanted is None else self.wanted
        others: Floats = np.delete(scores, one, axis=1).max(axis=1)  # type: ignore[arg-type]
        return others - scores[:, one] if self.wanted is None else scores[:, one] - others

    def _link(self, scores: Floats) -> Floats:
        if not self.setting.model.probabilities:
            return scores
        held = np.clip(scores, LEAST, 1 - LEAST)
        return np.asarray(np.log(held) - np.log1p(-held))


def aim_of(
    setting: Setting,
    row: Rows,
    *,
    score: Floats,
    scores: Floats,
    desired: Any = None,
    tolerance: float | None = None,
    margin: float = 0.0,
) -> Aim:
    """The outcome that is wanted for one row, from what a person says.

    Args:
        setting: Model, rows and what decides.
        row: The row.
        score: Its scores, shape (1,) or (1, k).
        scores: Those of all rows, which say how far predictions usually differ.
        desired: A class; of a regression a range, with None for an open end.
        tolerance: Of a regression, how far a prediction must at least be from the row's own; the
            standard deviation of all predictions if None.
        margin: By how much the outcome must be beyond doubt, in units of the score.

    Raises:
        ArgumentError: If the outcome doesn't go with the model.
    """
    held = _at_least_zero(margin, where="margin")
    if setting.model.task == "regression":
        return _of_regression(setting, score, scores, desired, tolerance, margin=held)
    if tolerance is not None:
        seen, expected = f"a tolerance for a {setting.model.task} model", "none"
        raise ArgumentError(sentence("tolerance", seen, expected=expected))
    classes = setting.model.classes
    if desired is not None and not (np.ndim(desired) == 0 and desired in classes):
        raise ArgumentError(sentence("desired", repr(desired), expected=f"one of {listing(classes)}"))
    own = int(setting.decide(score, row)[0])
    other = 1 - own if len(classes) == 2 else None
    wanted = other if desired is None else classes.index(desired)
    return Aim(setting=setting, score=score, own=own, wanted=wanted, margin=held)


def score_shown(scores: Floats) -> float:
    """One row's score as one number: of more than two classes that of the class decided."""
    return float(scores[0].max() if scores.ndim == 2 else scores[0])


def _of_regression(
    setting: Setting,
    score: Floats,
    scores: Floats,
    desired: Any,
    tolerance: float | None,
    *,
    margin: float,
) -> Aim:
    if desired is None:
        apart = deviation(scores) if tolerance is None else _at_least_zero(tolerance, where="tolerance")
        return Aim(setting=setting, score=score, apart=apart, margin=margin)
    if tolerance is not None:
        expected = "one of them"
        raise ArgumentError(sentence("desired", "a range and a tolerance", expected=expected))
    low, high = _range(desired)
    return Aim(setting=setting, score=score, low=low, high=high, margin=margin)


def _range(desired: Any) -> tuple[float, float]:
    """The ends of a range of predictions."""
    expected = "a range (low, high), in which one end may be None"
    pair = tuple(desired) if isinstance(desired, tuple | list) else ()
    if len(pair) != 2 or pair == (None, None) or not all(map(_is_end, pair)):
        raise ArgumentError(sentence("desired", repr(desired), expected=expected))
    low = -np.inf if pair[0] is None else float(pair[0])
    high = np.inf if pair[1] is None else float(pair[1])
    if low > high:
        raise ArgumentError(sentence("desired", repr(desired), expected="the lower end first"))
    return low, high


def _is_end(value: Any) -> bool:
    number = isinstance(value, Real) and not isinstance(value, bool)
    return value is None or (number and not np.isnan(float(value)))


def _at_least_zero(value: Any, *, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < np.inf:
        raise ArgumentError(sentence(where, repr(value), expected="a number of at least 0"))
    return float(value)
