"""Any trained model, by one door.

    column · object with scores() · scikit-learn · XGBoost · LightGBM · CatBoost · PyTorch ─┐
    .onnx · .skops · .json · .ubj · .txt · .cbm · MLflow URI · http:// ─────────────────────┼─▶ Model
    function · pickle (only with trust=) ───────────────────────────────────────────────────┘

The first rung of the ladder that takes a thing loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rai.ground.checks import as_names, check_choice, check_count
from rai.ground.errors import ArgumentError, listing, sentence
from rai.models import (
    callables,
    catboost_models,
    estimators,
    http_endpoints,
    lightgbm_models,
    mlflow_models,
    model_files,
    onnx_files,
    pickle_files,
    skops_files,
    torch_modules,
    xgboost_models,
)
from rai.models.class_labels import plain_classes
from rai.models.model import FRAMES, TASKS, Frames, Model, Task
from rai.models.rungs import Options, Rung
from rai.values import Level

LADDER: tuple[Rung, ...] = (
    callables.SCORING,
    mlflow_models.MLFLOW,
    http_endpoints.HTTP,
    onnx_files.FILE,
    skops_files.FILE,
    xgboost_models.FILE,
    lightgbm_models.FILE,
    catboost_models.FILE,
    pickle_files.PICKLE,
    model_files.OTHER_FILES,
    torch_modules.MODULE,
    catboost_models.LIVE,
    xgboost_models.LIVE,
    lightgbm_models.LIVE,
    estimators.ESTIMATOR,
    callables.CALLABLE,
)


def load_model(
    source: Any = None,
    *,
    column: str | None = None,
    task: Task | None = None,
    classes: Sequence[Level] | None = None,
    positive_label: Level | None = None,
    features: Sequence[str] | None = None,
    probabilities: bool | None = None,
    frames: Frames | None = None,
    trust: str | None = None,
    trusted_types: Sequence[str] = (),
    encode: Callable[[Any], Any] | None = None,
    hosts: Sequence[str] = (),
    timeout: float = 30.0,
    request_rows: int = 1000,
) -> Model:
    """A trained model of any kind, ready to be asked.

    Scores are the model's own: probabilities where it has them, margins where it has these, else its
    labels as 1 and 0. A single score of two classes, of a function, is that of the positive one.

    Files are read once and run no code. Those of XGBoost and LightGBM are checked before their libraries
    walk the trees, as these end the process over a broken one; CatBoost's are checked for their length
    only. Take files of people you don't know as ONNX or skops. A pickle runs any code: it is opened with
    `trust=` only, and then from the very bytes that have this digest (`sha256sum FILE`).

    Args:
        source: A function from a frame to scores; a trained estimator or pipeline of scikit-learn, or
            of XGBoost, LightGBM or CatBoost; a PyTorch module; a path to `.onnx`, `.skops`, or a native
            file of XGBoost (`.json`, `.ubj`), LightGBM (`.txt`) or CatBoost (`.cbm`); an MLflow URI or
            folder; an endpoint's URL; a pickle (`.pkl`, `.joblib`, `.dill`) with `trust`; an object with
            `scores`, `task`, `classes`, `features`, `digest`.
        column: A column of scores in place of a model: enough to look at decisions, not to change them.
        task: `binary`, `multiclass` or `regression`, where the model doesn't say.
        classes: The labels in the order of the model's outputs, where it doesn't say.
        positive_label: The positive one of two classes; the last one if None.
        features: The columns it reads, in its order, where it doesn't say; all of them if None.
        probabilities: Whether scores are probabilities (from 0 to 1) or margins (cut at 0).
        frames: The kind of frame it is given: `pandas`, `polars`, or the `same` as came in.
        trust: SHA-256 of a pickle that you know and whose code may run. Any other file must have it too,
            where it is given.
        trusted_types: Types that a skops file may hold beside those that skops knows to be safe.
        encode: For PyTorch: from a frame to the module's input, a tensor or a tuple of them. What the
            module gives is taken for probabilities, unless probabilities=False says that it is logits.
        hosts: Hosts beside this machine that an endpoint may be on.
        timeout: Seconds to wait for an endpoint.
        request_rows: Rows in one request to an endpoint.

    Returns:
        A `Model` with `scores(frame)`, `task`, `classes`, `features` and `digest`.

    Raises:
        ArgumentError: Nothing here can be used as a model, or what was said of it doesn't fit it.
        DataError: A file that is damaged, unsafe or not what it says.
        ExtraError: A library is missing that the model needs.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda frame: frame["income"] / 100, features=["income"])
        >>> model.task, model.scores({"income": [20, 70]}).tolist()
        ('binary', [0.2, 0.7])
    """
    options = Options(
        task=task if task is None else check_choice(task, TASKS, where="task"),  # type: ignore[arg-type]
        classes=None if classes is None else _labels(classes),
        positive_label=positive_label,
        features=None if features is None else _different(as_names(features)),
        probabilities=probabilities,
        frames=frames if frames is None else check_choice(frames, FRAMES, where="frames"),  # type: ignore[arg-type]
        trust=trust,
        trusted_types=as_names(trusted_types),
        encode=encode,
        hosts=as_names(hosts),
        timeout=timeout,
        request_rows=check_count(request_rows, where="request_rows"),
    )
    if (source is None) == (column is None):
        seen = "neither a model nor a column" if source is None else "a model and a column"
        raise ArgumentError(sentence("load_model", seen, expected="one of them"))
    return callables.of_column(column, options) if column is not None else climbed(source, options)


def climbed(source: Any, options: Options) -> Model:
    """The model that the first rung makes which takes something.

    Raises:
        ArgumentError: If none does.
    """
    if isinstance(source, Model):
        return source
    for rung in LADDER:
        if rung.takes(source):
            loaded: Model = rung.load(source, options)
            if options.encode is not None and loaded.kind != torch_modules.KIND:
                seen = f"encode= for a model of kind {loaded.kind!r}"
                raise ArgumentError(sentence("encode", seen, expected="a PyTorch module"))
            return loaded
    name = type(source).__name__
    seen = f"the class {source.__name__}" if isinstance(source, type) else f"a {name}"
    expected = "a function, a trained estimator, a path to a model's file, or a URL"
    raise ArgumentError(sentence("load_model", seen, expected=expected))


def _labels(classes: Sequence[Level]) -> tuple[Level, ...]:
    return plain_classes(classes, where="classes", refusal=ArgumentError)


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names) or not names:
        raise ArgumentError(sentence("features", listing(names), expected="different columns"))
    return names
