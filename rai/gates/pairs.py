"""Two models on the same rows as one audit: the baseline's decisions are one more axis.

    audit(rows, y_score=candidate, control_features=[…, baseline], cuts={baseline: thresholds})
        └─ tally: group × baseline's decision × label × candidate's score ──at a threshold──▶ Paired

A range of scores holds its lower edge, as a decision does; so nothing but `rai.audit` is needed, and the
counts of both are one more tally.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rai.audits import Audit, audit
from rai.engines.spelling import canonical
from rai.ground.errors import DataError, listing, sentence
from rai.ground.formatting import counted
from rai.values import MISSING, Moments, Tally
from rai.values.grouping import summed
from rai.values.levels import Level, cut_names, key_order
from rai.values.paired import Paired

NAMES = ("baseline", "candidate")


def joint_audit(data: Any, found: Audit, column: str) -> Audit:
    """The audit of the same rows that also counts what a column decides about them.

    Args:
        data: The rows that were audited.
        found: The audit of the candidate.
        column: The column of the baseline's scores (or predictions, where the audit has predictions).

    Raises:
        RoleError: No such column.
        DataError: Rows without a baseline, or other rows than those of the audit.
    """
    roles = found.roles
    if found.task == "regression":
        raise DataError(
            sentence("baseline", "a regression", expected="an audit of the baseline, or its path")
        )
    cuts = dict(roles.cuts)
    if found.thresholds:
        cuts[column] = found.thresholds
    joint = audit(
        data,
        y_true=roles.y_true,
        y_pred=roles.y_pred,
        y_score=roles.y_score,
        sensitive_features=roles.sensitive_features,
        control_features=(*roles.control_features, column),
        sample_weight=roles.sample_weight,
        positive_label=roles.positive_label,
        thresholds=found.thresholds or (0.5,),
        cuts=cuts,
        where=roles.where,
        cohorts=dict(roles.cohorts) or None,
        level=found.level,
        task=found.task,
        seed=found.seed,
    )
    _check(joint, found, column)
    return joint


def paired_of(joint: Audit, axis: str, threshold: float | None) -> Paired:
    """Rows by group, label, the baseline's decision and the candidate's.

    Args:
        joint: What `joint_audit` made.
        axis: The axis of the baseline's decisions.
        threshold: Where scores are cut; None where there are predictions.

    Raises:
        DataError: A threshold that the baseline was not cut at, or a class that only it predicts.
    """
    tally = joint.tally
    assert isinstance(tally, Tally)
    classes = (
        tally.labels if tally.edges is not None or joint.task == "binary" else _classes(tally, axis)
    )
    first = _first(joint, tally, axis, threshold, classes)
    n, weight, squares = _decided(joint, tally, threshold, classes)
    place = tally.axes.index(axis)
    axes = tuple(name for name in tally.axes if name != axis)
    keys = [tuple(level for i, level in enumerate(key) if i != place) for key in tally.groups]
    groups = tuple(sorted(set(keys), key=key_order))
    spread = [_spread(cells, first, len(classes)) for cells in (n, weight, squares)]
    n, weight, squares = (summed(cells, keys, groups) for cells in spread)
    return Paired(
        axes=axes, groups=groups, classes=classes, n=n, weight=weight, weight_sq=squares,
        weighted=tally.weighted, names=NAMES,
    )  # fmt: skip


def _first(
    joint: Audit, tally: Tally, axis: str, threshold: float | None, classes: tuple[Level, ...]
) -> list[int]:
    """The baseline's decision in each group of the tally, as a place among the classes."""
    place = tally.axes.index(axis)
    levels = [key[place] for key in tally.groups]
    if threshold is None:
        places = {canonical(label): i for i, label in enumerate(classes)}
        odd = next((level for level in levels if canonical(level) not in places), None)
        if odd is not None:
            raise DataError(
                sentence(f"baseline {axis!r}", repr(odd), expected=f"one of {listing(classes)}")
            )
        return [places[canonical(level)] for level in levels]
    edges = joint.thresholds
    if threshold not in edges:
        hint = "Audit with it among thresholds=."
        expected = f"one of {listing(edges)}"
        raise DataError(sentence("threshold", repr(threshold), expected=expected, hint=hint))
    at = edges.index(threshold)
    above = set(cut_names(edges)[at + 1 :])
    return [int(level in above) for level in levels]


def _decided(joint: Audit, tally: Tally, threshold: float | None, classes: tuple[Level, ...]) -> Any:
    """Cells by group, label and the candidate's decision, shapes (g, k, k)."""
    if tally.edges is not None or joint.task == "binary":
        cut = tally.confusion(threshold)
        return cut.n, cut.weight, cut.weight_sq
    whole = tally.aligned(replace(tally, labels=classes, outcomes=classes))
    n = whole.n
    plain = n.astype(np.float64)
    return (
        n,
        plain if whole.weight is None else whole.weight,
        plain if whole.weight_sq is None else whole.weight_sq,
    )


def _spread(cells: Any, first: list[int], k: int) -> Any:
    """From (g, label, second) to (g, label, first, second)."""
    out = np.zeros((len(first), k, k, k), dtype=cells.dtype)
    for group, decision in enumerate(first):
        out[group, :, decision, :] = cells[group]
    return out


def _classes(tally: Tally, axis: str) -> tuple[Level, ...]:
    """Every class that is a label or is predicted by one of both."""
    place = tally.axes.index(axis)
    held = {canonical(level): level for level in (*tally.labels, *tally.outcomes)}
    for key in tally.groups:
        held.setdefault(canonical(key[place]), key[place])
    return tuple(held.values())


def _check(joint: Audit, found: Audit, column: str) -> None:
    if isinstance(joint.tally, Moments):
        return
    place = joint.tally.axes.index(column)
    missing = sum(
        int(n)
        for key, n in zip(joint.tally.groups, joint.tally.group_rows, strict=True)
        if key[place] == MISSING
    )
    if missing:
        seen = f"{counted(missing, 'row')} without one"
        raise DataError(sentence(f"baseline {column!r}", seen, expected="a value in every row"))
    if joint.rows != found.rows:
        seen = f"{joint.rows:,} rows"
        raise DataError(sentence("data", seen, expected=f"the {found.rows:,} that were audited"))
