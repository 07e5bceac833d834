"""shap's tree explainer over the whole background, where its own copy of the trees is right.

    trees ──shap reads them──▶ its copy ──must say what the model says, of hybrids too──▶ values

Its own check compares its values with its copy, so a copy that is wrong passes. Here hybrids of rows and
background are held against the model itself first, and every row's sum afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.completeness import allowed
from rai.explainers.engines.shap_session import loaded_shap, shap_failed, shap_session
from rai.explainers.questions import Answer, Explainer, Question, Reading
from rai.explainers.spaces import SpaceName
from rai.ground.errors import DataError, sentence
from rai.models.catboost_models import Boosted as CatBoosted
from rai.models.column_steps import column_steps
from rai.models.estimators import Asked
from rai.models.lightgbm_models import Boosted as LightBoosted
from rai.models.model import Model
from rai.models.xgboost_models import Boosted as XBoosted

NAME = "shap_tree"
OF_PROBABILITIES = {  # their leaves hold shares of classes
    *("DecisionTreeClassifier", "ExtraTreeClassifier"),
    *("RandomForestClassifier", "ExtraTreesClassifier"),
}
PAIRS_AT_ONCE = 1_000_000
CHECKED = 512


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Trees:
    """What shap is given.

    Args:
        estimator: The trees, as their library holds them.
        encode: From rows to the matrix that they read.
        columns: Column of the rows to the columns of the matrix that come from it.
        place: The place of the positive one of two classes.
    """

    estimator: Any
    encode: Callable[[Rows], Floats]
    columns: Mapping[str, Ints]
    place: int | None


def _trees_of(model: Model) -> _Trees | str:
    asked = model.predict
    if isinstance(asked, XBoosted | LightBoosted | CatBoosted):
        held = asked.model if isinstance(asked, CatBoosted) else asked.booster
        return _on_columns(model, held, asked.place)
    if not isinstance(asked, Asked):
        return f"a model of kind {model.kind!r} is no ensemble of trees that shap knows"
    steps = column_steps(model)
    if steps is None:
        return _on_columns(model, asked.estimator, asked.place)
    return _Trees(
        estimator=steps.asked.estimator,
        encode=lambda rows: _dense(steps.matrix(rows)),
        columns=steps.columns,
        place=asked.place,
    )


def _on_columns(model: Model, estimator: Any, place: int | None) -> _Trees | str:
    names = model.features
    if hasattr(estimator, "steps"):
        return "its pipeline can't be taken apart column by column"
    if names is None:
        return "the model doesn't say which columns it reads"
    if getattr(estimator, "n_features_in_", len(names)) != len(names):
        return "the model leaves columns out that its trees read"
    columns = {name: np.array([at], dtype=np.intp) for at, name in enumerate(names)}
    return _Trees(
        estimator=estimator,
        encode=lambda rows: np.column_stack([rows.numbers(name) for name in names]),
        columns=columns,
        place=place,
    )


def _space(reading: Reading) -> SpaceName | None:
    trees = _trees_of(reading.model)
    if isinstance(trees, str):
        return None
    if reading.model.task == "regression":
        return "prediction"
    return "probability" if type(trees.estimator).__name__ in OF_PROBABILITIES else "margin"


def _refuses(question: Question) -> str:
    loaded_shap(f"method {NAME!r}")
    trees = _trees_of(question.reading.model)
    if isinstance(trees, str):
        return trees
    space = _space(question.reading)
    if question.space.name != space:
        return f"it works in the space of the {space}, not of the {question.space.name}"
    kind = type(trees.estimator).__name__
    if kind.startswith("CatBoost") and question.model.task == "multiclass":
        return "shap's reader of CatBoost's trees of several classes writes beyond its memory"
    if _splits_categories(trees.estimator):
        return "its trees split on categories, which shap reads as numbers"
    try:
        matrix = trees.encode(question.background.rows)
    except NotNumbersError:
        return "its trees read columns that are no numbers"
    owners = question.players.of_places(trees.columns, width=matrix.shape[1])
    counts = np.bincount(owners[owners >= 0], minlength=len(question.players))
    if (counts > 1).any():
        player = question.players.names[int(counts.argmax())]
        return (
            f"{player!r} is {counts.max()} columns of its trees, and shap can't let them move together"
        )
    return ""


def _splits_categories(estimator: Any) -> bool:
    """Whether trees split on categories, as far as their library says so."""
    held = getattr(estimator, "is_categorical_", None)  # histogram boosting of scikit-learn
    if held is not None:
        return bool(np.any(held))
    kind = type(estimator).__name__
    if kind.startswith("CatBoost"):
        return bool(estimator.get_cat_feature_indices())
    booster = getattr(estimator, "booster_", estimator)  # LightGBM keeps it there
    if hasattr(booster, "model_to_string"):
        return _lightgbm_splits_categories(booster.model_to_string())
    booster = estimator.get_booster() if hasattr(estimator, "get_booster") else estimator
    return "c" in (getattr(booster, "feature_types", None) or ())


def _lightgbm_splits_categories(text: str) -> bool:
    """Whether one of a LightGBM model's splits is on categories: the lowest bit of its kind is set."""
    kinds = re.findall(r"^decision_type=(.*)$", text, flags=re.MULTILINE)
    return any(int(kind) & 1 for line in kinds for kind in line.split())


