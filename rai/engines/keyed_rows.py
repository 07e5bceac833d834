"""Scores with the group of each row, for rows that are to be decided and not counted.

y_score [0.7 0.2 …], groups ["F" "M" …]  ──▶  scores, keys of the groups that occur, each row's place
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.arrays import named_features
from rai.engines.cells import cells_of, group_keys, with_missing
from rai.engines.cutting import cut
from rai.engines.encoding import Codes, Floats, Ints, encode
from rai.engines.numbers import check_finite, numbers_of_role
from rai.engines.sources import as_array, check_lengths
from rai.ground.errors import DataError, RoleError, did_you_mean, listing, sentence
from rai.ground.formatting import counted
from rai.values.levels import Key


@dataclass(frozen=True, slots=True, eq=False)
class KeyedScores:
    """Scores and groups of rows.

    Args:
        score: Shape (rows,).
        keys: The groups that occur.
        place: Each row's place among them, shape (rows,).
    """

    score: Floats
    keys: tuple[Key, ...]
    place: Ints


def keyed_scores(
    y_score: Any, groups: Any, *, axes: Sequence[str], cuts: Mapping[str, Sequence[float]]
) -> KeyedScores:
    """Scores and groups from arrays, series, a frame or a dict.

    Args:
        y_score: Scores, shape (rows,); each is a finite number.
        groups: One array or series for a single axis; otherwise a frame or a dict with a column for each
            axis, or a 2-D array with the axes in order.
        axes: Names of the columns that make up a group, in order.
        cuts: Column to the edges it is cut at.

    Raises:
        DataError: Lengths that differ, or a score that is missing or infinite.
        RoleError: A column is missing, or holds something that names no group.

    Example:
        >>> found = keyed_scores([0.7, 0.2, 0.9], ["F", "M", None], axes=["sex"], cuts={})
        >>> found.keys, found.place.tolist()
        ((('F',), ('M',), ('(missing)',)), [0, 1, 2])
    """
    features = _by_axis(groups, axes)
    named = {"y_score": as_array(y_score, where="y_score"), **features}
    check_lengths(named)
    score = numbers_of_role(named["y_score"], where="y_score", expected="numeric scores")
    check_finite(score, where="y_score", first_row=1)
    missing = np.isnan(score)
    if missing.any():
        row = 1 + int(missing.argmax())
        seen = f"{counted(int(missing.sum()), 'missing value')}, the first in row {row:,}"
        hint = "Decide those rows by other means, or leave them out."
        raise DataError(sentence("y_score", seen, expected="a score for every row", hint=hint))
    columns = [with_missing(_coded(features[axis], axis, cuts)) for axis in axes]
    cells = cells_of(columns, rows=len(score))
    keys, of_cell = group_keys(cells, len(axes))
    return KeyedScores(score, keys, of_cell[cells.of_row])


def _by_axis(groups: Any, axes: Sequence[str]) -> dict[str, Any]:
    if not axes:
        return {}
    given = named_features(groups, axes[0] if len(axes) == 1 else "group")
    unnamed = [name for name, _ in given if name == "group" or name.startswith("group_")]
    if len(given) == len(axes) and (len(axes) == 1 or len(unnamed) == len(axes)):
        return {
            axis: as_array(values, where=axis) for axis, (_, values) in zip(axes, given, strict=True)
        }
    names = [name for name, _ in given]
    lacking = next((axis for axis in axes if axis not in names), None)
    if lacking is not None:
        hint = did_you_mean(lacking, names)
        expected = f"the columns {listing(axes)}"
        raise RoleError(sentence("groups", f"no column {lacking!r}", expected=expected, hint=hint))
    return {axis: as_array(dict(given)[axis], where=axis) for axis in axes}


def _coded(values: Any, axis: str, cuts: Mapping[str, Sequence[float]]) -> Codes:
    where = f"group {axis!r}"
    if axis in cuts:
        return cut(numbers_of_role(values, where=where, expected="numbers to cut"), cuts[axis])
    try:
        codes = encode(values)
    except (TypeError, UnicodeDecodeError) as error:
        seen = f"values that name no group ({error})"
        raise RoleError(
            sentence(where, seen, expected="the levels that the thresholds are for")
        ) from None
    if codes.fraction is not None:
        seen = f"a fraction, {codes.fraction:g}"
        raise RoleError(sentence(where, seen, expected="the levels that the thresholds are for"))
    return codes
