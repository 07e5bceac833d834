"""What a model returned, as scores: one shape for each task, or one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, encode
from rai.ground.errors import DataError, listing, sentence
from rai.ground.formatting import counted, number
from rai.values import Level

WHERE = "model"
SLACK = 1e-5  # float32 sums of probabilities differ from 1 by less
SUM_SLACK = 1e-3  # of the probabilities of all classes, which add rounding up


def as_scores(
    raw: Any, *, rows: int, classes: tuple[Level, ...], task: str, probabilities: bool
) -> Floats:
    """Scores in the one shape of their task.

    Whole numbers, text and true/false are taken as labels where they are labels of the model, true as
    the positive one where labels are not true and false themselves. Of two columns of margins the score
    is what the second has more than the first, so that 0 is where the larger one changes.

    Args:
        raw: An array, series, frame, list or tensor: of scores or labels, shape (rows,) or (rows, 1), or
            of a score for each class, shape (rows, k).
        rows: How many rows were asked about.
        classes: The labels in order; empty for a regression.
        task: `binary`, `multiclass` or `regression`.
        probabilities: Whether scores must lie between 0 and 1, and those of all classes add up to 1.

    Raises:
        DataError: Another shape, no numbers, a missing or infinite one, or no probability.

    Example:
        >>> as_scores([[0.8, 0.2]], rows=1, classes=(0, 1), task="binary", probabilities=True)
        array([0.2])
    """
    array = _array(raw)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    width = len(classes) if array.ndim == 2 else None
    wanted = (rows,) if width is None else (rows, width)
    labels = array.shape == wanted and _labels(array, classes, probabilities=probabilities)
    if array.shape != wanted or (task == "multiclass" and array.ndim == 1 and not labels):
        raise _misshapen(array, rows, classes, task)
    if labels:
        scores: Floats = of_labels(array, classes)
        return scores
    try:
        scores = array.astype(np.float64)
    except (TypeError, ValueError):
        first = array.ravel()[0]
        raise DataError(
            sentence(WHERE, f"it returned {first!r}", expected=_expected(task, classes))
        ) from None
    _check_finite(scores)
    if probabilities and task != "regression":
        scores = _probabilities(scores)
    if task == "binary" and scores.ndim == 2:
        return np.ascontiguousarray(scores[:, 1] if probabilities else scores[:, 1] - scores[:, 0])
    return scores


def of_labels(labels: NDArray[Any], classes: tuple[Level, ...]) -> Floats:
    """Labels as scores: 1 for the class predicted, 0 for the others.

    Args:
        labels: Shape (rows,).
        classes: Of two the positive one last.

    Returns:
        Of two classes shape (rows,), of k classes shape (rows, k).

    Raises:
        DataError: A label that is none of the classes.

    Example:
        >>> of_labels(np.array(["yes", "no"]), ("no", "yes"))
        array([1., 0.])
    """
    if labels.dtype.kind == "b" and len(classes) == 2 and not _all_bool(classes):
        return np.asarray(labels, dtype=np.float64)
    place = {label: at for at, label in enumerate(classes)}
    try:
        codes = encode(labels)
    except (TypeError, UnicodeDecodeError) as error:
        seen = f"it returned labels of type {error}"
        raise DataError(sentence(WHERE, seen, expected=f"one of {listing(classes)}")) from None
    strange: list[Level | None] = [label for label in codes.levels if label not in place]
    strange += [codes.fraction] if codes.fraction is not None else [None] * codes.gaps
    if strange:
        raise DataError(
            sentence(WHERE, f"it returned {strange[0]!r}", expected=f"one of {listing(classes)}")
        )
    at = np.array([place[label] for label in codes.levels], dtype=np.intp)[codes.codes]
    one_hot: Floats = np.eye(len(classes))[at]
    return np.ascontiguousarray(one_hot[:, 1]) if len(classes) == 2 else one_hot


def _array(raw: Any) -> Any:
    if hasattr(raw, "detach"):
        raw = raw.detach().cpu()
    if hasattr(raw, "to_numpy") and not isinstance(raw, np.ndarray):
        raw = raw.to_numpy()
    try:
        array = np.asarray(raw)
    except ValueError:  # lists of unequal lengths
        raise DataError(
            sentence(WHERE, "rows of unequal length", expected="a score for each row")
        ) from None
    if isinstance(raw, np.ma.MaskedArray) and np.ma.is_masked(raw):
        array = np.ma.filled(raw.astype(np.float64), np.nan)
    return array


def _labels(array: Any, classes: tuple[Level, ...], *, probabilities: bool) -> bool:
    """Whether it is a column of labels instead of scores."""
    if array.ndim != 1 or not len(array) or not classes:
        return False
    if array.dtype.kind in "USOT":
        return isinstance(array[0], str) or set(array.tolist()) <= set(classes)
    if array.dtype.kind in "iu":  # labels 0 and 1 are scores as they are, and margins may be whole
        named = probabilities and all(type(label) is int for label in classes)
        return len(classes) > 2 or (named and set(np.unique(array).tolist()) <= set(classes))
    return bool(array.dtype.kind == "b")


def _all_bool(classes: tuple[Level, ...]) -> bool:
    return all(isinstance(label, bool) for label in classes)


def _check_finite(scores: Floats) -> None:
    bad = ~np.isfinite(scores)
    if bad.any():
        count, row = int(bad.sum()), int(np.argwhere(bad)[0][0])
        seen = f"it returned {counted(count, 'missing or infinite value')}, the first in row {row + 1:,}"
        raise DataError(sentence(WHERE, seen, expected="a finite score for every row"))


def _probabilities(scores: Floats) -> Floats:
    """Scores from 0 to 1; what rounding left outside is moved to the end."""
    outside = (scores < -SLACK) | (scores > 1 + SLACK)
    if outside.any():
        seen = f"it returned a score of {number(float(scores[outside][0]))}"
        hint = 'For margins pass probabilities=False, for a regression task="regression".'
        raise DataError(sentence(WHERE, seen, expected="probabilities, from 0 to 1", hint=hint))
    if scores.ndim == 2:
        _check_sums(scores.sum(axis=1))
    return np.clip(scores, 0.0, 1.0)


def _check_sums(sums: Floats) -> None:
    off = np.abs(sums - 1) > SUM_SLACK
    if off.any():
        row = int(off.argmax())
        seen = f"it returned probabilities that add up to {number(float(sums[row]))} in row {row + 1:,}"
        hint = "For scores that are no probabilities pass probabilities=False."
        raise DataError(sentence(WHERE, seen, expected="1 in every row", hint=hint))


def _misshapen(array: Any, rows: int, classes: tuple[Level, ...], task: str) -> DataError:
    seen = f"it returned shape {array.shape} for {counted(rows, 'row')}"
    return DataError(sentence(WHERE, seen, expected=f"shape {_shapes(rows, classes, task)}"))


def _shapes(rows: int, classes: tuple[Level, ...], task: str) -> str:
    if task == "regression":
        return f"({rows},)"
    both = f"({rows}, {len(classes)})"
    return both if task == "multiclass" else f"({rows},) or {both}"


def _expected(task: str, classes: tuple[Level, ...]) -> str:
    return "numbers" if task == "regression" else f"scores, or labels among {listing(classes)}"
