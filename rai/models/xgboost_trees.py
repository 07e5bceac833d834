"""What must hold of XGBoost's trees before they are walked.

The library trusts its files: a child that isn't there, or a list that is too short, ends the process in
place of an error. So every place that a tree names is looked at here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.models.ubjson import DamagedError

MOST_CATEGORIES = 1 << 24  # above, XGBoost knows none
DELETED = 2147483647

_OF_NODES = (
    *("right_children", "parents", "split_indices", "split_type", "default_left"),
    *("split_conditions", "loss_changes", "sum_hessian"),
)

Ints = NDArray[np.int64]


def check_booster(booster: Mapping[str, Any], *, features: int, outputs: int) -> None:
    """A booster of trees, or the weights of a linear one.

    Args:
        booster: What the file has as `gradient_booster`.
        features: Columns that the model reads.
        outputs: Scores of a row.

    Raises:
        DamagedError: Something in it points nowhere, or has another length than it should.
    """
    if booster["name"] == "gblinear":
        _check_length("weights", booster["model"]["weights"], (features + 1) * outputs)
        return
    trees = booster["gbtree"]["model"] if booster["name"] == "dart" else booster["model"]
    count = len(trees["trees"])
    _check_length("tree_info", trees["tree_info"], count)
    _check_range("tree_info", integers(trees["tree_info"]), outputs)
    if booster["name"] == "dart":
        _check_length("weight_drop", booster["weight_drop"], count)
    if "iteration_indptr" in trees:
        _check_steps("iteration_indptr", integers(trees["iteration_indptr"]), count)
    _check_length("trees", trees["trees"], int(trees["gbtree_model_param"]["num_trees"]))
    for place, tree in enumerate(trees["trees"]):
        try:
            _check_tree(tree, features)
        except DamagedError as error:
            raise DamagedError(f"tree {place:,}: {error}") from None
    if "cats" in trees:
        _check_stored(trees["cats"], features)


def integers(held: Any) -> Ints:
    """A list of whole numbers as an array.

    Raises:
        DamagedError: If it holds anything else.
    """
    array = np.asarray(held)
    if array.ndim != 1 or (len(array) and array.dtype.kind not in "iub"):
        raise DamagedError("a list of something else than whole numbers")
    return array.astype(np.int64)


def _check_tree(tree: Mapping[str, Any], features: int) -> None:
    param = tree["tree_param"]
    left, nodes, size = integers(tree["left_children"]), len(tree["left_children"]), 1
    if int(param["size_leaf_vector"]) > 1:
        size = int(param["size_leaf_vector"])
    if nodes < 1 or int(param["num_nodes"]) != nodes or int(param["num_feature"]) != features:
        raise DamagedError(f"{nodes:,} nodes, other than it says")
    for name in _OF_NODES:
        _check_length(name, tree[name], nodes)
    _check_length("base_weights", tree["base_weights"], nodes * size)
    right, parents = integers(tree["right_children"]), integers(tree["parents"])
    split, leaf = integers(tree["split_indices"]), left < 0
    if "leaf_weights" in tree:
        _check_length("leaf_weights", tree["leaf_weights"], int(leaf.sum()) * size)
    _check_range("left_children", left + 1, nodes + 1)
    _check_range("right_children of leaves", right[leaf] + 1, int(leaf.sum()) * (size > 1) + 1)
    inner = np.flatnonzero(~leaf)
    for children in (left[inner], right[inner]):
        _check_range("children", children, nodes)
        if (parents[children] != inner).any():
            raise DamagedError("a child with another parent")
    if parents[0] not in {-1, DELETED} or (left[inner] == right[inner]).any():
        raise DamagedError("a root with a parent, or one child twice")
    _check_range("split_indices", split[inner], features)
    _check_categories(tree, integers(tree["split_type"]))


def _check_categories(tree: Mapping[str, Any], split_type: Ints) -> None:
    nodes, first = integers(tree["categories_nodes"]), integers(tree["categories_segments"])
    sizes, held = integers(tree["categories_sizes"]), integers(tree["categories"])
    fits = len(nodes) == len(first) == len(sizes)
    if not fits or not np.array_equal(nodes, np.flatnonzero(split_type)):
        raise DamagedError("splits by category without their categories")
    if (sizes < 1).any():
        raise DamagedError("a split by no category")
    _check_range("categories_segments", first, len(held))
    _check_range("categories_sizes", first + sizes, len(held) + 1)
    _check_range("categories", held, MOST_CATEGORIES)


def _check_stored(stored: Mapping[str, Any], features: int) -> None:
    """The names of categories: one list for each column."""
    enc, ends = stored["enc"], integers(stored["feature_segments"])
    order = integers(stored["sorted_idx"])
    if not enc and not len(order):
        return
    _check_length("cats", enc, features)
    _check_steps("feature_segments", ends, len(order))
    _check_length("feature_segments", ends, features + 1)
    for column, (start, stop) in zip(enc, pairwise(ends), strict=True):
        count = int(stop - start)
        if not np.array_equal(np.sort(order[start:stop]), np.arange(count)):
            raise DamagedError("sorted_idx that is no order of the categories")
        if "offsets" in column:
            offsets = integers(column["offsets"])
            if count or len(offsets):
                _check_length("offsets", offsets, count + 1)
                _check_steps("offsets", offsets, len(column["values"]))
            _check_range("values", integers(column["values"]) + 128, 384)
        else:
            _check_length("values", column["values"], count)


def _check_length(name: str, held: Any, wanted: int) -> None:
    if len(held) != wanted:
        raise DamagedError(f"{len(held):,} {name} in place of {wanted:,}")


def _check_range(name: str, held: Ints, stop: int) -> None:
    if len(held) and (held.min() < 0 or held.max() >= stop):
        raise DamagedError(f"{name} outside of 0 to {stop - 1:,}")


def _check_steps(name: str, held: Ints, last: int) -> None:
    """Ends of parts, one after another."""
    if not len(held) or held[0] != 0 or held[-1] != last or (np.diff(held) < 0).any():
        raise DamagedError(f"{name} that don't lead from 0 to {last:,}")
