"""A model as rai knows it: rows in, checked scores out.

    frame ──columns it reads──▶ predict ──▶ shape, order of classes, range, finiteness ──▶ scores

What the model raises becomes one sentence; what it returns is checked before anybody counts with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows, open_rows
from rai.ground.errors import ArgumentError, DataError, RaiError, listing, sentence
from rai.models.outputs import as_scores
from rai.values import Level

Task = Literal["binary", "multiclass", "regression"]
Frames = Literal["same", "pandas", "polars"]

TASKS = ("binary", "multiclass", "regression")
FRAMES = ("same", "pandas", "polars")


@runtime_checkable
class Scoring(Protocol):
    """What any object needs in order to be used as a model.

    Attributes:
        task: `binary`, `multiclass` or `regression`.
        classes: The labels in order, of two classes the positive one last; empty for a regression.
        features: The columns it reads; None if it doesn't say.
        digest: SHA-256 of what it is; empty if that can't be said.
    """

    task: Task
    classes: tuple[Level, ...]
    features: tuple[str, ...] | None
    digest: str

    def scores(self, frame: Any, /) -> Floats:
        """Scores of the rows, shape (n,), or (n, k) for k > 2 classes."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Model:
    """A trained model behind one small protocol.

    What everything else relies on is `scores(frame)`, `task`, `classes`, `features` and `digest`.

    Args:
        predict: From a frame of the columns in `features` to its raw output.
        task: `binary`, `multiclass` or `regression`.
        classes: The labels in order, of two classes the positive one last; empty for a regression.
        features: The columns it reads, in its order; None if that isn't known, so that it gets all.
        digest: SHA-256 of what it is: of a file its bytes, of an object its pickle; empty if unknown.
        kind: Where it came from: `callable`, `scikit-learn`, `ONNX` ….
        probabilities: Whether scores are probabilities; otherwise they are margins, cut at 0.
        frames: What it wants to be given: `pandas`, `polars`, or the `same` as came in.
        answers_edits: Whether it predicts; False for a column of predictions, which can't answer
            what would have been.
        notes: What to mind.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda frame: frame["income"] / 100)
        >>> model.scores({"income": [20, 70]})
        array([0.2, 0.7])
    """

    predict: Callable[[Any], Any] = field(repr=False)
    task: Task
    classes: tuple[Level, ...] = ()
    features: tuple[str, ...] | None = None
    digest: str = ""
    kind: str = "callable"
    probabilities: bool = True
    frames: Frames = "same"
    answers_edits: bool = True
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ArgumentError(sentence("task", repr(self.task), expected=f"one of {listing(TASKS)}"))
        least = {"binary": 2, "multiclass": 3, "regression": 0}[self.task]
        fits = len(self.classes) == least if self.task != "multiclass" else len(self.classes) >= least
        if not fits or len(set(self.classes)) < len(self.classes):
            expected = {0: "none", 2: "two different labels", 3: "at least three different labels"}[
                least
            ]
            raise ArgumentError(
                sentence(f"classes of a {self.task} model", listing(self.classes), expected=expected)
            )

    @property
    def threshold(self) -> float:
        """Where two classes are told apart if nothing else is said: at 0.5, or at 0 for margins."""
        return 0.5 if self.probabilities else 0.0

    @property
    def positive_label(self) -> Level | None:
        """The positive one of two classes."""
        return self.classes[1] if self.task == "binary" else None

    def scores(self, frame: Any) -> Floats:
        """Scores of rows, checked.

        Args:
            frame: A frame, a dict of arrays, or a path; it may hold more columns than the model reads.

        Returns:
            Of two classes the positive one's score, shape (n,); of k classes shape (n, k), in the order
            of `classes`; of a regression the predicted values, shape (n,).

        Raises:
            RoleError: If a column is missing that the model reads.
            DataError: If the model fails, or what it returns can't be used.
        """
        rows = open_rows(frame)
        if self.features is not None:
            rows = rows.select(self.features, where=f"model ({self.kind})")
        if not len(rows):
            return np.zeros((0, len(self.classes)) if self.task == "multiclass" else 0)
        try:
            raw = self.predict(self._framed(rows))
        except RaiError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0][:300]
            expected = "one that can predict these rows"
            hint = "Are the columns and their types those that it was trained on?"
            where = f"model ({self.kind})"
            raise DataError(
                sentence(where, f"it failed ({reason})", expected=expected, hint=hint)
            ) from error
        return as_scores(
            raw, rows=len(rows), classes=self.classes, task=self.task, probabilities=self.probabilities
        )

    def replace(self, **changes: Any) -> Model:
        """The same model with some fields changed."""
        return replace(self, **changes)

    def _framed(self, rows: Rows) -> Any:
        """The rows in the kind of frame that the model wants; columns it adds to it stay its own."""
        if self.frames in {"same", rows.frame.implementation.value}:
            native = rows.native
            return native.copy(deep=False) if rows.frame.implementation.is_pandas() else native
        return rows.frame.to_pandas() if self.frames == "pandas" else rows.frame.to_polars()


def as_model(model: Any) -> Model:
    """A model from anything that `rai.load_model` takes, or that follows the protocol.

    Raises:
        ArgumentError: If nothing of it can predict.
    """
    if isinstance(model, Model):
        return model
    from rai.models.loading import load_model

    return load_model(model)


def check_answers_edits(model: Model, *, where: str) -> None:
    """The model predicts, rather than replay a column.

    Raises:
        ArgumentError: If it is a column of predictions.
    """
    if not model.answers_edits:
        hint = "Load the model itself, with rai.load_model."
        seen = "a column of predictions, which can't say what the model would have said"
        raise ArgumentError(sentence(where, seen, expected="a model", hint=hint))
