"""A linear model read off its coefficients: a matrix, a weight for each column, an intercept.

    rows ── encode ──▶ matrix (n, p) ── matrix · weightsᵀ + intercept ──▶ margin or value (n, K)

Anything with `coef_` and `intercept_` is taken for one, at the end of a pipeline too; whoever uses it
holds what it says against the model itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError, numbers
from rai.models.column_steps import ColumnSteps, column_steps
from rai.models.estimators import Asked, is_regressor
from rai.models.model import Model

# Regressions whose values are a link's inverse of the linear part.
LINKED = {"PoissonRegressor", "GammaRegressor", "TweedieRegressor", "TransformedTargetRegressor"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Linear:
    """A linear model.

    Args:
        space: What it gives: `margin`, or `prediction` of a regression.
        encode: From rows to the matrix that it weighs, shape (n, p).
        columns: Column of the rows to the columns of the matrix that come from it.
        weights: Of each output and column, shape (K, p).
        intercept: Of each output, shape (K,).
    """

    space: Literal["margin", "prediction"]
    encode: Callable[[Rows], Floats]
    columns: Mapping[str, Ints]
    weights: Floats
    intercept: Floats


def linear_of(model: Model) -> Linear | str:
    """The model as a linear one, or why it is none.

    Args:
        model: Any model.

    Example:
        >>> import pandas as pd, rai
        >>> from sklearn.linear_model import LinearRegression
        >>> rows = pd.DataFrame({"a": [0.0, 1, 2], "b": [1.0, 0, 0]})
        >>> linear_of(rai.load_model(LinearRegression().fit(rows, [3, 2, 4]))).weights.round(6).tolist()
        [[2.0, 3.0]]
    """
    asked = model.predict
    if not isinstance(asked, Asked):
        return "it is no linear model of scikit-learn"
    steps = column_steps(model)
    last = asked.estimator if steps is None else steps.asked.estimator
    weights, intercept = getattr(last, "coef_", None), getattr(last, "intercept_", None)
    if weights is None or intercept is None or type(last).__name__ in LINKED:
        return f"{type(last).__name__} is no linear model"
    if is_regressor(last) != (model.task == "regression"):
        return f"{type(last).__name__} is a regression whose values are taken for scores"
    weights = np.atleast_2d(_dense(weights).astype(np.float64))
    width = len(model.classes) if model.task == "multiclass" else 1
    if weights.shape[0] != width or (model.task != "regression" and not _has_margins(last)):
        return f"{type(last).__name__} has {weights.shape[0]} rows of weights for {width} outputs"
    sign = -1.0 if asked.place == 0 and width == 1 else 1.0
    names = model.features
    if steps is None and names is None:
        return "it doesn't say which columns it reads"
    columns = _one_each(names) if steps is None and names is not None else steps.columns  # type: ignore[union-attr]
    return Linear(
        space="prediction" if is_regressor(last) else "margin",
        encode=_encoder(model, steps),
        columns=columns,
        weights=sign * weights,
        intercept=sign * np.broadcast_to(np.ravel(np.asarray(intercept, dtype=np.float64)), width),
    )


def _has_margins(estimator: Any) -> bool:
    return callable(getattr(estimator, "decision_function", None))


def _one_each(names: tuple[str, ...]) -> dict[str, Ints]:
    return {name: np.array([place], dtype=np.intp) for place, name in enumerate(names)}


def _encoder(model: Model, steps: ColumnSteps | None) -> Callable[[Rows], Floats]:
    if steps is not None:
        return lambda rows: _encoded(steps, rows)
    return lambda rows: _numbers(rows.select(model.features or rows.names))


def _encoded(steps: ColumnSteps, rows: Rows) -> Floats:
    """The matrix of a pipeline's last step; NaN where there is none, so that nothing agrees with it."""
    try:
        matrix = steps.matrix(rows)
    except Exception:  # noqa: BLE001 - whatever a transformer raises; the model itself will say why
        matrix = None
    if matrix is None:
        return np.full((len(rows), sum(map(len, steps.columns.values()))), np.nan)
    return _dense(matrix)


def _numbers(rows: Rows) -> Floats:
    """Columns of numbers as a matrix; NaN where something else is, so that nothing agrees with it."""
    try:
        return np.column_stack([numbers(rows.column(name)) for name in rows.names])
    except NotNumbersError:
        return np.full((len(rows), len(rows.names)), np.nan)


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)
