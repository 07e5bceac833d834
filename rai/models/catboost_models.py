"""CatBoost: binary files that its `save_model` writes (`.cbm`), and its models in memory.

file ──blob──▶ CatBoost ──classes_, loss, columns──▶ Model
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rai.engines.encoding import is_a
from rai.ground.errors import ArgumentError, DataError, missing_extra, sentence
from rai.models.callables import turned
from rai.models.cbm_parts import MAGIC, missing_bytes
from rai.models.class_labels import check_two, plain_classes
from rai.models.column_names import NO_NAMES, given_names, renamed
from rai.models.digests import digest_of_object
from rai.models.estimators import as_matrix
from rai.models.model import Model, Task
from rai.models.model_files import contents, ends_in, read_file
from rai.models.rungs import Options, Rung, settled

KIND = "CatBoost"
EXPECTED = "a model that CatBoost wrote (save_model)"

ONE_VS_ALL = "MultiClassOneVsAll"  # probabilities of each class on its own, which don't add up to 1
EXPONENT = ("Poisson", "Tweedie")  # regressions whose predicted values are exponents of the scores

# A loss ──▶ what a model that minimises it predicts.
_TASKS: dict[str, Task] = {
    **dict.fromkeys(("Logloss", "CrossEntropy", "Focal"), "binary"),
    **dict.fromkeys(("MultiClass", ONE_VS_ALL), "multiclass"),
    **dict.fromkeys(("RMSE", "MAE", "MAPE", "Quantile", "Expectile", "Huber", "LogCosh"), "regression"),
    **dict.fromkeys(("Lq", "LogLinQuantile", "Cox", *EXPONENT), "regression"),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Boosted:
    """A model of CatBoost that is asked for scores of a frame.

    Args:
        model: The model.
        names: Its columns; empty if it was trained on an array.
        given: The columns as they are called in the rows.
        output: Which of CatBoost's outputs is asked for.
        place: The place of the positive one of two classes.
    """

    model: Any
    names: tuple[str, ...]
    given: tuple[str, ...] | None
    output: str
    place: int | None

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        if self.names:
            rows = renamed(frame, self.given, self.names)
        else:
            rows = as_matrix(frame, width=len(self.model.feature_names_), where=KIND)
        raw = self.model.predict(rows, prediction_type=self.output)
        return turned(raw, self.place, margins=True)


def of_catboost(model: Any, options: Options, *, digest: str) -> Model:
    """A trained model of CatBoost, whichever of its classes it has.

    Raises:
        ArgumentError: It is not trained.
        DataError: It has several outputs, or says nothing of what it predicts.
    """
    loss = str(model.get_all_params().get("loss_function", "")).split(":")[0]
    said = _TASKS.get(loss)
    if said is None and options.task is None:
        seen = f"loss {loss!r}, which is of neither classes nor one value for each row"
        hint = "Pass a function from a frame to the scores that are meant."
        raise DataError(sentence(KIND, seen, expected="task=", hint=hint))
    own = () if said == "regression" else plain_classes(model.classes_, where=f"classes of {KIND}")
    check_two(own, where=KIND)
    task, classes, place = settled(options, task=None if len(own) > 1 else said, classes=own, where=KIND)
    names = _names(model)
    given = given_names(options, names, where=KIND)
    margins = options.probabilities is False
    output = "RawFormulaVal" if margins or said is None or said == "regression" else "Probability"
    if loss in EXPONENT:
        output = "Exponent"
    return Model(
        predict=Boosted(model=model, names=names, given=given, output=output, place=place),
        task=task,
        classes=classes,
        features=given,
        digest=digest,
        kind=KIND,
        probabilities=not margins and loss != ONE_VS_ALL,
        frames="pandas",
        notes=() if given else (NO_NAMES,),
    )


def _names(model: Any) -> tuple[str, ...]:
    """Its columns by name; none if they are called by their places."""
    names = tuple(model.feature_names_)
    return () if names == tuple(str(place) for place in range(len(names))) else names


def _takes_live(source: Any) -> bool:
    return is_a(source, "catboost", "CatBoost")


def _of_live(source: Any, options: Options) -> Model:
    if not source.is_fitted():
        where, hint = type(source).__name__, "Call fit(X, y) first."
        raise ArgumentError(sentence(where, "not fitted", expected="a trained model", hint=hint))
    return of_catboost(source, options, digest=digest_of_object(source))


def _of_file(source: Any, options: Options) -> Model:
    """The model in a file, handed on as bytes."""
    file = read_file(source, options)
    if not file.data.startswith(MAGIC):
        raise file.refuse(contents(file.data), expected=EXPECTED)
    if missing_bytes(file.data):
        raise file.refuse("its end is missing", expected=EXPECTED, hint="Is it damaged?")
    try:
        import catboost
    except ImportError:
        raise missing_extra(file.where, package="catboost", extra="catboost") from None
    with file.opening(EXPECTED):
        model = catboost.CatBoost()
        model.load_model(blob=file.data)
        return of_catboost(model, options, digest=file.digest)


LIVE = Rung(KIND, _takes_live, _of_live)
FILE = Rung(KIND, ends_in(".cbm"), _of_file)
