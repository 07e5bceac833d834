"""An audit in the terminal: what was audited, the gaps, the groups, what to mind. Reads at 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.reports.facts import Facts, collect
from rai.reports.gap_rows import GapRow, gap_table
from rai.reports.group_tables import FEW_GROUPS, GroupTable, group_tables
from rai.reports.page import default_title, lead
from rai.reports.summary import cautions, headline
from rai.reports.words import BEYOND, WITHIN, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST_GAPS = 30

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
    _line(console, default_title(audit), style="bold")
    _line(console, lead(facts))
    console.print()
    _line(console, headline(facts))
    console.print()
    console.print(_gaps(facts))
    for along in facts.comparisons:
        for table in group_tables(facts, along):
            console.print(_groups(table))
    for text in cautions(facts):
        _line(console, text)


def _line(console: Console, text: str, *, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(text, style=style))


def _gaps(facts: Facts) -> Table:
    """The gaps, the first of many where there are many."""
    found = gap_table(facts)
    title = f"Gaps between groups, with {percent(facts.audit.level)} intervals"
    table = _table(title, [("criterion", 3), ("by", 2), ("highest, lowest", 4)], ["gap", "by chance", "p"])
    table.add_column("verdict", no_wrap=True)
    shown = found.rows[:MOST_GAPS]
    for place, row in enumerate(shown):
        table.add_row(*_gap(row), end_section=place == len(shown) - 1)
    if len(found.rows) > len(shown):
        table.caption = f"and {len(found.rows) - len(shown)} more"
    return table


def _gap(row: GapRow) -> list[object]:
    from rich.text import Text

    criterion = f"{row.criterion}, {row.label}" if row.label else row.criterion
    words = (criterion, row.along, f"{row.highest}\n{row.lowest}", f"{row.difference}\n{row.difference_bounds}")
    verdict = Text(f"{_SIGNS.get(row.verdict, '–')} {row.verdict}", style="bold" if row.verdict == BEYOND else "")
    return [*map(Text, words), Text(row.null), Text(row.p_value), verdict]


def _groups(table: GroupTable) -> Table:
    """One comparison; where there are many groups, those at the ends of gaps."""
    from rich.text import Text

    title = f"By {table.along}{f', {table.title}' if table.title else ''}"
    shown = _table(title, [("group", 3)], ["n", *table.heads])
    rows = table.ends if len(table.rows) > FEW_GROUPS and table.ends else table.rows
    for row in (table.everyone, *rows):
        cells = [f"{cell.value}\n{cell.bounds}" for cell in row.cells]
        shown.add_row(*map(Text, (row.name, f"{row.n:,}", *cells)))
    left = len(table.rows) + table.left_out - len(rows)
    if left:
        shown.caption = f"groups at the ends of gaps; {left:,} more groups are not shown"
    return shown


def _table(title: str, words: list[tuple[str, int]], numbers: list[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title), title_justify="left", title_style="bold", caption_justify="left",
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="",
    )  # fmt: skip
    for head, ratio in words:
        table.add_column(Text(head), overflow="fold", ratio=ratio, vertical="top")
    for head in numbers:
        table.add_column(Text(head), justify="right", overflow="fold")
    return table
