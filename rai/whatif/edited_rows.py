"""Edits applied to rows, in order, all at once for all rows.

rows, [age + 5, sex: M → F], at these places  ──▶  Edited(rows, the places that differ, marks)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.features import feature_of
from rai.engines.frames import Rows
from rai.values.features import Feature, Features
from rai.whatif.edit_kinds import FeatureOf, fresh_values
from rai.whatif.edit_marks import EditMark, EditMarks, differing, marks_of
from rai.whatif.edits import Edit


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """Rows after edits.

    Args:
        rows: All the rows, in the order they had.
        places: The rows that differ from before in some value, shape (c,).
        columns: Column to the number of rows that differ in it; those that differ nowhere are left out.
        marks: What is unusual.
    """

    rows: Rows
    places: Ints
    columns: Mapping[str, int]
    marks: EditMarks


def apply_edits(
    rows: Rows, edits: Sequence[Edit], *, feature_of: FeatureOf, at: Ints | None = None
) -> Edited:
    """Rows with edits applied in order; types stay where new values fit them.

    Args:
        rows: The rows.
        edits: The edits.
        feature_of: What is known of a column: see `known_features`.
        at: The rows to be edited; all if None.

    Raises:
        RoleError: If a column is not there.
        ArgumentError: If a value is of another kind than its column.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"age": [30, 40], "sex": ["F", "M"]})
        >>> done = apply_edits(rows, [Edit.add("age", 55)], feature_of=known_features(rows))
        >>> done.rows.record(1), str(done.marks[0])
        ({'age': 95, 'sex': 'M'}, 'age: above 40, the largest that occurs (2 rows)')
    """
    places = np.arange(len(rows)) if at is None else at
    changed, kept = rows, []
    for edit in edits:
        held = changed if at is None else _part(changed, edit.columns, at)
        fresh = fresh_values(edit, held, feature_of)
        gathered, new = np.arange(len(rows)), fresh.of_row >= 0
        gathered[places[new]] = len(rows) + fresh.of_row[new]
        changed = changed.with_column(edit.column, changed.pool(edit.column, fresh.values), gathered)
        if fresh.kept:
            kept.append(EditMark(edit.column, int((~new).sum()), fresh.kept))
    return _compared(rows, changed, edits, feature_of=feature_of, at=at, kept=kept)


def known_features(rows: Rows, features: Features | None = None) -> FeatureOf:
    """From a column's name to what is known of it: looked up, or read off the rows when asked.

    Args:
        rows: The rows that say what occurs.
        features: What is known already; columns that it leaves out are read.
    """
    known: dict[str, Feature] = {feature.name: feature for feature in features or ()}

    def named(name: str) -> Feature:
        if name not in known:
            known[name] = feature_of(rows, name)
        return known[name]

    return named


def unread(edited: Edited, read: Sequence[str]) -> list[EditMark]:
    """Marks for edited columns that the model does not read, so that its scores can't change."""
    return [
        EditMark(name, count, "not read by the model")
        for name, count in edited.columns.items()
        if name not in read
    ]


def _compared(
    before: Rows,
    after: Rows,
    edits: Sequence[Edit],
    *,
    feature_of: FeatureOf,
    at: Ints | None,
    kept: list[EditMark],
) -> Edited:
    """What differs, column by column, in the rows that were to be edited."""
    names = tuple(dict.fromkeys(edit.column for edit in edits))
    old, new = (rows if at is None else _part(rows, names, at) for rows in (before, after))
    differ, columns, marks = np.zeros(len(old), dtype=np.bool_), {}, []
    for name in names:
        apart = differing(old, new, feature=feature_of(name))
        marks += marks_of(old, new, feature=feature_of(name))
        differ |= apart
        columns[name] = int(apart.sum())
    columns = {name: count for name, count in columns.items() if count}
    places = np.flatnonzero(differ) if at is None else at[differ]
    return Edited(after, places, columns, EditMarks([*marks, *kept]))


def _part(rows: Rows, names: Sequence[str], at: Ints) -> Rows:
    """Some columns of some rows; columns that are not there are told of later."""
    return rows.select([name for name in dict.fromkeys(names) if name in rows.names]).take(at)
