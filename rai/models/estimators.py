"""Estimators and pipelines that follow scikit-learn's protocol, from whichever library.

    classes_ · feature_names_in_ · predict_proba | decision_function | predict  ──▶  Model

Scores are the best that there is: probabilities, else margins, else the labels themselves as 1 and 0.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import is_a
from rai.engines.frames import open_rows
from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.errors import ArgumentError, DataError, did_you_mean, listing, sentence
from rai.ground.formatting import counted
from rai.models.callables import turned
from rai.models.class_labels import check_two, plain_classes
from rai.models.column_names import NO_NAMES
from rai.models.digests import digest_of_object
from rai.models.model import Frames, Model, Task
from rai.models.outputs import of_labels
from rai.models.read_columns import columns_read, steps_of
from rai.models.rungs import Options, Rung, settled
from rai.values import Level

METHODS = ("predict_proba", "decision_function", "predict")
_CUTS = {"TunedThresholdClassifierCV": "best_threshold_", "FixedThresholdClassifier": "threshold"}
OWN_FUNCTION = "Pass a function from a frame to scores instead."

Prepare = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Asked:
    """How an estimator is asked.

    Args:
        estimator: The estimator.
        method: One of its methods.
        task: What it predicts.
        own: Its labels in its own order; empty for a regression.
        place: The place of the positive one of two.
        prepare: From a frame to what the method takes.
    """

    estimator: Any
    method: str
    task: Task
    own: tuple[Level, ...]
    place: int | None
    prepare: Prepare

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        raw = getattr(self.estimator, self.method)(self.prepare(frame))
        if self.task == "regression" or (self.method == "predict" and is_regressor(self.estimator)):
            return raw
        if self.method == "predict":
            return turned(of_labels(np.asarray(raw).reshape(-1), self.own), self.place, margins=False)
        if isinstance(raw, list):
            where = type(self.estimator).__name__
            raise DataError(sentence(where, counted(len(raw), "output"), expected="one"))
        return turned(raw, self.place, margins=self.method == "decision_function")


def of_estimator(
    source: Any,
    options: Options,
    *,
    kind: str = "scikit-learn",
    names: Sequence[str] | None = None,
    prepare: Prepare | None = None,
) -> Model:
    """A fitted estimator as a model.

    Args:
        source: The estimator.
        options: What was said of it.
        kind: How the model is called.
        names: The columns it was fitted on, where it keeps them elsewhere than scikit-learn.
        prepare: From a frame to what its methods take; chosen by what it was fitted on if None.

    Raises:
        ArgumentError: It is not fitted, or no classifier or regressor, or what was said doesn't fit.
        DataError: It has several outputs, or one class.
    """
    scorer, notes = _scorer(source)
    where = type(source).__name__
    _check_fitted(scorer, where)
    said, own = _task(scorer, options, where), _classes(scorer, where)
    task, classes, place = settled(options, task=said, classes=own, where=where)
    method = _method(scorer, options, task)
    known = _names(scorer) if names is None else tuple(names)
    prepare = prepare or _preparing(scorer, known, where)
    if prepare is not _as_it_is and known is None and options.features is None:
        notes = (*notes, NO_NAMES)
    return Model(
        predict=Asked(
            estimator=scorer,
            method=method,
            task=task,
            own=own or options.classes or (0, 1),
            place=place,
            prepare=prepare,
        ),
        task=task,
        classes=classes,
        features=_features(scorer, known, options, where),
        digest=digest_of_object(source),
        kind=kind,
        probabilities=_gives_probabilities(method, options, scorer),
        frames=_frames(options),
        notes=notes,
    )


def is_regressor(estimator: Any) -> bool:
    """Whether an estimator says that it is a regressor, without importing scikit-learn."""
    return estimator_type(estimator) == "regressor"


def estimator_type(estimator: Any) -> str | None:
    """What an estimator says it is: `classifier`, `regressor`, `outlier_detector` …; None if nothing."""
    tags = getattr(estimator, "__sklearn_tags__", None)
    try:
        said = tags().estimator_type if callable(tags) else None
    except (AttributeError, TypeError, NotImplementedError):
        said = None
    return said or getattr(estimator, "_estimator_type", None)


def as_matrix(frame: Any, *, width: int, where: str) -> NDArray[Any]:
    """A frame as the array that a model without names of columns was fitted on.

    Args:
        frame: The rows.
        width: How many columns that array had.
        where: How messages call the model.

    Raises:
        DataError: The frame has another number of columns.

    Example:
        >>> as_matrix({"age": [30, 40], "rate": [0.5, None]}, width=2, where="model").tolist()
        [[30.0, 0.5], [40.0, nan]]
    """
    rows = open_rows(frame)
    if len(rows.names) != width:
        seen, expected = counted(len(rows.names), "column"), f"{width:,}, as it was trained on"
        hint = "Pass features=[…] in the order of that array."
        raise DataError(sentence(where, seen, expected=expected, hint=hint))
    try:
        return np.column_stack([numbers(rows.column(name)) for name in rows.names])
    except NotNumbersError:
        return np.asarray(rows.frame.to_pandas().to_numpy(dtype=object))


def _takes_estimator(source: Any) -> bool:
    return not isinstance(source, type) and any(callable(getattr(source, m, None)) for m in METHODS)


def _scorer(source: Any) -> tuple[Any, tuple[str, ...]]:
    """What scores the rows, and what to mind: its own thresholds decide only where they are passed."""
    if is_a(source, "rai.thresholds.classifier", "ThresholdedClassifier"):
        inner = getattr(source, "estimator_", None)
        inner = source.estimator if inner is None else inner
        return inner, ("Scores are its classifier's; to decide by its plan pass threshold=model.plan_.",)
    cut = getattr(source, _CUTS.get(type(source).__name__, ""), None)
    if isinstance(cut, float):
        return source, (f"It decides at {cut:g}; to do the same pass threshold={cut:g}.",)
    return source, ()


def _check_fitted(source: Any, where: str) -> None:
    """Ask scikit-learn, if it is there; an object of another kind that has classes passes."""
    validation = sys.modules.get("sklearn.utils.validation")
    if validation is None or not hasattr(source, "fit") or _has_classes(source):
        return
    from sklearn.exceptions import NotFittedError

    try:
        validation.check_is_fitted(source)
    except NotFittedError:
        hint = "Call fit(X, y) first."
        raise ArgumentError(
            sentence(where, "not fitted", expected="a trained estimator", hint=hint)
        ) from None
    except (TypeError, AttributeError):  # none of scikit-learn's
        return


def _has_classes(source: Any) -> bool:
    """Whether it has them; an estimator that isn't fitted may raise anything."""
    try:
        return getattr(source, "classes_", None) is not None
    except Exception:  # noqa: BLE001
        return False


