"""True labels or values of rows, against what a model says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import encode
from rai.engines.frames import Rows
from rai.engines.numbers import check_finite, numbers_of_role
from rai.engines.sources import as_array, check_lengths
from rai.ground.errors import DataError, RoleError, listing, sentence
from rai.models import Model

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of some rows.

    Args:
        values: True labels as places in the model's classes, -1 where missing; or true values of a
            regression, NaN where missing. Shape (rows,); None where nothing is known.
        there: Which rows have one, shape (rows,).
    """

    values: Any
    there: Bools


def truth_of(rows: Rows, y_true: Any, model: Model) -> Truth:
    """True labels or values, from a column's name or an array.

    Raises:
        RoleError: No such column, or labels that the model doesn't have.
        DataError: Another length, or no label at all.

    Example:
        >>> import rai
        >>> from rai.engines.frames import open_rows
        >>> model = rai.load_model(lambda frame: frame["x"], classes=["no", "yes"])
        >>> truth_of(open_rows({"x": [0.1, 0.9], "y": ["yes", None]}), "y", model).values.tolist()
        [1, -1]
    """
    if y_true is None:
        return Truth(None, np.ones(len(rows), dtype=bool))
    column = column_of(rows, y_true, where="y_true")
    if not model.classes:
        values = numbers_of_role(column, where="y_true", expected="numbers")
        check_finite(values, where="y_true", first_row=1)
        return _some(values, ~np.isnan(values))
    codes, classes = encode(column), model.classes
    strange = [label for label in (*codes.levels, codes.fraction) if label not in {*classes, None}]
    if strange:
        expected = f"one of the model's classes: {listing(classes)}"
        hint = "Pass classes=[…] to rai.load_model."
        raise RoleError(sentence("y_true", repr(strange[0]), expected=expected, hint=hint))
    places = np.array([*(classes.index(label) for label in codes.levels), -1], dtype=np.intp)
    found = places[codes.codes]
    return _some(found, found >= 0)


def column_of(rows: Rows, given: Any, *, where: str) -> Any:
    """A column of the rows by its name, or an array as long as they are.

    Raises:
        RoleError: If there is no such column.
        DataError: If it has another length.
    """
    if isinstance(given, str):
        rows.check(given, where=where)
        return rows.column(given)
    column = as_array(given, where=where)
    check_lengths({"rows": np.zeros(len(rows)), where: column})
    return column


def _some(values: Any, there: Bools) -> Truth:
    if not there.any():
        raise DataError(sentence("y_true", "no labels", expected="at least one row with a label"))
    return Truth(values, there)
