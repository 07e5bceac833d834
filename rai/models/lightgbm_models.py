"""LightGBM: text files that its `save_model` writes (`.txt`), boosters, and its estimators.

file ──read, checked──▶ header: objective, columns, categories ──▶ Model
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rai.engines.encoding import is_a
from rai.ground.errors import DataError, listing, missing_extra, sentence
from rai.ground.formatting import counted
from rai.models.callables import turned
from rai.models.column_names import NO_NAMES, given_names, renamed
from rai.models.digests import digest_of_object
from rai.models.estimators import as_matrix, of_estimator
from rai.models.lightgbm_text import Header, checked_text, header_of
from rai.models.model import Model, Task
from rai.models.model_files import contents, ends_in, read_file
from rai.models.rungs import Options, Rung, settled
from rai.models.trained_categories import on_trained_categories
from rai.models.ubjson import DamagedError

KIND = "LightGBM"
EXPECTED = "a model that LightGBM wrote (save_model)"

OVA = "multiclassova"  # probabilities of each class on its own, which don't add up to 1

# An objective's first word ──▶ what it predicts.
_TASKS: dict[str, Task] = {
    "binary": "binary",
    "multiclass": "multiclass",
    OVA: "multiclass",
    **dict.fromkeys(
        ("regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape"), "regression"
    ),
    **dict.fromkeys(("gamma", "tweedie", "cross_entropy", "cross_entropy_lambda"), "regression"),
}


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
    said: Header
    place: int | None
    given: tuple[str, ...] | None
    margins: bool

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        raw = self.booster.predict(self._rows(frame), raw_score=self.margins)
        return turned(raw, self.place, margins=self.margins)

    def _rows(self, frame: Any) -> Any:
        if nameless(self.said.names):
            return as_matrix(frame, width=len(self.said.names), where=KIND)
        return prepared(renamed(frame, self.given, self.said.names), self.said)


def nameless(names: tuple[str, ...]) -> bool:
    """Whether names are those that LightGBM gives to the columns of an array.

    Example:
        >>> nameless(("Column_0", "Column_1")), nameless(("age",))
        (True, False)
    """
    return names == tuple(f"Column_{place}" for place in range(len(names)))


def prepared(frame: Any, said: Header) -> Any:
    """A pandas frame with its columns of categories as the model knows them.

    Raises:
        DataError: They can't be told apart from other columns, or the model knows none.
    """
    lists = said.categories
    if not lists:
        odd = next((name for name in said.names if not _counts(frame[name])), None)
        if odd is not None:
            seen = f"column {odd!r} of text or categories, and no list of them in the model"
            raise DataError(sentence(KIND, seen, expected="numbers"))
        return frame
    names = said.categorical
    if len(names) != len(lists):  # it had no use for one of them, and so doesn't say which they are
        names = tuple(name for name in said.names if name in names or not _counts(frame[name]))
    if len(names) != len(lists):
        seen = f"{counted(len(names), 'column')} of categories ({listing(names)})"
        hint = "Make them columns of pandas categories, as in training."
        raise DataError(sentence(KIND, seen, expected=f"{len(lists):,}", hint=hint))
    held: Mapping[str, list[Any]] = dict(zip(names, lists, strict=True))
    return on_trained_categories(frame, held, where=KIND)


def _counts(column: Any) -> bool:
    """Whether a column is of numbers or true/false, and not of categories."""
    from pandas.api import types

    return bool(types.is_numeric_dtype(column.dtype))


def _takes_live(source: Any) -> bool:
    return is_a(source, "lightgbm", "Booster", "LGBMModel")


def _of_live(source: Any, options: Options) -> Model:
    if is_a(source, "lightgbm", "Booster"):
        said = header_of(source.model_to_string(num_iteration=1))
        return _of_booster(source, said, options, digest_of_object(source))
    if not getattr(source, "fitted_", False):
        return of_estimator(source, options, kind=KIND)  # which says so
    said = header_of(source.booster_.model_to_string(num_iteration=1))
    if nameless(said.names):
        model = of_estimator(source, options, kind=KIND)
    else:
        model = _of_named(source, said, options)
    return model.replace(probabilities=False) if said.objective.startswith(OVA) else model


def _of_named(source: Any, said: Header, options: Options) -> Model:
    """An estimator that was fitted on a frame."""
    given = given_names(options, said.names, where=KIND)

    def prepare(frame: Any) -> Any:
        return prepared(renamed(frame, given, said.names), said)

    plain = replace(options, features=None)
    return of_estimator(source, plain, kind=KIND, names=given, prepare=prepare)


def _of_file(source: Any, options: Options) -> Model:
    """The model in a text file, which is read and checked here first."""
    file = read_file(source, options)
    if not file.data.startswith(b"tree\n"):
        raise file.refuse(contents(file.data), expected=EXPECTED)
    try:
        import lightgbm
    except ImportError:
        raise missing_extra(file.where, package="lightgbm", extra="lightgbm") from None
    try:
        text = file.data.decode("utf-8")
        said = header_of(text)
        text = checked_text(text, said)
    except (DamagedError, KeyError, ValueError, OverflowError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}" if isinstance(error, KeyError) else str(error)
        raise file.refuse(reason[:200], expected=EXPECTED, hint="Is it damaged?") from None
    with file.opening(EXPECTED):
        booster = lightgbm.Booster(model_str=text)
    return _of_booster(booster, said, options, file.digest)


def _of_booster(booster: Any, said: Header, options: Options, digest: str) -> Model:
    word = said.objective.split(" ")[0]
    task = _TASKS.get(word)
    if task is None and options.task is None:
        said_of = f"objective {word!r}" if word else "no objective"
        seen = f"{said_of}, which says nothing of classes or values"
        hint = "A ranking is neither: pass a function from a frame to its scores."
        raise DataError(sentence(KIND, seen, expected="task=", hint=hint))
    own = tuple(range(said.classes)) if said.classes > 2 else ()
    task, classes, place = settled(options, task=task, classes=own, where=KIND)
    margins = options.probabilities is False
    given = options.features if nameless(said.names) else given_names(options, said.names, where=KIND)
    return Model(
        predict=Boosted(booster=booster, said=said, place=place, given=given, margins=margins),
        task=task,
        classes=classes,
        features=given,
        digest=digest,
        kind=KIND,
        probabilities=not margins and word != OVA,
        frames="pandas",
        notes=() if given else (NO_NAMES,),
    )


LIVE = Rung(KIND, _takes_live, _of_live)
FILE = Rung(KIND, ends_in(".txt"), _of_file)
