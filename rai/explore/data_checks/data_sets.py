"""Data sets side by side: columns that are lacking or of another kind, values that the reference lacks.

train   sex: F, M            age: 17 … 90
test    sex: F, M, other     age: 3 … 91 (17 rows outside)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from rai.explore.data_checks.check import Check, Look, quoted, share_look
from rai.explore.data_checks.seen import NUMBERS, Seen
from rai.explore.profile_rows import shown
from rai.ground.formatting import counted
from rai.values.column_summary import ColumnSummary

FEWEST_ROWS = 100
ALIKE = frozenset({"number", "integer"})


def chance_unseen(n: int, *, rows: int, reference: int) -> float:
    """The chance that n rows which go together all fall into one data set, were rows dealt at random.

    Args:
        n: Rows with a value that the reference lacks; or above all of its numbers.
        rows: Rows of the data set.
        reference: Rows of the reference.

    Example:
        >>> round(chance_unseen(2, rows=100, reference=300), 4)
        0.062
    """
    from scipy.special import gammaln

    def choose(of: int) -> float:
        return float(gammaln(of + 1) - gammaln(n + 1) - gammaln(of - n + 1))

    return float(np.exp(min(choose(rows) - choose(rows + reference), 0.0)))


def _sizes(seen: Seen) -> Iterator[Look]:
    for dataset, table in seen.profile.tables.items():
        rows = f"{counted(table.rows, 'row')}" if table.rows else "no rows at all"
        yield Look(
            value=float(table.rows),
            sentence=f"{dataset!r} has {rows}: next to nothing can be said with certainty.",
            n=table.rows,
            dataset=dataset,
            most="warning" if table.rows else "serious",
        )


def _lacking(seen: Seen) -> Iterator[Look]:
    first = seen.profile.tables[seen.reference].columns
    for dataset in seen.others:
        columns = seen.profile.tables[dataset].columns
        for feature in seen.profile.features:
            there, known = feature in columns, feature in first
            words = f"has no column {feature!r}" if known else f"has a column {feature!r} of its own"
            yield Look(
                value=float(there != known),
                sentence=f"{dataset!r} {words}; {seen.reference!r} has {'it' if known else 'none'}.",
                n=seen.profile.tables[dataset].rows,
                dataset=dataset,
                feature=feature,
                most="serious" if known and feature in seen.features else "note",
            )


def _pairs(seen: Seen) -> Iterator[tuple[str, str, ColumnSummary, ColumnSummary]]:
    """Data set, feature, its summary and that of the reference, where both have values."""
    first = seen.profile.tables[seen.reference].columns
    for dataset, feature, held in seen.columns():
        if dataset != seen.reference and feature in first and first[feature].count:
            yield dataset, feature, held, first[feature]


def _kinds(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, known in _pairs(seen):
        alike = held.kind == known.kind or {held.kind, known.kind} <= ALIKE
        yield Look(
            value=float(not alike),
            sentence=f"{feature!r} is of kind {held.kind}{seen.inside(dataset)} and {known.kind} in "
            f"{seen.reference!r}.",
            n=held.rows,
            dataset=dataset,
            feature=feature,
        )


def _new(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, known in _pairs(seen):
        if held.kind != known.kind or held.levels is None or known.levels is None or known.levels.others:
            continue
        familiar = set(known.levels.levels)
        pairs = zip(held.levels.levels, held.levels.n.tolist(), strict=True)
        fresh = {level: n for level, n in pairs if level not in familiar}
        rows = sum(fresh.values())
        most = max(fresh.values(), default=0)
        p_value = chance_unseen(most, rows=held.count, reference=known.count) if fresh else 1.0
        yield share_look(
            rows,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} has what {seen.reference!r} never had: "
            f"{quoted(fresh)}, in {counted(rows, 'row')}.",
            dataset=dataset,
            feature=feature,
            p_value=min(p_value * max(len(fresh), 1), 1.0),
            least="warning" if fresh else "passed",
            evidence=partial(seen.with_values, dataset, feature, tuple(fresh)),
        )


def _outside(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, known in _pairs(seen):
        numbers, ours = known.numbers, held.numbers
        if numbers is None or ours is None or held.kind not in (*NUMBERS, "date") or not len(numbers.n):
            continue
        points, n = seen.points(dataset, feature, held)
        odd = (points < numbers.low) | (points > numbers.high)
        beneath, above = int(n[points < numbers.low].sum()), int(n[points > numbers.high].sum())
        chance = [chance_unseen(k, rows=held.count, reference=known.count) for k in (beneath, above)]
        ends = f"{shown(known, numbers.low)} to {shown(known, numbers.high)}"
        yield share_look(
            beneath + above,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} lies outside the range of {seen.reference!r}, {ends}, "
            f"in {counted(beneath + above, 'row')}.",
            dataset=dataset,
            feature=feature,
            p_value=min(2 * min(chance), 1.0),
            most="note" if held.kind == "date" else "warning",
            evidence=partial(seen.with_numbers, dataset, feature, points[odd]),
        )


SMALL_DATA = Check(
    kind="small_data",
    asks="Are there enough rows to say anything?",
    fine="There are enough rows.",
    limit=float(FEWEST_ROWS),
    unit="rows",
    source="with 100 rows a share of one half is known to 10 points (Wilson)",
    look=_sizes,
    looks_at="data sets",
    worse="lower",
)
LACKING_COLUMNS = Check(
    kind="lacking_columns",
    asks="Do all data sets have the same columns?",
    fine="All data sets have the columns of the reference.",
    limit=0.0,
    unit="1 where only one of them has it",
    source="any: a model needs all of its columns",
    look=_lacking,
    looks_at="columns",
    needs=("data_sets",),
)
UNLIKE_KINDS = Check(
    kind="unlike_kinds",
    asks="Is a column of the same kind in all data sets?",
    fine="Columns are of the same kind in all data sets.",
    limit=0.0,
    unit="1 where kinds differ",
    source="any: values of two kinds can't be compared",
    look=_kinds,
    looks_at="columns with values in both",
    needs=("data_sets",),
)
NEW_CATEGORIES = Check(
    kind="new_categories",
    asks="Are there categories that the reference never had?",
    fine="Every category occurs in the reference, or is so rare that chance explains why not.",
    limit=0.01,
    unit="share of rows",
    source="Deepchecks fails at any; here any that chance does not explain is a warning, 1% serious",
    look=_new,
    looks_at="columns of words in both",
    needs=("data_sets",),
)
OUT_OF_RANGE = Check(
    kind="out_of_range",
    asks="Do numbers or dates lie outside the range of the reference?",
    fine="No more numbers than by chance lie outside the range of the reference.",
    limit=0.01,
    unit="share of rows",
    source="one row in 100",
    look=_outside,
    looks_at="columns of numbers or dates in both",
    most="warning",
    needs=("data_sets",),
)
