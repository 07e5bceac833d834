"""One piece of rows as moments: sums of errors and truths by group, and histograms beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.cells import Cells, group_keys
from rai.engines.coded_pieces import coded_piece, dropped_rows
from rai.engines.encoding import Floats, Ints
from rai.engines.fingerprints import checksum
from rai.engines.parts import Part
from rai.engines.plans import Plan
from rai.ground.errors import DataError, sentence
from rai.values.moments import (
    BIN_TERMS,
    MOST_BINNED_GROUPS,
    MOST_ERROR_BINS,
    MOST_PREDICTION_BINS,
    TERMS,
    Moments,
)
from rai.values.number_bins import NumberBins, shift_of

_SAMPLE = 4096


def moment_part(plan: Plan, piece: Any, *, first_row: int, before: Moments | None) -> Part:
    """What a piece comes to when labels are quantities.

    Args:
        plan: What is to be counted.
        piece: Column name to values.
        first_row: The number of the first of these rows, counting from 1.
        before: What the rows before came to. Their origin is kept (the first is the mean of its rows),
            and bins are no finer than theirs.
    """
    coded = coded_piece(plan, piece, first_row=first_row)
    keep, dropped = dropped_rows(coded, plan)
    kept = coded.kept(keep)
    if kept.rows == 0:
        return Part(coded.rows, None, dropped, 0, coded.seen)
    truth, guess = kept.numbers[plan.roles.y_true], kept.numbers[str(plan.roles.y_pred)]
    weight = kept.numbers.get(str(plan.roles.sample_weight))
    cells = kept.cells()
    total = _moments(
        cells,
        plan.roles.axes,
        truth=truth,
        guess=guess,
        weight=weight,
        before=before,
    )
    return Part(
        rows=coded.rows,
        total=total,
        dropped=dropped,
        checksum=checksum(cells, plan.hashed(kept.codes), list(kept.numbers.values())),
        seen=coded.seen,
        weight=0.0 if weight is None else float(weight.sum()),
        truths=_few(truth),
    )


def _moments(
    cells: Cells,
    axes: tuple[str, ...],
    *,
    truth: Floats,
    guess: Floats,
    weight: Floats | None,
    before: Moments | None,
) -> Moments:
    groups, place = group_keys(cells, len(axes))
    origin = float(truth.mean()) if before is None else before.origin
    grid = _Grid(cells, place, len(groups))
    with np.errstate(over="ignore", invalid="ignore"):
        e, u = guess - truth, truth - origin
        e2, u2 = e * e, u * u
        values = (e, np.abs(e), e2, e2 * e2, u, u2, u2 * u, u2 * u2, e * u, e2 * u, e2 * u2)
        weighed = values if weight is None else tuple(value * weight for value in values)
    terms = dict(zip(TERMS, weighed, strict=True))
    binned = len(groups) <= MOST_BINNED_GROUPS
    known = (None, None) if before is None else (before.predictions, before.errors)
    predictions, of_prediction = _binned(guess, MOST_PREDICTION_BINS, known[0], enough=binned)
    errors, of_error = _binned(e, MOST_ERROR_BINS, known[1], enough=binned)
    squares = None if weight is None else weight**2
    columns = [None, weight, squares, *(terms.pop(name) for name in BIN_TERMS[3:])]
    by_prediction = grid.summed(columns, of_prediction, len(predictions))
    found = dict(zip(BIN_TERMS, by_prediction.sum(axis=1).T, strict=True))
    found |= {name: grid.summed([column])[:, 0, 0] for name, column in terms.items()}
    sums = np.stack([found[name] for name in TERMS], axis=1)
    if not np.isfinite(sums).all():
        seen = "values so large that their fourth powers overflow"
        raise DataError(sentence("y_true and y_pred", seen, expected="values below 1e70"))
    return Moments(
        axes=axes,
        groups=groups,
        origin=origin,
        n=found["n"].astype(np.int64),
        weight=found["weight"],
        weight_sq=found["weight_sq"],
        sums=sums,
        weighted=weight is not None,
        predictions=predictions if binned else None,
        by_prediction=by_prediction if binned else None,
        errors=errors if binned else None,
        by_error=grid.summed([weight], of_error, len(errors))[..., 0] if binned else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Rows laid out by group and bin.

    Args:
        cells: The cell of each row.
        place: The group of each cell.
        groups: How many groups.
    """

    cells: Cells
    place: Ints
    groups: int

    def summed(
        self, columns: Sequence[Floats | None], bins: Ints | None = None, width: int = 1
    ) -> Floats:
        """Sums of columns (of ones for None), shape (groups, width, columns); one bin for None."""
        index = self.cells.of_row if bins is None else self.cells.of_row * width + bins
        out = np.zeros((self.groups, width, len(columns)))
        size = len(self.cells) * width
        ones = np.bincount(index, minlength=size) if any(c is None for c in columns) else np.zeros(0)
        for i, column in enumerate(columns):
            found = ones if column is None else np.bincount(index, column, minlength=size)
            out[self.place, :, i] = found.reshape(-1, width)
        return out


def _binned(
    numbers: Floats, most: int, known: NumberBins | None, *, enough: bool
) -> tuple[NumberBins, Ints | None]:
    """The bins of numbers, from known ones or those of a few numbers on; one bin where not `enough`."""
    if not enough:
        return NumberBins(np.zeros(1, dtype=np.int64), 0), None
    few = numbers[:: max(1, len(numbers) // _SAMPLE)]
    shift = shift_of(few, most=most) if known is None else known.shift
    return NumberBins.of(numbers, most=most, shift=shift)


def _few(truth: Floats) -> frozenset[float]:
    """The distinct values if they are one or two, else three that stand for many."""
    low, high = float(truth.min()), float(truth.max())
    others = truth[(truth != low) & (truth != high)][:1]
    return frozenset({low, high, *others.tolist()})
