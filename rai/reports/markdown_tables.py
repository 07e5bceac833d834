"""Text from data as Markdown, and tables of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rai.reports.group_tables import GroupRow, GroupTable
from rai.reports.words import clean

# What Markdown or HTML would read as markup, in text that comes from data: intervals are none.
_MARKUP = re.compile(r"[\\`*|~]|\](?=[(\[])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}

# What a code host would take for a person to notify, or for another thread to link to.
_MENTION = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)")
_JOINER = "\N{WORD JOINER}"


def escaped(text: str) -> str:
    """Text from data as text: no markup, no tags, on one line, and nobody is notified of it.

    Example:
        >>> escaped("a|b <i> [x](y), p < 0.1")
        'a\\\\|b &lt;i> [x\\\\](y), p < 0.1'
    """
    line = clean(text, most=4000)
    plain = _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), line)
    return _MENTION.sub(lambda found: found[0] + _JOINER, plain)


def md_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """A Markdown table whose first columns are text and whose others are numbers."""
    rule = [":---"] * left + ["---:"] * (len(heads) - left)
    lines = [[escaped(head) for head in heads], rule, *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def group_table(table: GroupTable) -> list[str]:
    """A table of groups, and its footnotes."""
    rows = [_cells(row) for row in (table.everyone, *table.rows)]
    if table.left_out:
        rows.append([f"and {table.left_out:,} more", *[""] * (len(table.heads) + 1)])
    notes = "  \n".join(f"{i}. {escaped(text)}" for i, text in enumerate(table.footnotes, 1))
    return [md_table(("group", "n", *table.heads), rows, left=1), *([notes] if notes else [])]


def _cells(row: GroupRow) -> list[str]:
    cells = [
        " ".join(
            filter(
                None,
                (
                    cell.value,
                    cell.bounds,
                    f"({cell.footnote})" if cell.footnote else "",
                    f"({cell.remark})" if cell.remark else "",
                ),
            )
        )
        for cell in row.cells
    ]
    return [row.name, f"{row.n:,}", *cells]
