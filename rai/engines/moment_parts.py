"""One piece of rows as moments: sums of errors and truths by group."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.cells import Cells, Floats, cells_of, group_keys
from rai.engines.class_parts import axes_of
from rai.engines.encoding import Codes
from rai.engines.fingerprints import checksum
from rai.engines.parts import Part, dropped_rows
from rai.engines.plans import Plan
from rai.ground.errors import DataError, sentence
from rai.values.moments import TERMS, Moments


def moment_part(plan: Plan, piece: Any, *, first_row: int, origin: float | None) -> Part:
    """What a piece comes to when labels are quantities.

    Args:
        plan: What is to be counted.
        piece: The columns that have roles.
        first_row: The number of the first of these rows, counting from 1.
        origin: What is taken from the truth; None for the mean of these rows.
    """
    axes, uncut = axes_of(plan, piece)
    truth = plan.numbers(piece, "y_true", expected="numbers", first_row=first_row)
    guess = plan.numbers(piece, "y_pred", expected="numbers", first_row=first_row)
    weight = plan.weight(piece, first_row=first_row)
    rows = len(truth)
    gaps = [("missing y_true", np.isnan(truth)), ("missing y_pred", np.isnan(guess))]
    keep, dropped = dropped_rows(gaps, rows=rows)
    seen = {name: dict.fromkeys(column.levels) for name, column in zip(plan.roles.axes, axes, strict=True)}
    quantities = [truth, guess, *([] if weight is None else [weight]), *uncut]
    if keep is not None:
        axes = [Codes(column.codes[keep], column.levels) for column in axes]
        quantities = [values[keep] for values in quantities]
    truth, guess = quantities[:2]
    if len(truth) == 0:
        return Part(rows, None, dropped, 0, seen)
    kept_weight = None if weight is None else quantities[2]
    origin = float(truth.mean()) if origin is None else origin
    cells = cells_of(axes, rows=len(truth))
    hashed = [None if name in plan.roles.cuts else name for name in plan.roles.axes]
    return Part(
        rows=rows,
        total=_moments(cells, plan.roles.axes, truth, guess, kept_weight, origin),
        dropped=dropped,
        checksum=checksum(cells, hashed, quantities),
        seen=seen,
        weight=0.0 if kept_weight is None else float(kept_weight.sum()),
        truths=_few(truth),
    )


def _moments(
    cells: Cells, axes: tuple[str, ...], truth: Floats, guess: Floats, weight: Floats | None, origin: float
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
        terms = {
            **{"e": e, "abs_e": np.abs(e), "e2": e2, "e4": e2 * e2},
            **{"u": u, "u2": u2, "u3": u2 * u, "u4": u2 * u2},
            **{"eu": e * u, "e2u": e2 * u, "e2u2": e2 * u2},
        }
        weighed = (terms[name] if weight is None else terms[name] * weight for name in TERMS)
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
