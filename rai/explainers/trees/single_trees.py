"""One tree as its library holds it, and many as an `Ensemble`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explainers.trees.ensembles import LEAF, Bools, Ensemble, Space


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tree:
    """A tree whose first node is its root.

    Args:
        feature: The column that a node compares, below 0 for a leaf, shape (nodes,).
        threshold: What it is compared with, shape (nodes,).
        left: The node on the left, counted within the tree, shape (nodes,).
        right: The node on the right, shape (nodes,).
        missing_left: Whether rows go left whose value is missing, shape (nodes,).
        cover: How much of the training data came through, shape (nodes,).
        value: What a leaf adds, shape (nodes, K).
        zero_missing: Whether 0 is taken for missing; nowhere if None.
        categories: Of a split by category whether rows of each code go left, the last code standing for
            all others.
    """

    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    missing_left: Bools
    cover: Floats
    value: Floats
    zero_missing: Bools | None = None
    categories: Mapping[int, Bools] = field(default_factory=dict)

    def scaled(self, factor: float) -> Tree:
        """The tree with all that it adds multiplied."""
        return replace(self, value=self.value * factor)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Read:
    """What was read of an estimator or a booster.

    Args:
        trees: Its trees.
        space: What their sum is.
        strict: Whether rows go left where they are less than a threshold, rather than at most.
        base: What is added once, shape (K,); K is 2 for probabilities of two classes.
        matrix: From what it is asked with to the matrix that the trees compare, shape (n, p).
        order: The column of the input that each column of the matrix is; None if it is the same order.
    """

    trees: Sequence[Tree]
    space: Space
    strict: bool
    base: Floats
    matrix: Callable[[Any], Floats]
    order: Ints | None = None

    def weighed(self, weight: float) -> Read:
        """The same with all that it adds multiplied."""
        trees = [tree.scaled(weight) for tree in self.trees]
        return replace(self, trees=trees, base=self.base * weight)


def joined(read: Read, *, encode: Callable[[Rows], Floats], columns: Mapping[str, Ints]) -> Ensemble:
    """Trees one after another.

    Args:
        read: The trees.
        encode: From rows to the matrix.
        columns: Column of the rows to the places of the columns of the matrix that come from it.
    """
    trees = read.trees
    sizes = np.array([len(tree.feature) for tree in trees], dtype=np.intp)
    roots = np.cumsum(sizes) - sizes
    feature = _all([tree.feature for tree in trees])
    leaf = feature < 0
    shift = np.repeat(roots, sizes)
    category, categories = _categories(trees, roots, len(feature))
    zeros = [np.zeros(len(t.feature), bool) if t.zero_missing is None else t.zero_missing for t in trees]
    return Ensemble(
        space=read.space,
        feature=np.where(leaf, LEAF, feature).astype(np.intp),
        threshold=_all([tree.threshold for tree in trees]).astype(np.float64),
        strict=read.strict,
        left=np.where(leaf, 0, _all([tree.left for tree in trees]) + shift).astype(np.intp),
        right=np.where(leaf, 0, _all([tree.right for tree in trees]) + shift).astype(np.intp),
        missing_left=_all([tree.missing_left for tree in trees]).astype(bool),
        zero_missing=_all(zeros).astype(bool),
        category=category,
        categories=categories,
        cover=_all([tree.cover for tree in trees]).astype(np.float64),
        value=np.where(leaf[:, None], _all([tree.value for tree in trees]), 0.0),
        roots=roots.astype(np.intp),
        base=np.asarray(read.base, dtype=np.float64),
        encode=encode,
        columns=columns,
    )


def _all(parts: Sequence[Any]) -> Any:
    return np.concatenate([np.asarray(part) for part in parts])


def _categories(trees: Sequence[Tree], roots: Ints, nodes: int) -> tuple[Ints, Bools]:
    """The line of each node, and the lines, all of one length."""
    category = np.full(nodes, -1, dtype=np.intp)
    lines: list[Bools] = []
    for root, tree in zip(roots.tolist(), trees, strict=True):
        for node, line in tree.categories.items():
            category[root + node] = len(lines)
            lines.append(np.asarray(line, dtype=bool))
    width = max((len(line) for line in lines), default=1)
    table = np.zeros((len(lines), width), dtype=bool)
    for place, line in enumerate(lines):
        table[place, : len(line) - 1] = line[:-1]
        table[place, len(line) - 1 :] = line[-1]
    return category, table
