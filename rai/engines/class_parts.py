"""One piece of rows as a tally: labels against predicted classes, or labels against score bins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rai.engines.cells import Floats, cells_of, tally_of, with_missing
from rai.engines.cutting import all_numbers, axis_where, cut, refuse_uncut
from rai.engines.encoding import Codes
from rai.engines.fingerprints import checksum
from rai.engines.labels import refuse_fractions, refuse_scores
from rai.engines.limits import check_seen
from rai.engines.numbers import numbers_of_role
from rai.engines.parts import Part, dropped_rows
from rai.engines.plans import Plan
from rai.engines.score_bins import binning, check_unit_range
from rai.engines.spelling import kind


def class_part(plan: Plan, piece: Any, *, first_row: int) -> Part:
    """What a piece comes to when labels are classes.

    Args:
        plan: What is to be counted.
        piece: The columns that have roles.
        first_row: The number of the first of these rows, counting from 1.
    """
    axes, uncut = axes_of(plan, piece)
    true = plan.codes(piece, plan.roles.y_true, where=plan.where("y_true"))
    predicted = _predicted(plan, piece, true)
    scores = _scores(plan, piece, first_row)
    weight = plan.weight(piece, first_row=first_row)
    if true.fraction is not None:
        refuse_fractions(plan, true.fraction)
    rows = len(true.codes)
    keep, dropped = dropped_rows(
        [
            ("missing y_true", true.codes < 0 if true.gaps else None),
            ("missing y_pred", predicted.codes < 0 if predicted and predicted.gaps else None),
            ("missing y_score", _gaps(scores)),
        ],
        rows=rows,
    )
    columns = [*axes, true, *([predicted] if predicted else [])]
    names = [*plan.roles.axes, plan.roles.y_true, *([plan.roles.y_pred] if predicted else [])]
    seen = {str(name): dict.fromkeys(column.levels) for name, column in zip(names, columns, strict=True)}
    check_seen(plan, seen)
    hashed = [None if name in plan.roles.cuts else name for name in names]
    quantities = [values for values in (scores, weight, *uncut) if values is not None]
    if keep is not None:
        columns = [Codes(column.codes[keep], column.levels) for column in columns]
        quantities = [values[keep] for values in quantities]
        scores, weight = (None if values is None else values[keep] for values in (scores, weight))
        rows = int(keep.sum())
    if rows == 0:
        return Part(len(true.codes), None, dropped, 0, seen)
    if scores is not None and not plan.exact:
        check_unit_range(scores, where=plan.where("y_score"))
    cells = cells_of(columns, rows=rows)
    total = tally_of(
        cells,
        axes=plan.roles.axes,
        edges=plan.edges,
        bins=None if scores is None or plan.edges is None else binning(plan.edges)(scores),
        weight=weight,
        exact=plan.exact,
    )
    sum_of_weights = 0.0 if weight is None else float(weight.sum())
    return Part(
        rows=len(true.codes),
        total=total,
        dropped=dropped,
        checksum=checksum(cells, hashed, quantities),
        seen=seen,
        weight=sum_of_weights,
    )


def axes_of(plan: Plan, piece: Any) -> tuple[list[Codes], list[Floats]]:
    """The columns that split rows, missing values being a level; and the numbers of those that are cut."""
    columns, uncut = [], []
    for axis in plan.roles.axes:
        where = axis_where(plan.roles, axis)
        edges = plan.roles.cuts.get(axis)
        if isinstance(edges, Sequence):
            values = numbers_of_role(
                piece[axis], where=where, expected="numbers to cut", text_only=plan.source.text_only
            )
            uncut.append(values)
            columns.append(with_missing(cut(values, edges)))
            continue
        column = plan.codes(piece, axis, where=where)
        if column.fraction is not None:
            values = all_numbers(plan.source, plan.roles, axis, rows=len(piece[axis]))
            raise refuse_uncut(values, axis, where=where)
        columns.append(with_missing(column))
    return columns, uncut


def _predicted(plan: Plan, piece: Any, true: Codes) -> Codes | None:
    if plan.roles.y_pred is None:
        return None
    predicted = plan.codes(piece, plan.roles.y_pred, where=plan.where("y_pred"))
    if predicted.fraction is not None:
        if any(kind(value) != "numbers" for value in true.levels):
            refuse_scores(plan, predicted.fraction)
        refuse_fractions(plan, predicted.fraction)
    return predicted


def _scores(plan: Plan, piece: Any, first_row: int) -> Floats | None:
    if plan.roles.y_score is None:
        return None
    expected = "numeric scores" if plan.exact else "scores between 0 and 1"
    return plan.numbers(piece, "y_score", expected=expected, first_row=first_row)


def _gaps(values: Floats | None) -> Any:
    """Where values are missing; None where none is."""
    if values is None or len(values) == 0 or not np.isnan(values.min()):
        return None
    return np.isnan(values)
