"""One piece of rows as moments: sums of errors and truths by group."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.cells import Cells, group_keys
from rai.engines.coded_pieces import coded_piece, dropped_rows
from rai.engines.encoding import Floats
from rai.engines.fingerprints import checksum
from rai.engines.parts import Part
from rai.engines.plans import Plan
from rai.ground.errors import DataError, sentence
from rai.values.moments import TERMS, Moments


def moment_part(plan: Plan, piece: Any, *, first_row: int, origin: float | None) -> Part:
    """What a piece comes to when labels are quantities.

    Args:
        plan: What is to be counted.
        piece: Column name to values.
        first_row: The number of the first of these rows, counting from 1.
        origin: What is taken from the truth; None for the mean of these rows.
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
        origin=float(truth.mean()) if origin is None else origin,
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
    origin: float,
) -> Moments:
    groups, place = group_keys(cells, len(axes))

    def summed(values: Floats | None) -> Floats:
        out = np.zeros(len(groups))
        out[place] = np.bincount(cells.of_row, values, minlength=len(cells))
        return out

    n = summed(None).astype(np.int64)
    with np.errstate(over="ignore", invalid="ignore"):
        e, u = guess - truth, truth - origin
        e2, u2 = e * e, u * u
        terms = (e, np.abs(e), e2, e2 * e2, u, u2, u2 * u, u2 * u2, e * u, e2 * u, e2 * u2)
        assert len(terms) == len(TERMS)
        weighed = terms if weight is None else tuple(values * weight for values in terms)
        sums = np.stack([summed(values) for values in weighed], axis=1)
    if not np.isfinite(sums).all():
        seen = "values so large that their fourth powers overflow"
        raise DataError(sentence("y_true and y_pred", seen, expected="values below 1e70"))
    return Moments(
        axes=axes,
        groups=groups,
        origin=origin,
        n=n,
        weight=n.astype(np.float64) if weight is None else summed(weight),
        weight_sq=n.astype(np.float64) if weight is None else summed(weight**2),
        sums=sums,
        weighted=weight is not None,
    )


def _few(truth: Floats) -> frozenset[float]:
    """The distinct values if they are one or two, else three that stand for many."""
    low, high = float(truth.min()), float(truth.max())
    others = truth[(truth != low) & (truth != high)][:1]
    return frozenset({low, high, *others.tolist()})
