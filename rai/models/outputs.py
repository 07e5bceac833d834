"""What a model returned, as scores: one shape for each task, or one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.errors import DataError, listing, sentence
from rai.ground.formatting import counted, number
from rai.values import Level

WHERE = "model"
SLACK = 1e-5  # float32 sums of probabilities differ from 1 by less


def as_scores(
    raw: Any, *, rows: int, classes: tuple[Level, ...], task: str, probabilities: bool
) -> Floats:
    """Scores in the one shape of their task.

    Args:
        raw: An array, series, frame, list or tensor: of scores or labels, shape (rows,) or (rows, 1), or
            of a score for each class, shape (rows, k).
        rows: How many rows were asked about.
        classes: The labels in order; empty for a regression.
        task: `binary`, `multiclass` or `regression`.
        probabilities: Whether scores must lie between 0 and 1.

    Raises:
        DataError: Another shape, no numbers, a missing or infinite one, or one outside 0 to 1.

    Example:
        >>> as_scores([[0.8, 0.2]], rows=1, classes=(0, 1), task="binary", probabilities=True)
        array([0.2])
    """
    array = _array(raw)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    width = len(classes) if array.ndim == 2 else None
    wanted = (rows,) if width is None else (rows, width)
    if array.shape != wanted or (
        task == "multiclass" and array.ndim == 1 and not _labels(array, classes)
    ):
        raise _misshapen(array, rows, classes, task)
    if _labels(array, classes):
        return _of_labels(array, classes, task)
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
    return np.ascontiguousarray(scores[:, 1]) if task == "binary" and scores.ndim == 2 else scores


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


def _labels(array: Any, classes: tuple[Level, ...]) -> bool:
    """Whether it is a column of labels instead of scores."""
    if array.ndim != 1 or not len(array) or not classes:
        return False
    if array.dtype.kind in "USOT":
        return set(array.tolist()) <= set(classes) or isinstance(array[0], str)
    whole = array.dtype.kind in "iub" and len(classes) > 2
    return whole or (array.dtype.kind == "b")


def _of_labels(array: Any, classes: tuple[Level, ...], task: str) -> Floats:
    """Labels as scores: 1 for the class predicted, 0 for the others."""
    if array.dtype.kind == "b" and task == "binary":
        return np.asarray(array, dtype=np.float64)
    place = {label: at for at, label in enumerate(classes)}
    strange = next((v for v in dict.fromkeys(array.tolist()) if v not in place), None)
    if strange is not None:
        raise DataError(
            sentence(WHERE, f"it returned {strange!r}", expected=f"one of {listing(classes)}")
        )
    at = np.array([place[v] for v in array.tolist()])
    one_hot: Floats = np.eye(len(classes))[at]
    return one_hot[:, 1] if task == "binary" else one_hot


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
    return np.clip(scores, 0.0, 1.0)


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
