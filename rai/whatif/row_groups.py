"""The group of each row: by columns of the rows, or by arrays given beside them.

"sex" · ["sex", "race"] · {"sex": array}  ──▶  RowGroups(axes, keys, each row's place)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines import keyed_scores
from rai.engines.arrays import named_features
from rai.engines.cutting import refuse_uncut, with_edges
from rai.engines.encoding import Floats, Ints
from rai.engines.frames import WHOLE, Rows
from rai.engines.numbers import NotNumbersError, numbers
from rai.engines.sources import as_array, check_lengths, open_source
from rai.ground.checks import as_cuts, as_names
from rai.ground.errors import RoleError, sentence
from rai.values import Key, Roles
from rai.whatif.change_rates import TAKEN
from rai.whatif.score_changes import Group

WHERE = "sensitive_features"
MOST_NUMBERS = 20

Cuts = Mapping[str, Sequence[float] | int]


@dataclass(frozen=True, slots=True, eq=False)
class RowGroups:
    """Rows in groups.

    Args:
        axes: Names of the columns that make up a group; none where everyone is one group.
        keys: The groups that occur, in canonical order.
        place: Each row's place among them, shape (n,).
        columns: The columns themselves, by name.
        edges: Column to the edges it is cut at.
    """

    axes: tuple[str, ...]
    keys: tuple[Key, ...]
    place: Ints
    columns: Mapping[str, Any]
    edges: Mapping[str, tuple[float, ...]]

    @property
    def groups(self) -> list[Group]:
        """Each group as (axis, level) pairs."""
        return [tuple(zip(self.axes, key, strict=True)) for key in self.keys]


def groups_of(
    rows: Rows, given: Any, *, cuts: Cuts | None = None, along: Any = None, where: str = WHERE
) -> RowGroups:
    """The group of each row.

    Args:
        rows: The rows.
        given: Names of their columns; or a dict of name to array, a frame, a series or an array. A
            missing value is a group of its own.
        cuts: Numeric feature to edges (ranges hold their lower edge) or to a number of quantile groups.
        along: Columns that `cuts` may name for thresholds, which are not looked at here.
        where: The argument, for messages.

    Raises:
        RoleError: A column is not there, or holds something that names no group.
        ArgumentError: Cuts that cut nothing.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> found = groups_of(open_rows({"sex": ["F", "M", None]}), "sex")
        >>> found.keys, found.place.tolist()
        ((('F',), ('M',), ('(missing)',)), [0, 1, 2])
    """
    columns = _columns(rows, given, where)
    elsewhere = {*as_names(along)} - {*columns}
    own = {name: cut for name, cut in as_cuts(cuts).items() if name not in elsewhere}
    edges = _edges(columns, own) if own else {}
    if not columns:
        return RowGroups((), ((),), np.zeros(len(rows), dtype=np.intp), {}, {})
    for name in columns:
        if name not in edges:
            _check_few(columns[name], name, where)
    axes = tuple(columns)
    keyed = keyed_scores(np.zeros(len(rows)), columns, axes=axes, cuts=edges)
    return RowGroups(axes, keyed.keys, keyed.place, columns, edges)


def _columns(rows: Rows, given: Any, where: str) -> dict[str, Any]:
    if given is None or (isinstance(given, (tuple, list, dict)) and not given):
        return {}
    names = [given] if isinstance(given, str) else given
    if isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names):
        for name in names:
            rows.check(name, where=where)
        columns = {name: rows.column(name) for name in names}
    else:
        columns = {name: as_array(held, where=name) for name, held in named_features(given, "group")}
        check_lengths({"rows": np.zeros(len(rows)), **columns})
    taken = next((name for name in columns if name in TAKEN), None)
    if taken is not None:
        hint = "Copy the column under another name."
        expected = "a name that no table of results uses"
        raise RoleError(sentence(where, f"rows split by {taken!r}", expected=expected, hint=hint))
    return columns


def _edges(columns: Mapping[str, Any], cuts: Cuts) -> Mapping[str, tuple[float, ...]]:
    """Cuts as edges, checked as those of an audit are."""
    roles = Roles(y_true="(none)", sensitive_features=tuple(columns), cuts=dict(cuts))  # type: ignore[arg-type]
    return with_edges(open_source(columns), roles, rows=WHOLE).cuts  # type: ignore[return-value]


def _check_few(column: Any, name: str, where: str) -> None:
    """Numbers that nobody said how to cut are few and whole."""
    try:
        values: Floats = numbers(column)
    except NotNumbersError:
        return
    distinct = np.unique(values[~np.isnan(values)])
    if len(distinct) > MOST_NUMBERS or (np.floor(distinct) != distinct).any():
        raise refuse_uncut(distinct, name, where=f"{where} {name!r}", most=MOST_NUMBERS)
