"""The trees of a model, or why they can't be read.

Model ─ how it is asked ─┬─ estimator of scikit-learn ─▶ its trees
                         ├─ pipeline ─▶ encoder, and the trees of its last step
                         └─ booster of XGBoost, LightGBM, CatBoost ─▶ what it writes of itself
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints, is_a
from rai.engines.frames import Rows
from rai.explainers.trees.catboost_reading import read_catboost
from rai.explainers.trees.ensembles import Ensemble
from rai.explainers.trees.lightgbm_reading import read_lightgbm
from rai.explainers.trees.scikit_learn_trees import read_scikit_learn
from rai.explainers.trees.single_trees import Read, joined
from rai.explainers.trees.xgboost_reading import read_xgboost
from rai.models.catboost_models import Boosted as CatBoosted
from rai.models.column_names import renamed
from rai.models.column_steps import ONE_EACH, column_steps
from rai.models.estimators import Asked, as_matrix, is_regressor
from rai.models.lightgbm_models import Boosted as LightBoosted
from rai.models.lightgbm_models import nameless
from rai.models.lightgbm_models import prepared as lightgbm_prepared
from rai.models.model import Model
from rai.models.xgboost_models import Boosted as XBoosted
from rai.models.xgboost_models import prepared as xgboost_prepared

NO_TREES = "it is no tree ensemble"
NAMELESS = "it names no columns: pass features= where it is loaded"

Encode = Callable[[Any], Floats]  # from a pandas frame to the matrix


def ensemble_of(model: Model) -> Ensemble | str:
    """A model's trees.

    Args:
        model: Any model.

    Returns:
        The trees, or the reason why they can't be read, as a short clause.

    Example:
        >>> import rai
        >>> ensemble_of(rai.load_model(lambda frame: frame["age"]))
        'it is no tree ensemble'
    """
    found = _found(model)
    if isinstance(found, str):
        return found
    read, frame_matrix, columns = found
    turned = _of_positive(read, model)
    if isinstance(turned, str):
        return turned
    if columns is None:
        return NAMELESS

    def encode(rows: Rows) -> Floats:
        return frame_matrix(_frame(model, rows))

    return joined(turned, encode=encode, columns=columns)


_Found = tuple[Read, Encode, Mapping[str, Ints] | None]


def _found(model: Model) -> _Found | str:
    """The trees, from a frame to their matrix, and which columns become which."""
    asked = model.predict
    if isinstance(asked, XBoosted):
        return _of_xgboost(asked, model)
    if isinstance(asked, LightBoosted):
        return _of_lightgbm(asked, model)
    if isinstance(asked, CatBoosted):
        return _of_catboost(asked, model)
    if not isinstance(asked, Asked):
        return NO_TREES
    if type(asked.estimator).__name__ == "Pipeline":
        return _of_pipeline(asked, model)
    read = _of_estimator(asked.estimator)
    if isinstance(read, str):
        return read
    return read, lambda frame: read.matrix(asked.prepare(frame)), _one_each(model, read)


def _of_estimator(estimator: Any) -> Read | str:
    if is_a(estimator, "xgboost", "XGBModel"):
        best = getattr(estimator, "best_iteration", None) if _stopped(estimator) else None
        missing = getattr(estimator, "missing", None)
        return read_xgboost(
            estimator.get_booster(),
            rounds=0 if best is None else int(best) + 1,
            missing=np.nan if missing is None else float(missing),
        )
    if is_a(estimator, "lightgbm", "LGBMModel"):
        return read_lightgbm(estimator.booster_)
    if is_a(estimator, "catboost", "CatBoost"):
        return read_catboost(estimator)
    return read_scikit_learn(estimator)


def _stopped(estimator: Any) -> bool:
    """Whether an estimator of XGBoost stopped early."""
    return "best_iteration" in estimator.get_booster().attributes()


def _of_pipeline(asked: Asked, model: Model) -> _Found | str:
    """Where each column of the matrix comes from one of the rows."""
    *before, last = [step for _, step in asked.estimator.steps]
    read = _of_estimator(last)
    if isinstance(read, str):
        return read
    steps = column_steps(model)
    if steps is not None:
        encoder, columns = steps.encoder, steps.columns
        if read.order is not None:
            back = np.argsort(read.order)
            columns = {name: np.sort(back[places]) for name, places in columns.items()}
        return read, lambda frame: read.matrix(encoder.transform(asked.prepare(frame))), columns
    plain = [step for step in before if step is not None and not isinstance(step, str)]
    if not all(type(step).__name__ in ONE_EACH and _keeps(step) for step in plain):
        return "its pipeline has steps whose columns don't each come from one of the rows"

    def matrix(frame: Any) -> Floats:
        given = asked.prepare(frame)
        for step in plain:
            given = step.transform(given)
        return read.matrix(given)

    return read, matrix, _one_each(model, read)


def _keeps(step: Any) -> bool:
    """Whether a step gives as many columns as it takes."""
    width = getattr(step, "n_features_in_", None)
    if getattr(step, "add_indicator", False):
        return False
    filled = getattr(step, "statistics_", None)
    return filled is None or bool(len(filled) == width and not _gaps(filled))


def _gaps(filled: Any) -> bool:
    return any(each != each for each in filled)  # noqa: PLR0124


def _of_xgboost(asked: XBoosted, model: Model) -> _Found | str:
    read = read_xgboost(asked.booster, rounds=asked.said.rounds)
    if isinstance(read, str):
        return read
    said = asked.said

    def matrix(frame: Any) -> Floats:
        if not said.names:
            return read.matrix(as_matrix(frame, width=said.width, where=model.kind))
        return read.matrix(xgboost_prepared(renamed(frame, asked.given, said.names), said))

    return read, matrix, _one_each(model, read, width=said.width)


def _of_lightgbm(asked: LightBoosted, model: Model) -> _Found | str:
    read = read_lightgbm(asked.booster)
    if isinstance(read, str):
        return read
    said = asked.said

    def matrix(frame: Any) -> Floats:
        if nameless(said.names):
            return read.matrix(as_matrix(frame, width=len(said.names), where=model.kind))
        return read.matrix(lightgbm_prepared(renamed(frame, asked.given, said.names), said))

    return read, matrix, _one_each(model, read, width=len(said.names))


def _of_catboost(asked: CatBoosted, model: Model) -> _Found | str:
    read = read_catboost(asked.model)
    if isinstance(read, str):
        return read
    width = len(asked.model.feature_names_)

    def matrix(frame: Any) -> Floats:
        if not asked.names:
            return read.matrix(as_matrix(frame, width=width, where=model.kind))
        return read.matrix(renamed(frame, asked.given, asked.names))

    return read, matrix, _one_each(model, read, width=width)


def _one_each(model: Model, read: Read, width: int | None = None) -> Mapping[str, Ints] | None:
    """Each column of the rows as one of the matrix; None if the rows' columns have no names."""
    names = model.features
    if names is None or (width is not None and len(names) != width):
        return None
    places = np.arange(len(names)) if read.order is None else np.argsort(read.order)
    return {name: np.array([place], dtype=np.intp) for name, place in zip(names, places, strict=True)}


