"""Functions and objects that score rows themselves, and columns of scores that are there already."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import open_rows
from rai.engines.numbers import numbers_of_role
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.models.model import Model, Scoring
from rai.models.rungs import Options, Rung, settled


def of_column(name: str, options: Options) -> Model:
    """A column of scores (or predicted values) as a model that only knows these rows.

    Raises:
        ArgumentError: If it is to be one of several classes.
    """
    task, classes, _ = settled(options, task=None, where=f"column {name!r}")
    if task == "multiclass":
        seen = f"column {name!r} for several classes"
        raise ArgumentError(sentence("column", seen, expected="scores of two classes, or values"))

    def predict(frame: Any) -> Floats:
        return _column_scores(frame, name)

    return Model(
        predict=predict,
        task=task,
        classes=classes,
        features=(name,),
        digest=hashlib.sha256(f"column {name}".encode()).hexdigest(),
        kind="column",
        probabilities=options.probabilities is not False,
        answers_edits=False,
    )


def _column_scores(frame: Any, name: str) -> Floats:
    where = f"column {name!r}"
    scores = numbers_of_role(open_rows(frame).column(name), where=where, expected="scores")
    missing = np.isnan(scores)
    if missing.any():
        row = int(missing.argmax()) + 1
        seen = f"{counted(int(missing.sum()), 'missing value')}, the first in row {row:,}"
        raise DataError(sentence(where, seen, expected="a score for every row"))
    return scores


def _takes_scoring(source: Any) -> bool:
    return isinstance(source, Scoring) and not isinstance(source, type)


def _of_scoring(source: Any, options: Options) -> Model:
    """An object that follows the protocol; its word is checked like any other's."""
    own = tuple(source.classes or ())
    task, classes, _ = settled(options, task=source.task, classes=own, where=type(source).__name__)
    if classes != own:
        hint = "Let the object's own classes say so."
        raise ArgumentError(sentence("classes", repr(classes), expected=repr(own), hint=hint))
    said = getattr(source, "probabilities", True)
    return Model(
        predict=source.scores,
        task=task,
        classes=classes,
        features=options.features or source.features,
        digest=str(source.digest or ""),
        kind=str(getattr(source, "kind", type(source).__name__)),
        probabilities=bool(said if options.probabilities is None else options.probabilities),
        frames=options.frames or "same",
    )


def _takes_callable(source: Any) -> bool:
    return callable(source) and not isinstance(source, type)


def _of_callable(source: Any, options: Options) -> Model:
    """A function from a frame to scores."""
    task, classes, place = settled(options, task=None, where="function")

    def predict(frame: Any) -> Any:
        return in_order(source(frame), place)

    return Model(
        predict=predict,
        task=task,
        classes=classes,
        features=options.features,
        kind="callable",
        probabilities=options.probabilities is not False,
        frames=options.frames or "same",
    )


def in_order(raw: Any, place: int | None) -> Any:
    """A model's raw output with the positive one of two classes last.

    Args:
        raw: Scores, shape (n,) of the second class or (n, 2); anything else passes as it is.
        place: The place of the positive class in the model's own order.

    Example:
        >>> in_order(np.array([[0.8, 0.2]]), 0)
        array([[0.2, 0.8]])
    """
    if place != 0:
        return raw
    array = np.asarray(raw)
    if array.ndim == 2 and array.shape[1] == 2:
        return array[:, ::-1]
    return raw


def turned(raw: Any, place: int | None, *, margins: bool) -> Any:
    """What a model says of the second of two classes, said of the positive one.

    Args:
        raw: Scores of the second class, shape (n,), or of both, shape (n, 2); of k classes as it is.
        place: The place of the positive class in the model's own order.
        margins: Whether scores are margins, whose opposite is their negative, or probabilities.

    Example:
        >>> turned(np.array([0.25]), 0, margins=False), turned(np.array([0.25]), 0, margins=True)
        (array([0.75]), array([-0.25]))
    """
    if place != 0 or np.ndim(raw) != 1:
        return in_order(raw, place)
    return -np.asarray(raw) if margins else 1 - np.asarray(raw)


SCORING = Rung("object with scores()", _takes_scoring, _of_scoring)
CALLABLE = Rung("callable", _takes_callable, _of_callable)
