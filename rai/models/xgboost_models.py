"""XGBoost: files that its `save_model` writes (`.json`, `.ubj`), boosters, and its estimators.

file ──read, checked──▶ document ──objective, columns, categories──▶ Model
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from rai.engines.encoding import is_a
from rai.ground.errors import DataError, RaiError, missing_extra, sentence
from rai.models.callables import turned
from rai.models.column_names import NO_NAMES, given_names, renamed
from rai.models.digests import digest_of_object
from rai.models.estimators import as_matrix, of_estimator
from rai.models.model import Model, Task
from rai.models.model_files import ModelFile, contents, ends_in, read_file
from rai.models.rungs import Options, Rung, settled
from rai.models.trained_categories import on_trained_categories
from rai.models.ubjson import DamagedError, read_ubjson
from rai.models.xgboost_trees import check_booster

KIND = "XGBoost"
EXPECTED = "a model that XGBoost wrote (save_model)"
MOST_CLASSES = 1 << 16
NO_CATEGORIES = "It keeps no categories: those of the rows must have the training data's order."

# How an objective's name starts ──▶ what it predicts.
_TASKS: dict[str, Task] = {
    "binary:": "binary",
    "multi:": "multiclass",
    "reg:": "regression",
    "count:": "regression",
    "survival:": "regression",
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Described:
    """What a model's document says of it.

    Args:
        objective: The objective it was trained for.
        classes: How many classes it has; 0 where it has none.
        width: How many columns it reads.
        names: Their names; empty if it was trained on an array.
        types: Their types, as XGBoost calls them; empty if it doesn't say.
        categories: Column to its categories, in the order of their codes; empty if they aren't kept.
        rounds: How many rounds the estimator uses that wrote it; 0 for all.
    """

    objective: str
    classes: int
    width: int
    names: tuple[str, ...]
    types: tuple[str, ...]
    categories: Mapping[str, list[Any]]
    rounds: int

    @property
    def categorical(self) -> tuple[str, ...]:
        """Columns of categories, by name."""
        return tuple(n for n, kind in zip(self.names, self.types, strict=False) if kind == "c")

    @property
    def task(self) -> Task | None:
        """What it predicts, as far as its objective says."""
        said = next((t for start, t in _TASKS.items() if self.objective.startswith(start)), None)
        return "binary" if said == "multiclass" and self.classes == 2 else said


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Boosted:
    """A booster that is asked for scores of a frame.

    Args:
        booster: The booster.
        said: What it says of itself.
        place: The place of the positive one of two classes.
        given: The columns as they are called in the rows.
        margins: Whether it is asked for margins.
    """

    booster: Any
    said: Described
    place: int | None
    given: tuple[str, ...] | None
    margins: bool

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        raw = self.booster.predict(
            self._matrix(frame),
            output_margin=self.margins or self.said.objective == "multi:softmax",
            iteration_range=(0, self.said.rounds),
        )
        if self.said.objective == "multi:softmax" and not self.margins:
            raw = _softmax(raw)
        return turned(raw, self.place, margins=self.margins)

    def _matrix(self, frame: Any) -> Any:
        import xgboost

        types = list(self.said.types) or None
        if not self.said.names:
            array = as_matrix(frame, width=self.said.width, where=KIND)
            return xgboost.DMatrix(array, feature_types=types, enable_categorical=True)
        named = renamed(frame, self.given, self.said.names)
        return xgboost.DMatrix(prepared(named, self.said), enable_categorical=True)


def described(document: Any) -> Described:
    """What a model's document says of it.

    Raises:
        DamagedError: It says too little, or what can't be.
    """
    learner = document["learner"]
    param, name = learner["learner_model_param"], learner["objective"]["name"]
    width, classes = int(param["num_feature"]), int(param["num_class"])
    names, types = tuple(learner["feature_names"]), tuple(learner["feature_types"])
    for held in (names, types):
        if held and (len(held) != width or not all(isinstance(each, str) for each in held)):
            raise DamagedError(f"{len(held):,} names or types for {width:,} columns")
    if int(param.get("num_target", 1)) > 1:
        raise DamagedError("several outputs for a row")
    if not 0 <= classes <= MOST_CLASSES or width < 1:
        raise DamagedError(f"{classes:,} classes, {width:,} columns")
    attributes = learner.get("attributes", {})
    best = attributes.get("best_iteration") if "scikit_learn" in attributes else None
    return Described(
        objective=str(name),
        classes=classes,
        width=width,
        names=names,
        types=types,
        categories=_categories(learner["gradient_booster"], names),
        rounds=0 if best is None else int(best) + 1,
    )


def prepared(frame: Any, said: Described) -> Any:
    """A pandas frame with its columns of categories as the model knows them."""
    if said.categories:
        return on_trained_categories(frame, said.categories, where=KIND)
    for name in said.categorical:
        kind = frame[name].dtype
        if type(kind).__name__ != "CategoricalDtype" and kind.kind not in "iufb":
            seen = f"text in column {name!r}, and no list of its categories in the model"
            hint = "Make it a column of pandas categories, in the order that the model was trained with."
            raise DataError(sentence(KIND, seen, expected="codes or categories", hint=hint))
    return frame


def _takes_live(source: Any) -> bool:
    return is_a(source, "xgboost", "Booster", "XGBModel")


def _of_live(source: Any, options: Options) -> Model:
    if is_a(source, "xgboost", "Booster"):
        document = json.loads(bytes(source.save_raw("json")))
        said = _described(document, "a Booster")
        return _of_booster(source, said, options, digest_of_object(source))
    model = of_estimator(source, options, kind=KIND)
    if "c" not in (source.get_booster().feature_types or ()):
        return model
    said = _described(json.loads(bytes(source.get_booster().save_raw("json"))), type(source).__name__)
    return of_estimator(source, options, kind=KIND, prepare=partial(prepared, said=said))


def _of_file(source: Any, options: Options) -> Model:
    """The model in a file, which is read and checked here and handed on as JSON."""
    file = read_file(source, options)
    try:
        import xgboost
    except ImportError:
        raise missing_extra(file.where, package="xgboost", extra="xgboost") from None
    document = _document(file)
    try:
        said = described(document)
        booster = document["learner"]["gradient_booster"]
        check_booster(booster, features=said.width, outputs=max(said.classes, 1))
    except (DamagedError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise file.refuse(_reason(error), expected=EXPECTED, hint="Is it damaged?") from None
    with file.opening(EXPECTED):
        loaded = xgboost.Booster(model_file=bytearray(json.dumps(document), "utf-8"))
    return _of_booster(loaded, said, options, file.digest)


def _of_booster(booster: Any, said: Described, options: Options, digest: str) -> Model:
    if said.task is None and options.task is None:
        seen = f"objective {said.objective!r}, which says nothing of classes or values"
        hint = "A ranking is neither: pass a function from a frame to its scores."
        raise DataError(sentence(KIND, seen, expected="task=", hint=hint))
    own = tuple(range(said.classes)) if said.objective.startswith("multi:") else ()
    task, classes, place = settled(options, task=said.task, classes=own, where=KIND)
    given = given_names(options, said.names, where=KIND)
    margins = said.objective == "binary:logitraw" or options.probabilities is False
    return Model(
        predict=Boosted(booster=booster, said=said, place=place, given=given, margins=margins),
        task=task,
        classes=classes,
        features=given,
        digest=digest,
        kind=KIND,
        probabilities=not margins,
        frames="pandas",
        notes=_notes(said, given),
    )


def _document(file: ModelFile) -> Any:
    """What a file says, JSON or UBJSON, with `learner` in it."""
    if not file.data.startswith(b"{"):
        raise file.refuse(contents(file.data), expected=EXPECTED)
    try:
        text = file.data[1:].lstrip()[:1] in {b'"', b"}"}
        document = json.loads(file.data, object_pairs_hook=_once) if text else read_ubjson(file.data)
    except (ValueError, RecursionError) as error:
        raise file.refuse(_reason(error), expected=EXPECTED, hint="Is it damaged?") from None
    if not isinstance(document, dict) or "learner" not in document:
        raise file.refuse("JSON without 'learner'", expected=EXPECTED)
    return document


def _described(document: Any, where: str) -> Described:
    """The same for a model in memory, whose trees are its own affair."""
    try:
        return described(document)
    except (DamagedError, KeyError, TypeError, ValueError) as error:
        expected = "one output for each row, or each class"
        raise DataError(sentence(where, _reason(error), expected=expected)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are said once, so that nobody reads it in another way."""
    held = dict(pairs)
    if len(held) < len(pairs):
        raise DamagedError("a name twice in one object")
    return held


