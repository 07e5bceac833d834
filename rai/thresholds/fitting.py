"""What scikit-learn hands to `fit`: labels, metadata and ways to split rows, checked. Needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted

Splits = list[tuple[NDArray[np.intp], NDArray[np.intp]]]

BINARY = "Only binary classification is supported."


def labels_of(y: Any) -> NDArray[Any]:
    """Two labels as an array, shape (rows,).

    Raises:
        DataError: If there is one label, or more than two.
    """
    from sklearn.utils.multiclass import type_of_target
    from sklearn.utils.validation import column_or_1d

    kind = type_of_target(y, input_name="y")
    if kind != "binary":
        raise DataError(sentence("y", f"Unknown label type: {kind}", expected="two labels", hint=BINARY))
    labels = np.asarray(column_or_1d(y, warn=True))
    classes = np.unique(labels)
    if len(classes) < 2:
        seen = f"one class, {classes.tolist()[0]!r}" if len(classes) else "no rows"
        raise DataError(sentence("y", seen, expected="two labels", hint=BINARY))
    return labels


def weights_of(sample_weight: Any, y: NDArray[Any]) -> NDArray[Any] | None:
    """Weights as an array, shape (rows,), or None.

    Raises:
        DataError: If they are not one for each row.
    """
    weights = None if sample_weight is None else np.asarray(sample_weight)
    if weights is not None and weights.shape != y.shape:
        seen = f"weights of shape {weights.shape}"
        raise DataError(sentence("sample_weight", seen, expected=f"{y.shape}, one for each row"))
    return weights


def routed(outer: Any, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What goes to `fit` of the classifier and to the splitter.

    With metadata routing, what they ask for; without, weights to a classifier that takes them.

    Raises:
        ArgumentError: If other arguments are given and metadata routing is off.
    """
    from sklearn import get_config
    from sklearn.utils.metadata_routing import process_routing
    from sklearn.utils.validation import has_fit_parameter

    held = {name: value for name, value in given.items() if value is not None}
    if get_config().get("enable_metadata_routing", False):
        found = process_routing(outer, "fit", **held)
        return dict(found.estimator.fit), dict(found.splitter.split)
    others = held.keys() - {"sample_weight", "sensitive_features"}
    if others:
        expected = "sample_weight or sensitive_features"
        hint = "To pass more, call sklearn.set_config(enable_metadata_routing=True)."
        raise ArgumentError(sentence("fit", listing(sorted(others)), expected=expected, hint=hint))
    if "sample_weight" not in held:
        return {}, {}
    if not has_fit_parameter(outer.estimator, "sample_weight"):
        name = type(outer.estimator).__name__
        warn(f"{name} takes no sample_weight: weights count for the thresholds only.", stacklevel=3)
        return {}, {}
    return {"sample_weight": held["sample_weight"]}, {}


def splits_of(
    cv: Any, table: Any, y: NDArray[Any], *, params: Mapping[str, Any], random_state: Any
) -> tuple[Splits, bool]:
    """Rows to learn from and rows to score, and whether this is one share that is held out.

    Raises:
        ArgumentError: If `cv` is none of the ways to split.
        DataError: If a label has fewer rows than there are parts.
    """
    from sklearn.model_selection import StratifiedShuffleSplit, check_cv

    share = isinstance(cv, Real) and not isinstance(cv, Integral)
    number = isinstance(cv, Integral) and not isinstance(cv, bool)
    ways = number or cv is None or hasattr(cv, "split") or isinstance(cv, Iterable)
    if isinstance(cv, str) or (share and not 0 < cv < 1) or not (share or ways) or (number and cv < 2):
        expected = 'a number of parts from 2, a share between 0 and 1, a splitter, or "prefit"'
        raise ArgumentError(sentence("cv", repr(cv), expected=expected))
    _check_labels(y, parts=2 if share else cv if number else 5 if cv is None else 1)
    if share:
        split = StratifiedShuffleSplit(n_splits=1, test_size=float(cv), random_state=random_state)
        return list(split.split(table, y)), True
    return list(check_cv(cv, y, classifier=True).split(table, y, **params)), False


def checked_fitted(estimator: Any) -> Any:
    """The classifier, if it has learnt.

    Raises:
        NotFittedError: If it hasn't.
    """
    from sklearn.utils.validation import check_is_fitted

    check_is_fitted(estimator)
    return estimator


def is_fitted(estimator: Any) -> bool:
    """Whether a classifier has learnt."""
    from sklearn.exceptions import NotFittedError

    try:
        checked_fitted(estimator)
    except NotFittedError:
        return False
    return True


def _check_labels(y: NDArray[Any], *, parts: int) -> None:
    """Rows enough to be parted: two of each label, and of one of them one for each part."""
    labels, rows = np.unique(y, return_counts=True)
    hint = 'Pass fewer parts, or rows held out with cv="prefit".'
    if rows.min() < min(parts, 2):
        seen = f"one row of label {labels[rows.argmin()].item()!r}"
        expected = "at least 2, to learn from and to hold out"
        raise DataError(sentence("cv", seen, expected=expected, hint=hint))
    if rows.max() < parts:
        seen = f"{parts} parts of {counted(int(rows.sum()), 'row')}"
        expected = f"at least {parts} rows of one of the labels"
        raise DataError(sentence("cv", seen, expected=expected, hint=hint))
