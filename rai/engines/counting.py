"""Counting: rows of any kind, in one pass, to one small table.

    source ──pieces──▶ part + part + … ──▶ labels read, groups named ──▶ Counted(tally, task, roles, …)

A piece is a quarter of a million rows; a file is never in memory as a whole. What a label means (the
task, the positive one) is decided when all have been seen. Where labels turn out to be quantities the
rows are read once more, as a regression; quantile cuts and exact bins first read the column they need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.class_parts import class_part
from rai.engines.cutting import with_edges
from rai.engines.fingerprints import fingerprint
from rai.engines.labels import FractionalLabelsError, read_labels, refuse_scores
from rai.engines.limits import check_seen
from rai.engines.moment_parts import moment_part
from rai.engines.parts import Part
from rai.engines.plans import Plan, Task, check_columns, checked_task
from rai.engines.score_bins import (
    EXACT,
    check_within_scores,
    checked_bins,
    checked_thresholds,
    equal_width_edges,
)
from rai.engines.settling import axis_meaning, settled_moments, settled_tally
from rai.engines.sources import open_source
from rai.ground.checks import check_count
from rai.ground.errors import DataError, sentence
from rai.ground.formatting import counted
from rai.values.moments import Moments
from rai.values.roles import Roles
from rai.values.tally import Tally

PIECE_ROWS = 1 << 18

Progress = Callable[[int, int | None], object]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What the rows came to.

    Args:
        tally: The counts, or the moments of a regression.
        task: "binary", "multiclass" or "regression".
        roles: Which column is what, with the positive label and the edges of cuts filled in.
        thresholds: Thresholds that are edges; empty unless there are scores.
        fingerprint: SHA-256 over the content of the used columns; see `rai.engines.fingerprints`.
        rows: Rows read, including those dropped.
    """

    tally: Tally | Moments
    task: Task
    roles: Roles
    thresholds: tuple[float, ...]
    fingerprint: str
    rows: int


def count(
    data: Any,
    roles: Roles,
    *,
    thresholds: float | Sequence[float] = (0.5,),
    bins: int | str = 1000,
    task: str = "auto",
    progress: Progress | None = None,
    piece_rows: int = PIECE_ROWS,
) -> Counted:
    """Count rows by group, label and outcome.

    Args:
        data: A pandas, Polars (also lazy) or PyArrow frame, any eager frame that narwhals knows, a dict
            of name to array, or a path to .csv, .csv.gz, .tsv or .parquet.
        roles: Which column is what.
        thresholds: Where scores are cut exactly; `y_pred = score >= threshold`.
        bins: Equal-width score bins beside the thresholds, or "exact" for every distinct score.
        task: "binary", "multiclass", "regression", or "auto" to read it off the labels.
        progress: Called between pieces with the rows done and, where known, the rows in all.
        piece_rows: Rows counted at a time.

    Raises:
        RoleError: A column is missing, or holds something its role can't use.
        DataError: Rows or a file that can't be read or used.
        ArgumentError: Thresholds, bins, cuts or a task outside what is allowed.

    Example:
        >>> rows = {"y": [1, 0, 1, None], "p": [1, 1, 1, 0], "sex": ["F", "M", None, "F"]}
        >>> done = count(rows, Roles(y_true="y", y_pred="p", sensitive_features=("sex",)))
        >>> done.task, done.tally.groups, dict(done.tally.dropped)
        ('binary', (('F',), ('M',), ('(missing)',)), {'missing y_true': 1})
    """
    check_count(piece_rows, where="piece_rows")
    decided = checked_task(roles, task)
    source = open_source(data)
    check_columns(source, roles)
    plan = Plan(source, with_edges(source, roles, rows=piece_rows), decided)
    cuts: tuple[float, ...] = ()
    if roles.y_score is not None:
        cuts = checked_thresholds(thresholds, bins=checked_bins(bins))
        exact = bins == EXACT
        edges = _every_score(plan, cuts, piece_rows) if exact else equal_width_edges(int(bins), cuts)
        plan = replace(plan, edges=edges, exact=exact)
    piece_rows = max(piece_rows, source.total or 0) if plan.exact else piece_rows
    try:
        return _counted(plan, cuts, progress, piece_rows)
    except FractionalLabelsError:
        return _counted(replace(plan, task="regression", guessed=True), cuts, progress, piece_rows)