def _categories(booster: Any, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Names of the categories of each column, where the model keeps them (from XGBoost 3.1)."""
    model = booster["gbtree"]["model"] if booster["name"] == "dart" else booster["model"]
    columns = model.get("cats", {}).get("enc", ())
    held = {name: _stored(column) for name, column in zip(names, columns, strict=False)}
    return {name: values for name, values in held.items() if values}


def _stored(column: Mapping[str, Any]) -> list[Any]:
    values = column["values"]
    if "offsets" not in column:
        return list(values)
    text, ends = bytes(value % 256 for value in values), column["offsets"]
    return [text[a:b].decode("utf-8") for a, b in pairwise(ends)]


def _softmax(margins: Any) -> Any:
    wide = np.exp(margins - margins.max(axis=1, keepdims=True))
    return wide / wide.sum(axis=1, keepdims=True)


def _notes(said: Described, given: tuple[str, ...] | None) -> tuple[str, ...]:
    notes = () if given else (NO_NAMES,)
    return (*notes, NO_CATEGORIES) if said.categorical and not said.categories else notes


def _reason(error: Exception) -> str:
    if isinstance(error, RaiError | DamagedError):
        return str(error)
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:120]


LIVE = Rung(KIND, _takes_live, _of_live)
FILE = Rung(KIND, ends_in(".json", ".ubj"), _of_file)
