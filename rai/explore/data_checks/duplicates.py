"""Equal rows: duplicates, equal rows with different labels, an id twice, rows that are in two data sets.

    hash of each row ──▶ equal hashes ──▶ how many, which, in which group

Where columns hold few different values some rows are equal by chance. How many were to be expected if
columns had nothing to do with each other is worked out (the birthday problem), and where that is one
pair or more, equal rows are noted and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rai.explore.data_checks.check import Check, Look, percent, share_look
from rai.explore.data_checks.identifiers import identifier_like, is_split
from rai.explore.data_checks.rates import against_rest, named, rate_look
from rai.explore.data_checks.seen import Seen
from rai.explore.data_checks.tables import Hashes, first_places
from rai.ground.formatting import counted
from rai.values.column_summary import ColumnSummary

Mask = NDArray[np.bool_]


def repeated(hashes: Hashes) -> tuple[Mask, Mask]:
    """Which rows are equal to an earlier one, and which to any other, shapes (n,).

    Example:
        >>> again, shared = repeated(np.array([7, 3, 7], dtype=np.uint64))
        >>> again.tolist(), shared.tolist()
        ([False, False, True], [True, False, True])
    """
    import polars as pl

    held = pl.Series(hashes)
    return ~held.is_first_distinct().to_numpy(), held.is_duplicated().to_numpy()


def alike_by_chance(columns: list[ColumnSummary]) -> float:
    """The chance that two rows are equal, were columns independent of each other.

    Example:
        >>> from rai.explore.columns import summarise
        >>> alike_by_chance([summarise(["F", "M"] * 50)] * 3)
        0.125
    """
    chance = 1.0
    for held in columns:
        counts = [held.numbers, held.levels]
        n = np.concatenate([np.zeros(0), *(c.n for c in counts if c is not None)])
        if held.rows and n.sum():
            chance *= float((n**2).sum() + held.missing**2) / held.rows**2
    return chance


def told_apart(seen: Seen, dataset: str) -> tuple[str, ...]:
    """The columns that rows are compared by: features and label, without splits and row numbers."""
    table = seen.profile.tables[dataset].columns
    wanted = (*seen.features, *((seen.y_true,) if seen.y_true else ()))
    return tuple(
        name
        for name in wanted
        if name in table and not is_split(name) and not identifier_like(table[name], name)
    )


def _features(seen: Seen, dataset: str) -> tuple[str, ...]:
    return tuple(name for name in told_apart(seen, dataset) if name != seen.y_true)


def _expected(seen: Seen, dataset: str, names: tuple[str, ...]) -> float:
    """Pairs of equal rows to expect by chance."""
    columns = seen.profile.tables[dataset].columns
    rows = seen.tables[dataset].rows
    return rows * (rows - 1) / 2 * alike_by_chance([columns[name] for name in names])


def _rows(seen: Seen) -> Iterator[Look]:
    for dataset, table in seen.tables.items():
        names = told_apart(seen, dataset)
        if not names or not table.rows:
            continue
        again, _ = repeated(table.hashes(names))
        by_chance = _expected(seen, dataset, names) >= 1
        yield share_look(
            int(again.sum()),
            table.rows,
            "An earlier row is repeated in every column by "
            f"{counted(int(again.sum()), 'row')}{seen.inside(dataset)} "
            f"({percent(again.mean())}){_excuse(by_chance)}.",
            dataset=dataset,
            least="note" if again.any() else "passed",
            most="note" if by_chance else "serious",
            evidence=partial(_first, again),
        )


def _excuse(by_chance: bool) -> str:  # noqa: FBT001  # read where it is called
    return "; these hold so few different values that some rows agree by chance" if by_chance else ""


def _first(mask: Mask) -> tuple[tuple[int, ...], tuple[()]]:
    return first_places(mask), ()


def _by_group(seen: Seen) -> Iterator[Look]:
    for dataset, table in seen.tables.items():
        names = told_apart(seen, dataset)
        if not names or not table.rows:
            continue
        again, _ = repeated(table.hashes(names))
        by_chance = _expected(seen, dataset, names) >= 1
        for axis in seen.sensitive_features:
            groups = seen.groups(dataset, axis)
            counts = np.bincount(groups.codes[again], minlength=len(groups.levels))
            for level, apart in against_rest(counts, groups.n, groups.levels):
                yield rate_look(
                    apart,
                    f"{percent(apart.share)} of the rows of {named(axis, level)} repeat an earlier "
                    f"one, {percent(apart.other)} of all others{seen.inside(dataset)}.",
                    dataset=dataset,
                    along=axis,
                    group=str(level),
                    most="note" if by_chance else "serious",
                    evidence=partial(_first, again & (groups.codes == groups.levels.index(level))),
                )


def _conflicts(seen: Seen) -> Iterator[Look]:
    import polars as pl

    assert seen.y_true is not None
    for dataset, table in seen.tables.items():
        names = _features(seen, dataset)
        if not names or not table.rows:
            continue
        labels = seen.groups(dataset, seen.y_true).codes
        frame = pl.DataFrame({"row": table.hashes(names), "label": labels})
        split = frame.select((pl.col("label").n_unique().over("row") > 1).alias("split"))["split"]
        odd = split.to_numpy()
        by_chance = _expected(seen, dataset, names) >= 1
        yield share_look(
            int(odd.sum()),
            table.rows,
            f"{counted(int(odd.sum()), 'row')}{seen.inside(dataset)} ({percent(odd.mean())}) equal "
            "another in every feature and have another label: no model can be right about "
            f"both{_excuse(by_chance)}.",
            dataset=dataset,
            feature=seen.y_true,
            least="note" if odd.any() else "passed",
            most="note" if by_chance else "serious",
            evidence=partial(_first, odd),
        )


def _ids(seen: Seen) -> Iterator[Look]:
    for dataset, table in seen.tables.items():
        if table.rows and all(name in table.columns for name in seen.ids):
            again, _ = repeated(table.hashes(seen.ids))
            yield share_look(
                int(again.sum()),
                table.rows,
                f"An id is repeated by {counted(int(again.sum()), 'row')}{seen.inside(dataset)}: rows "
                "of one person depend on each other, and intervals are then too narrow.",
                dataset=dataset,
                feature=", ".join(seen.ids),
                least="warning" if again.any() else "passed",
                evidence=partial(_first, again),
            )


def _overlap(seen: Seen) -> Iterator[Look]:
    first = seen.tables[seen.reference]
    for dataset in seen.others:
        table = seen.tables[dataset]
        names = tuple(n for n in _features(seen, dataset) if n in first.columns)
        if not names or not table.rows or not first.rows:
            continue
        shared = _in_both(seen, dataset, names)
        columns = seen.profile.tables[seen.reference].columns
        chance = alike_by_chance([columns[name] for name in names])
        by_chance = chance * first.rows * table.rows >= 1
        yield share_look(
            int(shared.sum()),
            table.rows,
            f"A row of {seen.reference!r} is repeated in every feature by "
            f"{counted(int(shared.sum()), 'row')}{seen.inside(dataset)} ({percent(shared.mean())}): a "
            f"model may know it by heart{_excuse(by_chance)}.",
            dataset=dataset,
            least="note" if shared.any() else "passed",
            most="note" if by_chance else "serious",
            evidence=partial(_first, shared),
        )


def _in_both(seen: Seen, dataset: str, names: tuple[str, ...]) -> Mask:
    """Which rows of a data set are in the reference too."""
    import polars as pl

    first, table = seen.tables[seen.reference], seen.tables[dataset]
    kinds = {name: (first.series(name).dtype, table.series(name).dtype) for name in names}
    wide = tuple(name for name, (a, b) in kinds.items() if a != b and a.is_numeric() and b.is_numeric())
    known = pl.Series(first.hashes(names, wide=wide))
    return np.asarray(pl.Series(table.hashes(names, wide=wide)).is_in(known.implode()).to_numpy())


def _shared_ids(seen: Seen) -> Iterator[Look]:
    first = seen.tables[seen.reference]
    for dataset in seen.others:
        table = seen.tables[dataset]
        if table.rows and all(name in t.columns for name in seen.ids for t in (first, table)):
            shared = _in_both(seen, dataset, seen.ids)
            yield share_look(
                int(shared.sum()),
                table.rows,
                f"An id of {seen.reference!r} is that of "
                f"{counted(int(shared.sum()), 'row')}{seen.inside(dataset)}: the same people are on "
                "both sides.",
                dataset=dataset,
                feature=", ".join(seen.ids),
                evidence=partial(_first, shared),
            )


DUPLICATE_ROWS = Check(
    kind="duplicate_rows",
    asks="Are there rows that repeat another?",
    fine="No row repeats another.",
    limit=0.05,
    unit="share of rows",
    source="Deepchecks: 5%; any of them is noted",
    look=_rows,
    looks_at="rows",
)
DUPLICATES_BY_GROUP = Check(
    kind="duplicates_by_group",
    asks="Is one group repeated more than the others?",
    fine="No group is repeated clearly more than the others.",
    limit=0.01,
    unit="difference of shares",
    source="one row in 100",
    look=_by_group,
    looks_at="rows of several groups",
    needs=("groups",),
)
CONFLICTING_LABELS = Check(
    kind="conflicting_labels",
    asks="Do equal rows have different labels?",
    fine="No equal rows have different labels.",
    limit=0.01,
    unit="share of rows",
    source="Deepchecks fails at any; here any is noted, and one row in 100 is a warning",
    look=_conflicts,
    looks_at="rows with features",
    most="warning",
    needs=("labels",),
)
DUPLICATE_IDS = Check(
    kind="duplicate_ids",
    asks="Does an id occur twice?",
    fine="Every id occurs once.",
    limit=0.0,
    unit="share of rows",
    source="any: rows of one person are not independent",
    look=_ids,
    looks_at="rows with ids",
    most="warning",
    needs=("ids",),
)
OVERLAP = Check(
    kind="overlap",
    asks="Are rows of the reference also in another data set?",
    fine="No row is in both data sets.",
    limit=0.05,
    unit="share of rows",
    source="Deepchecks: 5%; any of them is noted",
    look=_overlap,
    looks_at="rows with the same features in both",
    needs=("data_sets",),
)
SHARED_IDS = Check(
    kind="shared_ids",
    asks="Are the same people in two data sets?",
    fine="No id is in both data sets.",
    limit=0.0,
    unit="share of rows",
    source="Deepchecks: any",
    look=_shared_ids,
    looks_at="ids in both",
    needs=("ids", "data_sets"),
)