def _answer(question: Question) -> Answer:
    shap, trees = loaded_shap(f"method {NAME!r}"), _trees_of(question.reading.model)
    assert isinstance(trees, _Trees)
    background, matrix = trees.encode(question.background.rows), trees.encode(question.rows)
    at_once, values = max(1, PAIRS_AT_ONCE // len(background)), []
    with shap_session(question.rng):
        try:
            masker = shap.maskers.Independent(background, max_samples=len(background))
            explainer = shap.TreeExplainer(
                trees.estimator, masker, feature_perturbation="interventional", model_output="raw"
            )
            copy = explainer.model.predict
            _check_copy(question, trees, copy, pool=np.concatenate([matrix, background]))
            for start in range(0, len(matrix), at_once):
                part = matrix[start : start + at_once]
                values.append(np.asarray(explainer.shap_values(part, check_additivity=False)))
                if question.progress is not None:
                    question.progress(start + len(part), len(matrix))
        except DataError:
            raise
        except Exception as error:
            raise shap_failed(NAME, error) from error
    found = np.concatenate(values)
    outputs = len(question.space.outputs)
    parts = _turned(found.reshape(*found.shape[:2], -1), trees.place, outputs)
    base = _turned(np.reshape(explainer.expected_value, (1, -1)), trees.place, outputs)
    owners = question.players.of_places(trees.columns, width=matrix.shape[1])
    ours = np.zeros((len(matrix), len(question.players), outputs))
    ours[:, owners[owners >= 0]] = parts[:, owners >= 0]
    return Answer(values=ours, base=np.broadcast_to(base, (len(matrix), outputs)))


def _check_copy(question: Question, trees: _Trees, copy: Callable[[Any], Any], *, pool: Floats) -> None:
    """The copy of the trees that shap made says of hybrids what the model says.

    Raises:
        DataError: If it doesn't.
    """
    held, rng = question.hybrids(), np.random.default_rng(0)
    at = rng.integers(len(pool), size=(CHECKED, len(question.players)))
    owners = question.players.of_places(trees.columns, width=pool.shape[1])
    rows = pool[at[:, np.maximum(owners, 0)], np.arange(pool.shape[1])]
    said = np.asarray(copy(rows)).reshape(CHECKED, -1)
    own = held.mixed(at, at[:, 0])
    off = float(np.abs(_turned(said, trees.place, own.shape[1]) - own).max())
    if not off <= allowed(question, own):
        seen = f"the trees, as shap reads them, miss the model's own scores by {off:.3g}"
        hint = 'Take method="auto".'
        where = f"method {NAME!r}"
        raise DataError(sentence(where, seen, expected="the same scores", hint=hint))


def _turned(found: Floats, place: int | None, outputs: int) -> Floats:
    """The last axis as rai's model has its outputs: of two classes the positive one's."""
    width = found.shape[-1]
    if outputs == 1 and width == 2 and place is not None:
        return found[..., place : place + 1]
    if outputs == 1 and width == 1 and place == 0:
        return -found
    return found


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=np.float64)


SHAP_TREE = Explainer(
    name=NAME,
    what="shap's tree explainer over the whole background",
    kind="interventional",
    exact=True,
    space=_space,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_ASKED,
    source="Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9",
)
