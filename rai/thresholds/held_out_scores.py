"""Scores for rows that the model did not learn from, so that thresholds chosen on them are honest.

    rows ──split──▶ learn │ score      each row is scored by a copy that never saw it; NaN where none did

Needs scikit-learn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted

Response = Literal["auto", "predict_proba", "decision_function"]
Floats = NDArray[np.float64]

RESPONSES = ("predict_proba", "decision_function")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """What a copy of the model learns from, and how.

    Args:
        estimator: The model, to be copied.
        table: Features of all rows.
        y: Labels of all rows, shape (rows,).
        positive: The label that counts as positive.
        response: Which of its methods gives scores.
        fit_params: Arguments of its `fit`; arrays as long as `y` are cut to the rows learnt from.
    """

    estimator: Any
    table: Any
    y: NDArray[Any]
    positive: Any
    response: Response
    fit_params: Mapping[str, Any]

    def learnt(self, rows: NDArray[np.intp] | None = None) -> Any:
        """A copy of the model that has learnt from these rows, or from all."""
        from sklearn.base import clone
        from sklearn.utils import _safe_indexing

        if rows is None:
            return clone(self.estimator).fit(self.table, self.y, **self.fit_params)
        params = {name: self._cut(held, rows) for name, held in self.fit_params.items()}
        return clone(self.estimator).fit(_safe_indexing(self.table, rows), self.y[rows], **params)

    def scored(self, model: Any, rows: NDArray[np.intp] | None = None) -> Floats:
        """The scores that a model gives to these rows, or to all."""
        from sklearn.utils import _safe_indexing

        table = self.table if rows is None else _safe_indexing(self.table, rows)
        return positive_scores(model, table, positive=self.positive, response=self.response)

    def _cut(self, held: Any, rows: NDArray[np.intp]) -> Any:
        from sklearn.utils import _safe_indexing

        fits = hasattr(held, "__len__") and not isinstance(held, str) and len(held) == len(self.y)
        return _safe_indexing(held, rows) if fits else held


def positive_scores(model: Any, table: Any, *, positive: Any, response: Response) -> Floats:
    """How strongly a model believes in the positive label, shape (rows,): higher is more.

    Raises:
        ArgumentError: If the model has no such method.
        DataError: If it does not know the label, or a score is NaN or infinite.
    """
    method = method_of(model, response)
    classes = list(model.classes_)
    if positive not in classes or len(classes) != 2:
        seen = f"a model of the labels {', '.join(map(repr, _plain(classes)))}"
        raise DataError(sentence(method, seen, expected=f"two, {_plain([positive])[0]!r} among them"))
    found = np.asarray(getattr(model, method)(table), dtype=np.float64)
    if method == "predict_proba":
        scores = found[:, classes.index(positive)]
    else:
        scores = found.ravel() if classes[1] == positive else -found.ravel()
    unfit = ~np.isfinite(scores)
    if unfit.any():
        seen = f"{counted(int(unfit.sum()), 'score')} that {'is' if unfit.sum() == 1 else 'are'} NaN or "
        seen += f"infinite, the first in row {1 + int(unfit.argmax()):,}"
        raise DataError(sentence(method, seen, expected="a finite score for every row"))
    return scores


def method_of(model: Any, response: Response) -> str:
    """The method of a model that gives scores.

    Raises:
        ArgumentError: If it has none.
    """
    wanted = RESPONSES if response == "auto" else (response,)
    for method in wanted:
        if hasattr(model, method):
            return method
    seen = f"{type(model).__name__} without {' and '.join(wanted)}"
    raise ArgumentError(sentence("estimator", seen, expected="a classifier that gives scores"))


def out_of_fold(
    learning: Learning, splits: Sequence[tuple[Any, Any]], *, n_jobs: int | None = None
) -> Floats:
    """Scores of the rows that are held out by some split, shape (rows,); NaN for rows that never are.

    Raises:
        ArgumentError: If a row is held out twice.
        DataError: If a part to learn from lacks a label.
    """
    from sklearn.utils.parallel import Parallel, delayed

    rows = len(learning.y)
    parts = [(np.arange(rows)[train], np.arange(rows)[test]) for train, test in splits]
    _check_parts(learning, parts)
    found = Parallel(n_jobs=n_jobs)(
        delayed(_scored_by_copy)(learning, train, test) for train, test in parts
    )
    scores = np.full(rows, np.nan)
    for (_, test), part in zip(parts, found, strict=True):
        scores[test] = part
    return scores


def _scored_by_copy(learning: Learning, train: NDArray[np.intp], test: NDArray[np.intp]) -> Floats:
    return learning.scored(learning.learnt(train), test)


def _check_parts(learning: Learning, parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]) -> None:
    times = np.zeros(len(learning.y), dtype=np.intp)
    for place, (train, test) in enumerate(parts, start=1):
        np.add.at(times, test, 1)
        labels = np.unique(learning.y[train])
        if len(labels) < 2:
            seen = f"part {place} has one class to learn from"
            raise DataError(sentence("cv", seen, expected="both labels in every part"))
    if times.max(initial=0) > 1:
        seen = f"row {1 + int(times.argmax()):,} is held out {times.max()} times"
        hint = "Repeated splits would count rows several times."
        raise ArgumentError(sentence("cv", seen, expected="once at most", hint=hint))


def _plain(labels: Sequence[Any]) -> list[Any]:
    plain: list[Any] = np.asarray(labels).tolist()
    return plain
