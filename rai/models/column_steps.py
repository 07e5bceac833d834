"""A pipeline of scikit-learn that encodes column by column, taken apart at that place.

    rows ─ ColumnTransformer ─▶ matrix ─ classifier or regressor ─▶ scores
             age  ▶ column 0
             sex  ▶ columns 1, 2        changing "sex" in a million rows changes two columns of a matrix

Encoding text is most of the time of many pipelines. Where every column of the matrix comes from one
column of the rows, rows that differ in one column need not be encoded again. That is known of the
transformers listed here, one after another, and of no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.models.estimators import Asked
from rai.models.model import Model
from rai.models.outputs import as_scores

MOST_CELLS = 1 << 25  # of a matrix without gaps

# Transformers that make one column of each, and those that make several, each from one.
ONE_EACH = {
    *("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "PowerTransformer"),
    *("QuantileTransformer", "OrdinalEncoder", "SimpleImputer"),
}
SEVERAL = {"OneHotEncoder"}
# Those that keep some columns as they are.
SELECTORS = {
    *("SelectFdr", "SelectFpr", "SelectFwe", "SelectFromModel", "SelectKBest", "SelectPercentile"),
    *("GenericUnivariateSelect", "RFE", "RFECV", "SequentialFeatureSelector", "VarianceThreshold"),
}


@dataclass(frozen=True, slots=True, eq=False)
class ColumnSteps:
    """A model as two steps: rows to a matrix, and the matrix to scores.

    Args:
        model: The model.
        encoder: The steps before the last.
        asked: How the last step is asked.
        columns: Column of the rows to the columns of the matrix that come from it.
    """

    model: Model
    encoder: Any
    asked: Asked
    columns: Mapping[str, Ints]

    def matrix(self, rows: Rows) -> Any:
        """The rows as the last step sees them, shape (n, p).

        A NumPy array or a CSR matrix; None where it is neither, or too large.
        """
        wanted = rows if self.model.features is None else rows.select(self.model.features)
        pandas = wanted.frame.implementation.is_pandas()
        frame = wanted.native if pandas else wanted.frame.to_pandas()
        encoded = self.encoder.transform(self.asked.prepare(frame))
        if getattr(encoded, "format", "") == "csr":
            return encoded
        plain = type(encoded) is np.ndarray and encoded.dtype.kind == "f"
        return encoded if plain and encoded.size <= MOST_CELLS else None

    def scores(self, matrix: Any) -> Floats:
        """Scores of rows of the matrix, checked as the model's own are."""
        model = self.model
        return as_scores(
            self.asked(matrix),
            rows=matrix.shape[0],
            classes=model.classes,
            task=model.task,
            probabilities=model.probabilities,
        )


def column_steps(model: Model) -> ColumnSteps | None:
    """The two steps of a model; None where it can't be taken apart.

    Args:
        model: Any model.

    Example:
        >>> import pandas as pd, rai
        >>> from sklearn.compose import make_column_transformer
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> from sklearn.preprocessing import OneHotEncoder, StandardScaler
        >>> rows = pd.DataFrame({"age": [30.0, 40, 50], "sex": ["F", "M", "F"]})
        >>> encoder = make_column_transformer((StandardScaler(), ["age"]), (OneHotEncoder(), ["sex"]))
        >>> model = rai.load_model(make_pipeline(encoder, LogisticRegression()).fit(rows, [0, 1, 1]))
        >>> {name: places.tolist() for name, places in column_steps(model).columns.items()}
        {'age': [0], 'sex': [1, 2]}
    """
    asked = model.predict
    if not isinstance(asked, Asked):
        return None
    steps = getattr(asked.estimator, "steps", None)
    if type(asked.estimator).__name__ != "Pipeline" or not isinstance(steps, list) or len(steps) < 2:
        return None
    columns = _columns_of([step for _, step in steps])
    if columns is None:
        return None
    encoder = steps[0][1] if len(steps) == 2 else asked.estimator[:-1]
    last = replace(asked, estimator=steps[-1][1], prepare=lambda matrix: matrix)
    return ColumnSteps(model, encoder, last, columns)


