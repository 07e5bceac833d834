"""Trees of whichever library as flat arrays: what every tree says of a row is one walk over them.

  age < 40                  feature    0   -1    2   -1  -1
  /      \\                 left       1    .    3    .   .
0.2    sex in {F}     ──▶   right      2    .    4    .   .
        /    \\             threshold 40    .   {F}   .   .
      0.5    0.1            value      .  0.2    .  0.5 0.1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows

Space = Literal["margin", "probability", "prediction"]
Bools = NDArray[np.bool_]

LEAF = -1
NEARLY_ZERO = float(np.float32(1e-35))  # what LightGBM takes for 0
_CHUNK = 1 << 14  # rows walked at a time


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ensemble:
    """The trees of a model, and how rows become what they compare.

    The sum of the leaves that a row reaches, and `base`, is the model's output in `space`.

    Args:
        space: What the sum is: a `margin`, a `probability`, or a `prediction` of a regression.
        feature: The column that a node compares, -1 for a leaf, shape (nodes,).
        threshold: What it is compared with, shape (nodes,).
        strict: Whether rows go left where they are less than the threshold, rather than at most.
        left: The node on the left, shape (nodes,).
        right: The node on the right, shape (nodes,).
        missing_left: Whether rows go left whose value is missing, shape (nodes,).
        zero_missing: Whether 0 is taken for missing, shape (nodes,).
        category: The node's line in `categories`, -1 where it compares numbers, shape (nodes,).
        categories: Whether rows of each category go left, shape (category splits, codes); the last
            code stands for all that are not listed, and for what is no category.
        cover: How much of the training data came through a node, shape (nodes,).
        value: What a leaf adds, shape (nodes, K); 0 where a node is no leaf.
        roots: The first node of each tree.
        base: What is added once, shape (K,).
        encode: From rows to the matrix (n, p) that the trees compare.
        columns: Column of the rows to the places of the columns of the matrix that come from it.

    Example:
        >>> import pandas as pd, rai
        >>> from sklearn.tree import DecisionTreeRegressor
        >>> from rai.explainers.trees.reading import ensemble_of
        >>> rows = pd.DataFrame({"age": [20.0, 30, 40], "debt": [1.0, 0, 1]})
        >>> tree = DecisionTreeRegressor(random_state=0).fit(rows, [5.0, 5, 8])
        >>> ensemble = ensemble_of(rai.load_model(tree))
        >>> ensemble.space, ensemble.feature.tolist(), ensemble.threshold[0].item()
        ('prediction', [0, -1, -1], 35.0)
        >>> ensemble.predict(np.array([[25.0, 0.0], [50.0, 0.0]]))[:, 0]
        array([5., 8.])
    """

    space: Space
    feature: Ints
    threshold: Floats
    strict: bool
    left: Ints
    right: Ints
    missing_left: Bools
    zero_missing: Bools
    category: Ints
    categories: Bools
    cover: Floats
    value: Floats
    roots: Ints
    base: Floats
    encode: Callable[[Rows], Floats] = field(repr=False)
    columns: Mapping[str, Ints]

    @property
    def outputs(self) -> int:
        """How many outputs there are, K."""
        return int(self.value.shape[1])

    def goes_left(self, node: int, column: Floats) -> Bools:
        """Whether rows go left at a node.

        Args:
            node: The node.
            column: Their values of the column that it compares, shape (n,).
        """
        line = int(self.category[node])
        if line >= 0:
            return _in_categories(self.categories[line], column, self.missing_left[node])
        limit = self.threshold[node]
        left: Bools = column < limit if self.strict else column <= limit
        if self.zero_missing[node]:
            gone = np.isnan(column) | (np.abs(column) <= NEARLY_ZERO)
            return np.where(gone, self.missing_left[node], left)
        if self.missing_left[node]:  # a comparison with what is missing is false
            left |= np.isnan(column)
        return left

    def predict(self, matrix: Any) -> Floats:
        """The output for rows of the matrix, by a walk of its own through every tree.

        Args:
            matrix: Rows as `encode` gives them, shape (n, p).

        Returns:
            Shape (n, K).
        """
        matrix = np.asarray(matrix, dtype=np.float64)
        out = np.tile(self.base, (len(matrix), 1))
        for start in range(0, len(matrix), _CHUNK):
            part = matrix[start : start + _CHUNK]
            for root in self.roots:
                out[start : start + _CHUNK] += self.value[self._leaves(part, int(root))]
        return out

    def _leaves(self, matrix: Floats, root: int) -> Ints:
        """The leaf of a tree that each row ends in."""
        at = np.full(len(matrix), root, dtype=np.intp)
        going = np.flatnonzero(self.feature[at] != LEAF)
        while len(going):
            node = at[going]
            left = self.steps(node, matrix[going, self.feature[node]])
            at[going] = np.where(left, self.left[node], self.right[node])
            going = going[self.feature[at[going]] != LEAF]
        return at

    def steps(self, node: Ints, seen: Floats) -> Bools:
        """Whether rows go left, each at a node of its own.

        Args:
            node: The nodes, shape (n,).
            seen: The rows' values of the columns that these compare, shape (n,).
        """
        limit = self.threshold[node]
        left = np.where(self.strict, seen < limit, seen <= limit)
        gone = np.isnan(seen) | (self.zero_missing[node] & (np.abs(seen) <= NEARLY_ZERO))
        line = self.category[node]
        listed = line >= 0
        if listed.any():
            codes = _codes(seen[listed], self.categories.shape[1])
            left[listed] = self.categories[line[listed], codes]
        return np.where(gone, self.missing_left[node], left)


def _in_categories(line: Bools, column: Floats, missing_left: Any) -> Bools:
    left: Bools = line[_codes(column, len(line))]
    return np.where(np.isnan(column), missing_left, left)


def _codes(column: Floats, width: int) -> Ints:
    """Places in a line of categories: the last for what is none of them."""
    inside = (column >= 0) & (column < width - 1)
    codes: Ints = np.where(inside, column, width - 1).astype(np.intp)
    return codes
