"""Trees of LightGBM, from the text that a booster writes of itself.

It compares numbers in double precision, and goes left where a value is at most the threshold. Codes of
categories that a split lists go left. Where a split knows no missing values they are taken for 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.ensembles import Space
from rai.explainers.trees.matrices import plain_matrix
from rai.explainers.trees.single_trees import Read, Tree

_MARGINS = ("binary", "multiclass", "poisson", "gamma", "tweedie", "cross_entropy")  # how they start

# Bits of a split's kind.
_BY_CATEGORY, _DEFAULT_LEFT, _ZERO, _NAN = 1, 2, 4, 8


def read_lightgbm(booster: Any) -> Read | str:
    """A booster's trees, those that it asks, or why they can't be read."""
    head, *blocks = booster.model_to_string().split("\n\n")
    said = _lines(head.removeprefix("tree\n"))
    outputs = int(said["num_tree_per_iteration"])
    held = [_lines(block.strip()) for block in blocks if block.strip().startswith("Tree=")]
    if not held:
        return "it has no trees"
    if any(int(tree.get("is_linear", "0")) for tree in held):
        return "its leaves hold linear models"
    space = _space(said.get("objective", ""))
    averages = "average_output" in head.split("\n") and space == "prediction"  # raw scores are sums
    eye = np.eye(outputs) * (outputs / len(held) if averages else 1.0)
    trees = [_tree(tree, eye[place % outputs]) for place, tree in enumerate(held)]
    return Read(
        trees=trees,
        space=space,
        strict=False,
        base=np.zeros(outputs),
        matrix=plain_matrix,
    )


def _tree(held: dict[str, str], output: Floats) -> Tree:
    """Splits first, then leaves; a child below 0 is a leaf, counted from -1 down."""
    leaves = int(held["num_leaves"])
    value = np.array(held["leaf_value"].split(), dtype=np.float64)
    splits = leaves - 1
    if not splits:
        return _lone_leaf(value, output)
    kind = _integers(held["decision_type"])
    limit = np.array(held["threshold"].split(), dtype=np.float64)
    by_category = (kind & _BY_CATEGORY) != 0
    none = (kind & (_ZERO | _NAN)) == 0
    as_zero = limit >= 0
    missing_left = np.where(none, as_zero, (kind & _DEFAULT_LEFT) != 0) & ~by_category
    left, right = (
        np.where(child < 0, splits + ~child, child)
        for child in (_integers(held["left_child"]), _integers(held["right_child"]))
    )
    rest = np.zeros(leaves)
    return Tree(
        feature=np.concatenate((_integers(held["split_feature"]), np.full(leaves, -1))),
        threshold=np.concatenate((limit, rest)),
        left=np.concatenate((left, rest.astype(np.intp))),
        right=np.concatenate((right, rest.astype(np.intp))),
        missing_left=np.concatenate((missing_left, rest.astype(bool))),
        zero_missing=np.concatenate((((kind & _ZERO) != 0) & ~by_category, rest.astype(bool))),
        cover=_floats(held, "internal_count", "leaf_count"),
        value=np.concatenate((np.zeros(splits), value))[:, None] * output,
        categories=_categories(held, np.flatnonzero(by_category), limit),
    )


def _categories(held: dict[str, str], nodes: Ints, limit: Floats) -> dict[int, Any]:
    """For each split by category, which codes go left: bits of its part of the words."""
    if not len(nodes):
        return {}
    ends = _integers(held["cat_boundaries"])
    words = np.array(held["cat_threshold"].split(), dtype=np.uint32)
    lines = {}
    for node in nodes.tolist():
        part = int(limit[node])
        own = words[ends[part] : ends[part + 1], None]
        bits = ((own >> np.arange(32, dtype=np.uint32)) & 1).astype(bool).ravel()
        lines[node] = np.append(bits, False)
    return lines


def _lone_leaf(value: Floats, output: Floats) -> Tree:
    none = np.zeros(1, dtype=np.intp)
    return Tree(
        feature=none - 1,
        threshold=np.zeros(1),
        left=none,
        right=none,
        missing_left=none.astype(bool),
        cover=np.ones(1),
        value=value[:, None] * output,
    )


def _space(objective: str) -> Space:
    words = objective.split(" ")
    bent = words[0].startswith(_MARGINS) or "sqrt" in words[1:]
    return "margin" if bent else "prediction"


def _lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)


def _integers(text: str) -> Ints:
    return np.array(text.split(), dtype=np.int64).astype(np.intp)


def _floats(held: dict[str, str], *names: str) -> Floats:
    return np.concatenate([np.array(held[name].split(), dtype=np.float64) for name in names])