def _counted(
    plan: Plan, thresholds: tuple[float, ...], progress: Progress | None, piece_rows: int
) -> Counted:
    whole: Part | None = None
    for piece in plan.source.pieces(plan.roles.columns, piece_rows):
        part = _part(plan, piece, whole)
        whole = part if whole is None else whole + part
        check_seen(plan, whole.seen)
        if progress is not None:
            progress(whole.rows, plan.source.total)
    if whole is None:
        raise DataError(sentence(plan.source.where, "no rows", expected="at least one"))
    total = _usable(plan, whole)
    tally, task, roles = _settled(plan, whole, total)
    return Counted(
        tally=replace(tally, dropped=dict(sorted(whole.dropped.items()))),
        task=task,
        roles=roles,
        thresholds=thresholds,
        fingerprint=fingerprint(roles, rows=whole.rows, dropped=whole.dropped, checksum=whole.checksum),
        rows=whole.rows,
    )


def _part(plan: Plan, piece: Any, before: Part | None) -> Part:
    first_row = 1 if before is None else before.rows + 1
    if plan.task != "regression":
        return class_part(plan, piece, first_row=first_row)
    total = None if before is None else before.total
    known = total if isinstance(total, Moments) else None
    return moment_part(plan, piece, first_row=first_row, before=known)


def _usable(plan: Plan, whole: Part) -> Tally | Moments:
    """The counts, if any row could be counted and carries weight."""
    if whole.total is None:
        why = ", ".join(f"{count:,} {reason}" for reason, count in sorted(whole.dropped.items()))
        seen = f"{counted(whole.rows, 'row')}, none of which can be counted ({why})"
        raise DataError(sentence(plan.source.where, seen, expected="rows with labels and predictions"))
    if plan.roles.sample_weight is not None and whole.weight == 0:
        where = plan.where("sample_weight")
        raise DataError(sentence(where, "weights that are all 0", expected="some weight above 0"))
    return whole.total


def _settled(plan: Plan, whole: Part, total: Tally | Moments) -> tuple[Tally | Moments, Task, Roles]:
    check_seen(plan, whole.seen, last=True)
    meanings = tuple(axis_meaning(plan, axis, whole.seen[axis]) for axis in plan.roles.axes)
    if isinstance(total, Moments):
        whole_truths = all(value.is_integer() for value in whole.truths)
        if plan.guessed and len(whole.truths) <= 2 and whole_truths:
            refuse_scores(plan)
        return settled_moments(total, meanings), "regression", plan.roles
    predicted = whole.seen[plan.roles.y_pred] if plan.roles.y_pred else {}
    labels = read_labels(plan, whole.seen[plan.roles.y_true], predicted)
    tally = settled_tally(total, labels, meanings)
    if not labels.binary:
        return tally, "multiclass", plan.roles
    return tally, "binary", plan.roles.replace(positive_label=labels.classes[1])


def _every_score(plan: Plan, thresholds: tuple[float, ...], piece_rows: int) -> NDArray[np.float64]:
    """All distinct scores and the thresholds, sorted."""
    first_row, found = 1, [np.zeros(0)]
    for piece in plan.source.pieces([str(plan.roles.y_score)], piece_rows):
        scores = plan.numbers(piece, "y_score", expected="numeric scores", first_row=first_row)
        first_row += len(scores)
        found.append(_distinct(scores[~np.isnan(scores)]))
    scores = found[-1] if len(found) == 2 else _distinct(np.concatenate(found))
    check_within_scores(thresholds, scores, where=plan.where("y_score"))
    return np.union1d(scores, thresholds)


def _distinct(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distinct scores, sorted; where most are distinct, sorting is quicker than hashing."""
    ordered = np.sort(scores)
    first = np.concatenate((np.ones(min(len(ordered), 1), dtype=bool), np.diff(ordered) > 0))
    return np.asarray(ordered[first])
