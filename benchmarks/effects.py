"""Partial dependence of every feature of Adult, beside scikit-learn's brute-force method.

Both set each feature of all rows to the same values and ask the same fitted model, and both give the
same averages (checked in the run, to 1e-12). scikit-learn asks once for each value, the whole pipeline
each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import seconds

Figure = tuple[str, ...]

FIGURES = ("What", "rai", "scikit-learn", "Ratio", "Calls", "Rows encoded")
POINTS = 20

WORDS = f"""\
Beside `sklearn.inspection.partial_dependence(method="brute")`: the average score at {POINTS} values of
each number and at every category, for all 14 features of Adult, of models fitted on the same rows. Both
give the same averages (checked in the run, to 1e-12); ours come with intervals and shares of rows, and
also have a point for missing values. Calls are those of the last step's `predict_proba`, and rows
encoded are those that went through the steps before it: ours, then theirs.

Why it is faster: a feature that is changed changes its own columns of the encoded rows only, so the rows
are encoded once and not once for each value. Where the last step takes as long (boosting), that time
remains, for it must be asked about every row at every value; and a model that can't be taken apart (a
function) is asked about the same rows in fewer calls, which gains nothing."""


def figures(rows: int) -> list[Figure]:
    """Each model, ours beside theirs."""
    frame, label = adult(rows)
    models = fitted(frame, label)
    found = [beside(words, model, frame) for words, model in models.items()]
    linear = next(iter(models.values()))
    return [*found, beside("the first, as a function", linear, frame, opaque=True)]


def adult(rows: int) -> tuple[pd.DataFrame, Any]:
    """Rows of Adult with numbers as floats, which scikit-learn asks for, and the labels."""
    import rai

    frame = rai.load_dataset("adult", "train").frame.head(rows)
    label = (frame.pop("income") == ">50K").to_numpy()
    whole = {name: float for name in frame if frame[name].dtype.kind in "iu"}
    return frame.astype(whole), label


def fitted(frame: pd.DataFrame, label: Any) -> dict[str, Any]:
    """Two pipelines: one-hot words before a linear model, coded words before boosting."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    words = words_of(frame)
    numbers = [name for name in frame if name not in words]
    encoder = make_column_transformer((OneHotEncoder(), words), (StandardScaler(), numbers))
    coder = make_column_transformer((OrdinalEncoder(), words), remainder="passthrough")
    linear = make_pipeline(encoder, LogisticRegression(max_iter=300))
    boosting = make_pipeline(coder, HistGradientBoostingClassifier(random_state=0))
    return {
        "one-hot words and logistic regression": linear.fit(frame, label),
        "coded words and HistGradientBoosting": boosting.fit(frame, label),
    }


def words_of(frame: pd.DataFrame) -> list[str]:
    """The columns that hold words."""
    return [name for name in frame if frame[name].dtype.kind != "f"]


def beside(words: str, model: Any, frame: pd.DataFrame, *, opaque: bool = False) -> Figure:
    """One model, ours beside theirs on the same values."""
    import rai

    asked = (lambda rows: model.predict_proba(rows)[:, 1]) if opaque else model
    features = list(frame) if opaque else None
    loaded = rai.load_model(asked, features=features)

    def ours() -> Any:
        return rai.whatif.partial_dependence(loaded, frame, grid=POINTS)

    with counted(model) as of_ours:
        found = ours()
    values = {effect.feature: without_missing(effect) for effect in found}
    others: list[dict[str, Any]] = []
    with counted(model) as of_theirs:
        slow = seconds(lambda: others.append(theirs(model, frame, values)), runs=1)
    agree(found, values, others[0])
    fast = seconds(ours, runs=3)
    return (
        f"{len(frame):,} rows, {words}",
        f"{fast:.3g} s",
        f"{slow:.3g} s",
        f"{slow / fast:.3g} × {'faster' if slow > fast else 'as fast'}",
        *(f"{one:,} / {other:,}" for one, other in zip(of_ours, of_theirs, strict=True)),
    )


def without_missing(effect: Any) -> Any:
    """The values of an effect as scikit-learn takes them."""
    kept = [point for point in effect.points if point is not None]
    return np.array(kept, dtype=float if effect.ordered else object)


def theirs(model: Any, frame: pd.DataFrame, values: dict[str, Any]) -> dict[str, Any]:
    """scikit-learn's averages at these values, feature by feature."""
    from sklearn.inspection import partial_dependence

    words = words_of(frame)
    return {
        name: partial_dependence(
            model, frame, [name], custom_values={name: held}, method="brute", kind="average",
            categorical_features=words,
        )["average"][0]
        for name, held in values.items()
    }  # fmt: skip


def agree(found: Any, values: dict[str, Any], other: dict[str, Any]) -> None:
    """Both must have computed the same thing; otherwise no time means anything."""
    for effect in found:
        kept = len(values[effect.feature])
        np.testing.assert_allclose(effect.mean[:kept], other[effect.feature], rtol=0, atol=1e-12)


@contextmanager
def counted(pipeline: Any) -> Iterator[list[int]]:
    """How often the last step is asked, and how many rows the one before it encodes."""
    encoder, last = (type(step) for step in (pipeline[0], pipeline[-1]))
    found = [0, 0]
    predict: Callable[..., Any] = last.predict_proba
    transform: Callable[..., Any] = encoder.transform

    def predicting(self: Any, rows: Any) -> Any:
        found[0] += 1
        return predict(self, rows)

    def encoding(self: Any, rows: Any, **options: Any) -> Any:
        found[1] += len(rows)
        return transform(self, rows, **options)

    last.predict_proba, encoder.transform = predicting, encoding
    try:
        yield found
    finally:
        last.predict_proba, encoder.transform = predict, transform
