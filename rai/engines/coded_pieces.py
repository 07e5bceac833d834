"""A piece of rows with its columns encoded: codes where a column names, floats where it measures.

    class labels      codes: axes, y_true, y_pred     numbers: y_score, sample_weight, uncut axes
    a regression      codes: axes                     numbers: y_true, y_pred, sample_weight, uncut axes

Both kinds of counting start here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.cells import Cells, cells_of, with_missing
from rai.engines.cutting import all_numbers, axis_where, cut, refuse_uncut
from rai.engines.encoding import Codes, Floats
from rai.engines.labels import refuse_fractions, refuse_scores
from rai.engines.numbers import numbers_of_role
from rai.engines.plans import Plan
from rai.engines.spelling import kind
from rai.values.levels import Level

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class CodedPiece:
    """Some rows, encoded.

    Args:
        rows: How many.
        codes: Column to codes, each of shape (rows,): axes first, then label and prediction.
        numbers: Column to floats, each of shape (rows,).
    """

    rows: int
    codes: Mapping[str, Codes]
    numbers: Mapping[str, Floats]

    @property
    def seen(self) -> dict[str, dict[Level, None]]:
        """Column to the levels that occur."""
        return {name: dict.fromkeys(column.levels) for name, column in self.codes.items()}

    def gaps(self, column: str | None) -> Mask | None:
        """Where a column has no value; None where it has all."""
        if column is None:
            return None
        if column in self.codes:
            coded = self.codes[column]
            return coded.codes < 0 if coded.gaps else None
        missing = np.isnan(self.numbers[column])
        return missing if missing.any() else None

    def kept(self, keep: Mask | None) -> CodedPiece:
        """Only the rows to keep; all for None."""
        if keep is None:
            return self
        codes = {name: Codes(column.codes[keep], column.levels) for name, column in self.codes.items()}
        numbers = {name: values[keep] for name, values in self.numbers.items()}
        return CodedPiece(int(keep.sum()), codes, numbers)

    def cells(self) -> Cells:
        """The combinations of codes that occur."""
        return cells_of(list(self.codes.values()), rows=self.rows)


def coded_piece(plan: Plan, piece: Any, *, first_row: int) -> CodedPiece:
    """Encode the columns that have roles.

    Args:
        plan: What is to be counted.
        piece: Column name to values.
        first_row: The number of the first of these rows, counting from 1.
    """
    codes: dict[str, Codes] = {}
    numbers: dict[str, Floats] = {}
    rows = len(piece[plan.roles.y_true])
    for axis in plan.roles.axes:
        edges = plan.roles.cuts.get(axis)
        if isinstance(edges, Sequence):
            numbers[axis] = _uncut(plan, piece, axis)
            codes[axis] = with_missing(cut(numbers[axis], edges))
        else:
            codes[axis] = _axis_codes(plan, piece, axis, rows)
    if plan.task == "regression":
        for role in ("y_true", "y_pred"):
            column = getattr(plan.roles, role)
            numbers[column] = plan.numbers(piece, role, expected="numbers", first_row=first_row)
    else:
        codes.update(_label_codes(plan, piece))
    if plan.roles.y_score is not None:
        expected = "numeric scores" if plan.exact else "scores between 0 and 1"
        numbers[plan.roles.y_score] = plan.numbers(
            piece, "y_score", expected=expected, first_row=first_row
        )
    weight = plan.weight(piece, first_row=first_row)
    if weight is not None and plan.roles.sample_weight is not None:
        numbers[plan.roles.sample_weight] = weight
    return CodedPiece(rows, codes, numbers)


def dropped_rows(coded: CodedPiece, plan: Plan) -> tuple[Mask | None, dict[str, int]]:
    """Which rows can be counted (None for all), and why the others can't; the first reason counts."""
    keep: Mask | None = None
    dropped = {}
    for role in ("y_true", "y_pred", "y_score"):
        gaps = coded.gaps(getattr(plan.roles, role))
        if gaps is None:
            continue
        gone = gaps if keep is None else gaps & keep
        if gone.any():
            dropped[f"missing {role}"] = int(gone.sum())
        keep = ~gaps if keep is None else keep & ~gaps
    return keep, dropped


def _axis_codes(plan: Plan, piece: Any, axis: str, rows: int) -> Codes:
    where = axis_where(plan.roles, axis)
    column = plan.codes(piece, axis, where=where)
    if column.fraction is not None:
        raise refuse_uncut(all_numbers(plan.source, plan.roles, axis, rows=rows), axis, where=where)
    return with_missing(column)


def _uncut(plan: Plan, piece: Any, axis: str) -> Floats:
    where, text_only = axis_where(plan.roles, axis), plan.source.text_only
    return numbers_of_role(piece[axis], where=where, expected="numbers to cut", text_only=text_only)


def _label_codes(plan: Plan, piece: Any) -> dict[str, Codes]:
    """True labels and, without scores, predicted ones; quantities raise."""
    true = plan.codes(piece, plan.roles.y_true, where=plan.where("y_true"))
    found = {plan.roles.y_true: true}
    if plan.roles.y_pred is not None:
        predicted = plan.codes(piece, plan.roles.y_pred, where=plan.where("y_pred"))
        if predicted.fraction is not None:
            if any(kind(value) != "numbers" for value in true.levels):
                refuse_scores(plan, predicted.fraction)
            refuse_fractions(plan, predicted.fraction, role="y_pred")
        found[plan.roles.y_pred] = predicted
    if true.fraction is not None:
        refuse_fractions(plan, true.fraction)
    return found