def _classes(source: Any, where: str) -> tuple[Level, ...]:
    if is_regressor(source) or not _has_classes(source):
        return ()
    held = source.classes_
    several = isinstance(held, list) and any(isinstance(each, np.ndarray) for each in held)
    if several or getattr(source, "multilabel_", False):
        hint = "Pass a function from a frame to the scores of one of them."
        raise DataError(sentence(where, "several outputs", expected="one", hint=hint))
    classes = plain_classes(held, where=f"classes of {where}")
    check_two(classes, where=where)
    return classes


def _task(source: Any, options: Options, where: str) -> Task | None:
    said = estimator_type(source)
    if said not in {None, "classifier", "regressor"}:
        seen = f"a model of kind {said!r}"
        raise ArgumentError(
            sentence(where, seen, expected="a classifier or a regressor", hint=OWN_FUNCTION)
        )
    classifies = said == "classifier" or _has_classes(source) or hasattr(source, "predict_proba")
    if said == "regressor":
        return "regression"
    if classifies and options.task == "regression":
        raise ArgumentError(sentence("task", "'regression' for a classifier", expected="none"))
    if not classifies and options.task is None:
        seen = "it doesn't say whether it classifies"
        raise ArgumentError(sentence(where, seen, expected="task=", hint=OWN_FUNCTION))
    return None


def _method(source: Any, options: Options, task: Task) -> str:
    """The method that gives the scores asked for, or the best it has."""
    if task == "regression" or is_regressor(source):
        return "predict"
    wanted: tuple[str, ...] = METHODS
    if options.probabilities is not None:
        wanted = METHODS[:1] if options.probabilities else METHODS[1:2]
    found = next((method for method in wanted if hasattr(source, method)), None)
    if found is None:
        seen = f"{options.probabilities} for a {type(source).__name__} without {wanted[0]}"
        hint = "Leave it out to get the best scores that there are."
        raise ArgumentError(sentence("probabilities", seen, expected="none", hint=hint))
    return found


def _gives_probabilities(method: str, options: Options, source: Any) -> bool:
    if is_regressor(source):
        return options.probabilities is not False
    return method != "decision_function"


def _names(source: Any) -> tuple[str, ...] | None:
    """The columns it was fitted on: its own word, or that of its first step that has one."""
    for each in (source, *steps_of(source)[:1]):
        held = getattr(each, "feature_names_in_", None)
        if held is not None:
            return tuple(map(str, held))
    return None


def _features(
    source: Any, known: tuple[str, ...] | None, options: Options, where: str
) -> tuple[str, ...] | None:
    if known is None:
        return options.features
    read = columns_read(source, known)
    if options.features is None:
        return read
    strange = next((name for name in options.features if name not in known), None)
    if strange is not None:
        expected = f"columns that the {where} was fitted on: {listing(known)}"
        hint = did_you_mean(strange, known)
        raise ArgumentError(sentence("features", repr(strange), expected=expected, hint=hint))
    return tuple(name for name in read if name in options.features)


def _preparing(source: Any, known: tuple[str, ...] | None, where: str) -> Prepare:
    """Frames for what was fitted on frames, arrays of the right width for what was fitted on arrays."""
    width = getattr(source, "n_features_in_", None)
    if known is not None or width is None:
        return _as_it_is
    return partial(as_matrix, width=int(width), where=where)


def _as_it_is(frame: Any) -> Any:
    return frame


def _frames(options: Options) -> Frames:
    return "pandas" if options.frames is None else options.frames


ESTIMATOR = Rung("scikit-learn", _takes_estimator, of_estimator)
