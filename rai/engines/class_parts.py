"""One piece of rows as a tally: labels against predicted classes, or labels against score bins."""

from __future__ import annotations

from typing import Any

from rai.engines.cells import tally_of
from rai.engines.coded_pieces import coded_piece, dropped_rows
from rai.engines.fingerprints import checksum
from rai.engines.limits import check_seen
from rai.engines.parts import Part
from rai.engines.plans import Plan
from rai.engines.score_bins import binning, check_unit_range


def class_part(plan: Plan, piece: Any, *, first_row: int) -> Part:
    """What a piece comes to when labels are classes.

    Args:
        plan: What is to be counted.
        piece: Column name to values.
        first_row: The number of the first of these rows, counting from 1.
    """
    coded = coded_piece(plan, piece, first_row=first_row)
    check_seen(plan, coded.seen)
    keep, dropped = dropped_rows(coded, plan)
    kept = coded.kept(keep)
    if kept.rows == 0:
        return Part(coded.rows, None, dropped, 0, coded.seen)
    bins = None
    if plan.edges is not None:
        scores = kept.numbers[str(plan.roles.y_score)]
        if not plan.exact:
            check_unit_range(scores, where=plan.where("y_score"))
        bins = binning(plan.edges)(scores)
    weight = kept.numbers.get(str(plan.roles.sample_weight))
    cells = kept.cells()
    return Part(
        rows=coded.rows,
        total=tally_of(
            cells, axes=plan.roles.axes, edges=plan.edges, bins=bins, weight=weight, exact=plan.exact
        ),
        dropped=dropped,
        checksum=checksum(cells, plan.hashed(kept.codes), list(kept.numbers.values())),
        seen=coded.seen,
        weight=0.0 if weight is None else float(weight.sum()),
    )
