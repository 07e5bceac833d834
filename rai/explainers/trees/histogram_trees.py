"""Histogram boosting of scikit-learn, with missing values and categories.

It compares numbers in double precision. Columns of categories go through an encoder of its own, which
puts them first; a category that it didn't know in training goes where missing values go.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.trees.ensembles import Bools
from rai.explainers.trees.matrices import plain_matrix
from rai.explainers.trees.single_trees import Read, Tree


def read_histogram(estimator: Any) -> Read | str:
    """An estimator's trees, or why they can't be read."""
    if estimator._loss.interval_y_pred.low != -np.inf and not hasattr(estimator, "classes_"):  # noqa: SLF001
        return "what it predicts is the exponent of a sum of trees, and it gives no such sum itself"
    known, place_of = estimator._bin_mapper.make_known_categories_bitsets()  # noqa: SLF001
    trees = [
        _histogram_tree(held, output, len(stage), known, place_of)
        for stage in estimator._predictors  # noqa: SLF001
        for output, held in enumerate(stage)
    ]
    encoder = getattr(estimator, "_preprocessor", None)
    order = None
    if encoder is not None:
        words = np.asarray(estimator.is_categorical_, dtype=bool)
        order = np.concatenate((np.flatnonzero(words), np.flatnonzero(~words)))
    classifies = hasattr(estimator, "classes_")
    return Read(
        trees=trees,
        space="margin" if classifies else "prediction",
        strict=False,
        base=np.asarray(estimator._baseline_prediction).reshape(-1),  # noqa: SLF001
        matrix=lambda given: _preprocessed(estimator, given),
        order=order,
    )


def _preprocessed(estimator: Any, given: Any) -> Floats:
    if getattr(estimator, "_preprocessor", None) is None:
        return plain_matrix(given)
    return np.asarray(estimator._preprocess_X(given, reset=False), dtype=np.float64)  # noqa: SLF001


def _histogram_tree(held: Any, output: int, outputs: int, known: Any, place_of: Any) -> Tree:
    nodes = held.nodes
    leaf = nodes["is_leaf"].astype(bool)
    missing_left = nodes["missing_go_to_left"].astype(bool)
    lines = {}
    for node in np.flatnonzero(nodes["is_categorical"].astype(bool) & ~leaf).tolist():
        left = _bits(held.raw_left_cat_bitsets[int(nodes["bitset_idx"][node])])
        listed = _bits(known[int(place_of[int(nodes["feature_idx"][node])])])
        other = missing_left[node]
        lines[node] = np.append(np.where(listed, left, other), other)
    return Tree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.intp),
        threshold=nodes["num_threshold"].astype(np.float64),
        left=nodes["left"].astype(np.intp),
        right=nodes["right"].astype(np.intp),
        missing_left=missing_left,
        cover=nodes["count"].astype(np.float64),
        value=nodes["value"][:, None] * np.eye(outputs)[output],
        categories=lines,
    )


def _bits(words: Any) -> Bools:
    """Bits of eight numbers of 32, as 256 truths."""
    held = np.asarray(words, dtype=np.uint32)[:, None]
    bits: Bools = ((held >> np.arange(32, dtype=np.uint32)) & 1).astype(bool).ravel()
    return bits
