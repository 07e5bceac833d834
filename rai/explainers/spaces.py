"""The space of an attribution: which number of a row is taken apart.

    margin        log-odds, or whatever a link makes probabilities of
    probability   of the positive class, or of each class
    decision      1 where the row is decided positive (or for this class), else 0
    prediction    the value of a regression
    loss          what the row's own label makes of it: log loss, zero-one loss, squared error …

Attributions in one space are not those in another: a sigmoid of the parts is not the parts of a sigmoid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explainers.losses import Labels, loss_of
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, sentence
from rai.models.batches import BATCH_ROWS
from rai.models.margins import with_margins
from rai.models.model import Model
from rai.values import Level

SpaceName = Literal["margin", "probability", "decision", "prediction", "loss"]

SPACES: tuple[SpaceName, ...] = ("margin", "probability", "decision", "prediction", "loss")
# Of these kinds numbers have seven digits.
SINGLE_PRECISION = {"XGBoost", "PyTorch", "ONNX"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Space:
    """A number of each row, or one for each class.

    Args:
        name: One of `SPACES`.
        model: The model as it is asked for it.
        outputs: What each of the K numbers is of: a class, or None where there is but one that needs no
            name (a regression's value, a loss).
        turn: From the model's scores, shape (m,) or (m, k), and the place of each among the rows, to the
            numbers, shape (m, K).
    """

    name: SpaceName
    model: Model
    outputs: tuple[Level | None, ...]
    turn: Callable[[Floats, Ints], Floats]

    def asked(self, rows: Rows) -> Floats:
        """What the model says of rows, in batches of 131,072, shape (m,) or (m, k)."""
        if len(rows) <= BATCH_ROWS:
            return self.model.scores(rows)
        starts = range(0, len(rows), BATCH_ROWS)
        return np.concatenate(
            [self.model.scores(rows.part(start, start + BATCH_ROWS)) for start in starts]
        )

    def scores(self, rows: Rows, places: Ints | None = None) -> Floats:
        """The numbers of rows, shape (m, K).

        Args:
            rows: The rows.
            places: Whose label is meant, in the space of losses; the rows' own if None.
        """
        own = np.arange(len(rows)) if places is None else places
        return self.turn(self.asked(rows), own)

    @property
    def tolerance(self) -> float:
        """How far a sum of numbers may be off, as a share of the largest: rounding, nothing else."""
        return 1e-5 if self.model.kind in SINGLE_PRECISION else 1e-6


def own_space(model: Model) -> SpaceName:
    """The space of a model's own scores."""
    if model.task == "regression":
        return "prediction"
    return "probability" if model.probabilities else "margin"


def space_of(
    name: str, model: Model, *, threshold: float | None = None, labels: Labels | None = None
) -> Space:
    """A space of a model.

    Args:
        name: One of `SPACES`.
        model: The model.
        threshold: In the space of decisions the score from which on a row is decided positive; the
            model's own if None.
        labels: In the space of losses the rows' labels and which loss.

    Raises:
        ArgumentError: The model has no such numbers, or something is said that the space has no use for.

    Example:
        >>> import rai
        >>> from rai.engines.frames import open_rows
        >>> model = rai.load_model(lambda frame: frame["p"])
        >>> rows = open_rows({"p": [0.2, 0.5]})
        >>> {s: space_of(s, model).scores(rows)[:, 0].round(3).tolist() for s in ("margin", "decision")}
        {'margin': [-1.386, 0.0], 'decision': [0.0, 1.0]}
    """
    check_choice(name, SPACES, where="space")
    if threshold is not None and name != "decision":
        seen = f"{threshold!r} in the space of {name!r}"
        raise ArgumentError(sentence("threshold", seen, expected="none", hint='Pass space="decision".'))
    if labels is not None and name != "loss":
        seen = f"labels in the space of {name!r}"
        raise ArgumentError(sentence("y_true", seen, expected="none", hint='Pass space="loss".'))
    return _SPACES[name](model, threshold, labels)


def classes_of(model: Model) -> tuple[Level | None, ...]:
    """What each output of a model is of."""
    if model.task == "multiclass":
        return model.classes
    return (model.positive_label,)


def _columns(scores: Floats, _: Ints) -> Floats:
    """Scores as they are, shape (m, K)."""
    return scores.reshape(len(scores), -1)


def _own(name: SpaceName, model: Model) -> Space:
    return Space(name=name, model=model, outputs=classes_of(model), turn=_columns)


def _margin(model: Model, _threshold: float | None, _labels: Labels | None) -> Space:
    found = with_margins(model)
    if found is None:
        hint = f'Pass space="{own_space(model)}".'
        expected = "a model with margins (decision_function, raw scores)"
        raise ArgumentError(
            sentence("space", f"'margin' of a {model.kind}", expected=expected, hint=hint)
        )
    return _own("margin", found)


def _probability(model: Model, _threshold: float | None, _labels: Labels | None) -> Space:
    if model.task == "regression" or not model.probabilities:
        what = "a regression" if model.task == "regression" else "a model that gives margins"
        hint = f'Pass space="{own_space(model)}".'
        expected = "a model that gives probabilities"
        raise ArgumentError(sentence("space", f"'probability' of {what}", expected=expected, hint=hint))
    return _own("probability", model)


def _prediction(model: Model, _threshold: float | None, _labels: Labels | None) -> Space:
    if model.task != "regression":
        hint = f'Pass space="{own_space(model)}" or "decision".'
        seen = "'prediction' of a classifier"
        raise ArgumentError(sentence("space", seen, expected="a regression", hint=hint))
    return _own("prediction", model)


def _decision(model: Model, threshold: float | None, _labels: Labels | None) -> Space:
    if model.task == "regression":
        expected = "a model with classes"
        raise ArgumentError(sentence("space", "'decision' of a regression", expected=expected))
    if model.task == "multiclass":
        if threshold is not None:
            seen = "a threshold for a multiclass model"
            raise ArgumentError(sentence("threshold", seen, expected="none"))
        eye = np.eye(len(model.classes))
        return Space(
            name="decision",
            model=model,
            outputs=model.classes,
            turn=lambda scores, _: eye[scores.argmax(axis=1)],
        )
    cut = model.threshold if threshold is None else _finite(threshold)
    return Space(
        name="decision",
        model=model,
        outputs=(model.positive_label,),
        turn=lambda scores, _: (scores >= cut).astype(np.float64)[:, None],
    )


def _loss(model: Model, _threshold: float | None, labels: Labels | None) -> Space:
    if labels is None:
        hint = "Pass y_true=, the rows' labels."
        raise ArgumentError(sentence("space", "'loss' without labels", expected="y_true=", hint=hint))
    loss = loss_of(model, labels)
    return Space(
        name="loss", model=model, outputs=(None,), turn=lambda scores, at: loss(scores, at)[:, None]
    )


_Maker = Callable[[Model, float | None, Labels | None], Space]

_SPACES: dict[str, _Maker] = {
    "margin": _margin,
    "probability": _probability,
    "decision": _decision,
    "prediction": _prediction,
    "loss": _loss,
}


def _finite(threshold: Any) -> float:
    fits = isinstance(threshold, int | float | np.number) and not isinstance(threshold, bool)
    if not fits or not np.isfinite(threshold):
        raise ArgumentError(sentence("threshold", repr(threshold), expected="a finite number"))
    return float(threshold)


def output_names(outputs: Sequence[Level | None]) -> tuple[str, ...]:
    """What outputs are called in a table; empty text for one that needs no name."""
    return tuple("" if label is None else str(label) for label in outputs)
