"""Arrays as named columns: what `y_true=…, sensitive_features=…` come to when there is no frame.

    y_true […], sensitive_features {"sex": […]}
        ──▶  {"y_true": …, "sex": …}  and  {"y_true": "y_true", "sensitive_features": ("sex",)}

Features keep their names where they have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rai.engines.encoding import is_a
from rai.engines.sources import as_array, check_lengths
from rai.ground.errors import RoleError, sentence

Named = dict[str, Any]


def columns(
    *,
    y_true: Any,
    y_pred: Any = None,
    y_score: Any = None,
    sensitive_features: Any = None,
    control_features: Any = None,
    sample_weight: Any = None,
) -> tuple[Named, Named]:
    """Named columns for `count`, and the matching arguments for `Roles`.

    Values are matched by position, as everywhere in scikit-learn; an index is not looked at.

    Args:
        y_true: True labels or values, shape (rows,).
        y_pred: Predicted labels or values, shape (rows,).
        y_score: Scores, shape (rows,).
        sensitive_features: One array or series, a 2-D array, a frame, a dict of name to array, or a
            list of these.
        control_features: The same.
        sample_weight: Weights, shape (rows,).

    Raises:
        DataError: Lengths that differ, or arrays of more than one dimension.
        RoleError: Two columns of one name.

    Example:
        >>> named, roles = columns(y_true=[1, 0], y_pred=[1, 1], sensitive_features={"sex": ["F", "M"]})
        >>> sorted(named), roles["sensitive_features"]
        (['sex', 'y_pred', 'y_true'], ('sex',))
    """
    if y_true is None:
        raise RoleError(sentence("y_true", "nothing", expected="true labels, one for each row"))
    plain = {"y_true": y_true, "y_pred": y_pred, "y_score": y_score, "sample_weight": sample_weight}
    named = {name: as_array(given, where=name) for name, given in plain.items() if given is not None}
    roles: Named = {name: name for name in named}
    for role, single, given in (
        ("sensitive_features", "sensitive_feature", sensitive_features),
        ("control_features", "control_feature", control_features),
    ):
        features = [] if given is None else named_features(given, single)
        for name, feature in features:
            if name in named:
                hint = "Give a dict of name to array."
                raise RoleError(sentence(role, f"two columns named {name!r}", expected="one", hint=hint))
            named[name] = as_array(feature, where=name)
        roles[role] = tuple(name for name, _ in features)
    check_lengths(named)
    return named, roles


def named_features(given: Any, single: str) -> list[tuple[str, Any]]:
    """Name and values of each feature in whatever was given; `single` names one without a name."""
    if isinstance(given, Mapping):
        return [(str(name), values) for name, values in given.items()]
    if is_a(given, "narwhals", "DataFrame", "Series"):
        return named_features(given.to_native(), single)
    if is_a(given, "pandas", "DataFrame"):
        return [(str(name), given.iloc[:, place]) for place, name in enumerate(given.columns)]
    if is_a(given, "polars", "DataFrame"):
        return [(series.name, series) for series in given.get_columns()]
    if is_a(given, "pyarrow", "Table", "RecordBatch"):
        return list(zip(given.schema.names, given.columns, strict=True))
    if is_a(given, "pandas", "Series", "Index") or is_a(given, "polars", "Series"):
        return [(str(given.name) if given.name not in {None, ""} else single, given)]
    if isinstance(given, (list, tuple)) and given and _is_array_like(given[0]):
        found = [pair for each in given for pair in named_features(each, single)]
        if [name for name, _ in found].count(single) > 1:
            found = [(f"{n}_{i}" if n == single else n, values) for i, (n, values) in enumerate(found)]
        return found
    array = as_array(given, where=single, dimensions=2)
    if np.ndim(array) == 2:
        return [(f"{single}_{place}", array[:, place]) for place in range(array.shape[1])]
    return [(single, array)]


def _is_array_like(value: Any) -> bool:
    """Whether it holds a feature of its own; a plain list inside a list is a row."""
    return isinstance(value, Mapping) or (hasattr(value, "__array__") and np.ndim(value) > 0)
