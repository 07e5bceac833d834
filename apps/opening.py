"""What to open: rows, models and roles, as `rai app` was asked or the start page says.

    Opening(data="dataset:adult", example_models=True) ── opened ──▶ Project

An opening is text (JSON), so it fits a command line and an address. The same opening of the same files
is opened once in a process, for all sessions; a person's upload is a project of that session alone and
has no opening.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rai
from rai.ground.errors import did_you_mean, listing, sentence

from .example_models import example_models
from .memory import Memory
from .model_sources import fitting, of_columns, of_file
from .project import ColumnRoles, Project

if TYPE_CHECKING:
    import pandas

DATASET = "dataset:"
TEST, TRAIN = "test", "train"
_KNOWN = Memory(most=8)


@dataclass(frozen=True, slots=True)
class Opening:
    """What `rai app` opens.

    Args:
        data: A CSV or Parquet file, or `dataset:NAME` or `dataset:NAME/SPLIT`; empty if people choose.
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

    data: str = ""
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

    @property
    def trusted_types(self) -> tuple[str, ...]:
        """The types in skops files that whoever started the app trusts."""
        return tuple(json.loads(self.model_options).get("trusted_types") or ())

    @classmethod
    def from_json(cls, text: str) -> Opening:
        """What `as_json` wrote."""
        held: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in json.loads(text).items()
        }
        return cls(**held)


def asked_of_command() -> Opening:
    """What the command line says."""
    return Opening.from_json(sys.argv[1]) if len(sys.argv) > 1 else Opening()


def opened(opening: Opening) -> Project:
    """The project that is meant, the same one for the same opening while its files stay as they are.

    Raises:
        RaiError: If data or a model can't be read, or a column is not there.
    """
    key = (opening, *map(_stamp, (opening.data, *opening.compare, *opening.models)))
    return _KNOWN.answer(key, lambda: _opened(opening))


def made(
    name: str,
    frame: pandas.DataFrame,
    *,
    roles: ColumnRoles,
    models: Callable[[ColumnRoles], Mapping[str, rai.Model]],
    others: Mapping[str, pandas.DataFrame],
    source: str = "",
) -> Project:
    """A project of rows, after it was seen that everything in it fits.

    Args:
        name: What it is called.
        frame: The rows.
        roles: Which column is what; a positive label may be spelled as text.
        models: From the roles, labels in their type, to models.
        others: Other data sets of the same columns.
        source: What a link names it by.

    Raises:
        RaiError: If a column is not there, or a model doesn't fit the rows.
    """
    check_roles(frame, roles)
    roles = _typed_label(frame, roles)
    found = [*of_columns(frame, roles).items(), *models(roles).items()]
    fits = [fitting(each, model, frame, roles=roles) for each, model in found]
    named = dict(zip(unique(each for each, _ in found), fits, strict=True))
    return Project(name=name, frame=frame, roles=roles, models=named, others=others, source=source)


def unique(names: Iterable[str]) -> list[str]:
    """Names, those that came before with a number behind.

    Example:
        >>> unique(["model", "model", "other"])
        ['model', 'model 2', 'other']
    """
    found: dict[str, None] = {}
    for name in names:
        at, free = 1, name
        while free in found:
            at += 1
            free = f"{name} {at}"
        found[free] = None
    return list(found)


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


def _opened(opening: Opening) -> Project:
    name, frame, others, roles = _rows(opening)
    return made(
        name,
        frame,
        roles=roles,
        models=lambda typed: _models(opening, frame, others, typed),
        others=others,
        source=opening.data,
    )


def _stamp(path: str) -> tuple[int, int]:
    """What changes when a file does; zeros for what is no file."""
    try:
        found = Path(path).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _rows(opening: Opening) -> tuple[str, pandas.DataFrame, dict[str, pandas.DataFrame], ColumnRoles]:
    read = [rai.explore.read_rows(path) for path in opening.compare]
    others = dict(zip(unique(map(_stem, opening.compare)), read, strict=True))
    if opening.data.startswith(DATASET):
        dataset, beside = own_dataset(opening.data)
        roles = _filled(opening, dataset.roles)
        return dataset.name, _plain(dataset.frame), {**beside, **others}, roles
    frame = rai.explore.read_rows(opening.data)
    return _stem(opening.data), frame, others, _filled(opening, None)


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
    y_true, label = given.y_true or card.y_true, given.positive_label
    if label is None and y_true == card.y_true:  # another column has other labels
        label = card.positive_label
    return ColumnRoles(
        y_true=y_true,
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


def _models(
    opening: Opening, frame: pandas.DataFrame, others: Mapping[str, Any], roles: ColumnRoles
) -> dict[str, rai.Model]:
    read = [of_file(p, frame, roles=roles, options=opening.model_options) for p in opening.models]
    models = dict(zip(unique(map(_stem, opening.models)), read, strict=True))
    if opening.example_models and not models:
        train = others.get(TRAIN)
        name = opening.data.removeprefix(DATASET).partition("/")[0]
        rows = rai.load_dataset(name).frame if train is None else train
        models = example_models(rows, rai.load_dataset(name))
    return models


def _plain(frame: pandas.DataFrame) -> pandas.DataFrame:
    return frame.drop(columns="split", errors="ignore").reset_index(drop=True)


def _stem(path: str) -> str:
    return Path(path).name.split(".")[0] or path
