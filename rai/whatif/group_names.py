"""Groups whose columns can stand beside the columns of a table."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rai.engines.frames import Rows
from rai.ground.errors import RoleError, sentence
from rai.whatif.row_groups import Cuts, RowGroups, groups_of


def named_groups(
    rows: Rows,
    given: Any,
    *,
    taken: Collection[str],
    where: str,
    cuts: Cuts | None = None,
    along: Any = None,
) -> RowGroups:
    """The group of each row, by columns that no table of results has a column named like.

    Args:
        rows: The rows.
        given, cuts, along: As for `groups_of`.
        taken: Names of the columns of the tables.
        where: The argument, for messages.

    Raises:
        RoleError: If a column is named so, is not there, or names no group.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"sex": ["F", "M"]})
        >>> named_groups(rows, "sex", taken={"mean"}, where="by").keys
        (('F',), ('M',))
    """
    groups = groups_of(rows, given, cuts=cuts, along=along, where=where)
    unfit = next((axis for axis in groups.axes if axis in taken), None)
    if unfit is not None:
        expected = "a name that no table of results uses"
        hint = "Copy the column under another name."
        raise RoleError(sentence(where, f"rows split by {unfit!r}", expected=expected, hint=hint))
    return groups
