"""What decisions cost: a price for each cell of the confusion matrix.

    cost               cost_fp·FP + cost_fn·FN − benefit_tp·TP − benefit_tn·TN, per row
    accuracy           the error rate
    balanced_accuracy  ½ · (FNR + FPR) of everyone

All are sums over rows, so that the costs of groups add up; the least is the best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, sentence
from rai.measure.thresholds.cuts import Cuts

Array = NDArray[np.float64]

OBJECTIVES = ("cost", "accuracy", "balanced_accuracy")


@dataclass(frozen=True, slots=True)
class Loss:
    """What one unit of weight in each cell adds to the objective."""

    tp: float
    fp: float
    fn: float
    tn: float

    def of(self, cuts: Cuts) -> Array:
        """The loss of a group at each of its cuts, shape (c,)."""
        fixed = self.fn * cuts.positives + self.tn * cuts.negatives
        return np.asarray(fixed + (self.fp - self.tn) * cuts.fp - (self.fn - self.tp) * cuts.tp)

    def over(self, cells: NDArray[np.generic]) -> Array:
        """The loss of confusion matrices, shape (..., 2, 2) to (...)."""
        prices = np.array([[self.tn, self.fp], [self.fn, self.tp]])
        return np.asarray((cells * prices).sum(axis=(-2, -1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is to be as small as possible.

    Args:
        name: `cost`, `accuracy` or `balanced_accuracy`.
        cost_fp, cost_fn: What a false positive and a false negative cost; at least 0.
        benefit_tp, benefit_tn: What a true positive and a true negative bring; at least 0.

    Raises:
        ArgumentError: If a price is no finite number of at least 0, if all are 0, or if prices
            are given for an objective that has its own.
    """

    name: str = "cost"
    cost_fp: float = 1.0
    cost_fn: float = 1.0
    benefit_tp: float = 0.0
    benefit_tn: float = 0.0

    def __post_init__(self) -> None:
        check_choice(self.name, OBJECTIVES, where="objective")
        for role in ("cost_fp", "cost_fn", "benefit_tp", "benefit_tn"):
            _check_price(role, getattr(self, role))
        prices = (self.cost_fp, self.cost_fn, self.benefit_tp, self.benefit_tn)
        if not any(prices):
            raise ArgumentError(
                sentence("objective", "no costs and no benefits", expected="at least one above 0")
            )
        if self.name != "cost" and prices != (1.0, 1.0, 0.0, 0.0):
            raise ArgumentError(
                sentence(
                    "objective",
                    f"costs or benefits with {self.name!r}",
                    expected="them with 'cost' only",
                    hint='Leave objective out, or leave out the prices: accuracy is "cost" at 1 to 1.',
                )
            )

    def loss(self, *, positives: float, negatives: float) -> Loss:
        """The loss of each cell in units of the objective, given the weight of both labels."""
        total = positives + negatives
        if self.name == "balanced_accuracy":
            return Loss(0.0, 0.5 / negatives, 0.5 / positives, 0.0)
        return Loss(
            -self.benefit_tp / total,
            self.cost_fp / total,
            self.cost_fn / total,
            -self.benefit_tn / total,
        )

    @property
    def words(self) -> str:
        """The objective for reading."""
        return _WORDS[self.name]


_WORDS = {
    "cost": "cost per row",
    "accuracy": "error rate",
    "balanced_accuracy": "1 − balanced accuracy",
}


def _check_price(role: str, price: object) -> None:
    if isinstance(price, bool) or not isinstance(price, Real) or not 0 <= float(price) < math.inf:
        raise ArgumentError(sentence(role, repr(price), expected="a finite number of at least 0"))
