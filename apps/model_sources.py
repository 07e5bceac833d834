"""Models of a project, from files and from columns, which speak of the labels of its rows.

model.onnx ── of_file ──▶ Model, its classes those of the rows
a column of scores or predictions ── of_columns ──▶ Model that can't answer edits
any ── fitting ──▶ the same, after it was seen that it finds its columns and answers
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

import rai
from rai.ground.errors import listing, sentence

from .project import ColumnRoles

if TYPE_CHECKING:
    import pandas

MOST_CLASSES = 20
TRIED = 100  # rows that a model is asked about before anybody waits for all


def of_file(path: str, frame: pandas.DataFrame, *, roles: ColumnRoles, options: str = "{}") -> rai.Model:
    """A model of a file, which speaks of the labels of the rows.

    One that numbers its classes, or doesn't say them, has those of the rows in their order.

    Args:
        path: The file, or an address.
        frame: The rows that it will be asked about.
        roles: Which column holds the labels, and which is the positive one.
        options: What `rai.load_model` is told, as JSON.

    Raises:
        RaiError: If it can't be loaded.
    """
    asked, labels = json.loads(options), labels_of(frame, roles)
    if asked.get("task") == "regression":
        return rai.load_model(path, **asked)
    said: dict[str, Any] = {}
    try:
        own: rai.Model | None = rai.load_model(path, **asked)
    except rai.ArgumentError:  # too little is known of it; if something else is wrong, the next says so
        own = None
        if labels is None and "task" not in asked and roles.y_true is not None:
            return rai.load_model(path, **asked, task="regression")
    if own is not None and own.task == "regression":
        return own
    classes = labels if own is None else own.classes
    numbered = own is None or own.classes == tuple(range(len(own.classes)))
    if labels and numbered and "classes" not in asked:
        said["classes"] = classes = labels
    if classes and len(classes) == 2 and roles.positive_label in classes:
        said["positive_label"] = roles.positive_label
    return own if own is not None and not said else rai.load_model(path, **asked, **said)


def of_columns(frame: pandas.DataFrame, roles: ColumnRoles) -> dict[str, rai.Model]:
    """A column of scores or of predictions as a model that only knows these rows.

    Raises:
        RaiError: If the column is not there or holds something else.
    """
    if roles.y_score is not None:
        classes = labels_of(frame, roles)
        model = rai.load_model(
            column=roles.y_score,
            task="binary" if classes and len(classes) == 2 else None,
            classes=classes,
            positive_label=roles.positive_label,
        )
        return {roles.y_score: model}
    if roles.y_pred is not None:
        return {roles.y_pred: _of_predictions(frame, roles.y_pred, roles)}
    return {}


def fitting(name: str, model: rai.Model, frame: pandas.DataFrame, *, roles: ColumnRoles) -> rai.Model:
    """A model that fits the rows; one that doesn't say which columns it reads gets the features.

    Args:
        name: What it is called.
        model: The model.
        frame: The rows.
        roles: Which column is what.

    Raises:
        RaiError: If columns are missing, it can't answer, or it speaks of other labels.
    """
    fits = _reading(model, frame, roles)
    _try(name, fits, frame, roles)
    return fits


def labels_of(frame: pandas.DataFrame, roles: ColumnRoles) -> tuple[Any, ...] | None:
    """The labels there are, in order; None without any, or where they are measured numbers."""
    named = [name for name in (roles.y_true, roles.y_pred) if name is not None]
    if not named:
        return None
    values = frame[named[0]].dropna()
    levels = {*values.unique().tolist(), *(frame[named[-1]].dropna().unique().tolist())}
    if values.dtype.kind in "iuf" and len(levels) > MOST_CLASSES:
        return None
    return tuple(sorted(levels, key=lambda level: (str(type(level)), level)))


def _of_predictions(frame: pandas.DataFrame, column: str, roles: ColumnRoles) -> rai.Model:
    """A column of predicted labels: certain of what it says."""
    classes = labels_of(frame, roles)
    if classes is None or len(classes) > MOST_CLASSES:
        return rai.load_model(column=column, task="regression")
    if len(classes) != 2:

        def one_hot(rows: Any) -> Any:
            return (rows[column].to_numpy()[:, None] == np.array(classes, dtype=object)).astype(float)

        return rai.load_model(one_hot, task="multiclass", classes=classes).replace(answers_edits=False)
    positive = classes[1] if roles.positive_label is None else roles.positive_label

    def certain(rows: Any) -> Any:
        return (rows[column].to_numpy() == positive).astype(float)

    model = rai.load_model(certain, task="binary", classes=classes, positive_label=positive)
    return model.replace(answers_edits=False)


def _reading(model: rai.Model, frame: pandas.DataFrame, roles: ColumnRoles) -> rai.Model:
    """A model that doesn't say which columns it reads gets the features, and no labels."""
    if model.features is not None or not model.answers_edits:
        return model
    taken = roles.taken
    return model.replace(features=tuple(name for name in map(str, frame.columns) if name not in taken))


def _try(name: str, model: rai.Model, frame: pandas.DataFrame, roles: ColumnRoles) -> None:
    """The model finds its columns, answers some rows, and speaks of the labels that are there."""
    missing = [column for column in model.features or () if column not in frame.columns]
    where = f"model {name!r}"
    if missing:
        hint = "Name the columns of the data as they were called when it was trained."
        seen = f"the data lack {listing(missing)}"
        raise rai.RoleError(sentence(where, seen, expected="every column that it reads", hint=hint))
    try:
        model.scores(frame.head(TRIED))
    except rai.RaiError as error:
        raise type(error)(f"{where}: {error}") from error
    labels = labels_of(frame, roles)
    strange = [label for label in labels or () if model.classes and label not in model.classes]
    if strange and model.task != "regression":
        seen = f"it doesn't know the labels {listing(strange)} of {roles.y_true!r}"
        hint = "Name its labels in the order of its scores (--class)."
        raise rai.ArgumentError(sentence(where, seen, expected=listing(model.classes), hint=hint))
