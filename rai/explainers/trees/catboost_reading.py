"""Trees of CatBoost, from what a model writes of itself.

It compares numbers in single precision; a row is on the right where its value is greater than the
border, or is the category. Of a category its trees know a hash, which the library itself is asked for.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.trees.matrices import single_matrix
from rai.explainers.trees.single_trees import Read, Tree
from rai.models.catboost_models import EXPONENT

_PLAIN = {"FloatFeature", "OneHotFeature"}
_MOST = 1 << 22  # leaves of a symmetric model


def read_catboost(model: Any) -> Read | str:
    """A model's trees, or why they can't be read."""
    held = _written(model)
    info = held["features_info"]
    if info.get("text_features") or info.get("embedding_features"):
        return "it reads text or embeddings"
    symmetric = held.get("oblivious_trees")
    kinds = _kinds(symmetric) if symmetric is not None else _kinds_below(held["trees"])
    if not kinds <= _PLAIN:
        return "it makes numbers of categories by the labels of other rows"
    scale, bias = held["scale_and_bias"]
    base = np.atleast_1d(np.asarray(bias, dtype=np.float64))
    if symmetric is None:
        trees = [_below(tree, info, len(base)) for tree in held["trees"]]
    elif sum(len(tree["leaf_weights"]) for tree in symmetric) > _MOST:
        return "its trees have too many leaves"
    else:
        trees = [_symmetric(tree, info, len(base)) for tree in symmetric]
    loss = str(model.get_all_params().get("loss_function", "")).split(":")[0]
    classifies = len(np.atleast_1d(model.classes_)) > 1
    return Read(
        trees=[tree.scaled(float(scale)) for tree in trees],
        space="margin" if classifies or loss in EXPONENT else "prediction",
        strict=False,
        base=base,
        matrix=partial(_matrix, model=model, listed=_listed(info)),
    )


def _written(model: Any, pool: Any = None) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json", pool=pool)
        return json.loads(path.read_text("utf-8"))


def _kinds(trees: Any) -> set[str]:
    return {split["split_type"] for tree in trees for split in tree["splits"] or ()}


def _kinds_below(trees: Any) -> set[str]:
    found, stack = set(), list(trees)
    while stack:
        node = stack.pop()
        if "split" in node:
            found.add(node["split"]["split_type"])
            stack += [node["left"], node["right"]]
    return found


def _symmetric(tree: Mapping[str, Any], info: Mapping[str, Any], outputs: int) -> Tree:
    """A tree that asks one question on each level: the last of its list at the root.

    Leaf i is on the right at those questions whose bits i has, and nodes are counted as in a heap.
    """
    questions = list(tree["splits"] or ())[::-1]
    depth = len(questions)
    inner, leaves = (1 << depth) - 1, 1 << depth
    level = np.floor(np.log2(np.arange(1, inner + 1))).astype(np.intp)
    asked = [_question(each, info) for each in questions]
    columns, limits, gone, lines = zip(*asked, strict=True) if asked else ((), (), (), ())
    rest = np.zeros(leaves)
    nodes = np.arange(inner)
    cover = np.asarray(tree["leaf_weights"], dtype=np.float64)
    levels = [cover]
    while len(levels[0]) > 1:
        levels.insert(0, levels[0].reshape(-1, 2).sum(axis=1))
    values = np.asarray(tree["leaf_values"], dtype=np.float64).reshape(leaves, outputs)
    return Tree(
        feature=np.concatenate((np.array(columns, dtype=np.intp)[level], np.full(leaves, -1))),
        threshold=np.concatenate((np.array(limits, dtype=np.float64)[level], rest)),
        left=np.concatenate((2 * nodes + 1, rest)).astype(np.intp),
        right=np.concatenate((2 * nodes + 2, rest)).astype(np.intp),
        missing_left=np.concatenate((np.array(gone, dtype=bool)[level], rest.astype(bool))),
        cover=np.concatenate(levels),
        value=np.concatenate((np.zeros((inner, outputs)), values)),
        categories={int(node): lines[level[node]] for node in nodes if lines[level[node]] is not None},
    )


def _below(root: Mapping[str, Any], info: Mapping[str, Any], outputs: int) -> Tree:
    """A tree whose nodes ask what they like."""
    nodes: list[Mapping[str, Any]] = []
    stack = [(root, -1, False)]
    children: list[list[int]] = []
    while stack:
        node, parent, right = stack.pop()
        if parent >= 0:
            children[parent][right] = len(nodes)
        nodes.append(node)
        children.append([0, 0])
        if "split" in node:
            place = len(nodes) - 1
            stack += [(node["right"], place, True), (node["left"], place, False)]
    asked = [
        _question(node["split"], info) if "split" in node else (-1, 0, False, None) for node in nodes
    ]
    columns, limits, gone, lines = zip(*asked, strict=True)
    cover = [float(node.get("weight", 0.0)) for node in nodes]
    for place in range(len(nodes) - 1, -1, -1):
        if "split" in nodes[place]:
            cover[place] = sum(cover[child] for child in children[place])
    none = [0.0] * outputs
    values = [np.atleast_1d(node["value"]) if "split" not in node else none for node in nodes]
    return Tree(
        feature=np.array(columns, dtype=np.intp),
        threshold=np.array(limits, dtype=np.float64),
        left=np.array(children, dtype=np.intp)[:, 0],
        right=np.array(children, dtype=np.intp)[:, 1],
        missing_left=np.array(gone, dtype=bool),
        cover=np.array(cover),
        value=np.array(values, dtype=np.float64),
        categories={place: line for place, line in enumerate(lines) if line is not None},
    )


def _question(split: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[int, float, bool, Any]:
    """The column, the border, whether missing values go left, and which categories do."""
    if split["split_type"] == "FloatFeature":
        column = info["float_features"][split["float_feature_index"]]
        limit = float(np.float32(split["border"]))
        return int(column["flat_feature_index"]), limit, column["nan_value_treatment"] != "AsTrue", None
    column = info["categorical_features"][split["cat_feature_index"]]
    line = np.ones(len(column["values"]) + 1, dtype=bool)
    line[column["values"].index(split["value"])] = False
    return int(column["flat_feature_index"]), 0.0, True, line


def _listed(info: Mapping[str, Any]) -> dict[int, list[int]]:
    """Columns of categories to the hashes that splits ask for."""
    columns = info.get("categorical_features") or ()
    return {int(each["flat_feature_index"]): list(each.get("values") or ()) for each in columns}


def _matrix(given: Any, *, model: Any, listed: Mapping[int, list[int]]) -> Floats:
    """Numbers as they are, categories as their places among those that splits ask for."""
    if not listed:
        return single_matrix(given)
    import catboost
    import pandas as pd

    frame = pd.DataFrame(given)
    words = {place: frame.iloc[:, place].map(str) for place in listed}
    pool = catboost.Pool(frame, cat_features=sorted(listed))
    said = _written(model, pool)["features_info"].get("cat_features_hash") or ()
    hashes = {each["value"]: np.int64(each["hash"]).astype(np.int32) for each in said}
    columns = []
    for place in range(frame.shape[1]):
        if place in listed:
            codes = {int(value): float(code) for code, value in enumerate(listed[place])}
            known = {word: codes.get(int(hashed), -1.0) for word, hashed in hashes.items()}
            columns.append(words[place].map(known).fillna(-1.0).to_numpy(dtype=np.float64))
        else:
            columns.append(single_matrix(frame.iloc[:, [place]])[:, 0])
    return np.column_stack(columns)
