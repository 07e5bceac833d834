"""What to open: rows, models and roles, as `rai app` was asked or the start page says.

    Opening(data="dataset:adult", example_models=True) ── opened ──▶ Project

An opening is text (JSON), so it fits a command line and an address. The same opening is opened once in a
process, for all sessions; a person's upload is a project of that session alone and has no opening.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import rai
from rai.ground.errors import did_you_mean, listing, sentence

from .example_models import example_models
from .project import ColumnRoles, Project

if TYPE_CHECKING:
    import pandas

DATASET = "dataset:"
TEST, TRAIN = "test", "train"
MOST_CLASSES = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """What `rai app` opens.

    Args:
        data: A CSV or Parquet file, or `dataset:NAME` or `dataset:NAME/SPLIT`.
        compare: Other data sets of the same columns, as files.
        models: Files or addresses of models.
        y_true: The column of true labels.
        y_pred: A column of predictions.
        y_score: A column of scores.
        positive_label: The label that scores are for.
        sensitive_features: Columns that tell groups of people apart.
        sample_weight: The weight of a row.
        example_models: Train two models on the training rows of a bundled data set.
        model_options: What `rai.load_model` is told about each model.
    """

    data: str
    compare: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    y_true: str | None = None
    y_pred: str | None = None
    y_score: str | None = None
    positive_label: str | None = None
    sensitive_features: tuple[str, ...] = ()
    sample_weight: str | None = None
    example_models: bool = False
    model_options: str = "{}"

    def as_json(self) -> str:
        """The opening as one line of text."""
        return json.dumps({key: value for key, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, text: str) -> Opening:
        """What `as_json` wrote."""
        held: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in json.loads(text).items()
        }
        return cls(**held)


@lru_cache(maxsize=8)
def opened(opening: Opening) -> Project:
    """The project that is meant, the same one for the same opening.

    Raises:
        RaiError: If data or a model can't be read, or a column is not there.
    """
    name, frame, others, roles = _rows(opening)
    models = {**column_models(frame, roles), **_models(opening, others)}
    return Project(
        name=name, frame=frame, roles=roles, models=models, others=others, source=opening.data
    )


def own_dataset(data: str) -> tuple[rai.Dataset, dict[str, pandas.DataFrame]]:
    """One of rai's own data sets, and its training rows where it has a split.

    Without a split named, the test rows are shown and the training rows stand beside them.
    """
    name, _, split = data.removeprefix(DATASET).partition("/")
    whole = rai.load_dataset(name, split or None)
    if split or "split" not in whole.frame or TEST not in set(whole.frame["split"]):
        return whole, {}
    train = rai.load_dataset(name, TRAIN).frame
    return rai.load_dataset(name, TEST), {TRAIN: _plain(train)}


def column_models(frame: pandas.DataFrame, roles: ColumnRoles) -> dict[str, rai.Model]:
    """A column of scores or of predictions as a model that only knows these rows.

    Raises:
        RaiError: If the column is not there or holds something else.
    """
    if roles.y_score is not None:
        classes = _classes(frame, roles)
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


def _rows(opening: Opening) -> tuple[str, pandas.DataFrame, dict[str, pandas.DataFrame], ColumnRoles]:
    others = {_stem(path): rai.explore.read_rows(path) for path in opening.compare}
    if opening.data.startswith(DATASET):
        dataset, beside = own_dataset(opening.data)
        roles = _filled(opening, dataset.roles)
        return dataset.name, _plain(dataset.frame), {**beside, **others}, roles
    frame = rai.explore.read_rows(opening.data)
    roles = _filled(opening, None)
    check_roles(frame, roles)
    return _stem(opening.data), frame, others, _typed_label(frame, roles)


def check_roles(frame: pandas.DataFrame, roles: ColumnRoles) -> None:
    """Every column that is named is there.

    Raises:
        RoleError: If one is not.
    """
    named = [*sorted(roles.taken), *roles.sensitive_features]
    for name in named:
        if name not in frame.columns:
            known = [str(column) for column in frame.columns]
            expected, hint = f"one of {listing(known)}", did_you_mean(name, known)
            raise rai.RoleError(sentence("columns", f"no column {name!r}", expected=expected, hint=hint))


def _filled(opening: Opening, card: rai.Roles | None) -> ColumnRoles:
    """The roles that were named, others from the card of a data set."""
    given = ColumnRoles(
        y_true=opening.y_true,
        y_pred=opening.y_pred,
        y_score=opening.y_score,
        positive_label=opening.positive_label,
        sensitive_features=opening.sensitive_features,
        sample_weight=opening.sample_weight,
    )
    if card is None:
        return given
    scored = given.y_pred is not None or given.y_score is not None
    label = given.positive_label if given.positive_label is not None else card.positive_label
    return ColumnRoles(
        y_true=given.y_true or card.y_true,
        y_pred=given.y_pred if scored else card.y_pred,
        y_score=given.y_score if scored else card.y_score,
        positive_label=label,
        sensitive_features=given.sensitive_features or card.sensitive_features,
        sample_weight=given.sample_weight or card.sample_weight,
        cuts=card.cuts,
    )


def _typed_label(frame: pandas.DataFrame, roles: ColumnRoles) -> ColumnRoles:
    """Roles whose positive label is the label itself, not its spelling: 1, not "1"."""
    text = roles.positive_label
    if not isinstance(text, str) or roles.y_true is None:
        return roles
    spelled = {str(label): label for label in frame[roles.y_true].dropna().unique().tolist()}
    return replace(roles, positive_label=spelled.get(text, text))


def _models(opening: Opening, others: Mapping[str, Any]) -> dict[str, rai.Model]:
    options = json.loads(opening.model_options)
    models = {_stem(path): rai.load_model(path, **options) for path in opening.models}
    if opening.example_models and not models:
        train = others.get(TRAIN)
        name = opening.data.removeprefix(DATASET).partition("/")[0]
        rows = rai.load_dataset(name).frame if train is None else train
        models = example_models(rows, rai.load_dataset(name))
    return models


def _of_predictions(frame: pandas.DataFrame, column: str, roles: ColumnRoles) -> rai.Model:
    """A column of predicted labels: certain of what it says."""
    classes = _classes(frame, roles)
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


def _classes(frame: pandas.DataFrame, roles: ColumnRoles) -> tuple[Any, ...] | None:
    """The labels there are; None without any, or where they are measured numbers."""
    named = [name for name in (roles.y_true, roles.y_pred) if name is not None]
    if not named:
        return None
    values = frame[named[0]].dropna()
    levels = {*values.unique().tolist(), *(frame[named[-1]].dropna().unique().tolist())}
    if values.dtype.kind == "f" and len(levels) > MOST_CLASSES:
        return None
    return tuple(sorted(levels, key=lambda level: (str(type(level)), level)))


def _plain(frame: pandas.DataFrame) -> pandas.DataFrame:
    return frame.drop(columns="split", errors="ignore").reset_index(drop=True)


def _stem(path: str) -> str:
    return Path(path).name.split(".")[0] or path