def _of_positive(read: Read, model: Model) -> Read | str:
    """The outputs as the model gives them: of two classes the positive one's."""
    asked: Any = model.predict
    estimator = getattr(asked, "estimator", None)
    outputs = len(read.base)
    if model.task == "regression":
        return read if outputs == 1 else "it has several outputs"
    if estimator is not None and is_regressor(estimator):
        return replace(read, space="probability" if model.probabilities else "margin")
    if model.task == "multiclass":
        return read if outputs == len(model.classes) else "it has other outputs than classes"
    if outputs == 2:
        return _combined(read, _of_two(read, asked.place))
    return read.weighed(-1.0) if asked.place == 0 else read


def _of_two(read: Read, place: int | None) -> Floats:
    """Of probabilities the positive class's; of margins what it has more than the other."""
    first = place == 0
    if read.space == "probability":
        return np.array([1.0, 0.0] if first else [0.0, 1.0])
    return np.array([1.0, -1.0] if first else [-1.0, 1.0])


def _combined(read: Read, weights: Floats) -> Read:
    trees = [replace(tree, value=(tree.value @ weights)[:, None]) for tree in read.trees]
    return replace(read, trees=trees, base=np.array([read.base @ weights]))


def _frame(model: Model, rows: Rows) -> Any:
    wanted = rows if model.features is None else rows.select(model.features)
    return wanted.native if wanted.frame.implementation.is_pandas() else wanted.frame.to_pandas()
