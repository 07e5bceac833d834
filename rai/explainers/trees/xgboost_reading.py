"""Trees of XGBoost, from what a booster writes of itself.

It compares numbers in single precision, and goes left where a value is less than the threshold. Codes of
categories that a split lists go right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.trees.ensembles import Space
from rai.explainers.trees.matrices import single_matrix
from rai.explainers.trees.single_trees import Read, Tree, joined

# Objectives of regressions whose predicted values are the sums themselves.
_IDENTITY = ("squarederror", "squaredlogerror", "absoluteerror", "pseudohubererror", "quantileerror")


def read_xgboost(booster: Any, *, rounds: int, missing: float = np.nan) -> Read | str:
    """A booster's trees, or why they can't be read.

    Args:
        booster: The booster.
        rounds: How many rounds are asked; 0 for all.
        missing: The number that stands for a missing value.
    """
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    held = learner["gradient_booster"]
    if held["name"] == "gblinear":
        return "its booster is linear"
    model = held["gbtree"]["model"] if held["name"] == "dart" else held["model"]
    count = _count(model, rounds)
    outputs = max(int(learner["learner_model_param"]["num_class"]), 1)
    if any(int(tree["tree_param"]["size_leaf_vector"]) > 1 for tree in model["trees"][:count]):
        return "its leaves are vectors"
    if int(learner["learner_model_param"].get("num_target", 1)) > 1:
        return "it has several outputs"
    eye = np.eye(outputs)
    trees = [
        _tree(tree, eye[int(output)])
        for tree, output in zip(model["trees"][:count], model["tree_info"][:count], strict=True)
    ]
    if held["name"] == "dart":
        weights = held["weight_drop"][:count]
        trees = [tree.scaled(float(w)) for tree, w in zip(trees, weights, strict=True)]
    if not trees:
        return "it has no trees"
    read = Read(
        trees=trees,
        space=_space(str(learner["objective"]["name"])),
        strict=True,
        base=np.zeros(outputs),
        matrix=partial(_matrix, missing=missing),
    )
    return _with_base(read, booster, learner, rounds)


def _tree(tree: Mapping[str, Any], output: Floats) -> Tree:
    left = np.array(tree["left_children"], dtype=np.intp)
    leaf = left < 0
    limits = np.array(tree["split_conditions"], dtype=np.float32).astype(np.float64)
    ends = np.cumsum(tree["categories_sizes"]) if tree["categories_sizes"] else ()
    lines = {}
    for node, size, stop in zip(tree["categories_nodes"], tree["categories_sizes"], ends, strict=True):
        listed = np.array(tree["categories"][stop - size : stop], dtype=np.intp)
        line = np.ones(int(listed.max()) + 2, dtype=bool)
        line[listed] = False
        lines[int(node)] = line
    return Tree(
        feature=np.where(leaf, -1, np.array(tree["split_indices"], dtype=np.intp)),
        threshold=limits,
        left=left,
        right=np.array(tree["right_children"], dtype=np.intp),
        missing_left=np.array(tree["default_left"]).astype(bool),
        cover=np.array(tree["sum_hessian"], dtype=np.float64),
        value=np.where(leaf, limits, 0.0)[:, None] * output,
        categories=lines,
    )


def _matrix(given: Any, *, missing: float) -> Floats:
    matrix = single_matrix(given, absent=np.nan)
    if not np.isnan(missing):
        matrix[matrix == np.float32(missing)] = np.nan
    return matrix


def _count(model: Mapping[str, Any], rounds: int) -> int:
    total = len(model["trees"])
    if not rounds:
        return total
    ends = model.get("iteration_indptr")
    if ends:
        return int(ends[min(rounds, len(ends) - 1)])
    groups = len(set(model["tree_info"]))
    per_round = groups * int(model["gbtree_model_param"]["num_parallel_tree"])
    return min(rounds * per_round, total)


def _space(objective: str) -> Space:
    kind, _, name = objective.partition(":")
    return "prediction" if (kind == "reg" and name in _IDENTITY) or kind == "rank" else "margin"


def _with_base(read: Read, booster: Any, learner: Mapping[str, Any], rounds: int) -> Read:
    """With what the booster adds once: as it writes it, before or after its link, whichever it uses."""
    from dataclasses import replace

    import xgboost

    types = booster.feature_types
    row = np.full((1, booster.num_features()), np.nan, dtype=np.float32)
    empty = xgboost.DMatrix(
        row, feature_names=booster.feature_names, feature_types=types, enable_categorical=True
    )
    said = booster.predict(empty, output_margin=True, iteration_range=(0, rounds)).reshape(-1)
    alone = joined(read, encode=lambda rows: np.zeros((len(rows), 0)), columns={})
    seen = said.astype(np.float64) - alone.predict(row)[0]
    written = np.asarray(json.loads(str(learner["learner_model_param"]["base_score"])), dtype=np.float64)
    with np.errstate(all="ignore"):
        forms = [written, np.log(written / (1 - written)), np.log(written)]
    near = [np.broadcast_to(form, seen.shape) for form in forms]
    near = [form for form in near if np.allclose(form, seen, rtol=1e-4, atol=1e-4)]
    return replace(read, base=np.array(near[0]) if near else seen)
