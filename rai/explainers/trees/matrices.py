"""What an estimator is asked with, a frame or an array, as the matrix that its trees compare."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.numbers import numbers


def plain_matrix(given: Any, *, absent: float = 0.0) -> Floats:
    """A frame, an array or a sparse matrix as numbers, categories as their codes.

    Args:
        given: The rows.
        absent: What stands where a sparse matrix has nothing.

    Returns:
        Shape (n, p), NaN where a value is missing.

    Example:
        >>> import pandas as pd
        >>> plain_matrix(pd.DataFrame({"a": [1, 2], "b": pd.Categorical(["x", None])})).tolist()
        [[1.0, 0.0], [2.0, nan]]
    """
    if hasattr(given, "tocsr"):
        return _dense(given.tocsr(), absent)
    if not hasattr(given, "columns"):
        plain: Floats = np.asarray(given, dtype=np.float64)
        return plain
    columns = [_numbers(given.iloc[:, place]) for place in range(given.shape[1])]
    return np.column_stack(columns) if columns else np.zeros((len(given), 0))


def single_matrix(given: Any, *, absent: float = 0.0) -> Floats:
    """The same, rounded to single precision, as many libraries compare it."""
    with np.errstate(over="ignore"):
        return plain_matrix(given, absent=absent).astype(np.float32).astype(np.float64)


def _dense(sparse: Any, absent: float) -> Floats:
    if absent == 0:
        return np.asarray(sparse.toarray(), dtype=np.float64)
    dense = np.full(sparse.shape, absent)
    row = np.repeat(np.arange(sparse.shape[0]), np.diff(sparse.indptr))
    dense[row, sparse.indices] = sparse.data
    return dense


def _numbers(column: Any) -> Floats:
    if type(column.dtype).__name__ == "CategoricalDtype":
        codes: Floats = column.cat.codes.to_numpy().astype(np.float64)
        codes[codes < 0] = np.nan
        return codes
    held: Floats = numbers(column)
    return held
