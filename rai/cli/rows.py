"""The rows that a command is about: a file, or one of rai's own data sets with its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rai.ground.errors import ArgumentError, sentence
from rai.values import Roles

if TYPE_CHECKING:
    from rai import Dataset

DATASET = "dataset:"


def opened(data: str, given: Mapping[str, Any]) -> tuple[object, dict[str, Any]]:
    """The rows to audit, and the arguments with what a card adds to them."""
    if data.startswith(DATASET):
        dataset = own_dataset(data)
        return dataset.frame, filled(given, dataset.roles)
    if given["y_true"] is None:
        raise ArgumentError(sentence("--y-true", "nothing", expected="the column of true labels"))
    if not given["sensitive_features"]:
        expected = "at least one column that names groups"
        raise ArgumentError(sentence("--sensitive", "nothing", expected=expected))
    return data, dict(given)


def own_dataset(data: str) -> Dataset:
    """One of rai's own data sets, from `dataset:NAME` or `dataset:NAME/SPLIT`."""
    from rai import load_dataset

    name, _, split = data.removeprefix(DATASET).partition("/")
    return load_dataset(name, split or None)


def filled(given: Mapping[str, Any], card: Roles) -> dict[str, Any]:
    """The arguments given, other roles from a card: but no second outcome, and no column twice."""
    taken = {given[role] for role in ("y_true", "y_pred", "y_score", "sample_weight")}
    taken |= {*given["sensitive_features"], *given["control_features"]}
    roles = {**given, "y_true": given["y_true"] or card.y_true}
    if given["y_pred"] is None and given["y_score"] is None:
        roles |= {"y_pred": card.y_pred, "y_score": card.y_score}
    if roles["y_true"] == card.y_true:
        roles["positive_label"] = given["positive_label"] or card.positive_label
    for role in ("sensitive_features", "control_features"):
        roles[role] = given[role] or tuple(name for name in getattr(card, role) if name not in taken)
    axes = {*roles["sensitive_features"], *roles["control_features"]}
    cuts = {name: cut for name, cut in card.cuts.items() if name in axes}
    return {**roles, "cuts": {**cuts, **given["cuts"]}}
