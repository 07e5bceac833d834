"""The rows that something is asked about: those that a query chooses, with a column for each cohort.

    data ── typed ── with cohorts ── filtered by where ──▶  source · what was left out, and why

One door for everything that takes `where=` and `cohorts=`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rai.engines.sources import Source, open_source
from rai.engines.typed_files import typed_source
from rai.explore.cohorts import Cohorts, as_cohorts, with_cohorts
from rai.explore.queries import Query, as_query
from rai.explore.selecting import filtered, rows_in

MOST_REASON = 100


@dataclass(frozen=True, slots=True)
class RowChoice:
    """Rows that were chosen.

    Args:
        source: They themselves, with a column for each cohort.
        total: How many rows there were before; None where nothing was left out.
        where: The query that chose them, None for all rows.
        cohorts: The cohorts.
    """

    source: Source
    total: int | None = None
    where: Query | None = None
    cohorts: Cohorts = field(default_factory=Cohorts)

    def texts(self) -> dict[str, Any]:
        """The query and the cohorts as text, as roles hold them."""
        where = None if self.where is None else str(self.where)
        return {"where": where, "cohorts": self.cohorts.texts()}

    def left_out(self, rows: int) -> dict[str, int]:
        """Reason to rows that were left out, given how many were chosen; empty where there are none."""
        if self.total is None or self.total == rows:
            return {}
        text = str(self.where)
        shown = text if len(text) <= MOST_REASON else f"{text[: MOST_REASON - 1]}…"
        return {f"not where {shown}": self.total - rows}


def choose_rows(
    data: Any, *, where: Any = None, cohorts: Any = None, names: Iterable[str] = ()
) -> RowChoice:
    """The rows that a query chooses, with a column for each cohort.

    Args:
        data: Anything that rows can be had from.
        where: A query, as text or otherwise; all rows if None.
        cohorts: A dict of name to query, or `Cohorts`, which may ask about other columns.
        names: Other columns that will be asked for, so that a CSV file is typed in one pass.

    Raises:
        RoleError: If a column is not there.
        ArgumentError: If something is no query, or compares a column with values of another kind.
        DataError: If the rows can't be read.

    Example:
        >>> chosen = choose_rows({"age": [30, 50, 60]}, where="age > 40", cohorts={"old": "age >= 60"})
        >>> [piece["old"].tolist() for piece in chosen.source.pieces(["old"], 10)], chosen.left_out(2)
        ([['out', 'in']], {'not where age > 40': 1})
    """
    query, named = as_query(where), as_cohorts(cohorts)
    source = open_source(data)
    if query is None and not named:
        return RowChoice(source)
    asked = [*(cohort.where for cohort in named), *([] if query is None else [query])]
    read = dict.fromkeys((*names, *(name for each in asked for name in each.columns)))
    source = typed_source(source, [name for name in read if source.names.count(name) == 1])
    source = with_cohorts(source, named)
    if query is None:
        return RowChoice(source, cohorts=named)
    chosen = filtered(source, query)
    return RowChoice(chosen, rows_in(source, query.columns[0]), query, named)
