"""An audit in the terminal: the main point, gaps, groups, what to mind. Reads at 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.reports.facts import Facts, collect
from rai.reports.gap_rows import GapRow, gap_table
from rai.reports.group_tables import FEW_GROUPS, GroupTable, group_tables
from rai.reports.page import default_title, lead
from rai.reports.rich_tables import empty_table, print_line, span
from rai.reports.summary import cautions, headline
from rai.reports.words import BEYOND, WITHIN, capital, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

MOST_GAPS = 30
ROOMY, NAME_WIDTH, ROOMY_NAME_WIDTH = 120, 14, 30

# The verdict as a sign beside its word, so that colour is never needed.
_SIGNS = {BEYOND: "●", WITHIN: "○"}


def print_audit(audit: Audit, console: Console | None = None) -> None:
    """Print an audit as tables, with rich.

    Args:
        audit: What to show.
        console: Where to; standard output if None.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> print_audit(found, Console(width=100, record=True, quiet=True))
    """
    from rich.console import Console

    console = console or Console()
    facts = collect(audit)
    print_line(console, default_title(audit), style="bold")
    print_line(console, lead(facts))
    print_line(console, headline(facts))
    gaps = gap_table(facts).rows
    for along in facts.comparisons:
        tables = group_tables(facts, along)
        print_line(console, f"\nBy {tables[0].along}", style="bold")
        console.print(_gaps([row for row in gaps if row.along == tables[0].along], facts))
        for table in tables:
            print_line(console, f"\n{capital(table.title)}" if table.title else "")
            console.print(
                _groups(table, width=NAME_WIDTH if console.width < ROOMY else ROOMY_NAME_WIDTH)
            )
    console.print()
    for text in cautions(facts):
        print_line(console, text)


def _gaps(rows: Sequence[GapRow], facts: Facts) -> Table:
    """The gaps of one comparison, the first of many where there are many."""
    level = percent(facts.audit.level)
    table = empty_table(["gap"], [f"size, {level} interval", "by chance", "p"])
    table.add_column("verdict", no_wrap=True)
    table.add_column("highest, lowest", overflow="fold")
    for row in rows[:MOST_GAPS]:
        table.add_row(*_gap(row))
    if len(rows) > MOST_GAPS:
        table.caption = f"and {len(rows) - MOST_GAPS} more"
    return table


def _gap(row: GapRow) -> list[Text]:
    from rich.text import Text

    criterion = f"{row.criterion}, {row.label}" if row.label else row.criterion
    size = f"{row.difference} {row.difference_bounds}".rstrip()
    sure = row.verdict == BEYOND
    verdict = Text(f"{_SIGNS.get(row.verdict, '–')} {row.verdict}", style="bold" if sure else "")
    pair = Text(", ".join(row.pair))
    return [Text(criterion), Text(size), Text(row.null), Text(row.p_value), verdict, pair]


def _groups(table: GroupTable, *, width: int) -> Table:
    """One comparison; where there are many groups, those at the ends of gaps."""
    from rich.text import Text

    shown = empty_table(["group"], ["n", *table.heads])
    rows = table.ends if len(table.rows) > FEW_GROUPS and table.ends else table.rows
    for row in (table.everyone, *rows):
        cells = [f"{cell.value}\n{span(cell.bounds)}" for cell in row.cells]
        name = "\n".join(textwrap.wrap(row.name, width))
        shown.add_row(*map(Text, (name, f"{row.n:,}", *cells)))
    left = len(table.rows) + table.left_out - len(rows)
    if left:
        shown.caption = f"groups at the ends of gaps; {left:,} more groups are not shown"
    return shown
