"""What an ONNX model gives back: scores, labels, or a dict of scores for each row.

label [n] · probabilities [n, k]             scikit-learn, converted with zipmap=False
label [n] · a dict for each row              the same with ZipMap, as is usual
variable [n, 1]                              a regression
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import encode
from rai.ground.errors import DataError, listing, sentence
from rai.values import Level

_SCORES = ("tensor(float)", "tensor(double)", "tensor(float16)")
_LABELS = ("tensor(string)", "tensor(int64)", "tensor(int32)", "tensor(bool)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Which outputs of a model are asked for.

    Args:
        scores: Name of the output of scores; empty if there are only labels.
        labels: Name of the output of labels; empty if there is none.
        mapped: Whether scores come as a dict for each row.
        width: Scores of a row; None if the file doesn't say.
        words: Whether labels are text; None if that isn't known.
    """

    scores: str
    labels: str
    mapped: bool
    width: int | None
    words: bool | None

    @property
    def names(self) -> list[str]:
        """The outputs to ask for, scores first."""
        return [name for name in (self.scores, self.labels) if name]


def outputs_of(session: Any, *, where: str) -> Outputs:
    """The outputs of scores and of labels, by their types and, of several, by their names.

    Raises:
        DataError: If it can't be told which they are.
    """
    found = list(session.get_outputs())
    maps = [each for each in found if each.type.startswith("seq(map(")]
    scores = maps or [each for each in found if each.type in _SCORES]
    labels = [each for each in found if each.type in _LABELS]
    if len(scores) > 1:
        scores = [each for each in scores if "prob" in each.name.lower()] or scores
    if len(scores) > 1 or not (scores or len(labels) == 1):
        seen = f"outputs {listing(each.name for each in found)}"
        hint = "Convert it with one output of scores (of scikit-learn with zipmap=False)."
        raise DataError(sentence(where, seen, expected="one of scores", hint=hint))
    label = labels[0] if len(labels) == 1 else None
    words = None if label is None else label.type == "tensor(string)"
    return Outputs(
        scores=scores[0].name if scores else "",
        labels="" if label is None else label.name,
        mapped=bool(maps),
        width=None if maps or not scores else _width(scores[0], where),
        words="map(string" in maps[0].type if maps else words,
    )


def of_maps(raw: Sequence[Any], classes: tuple[Level, ...], *, where: str) -> NDArray[Any]:
    """Scores from a dict for each row, shape (rows, classes).

    Raises:
        DataError: If it holds other classes.
    """
    if raw and set(raw[0]) != set(classes):
        raise DataError(sentence(where, f"scores of {listing(raw[0])}", expected=listing(classes)))
    return np.array([[row[label] for label in classes] for row in raw])


def check_labels(
    labels: NDArray[Any], scores: NDArray[Any], classes: tuple[Level, ...], *, where: str
) -> None:
    """The model's own labels are known, and go with its scores.

    Decisions may be made at another threshold than the middle, so of two classes rows that are called
    the second one must only have higher scores, on average, than those that are called the first one.

    Args:
        labels: Shape (rows,).
        scores: Shape (rows, classes), or (rows,) of the second of two classes.
        classes: The labels in the order of the scores.
        where: How messages call the model.

    Raises:
        DataError: An unknown label, or labels that contradict the scores.
    """
    codes = encode(labels)
    strange = [label for label in codes.levels if label not in classes]
    if strange:
        seen, hint = f"label {strange[0]!r}", "Pass classes=[…] in the order of its scores."
        raise DataError(sentence(where, seen, expected=f"one of {listing(classes)}", hint=hint))
    places = np.array([classes.index(label) for label in codes.levels], dtype=np.intp)[codes.codes]
    if scores.ndim == 2 and scores.shape[1] == 1:
        scores = scores[:, 0]
    if len(classes) == 2:
        second = scores if scores.ndim == 1 else scores[:, 1] - scores[:, 0]
        both = 0 < places.sum() < len(places)
        wrong = both and second[places == 1].mean() < second[places == 0].mean()
    else:
        told = places != places[0] if len(places) else places
        wrong = bool(told.any()) and (scores.argmax(axis=1) != places).mean() > 0.5
    if wrong:
        hint = "Is classes= in the order of its scores? Some conversions turn margins around."
        raise DataError(
            sentence(where, "labels that contradict its scores", expected="agreement", hint=hint)
        )


def _width(node: Any, where: str) -> int | None:
    shape = node.shape
    if len(shape) > 2:
        seen = f"output {node.name!r} of {len(shape)} dimensions"
        raise DataError(sentence(where, seen, expected="shape [rows] or [rows, classes]"))
    if len(shape) < 2:
        return 1 if len(shape) == 1 else None
    return shape[1] if isinstance(shape[1], int) else None
