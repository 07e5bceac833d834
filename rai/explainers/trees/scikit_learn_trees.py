"""Trees, forests and boosting of scikit-learn.

They compare numbers in single precision with thresholds in double. Histogram boosting is apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.histogram_trees import read_histogram
from rai.explainers.trees.matrices import single_matrix
from rai.explainers.trees.single_trees import Read, Tree

_SINGLE = (
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ExtraTreeClassifier",
    "ExtraTreeRegressor",
)
_FORESTS = ("RandomForestClassifier", "RandomForestRegressor")
_EXTRA = ("ExtraTreesClassifier", "ExtraTreesRegressor")
_BAGS = ("BaggingClassifier", "BaggingRegressor")
_HISTOGRAMS = ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
_CONSTANT = ("DummyClassifier", "DummyRegressor")


def read_scikit_learn(estimator: Any) -> Read | str:
    """An estimator's trees, or why they can't be read."""
    reader = _READERS.get(type(estimator).__name__)
    if reader is None or not type(estimator).__module__.startswith("sklearn."):
        return "it is no tree ensemble"
    if getattr(estimator, "n_outputs_", 1) != 1:
        return "it has several outputs"
    return reader(estimator)


def _of_tree(estimator: Any) -> Read:
    return _read(estimator, [_tree(estimator)])


def _of_forest(estimator: Any) -> Read:
    weight = 1 / len(estimator.estimators_)
    return _read(estimator, [_tree(each).scaled(weight) for each in estimator.estimators_])


def _of_bag(estimator: Any) -> Read | str:
    """Members see columns of their own, and may have seen fewer classes."""
    reads = []
    for member, chosen in zip(estimator.estimators_, estimator.estimators_features_, strict=True):
        read = read_scikit_learn(member)
        if isinstance(read, str):
            return f"in its bag there is a {type(member).__name__}, and {read}"
        if read.order is not None or read.space == "margin":
            return f"it averages what each {type(member).__name__} makes of its own sum of trees"
        reads.append(_on_columns(_on_classes(read, member, estimator), np.asarray(chosen)))
    return _average(reads, np.full(len(reads), 1 / len(reads)))


def _of_vote(estimator: Any) -> Read | str:
    if getattr(estimator, "voting", "soft") != "soft":
        return "its members vote with labels"
    given = estimator.weights
    members = [each for each in estimator.estimators_ if each != "drop"]
    weights = np.ones(len(members)) if given is None else np.asarray(estimator._weights_not_none)  # noqa: SLF001
    reads = []
    for member in members:
        read = read_scikit_learn(member)
        if isinstance(read, str):
            return f"it averages a {type(member).__name__}, and {read}"
        if read.order is not None or read.space == "margin":
            return f"it averages what its {type(member).__name__} makes of a sum of trees"
        reads.append(read)
    return _average(reads, weights / weights.sum())


def _of_gradient_boosting(estimator: Any) -> Read | str:
    first = estimator.init_
    if first != "zero" and type(first).__name__ not in _CONSTANT:
        return f"it starts from a {type(first).__name__}, which is no tree"
    stages = estimator.estimators_
    outputs = stages.shape[1]
    base = np.asarray(estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_)))).reshape(-1)  # noqa: SLF001
    eye = np.eye(outputs)
    trees = []
    for stage in stages:
        for output, member in enumerate(stage):
            tree = _arrays(member.tree_, member.tree_.value[:, 0, :1] * eye[output])
            trees.append(tree.scaled(estimator.learning_rate))
    classifies = hasattr(estimator, "classes_")
    return Read(
        trees=trees,
        space="margin" if classifies else "prediction",
        strict=False,
        base=base,
        matrix=single_matrix,
    )


def _of_ada_boost(estimator: Any) -> Read | str:
    """Every member adds its weight to the class that it predicts, and takes it from the others."""
    members = estimator.estimators_
    if any(type(each).__name__ not in _SINGLE for each in members):
        return f"it boosts a {type(members[0]).__name__}"
    classes = estimator.classes_
    given = estimator.estimator_weights_
    trees = []
    for member, weight in zip(members, given / given.sum(), strict=False):
        tree = _tree(member)
        says = member.classes_[tree.value.argmax(axis=1)]
        picked = (says[:, None] == classes).astype(np.float64)
        votes = picked - (1 - picked) / (len(classes) - 1)
        votes = votes[:, 1:] - votes[:, :1] if len(classes) == 2 else votes
        trees.append(_arrays(member.tree_, votes * weight))
    base = np.zeros(trees[0].value.shape[1])
    return Read(trees=trees, space="margin", strict=False, base=base, matrix=single_matrix)


def _read(estimator: Any, trees: list[Tree]) -> Read:
    classifies = hasattr(estimator, "classes_")
    return Read(
        trees=trees,
        space="probability" if classifies else "prediction",
        strict=False,
        base=np.zeros(trees[0].value.shape[1]),
        matrix=single_matrix,
    )


def _average(reads: list[Read], weights: Floats) -> Read:
    trees = [
        tree
        for read, weight in zip(reads, weights.tolist(), strict=True)
        for tree in read.weighed(weight).trees
    ]
    base = sum(read.base * weight for read, weight in zip(reads, weights.tolist(), strict=True))
    return Read(
        trees=trees, space=reads[0].space, strict=False, base=np.asarray(base), matrix=single_matrix
    )


def _on_columns(read: Read, chosen: Ints) -> Read:
    trees = [
        replace(tree, feature=np.where(tree.feature >= 0, chosen[tree.feature], -1))
        for tree in read.trees
    ]
    return replace(read, trees=trees)


def _on_classes(read: Read, member: Any, whole: Any) -> Read:
    """A member's classes, which are places among the whole's, at their places."""
    if not hasattr(whole, "classes_") or len(member.classes_) == len(whole.classes_):
        return read
    places = np.asarray(member.classes_).astype(np.intp)
    trees = []
    for tree in read.trees:
        value = np.zeros((len(tree.value), len(whole.classes_)))
        value[:, places] = tree.value
        trees.append(replace(tree, value=value))
    return replace(read, trees=trees, base=np.zeros(len(whole.classes_)))


def _tree(estimator: Any) -> Tree:
    held = estimator.tree_
    value = held.value[:, 0, :]
    if hasattr(estimator, "classes_"):
        value = value / value.sum(axis=1, keepdims=True)
    return _arrays(held, value)


def _arrays(held: Any, value: Any) -> Tree:
    return Tree(
        feature=held.feature,
        threshold=held.threshold,
        left=held.children_left,
        right=held.children_right,
        missing_left=np.asarray(held.missing_go_to_left, dtype=bool),
        cover=held.weighted_n_node_samples,
        value=np.asarray(value, dtype=np.float64),
    )


_READERS: dict[str, Callable[[Any], Read | str]] = {
    **dict.fromkeys(_SINGLE, _of_tree),
    **dict.fromkeys((*_FORESTS, *_EXTRA), _of_forest),
    **dict.fromkeys(_BAGS, _of_bag),
    **dict.fromkeys(("VotingClassifier", "VotingRegressor"), _of_vote),
    **dict.fromkeys(("GradientBoostingClassifier", "GradientBoostingRegressor"), _of_gradient_boosting),
    **dict.fromkeys(_HISTOGRAMS, read_histogram),
    "AdaBoostClassifier": _of_ada_boost,
}