def _columns_of(steps: list[Any]) -> dict[str, Ints] | None:
    """Column of the rows to columns of the matrix that the last step is given."""
    *before, last = [step for step in steps if not _does_nothing(step)]
    if not before or last is not steps[-1]:
        return None
    first, *others = before
    found = _of_first(first)
    for step in others:
        found = None if found is None else _through(step, found)
    width = getattr(last, "n_features_in_", None)
    if found is None or (width is not None and width != sum(map(len, found.values()))):
        return None
    return {name: np.array(places, dtype=np.intp) for name, places in found.items()}


_Places = dict[str, list[int]]


def _does_nothing(step: Any) -> bool:
    return step is None or (isinstance(step, str) and step == "passthrough")


def _of_first(step: Any) -> _Places | None:
    """What becomes of each column of the rows in a first step that was fitted on a frame."""
    if type(step).__name__ == "ColumnTransformer":
        return _of_column_transformer(step)
    names = getattr(step, "feature_names_in_", None)
    if names is None:
        return None
    return _through(step, {str(name): [place] for place, name in enumerate(names)})


def _through(step: Any, found: _Places) -> _Places | None:
    """What becomes of columns of a matrix in one more step."""
    count = sum(map(len, found.values()))
    widths = _kept(step) if type(step).__name__ in SELECTORS else _widths(step, count)
    if widths is None or len(widths) != count:
        return None
    parts = list(_split(0, widths))
    return {name: [at for place in places for at in parts[place]] for name, places in found.items()}


def _kept(selector: Any) -> list[int]:
    return [int(kept) for kept in selector.get_support()]


def _of_column_transformer(encoder: Any) -> _Places | None:
    """Column of the rows to columns of the matrix, for a ColumnTransformer of known transformers."""
    names = getattr(encoder, "feature_names_in_", None)
    slices = getattr(encoder, "output_indices_", None)
    if names is None or slices is None:
        return None
    found: _Places = {str(name): [] for name in names}
    for name, transformer, chosen in encoder.transformers_:
        columns, place = _named(chosen, names), slices[name]
        if columns is None:
            return None
        widths = _widths(transformer, len(columns))
        if widths is None or sum(widths) != place.stop - place.start:
            return None
        for column, places in zip(columns, _split(place.start, widths), strict=True):
            found[column] += places
    return found


def _named(chosen: Any, names: Any) -> list[str] | None:
    """The columns that a transformer is given, by name."""
    if isinstance(chosen, str):
        return [chosen]
    if isinstance(chosen, slice):
        whole = all(part is None or isinstance(part, int) for part in (chosen.start, chosen.stop))
        return [str(name) for name in names[chosen]] if whole else None
    given = np.asarray(list(chosen) if not np.isscalar(chosen) else [chosen])
    if given.dtype.kind in "bi":
        return [str(name) for name in np.asarray(names)[given]]
    return [str(name) for name in given]


def _widths(transformer: Any, columns: int) -> list[int] | None:
    """How many columns become of each; None where that isn't known."""
    if isinstance(transformer, str):
        return {"passthrough": [1] * columns, "drop": [0] * columns}.get(transformer)
    kind = type(transformer).__name__
    if kind == "FunctionTransformer" and transformer.func is None:
        return [1] * columns
    if kind in ONE_EACH and not getattr(transformer, "add_indicator", False):
        return [1] * columns
    if kind in SEVERAL:
        return _of_one_hot(transformer)
    if kind == "Pipeline":
        return _of_pipeline(transformer, columns)
    return None


def _of_pipeline(pipeline: Any, columns: int) -> list[int] | None:
    """Of steps one after another, all but the last of which make one column of each."""
    widths: list[int] | None = [1] * columns
    for _, step in pipeline.steps:
        if widths is None or any(width != 1 for width in widths):
            return None
        widths = _widths("passthrough" if step is None else step, columns)
    return widths


def _of_one_hot(encoder: Any) -> list[int]:
    dropped = encoder.drop_idx_
    rare = getattr(encoder, "infrequent_categories_", None)
    widths = []
    for place, categories in enumerate(encoder.categories_):
        width = len(categories)
        if rare is not None and rare[place] is not None:
            width -= len(rare[place]) - 1
        widths.append(width - (dropped is not None and dropped[place] is not None))
    return widths


def _split(start: int, widths: list[int]) -> Iterator[list[int]]:
    for width in widths:
        yield list(range(start, start + width))
        start += width
