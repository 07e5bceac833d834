"""Which columns a fitted pipeline really reads.

    Pipeline ─▶ ColumnTransformer(("scale", …, ["age"]), ("ignore", "drop", ["id"]), remainder="drop")
             ─▶ ("age",)

A column that is dropped before anything is learnt changes no score, so it must not count in a distance
between rows. It can be seen to be dropped where a `ColumnTransformer` comes first: in a pipeline,
or in a pipeline inside a search, a calibration or a threshold classifier. Elsewhere every column counts
that the estimator was fitted on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# What holds an estimator that is given the same rows: class to attribute.
_WRAPPED = {
    "FixedThresholdClassifier": "estimator_",
    "FrozenEstimator": "estimator",
    "TransformedTargetRegressor": "regressor_",
    "TunedThresholdClassifierCV": "estimator_",
}


def columns_read(estimator: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that reach the model.

    Args:
        estimator: A fitted estimator of scikit-learn.
        names: The columns that it was fitted on, in their order.

    Example:
        >>> import pandas as pd
        >>> from sklearn.compose import make_column_transformer
        >>> from sklearn.linear_model import LinearRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> rows = pd.DataFrame({"id": [1, 2, 3], "age": [30, 40, 50]})
        >>> model = make_pipeline(make_column_transformer(("passthrough", ["age"])), LinearRegression())
        >>> columns_read(model.fit(rows, [1, 2, 3]), ("id", "age"))
        ('age',)
    """
    places: set[int] = set()
    for transformer in _first_steps(estimator):
        kept = _kept(transformer)
        if kept is None:
            return names
        places |= kept
    return tuple(name for place, name in enumerate(names) if place in places) or names


def steps_of(estimator: Any) -> list[Any]:
    """The steps of a fitted pipeline that do something; the estimator itself if it is none."""
    steps = getattr(estimator, "steps", None)
    if not isinstance(steps, list):
        return [estimator]
    return [step for _, step in steps if step is not None and not isinstance(step, str)]


def _first_steps(estimator: Any) -> Iterator[Any]:
    """What is given the rows first: one step, or one of each calibrated copy."""
    copies = getattr(estimator, "calibrated_classifiers_", None)
    if isinstance(copies, list) and copies:
        for copy in copies:
            yield from _first_steps(getattr(copy, "estimator", copy))
        return
    inner = getattr(estimator, _WRAPPED.get(type(estimator).__name__, "best_estimator_"), None)
    steps = steps_of(estimator)
    if inner is not None or (steps and steps[0] is not estimator):
        yield from _first_steps(inner if inner is not None else steps[0])
    else:
        yield estimator


def _kept(transformer: Any) -> set[int] | None:
    """Places of the columns that a ColumnTransformer keeps; None for anything else."""
    places = getattr(transformer, "_transformer_to_input_indices", None)
    named = getattr(transformer, "named_transformers_", None)
    if places is None or named is None:
        return None
    return {int(at) for name, held in places.items() if not _dropped(named, name) for at in held}


def _dropped(named: Any, name: str) -> bool:
    held = named.get(name, "drop")
    return isinstance(held, str) and held == "drop"
