"""What a row's label makes of its score: one number for each row, lower is better.

log_loss         −ln p(label)                    classifiers that give probabilities
zero_one         1 where the decision is wrong    classifiers; its mean is the error rate
squared_error    (y − ŷ)²; of several classes the sum of (1[y = k] − p(k))², as in Brier's score
absolute_error   |y − ŷ|                          regressions
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints, encode
from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted
from rai.models.model import Model

LossName = Literal["log_loss", "zero_one", "squared_error", "absolute_error"]

LOSSES: dict[str, tuple[LossName, ...]] = {
    "binary": ("log_loss", "zero_one", "squared_error"),
    "multiclass": ("log_loss", "zero_one", "squared_error"),
    "regression": ("squared_error", "absolute_error"),
}
SMALLEST = float(np.finfo(np.float64).eps)  # of a probability in a logarithm, as in scikit-learn

Loss = Callable[[Floats, Ints], Floats]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Labels:
    """The rows' labels, and which loss.

    Args:
        y_true: The label of each row, shape (n,).
        loss: One of the task's losses; its first if None.
        threshold: For `zero_one` the score from which on a row is decided positive; the model's own if
            None.
    """

    y_true: Any
    loss: str | None = None
    threshold: float | None = None


def check_labels(y_true: Any, *, rows: int) -> None:
    """Labels are one column, as long as the rows.

    Raises:
        DataError: They have another shape, or are another number.

    Example:
        >>> check_labels([0, 1], rows=2)
    """
    shape = getattr(y_true, "shape", None)
    if isinstance(y_true, str | dict) or not hasattr(y_true, "__len__") or (shape and len(shape) != 1):
        seen = f"a {type(y_true).__name__}" + (f" of shape {shape}" if shape else "")
        raise DataError(sentence("y_true", seen, expected="one column: an array or a series"))
    if len(y_true) != rows:
        seen = f"{counted(len(y_true), 'label')} for {counted(rows, 'row')}"
        raise DataError(sentence("y_true", seen, expected="one for each row"))


def label_places(y_true: Any, model: Model, *, rows: int) -> Ints:
    """Labels as places among a model's classes, shape (n,).

    Raises:
        DataError: Another number of them, a missing one, or one that is no class of the model.

    Example:
        >>> import rai
        >>> label_places(["no", "yes"], rai.load_model(lambda f: f["p"], classes=["no", "yes"]), rows=2)
        array([0, 1])
    """
    check_labels(y_true, rows=rows)
    column = y_true if hasattr(y_true, "dtype") else np.asarray(y_true)
    codes = encode(column)
    known = {label: place for place, label in enumerate(model.classes)}
    strange = [label for label in codes.levels if label not in known]
    if codes.fraction is not None:
        strange = [codes.fraction]
    if strange or codes.gaps:
        seen = repr(strange[0]) if strange else "a missing label"
        hint = "" if strange else "Leave out the rows without one."
        expected = f"one of {listing(model.classes)}"
        raise DataError(sentence("y_true", seen, expected=expected, hint=hint))
    return np.array([known[label] for label in codes.levels], dtype=np.intp)[codes.codes]


def label_values(y_true: Any, *, rows: int) -> Floats:
    """Labels of a regression, shape (n,).

    Raises:
        DataError: Another number of them, or something that is no finite number.
    """
    check_labels(y_true, rows=rows)
    column = y_true if hasattr(y_true, "dtype") else np.asarray(y_true)
    try:
        values = numbers(column)
    except NotNumbersError:
        raise DataError(sentence("y_true", "labels that are no numbers", expected="numbers")) from None
    if not np.isfinite(values).all():
        hint = "Leave out the rows without one."
        seen = "a missing or infinite label"
        raise DataError(sentence("y_true", seen, expected="finite numbers", hint=hint))
    return values


def loss_of(model: Model, labels: Labels, *, rows: int | None = None) -> Loss:
    """The loss of rows: from scores and the places of the labels' rows to a number each.

    Args:
        model: The model that gives the scores.
        labels: The labels.
        rows: How many rows there are; as many as labels if None.

    Raises:
        ArgumentError: A loss that goes with another task, or needs probabilities that aren't there.
        DataError: Labels that can't be used.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda f: f["p"])
        >>> loss = loss_of(model, Labels(y_true=[1, 0], loss="zero_one"))
        >>> loss(np.array([0.4, 0.4]), np.array([0, 1])).tolist()
        [1.0, 0.0]
    """
    names = LOSSES[model.task]
    name = names[0] if labels.loss is None else check_choice(labels.loss, names, where="loss")
    count = len(labels.y_true) if rows is None else rows
    if labels.threshold is not None and name != "zero_one":
        expected = "none"
        raise ArgumentError(sentence("threshold", f"one for {name!r}", expected=expected))
    if model.task == "regression":
        values = label_values(labels.y_true, rows=count)
        if name == "absolute_error":
            return lambda scores, at: np.abs(scores - values[at])
        return lambda scores, at: (scores - values[at]) ** 2
    if name != "zero_one" and not model.probabilities:
        expected = "a model that gives probabilities"
        hint = 'Pass loss="zero_one".'
        raise ArgumentError(sentence("loss", f"{name!r} of margins", expected=expected, hint=hint))
    places = label_places(labels.y_true, model, rows=count)
    cut = model.threshold if labels.threshold is None else labels.threshold
    of_kind = _OF_TWO if model.task == "binary" else _OF_SEVERAL
    return lambda scores, at: of_kind[name](scores, places[at], cut)


_Counted = Callable[[Floats, Ints, float], Floats]

_OF_TWO: dict[str, _Counted] = {
    "log_loss": lambda p, y, _: -np.log(np.clip(np.where(y == 1, p, 1 - p), SMALLEST, None)),
    "zero_one": lambda p, y, cut: ((p >= cut) != (y == 1)).astype(np.float64),
    "squared_error": lambda p, y, _: (p - y) ** 2,
}
_OF_SEVERAL: dict[str, _Counted] = {
    "log_loss": lambda p, y, _: -np.log(np.clip(_of_label(p, y), SMALLEST, None)),
    "zero_one": lambda p, y, _: (p.argmax(axis=1) != y).astype(np.float64),
    "squared_error": lambda p, y, _: (p**2).sum(axis=1) - 2 * _of_label(p, y) + 1,
}


def _of_label(scores: Floats, labels: Ints) -> Floats:
    """The score of each row's own label."""
    return np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
