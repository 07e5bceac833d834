"""Linear forms over the confusion matrix: the alphabet in which every rate is written.

TP + FN          rows with a positive label
(TP + FP).of(c)  rows predicted positive, per group
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.values import Confusion

Array = NDArray[np.float64]

_NAMES = ("TP", "FP", "FN", "TN")


@dataclass(frozen=True, slots=True)
class Form:
    """A weighted sum of the four cells.

    Example:
        >>> str(2 * TP + FP + FN)
        '2·TP + FP + FN'
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @property
    def coefficients(self) -> tuple[int, int, int, int]:
        """Factors of TP, FP, FN and TN."""
        return (self.tp, self.fp, self.fn, self.tn)

    def __add__(self, other: Form) -> Form:
        return Form(*(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True)))

    def __rmul__(self, factor: int) -> Form:
        return Form(*(factor * a for a in self.coefficients))

    def __str__(self) -> str:
        if self == ALL:
            return "n"
        terms = [
            f"{factor}·{name}" if factor != 1 else name
            for factor, name in zip(self.coefficients, _NAMES, strict=True)
            if factor
        ]
        return " + ".join(terms)

    def of(self, confusion: Confusion) -> Array:
        """The form's value per group, in units of weight, shape (g,)."""
        return self.over(confusion.weight)

    def over(self, counts: NDArray[np.generic]) -> Array:
        """The form over any (..., 2, 2) array of cells, label × predicted."""
        cells = counts.astype(np.float64, copy=False)
        tn, fp, fn, tp = cells[..., 0, 0], cells[..., 0, 1], cells[..., 1, 0], cells[..., 1, 1]
        return np.asarray(self.tp * tp + self.fp * fp + self.fn * fn + self.tn * tn)

    @property
    def words(self) -> str:
        """What the form counts, in words."""
        return _WORDS.get(self, str(self))


TP, FP, FN, TN = Form(tp=1), Form(fp=1), Form(fn=1), Form(tn=1)
ALL = TP + FP + FN + TN

_WORDS = {
    ALL: "rows",
    TP + FN: "rows with a positive label",
    FP + TN: "rows with a negative label",
    TP + FP: "rows predicted positive",
    FN + TN: "rows predicted negative",
    FP + FN: "errors",
    TP + FP + FN: "rows that are or were called positive",
    2 * TP + FP + FN: "rows that are or were called positive",
    FP: "false positives",
    TP: "true positives",
    FN: "false negatives",
    TN: "true negatives",
}
