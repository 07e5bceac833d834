"""An audit as Markdown: the summary, the gaps, the groups, what was left out, and provenance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rai.reports.facts import FEW_ROWS, Facts, Thin, counted_rows, group_of
from rai.reports.gap_rows import gap_table
from rai.reports.group_tables import GroupRow, GroupTable, group_tables
from rai.reports.matrices import Matrices, matrices
from rai.reports.methods import method, provenance
from rai.reports.page import default_title, dropped_rows, lead
from rai.reports.summary import cautions, findings, headline
from rai.reports.words import clean, estimated, name, percent

# What Markdown or HTML would read as markup, in text that comes from data: intervals are none.
_MARKUP = re.compile(r"[\\`*|~]|\](?=[(\[])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}


def markdown(facts: Facts, *, title: str | None = None) -> str:
    """The whole report."""
    parts = [
        f"# {escaped(title or default_title(facts.audit))}",
        escaped(lead(facts)),
        *_summary(facts),
        *_gaps(facts),
        *_groups(facts),
        *_matrices(facts),
        *_mind(facts),
        "## Method",
        *map(escaped, method(facts)),
        "## Provenance",
        _table(("what", "value"), [[term, text] for term, text in provenance(facts.audit)], left=2),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text from data as text: no markup, no tags, on one line.

    Example:
        >>> escaped("a|b <i> [x](y), p < 0.1")
        'a\\\\|b &lt;i> [x\\\\](y), p < 0.1'
    """
    line = clean(text, most=4000)
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), line)


def _summary(facts: Facts) -> list[str]:
    answers = [f"**{escaped(found.question)}** {escaped(found.text)}" for found in findings(facts)]
    level = percent(facts.audit.level)
    note = f"Brackets hold {level} intervals, which for a gap hold for all its groups at once."
    return ["## Summary", escaped(headline(facts)), *answers, *map(escaped, cautions(facts)), note]


def _gaps(facts: Facts) -> list[str]:
    found = gap_table(facts)
    classes = facts.audit.task == "multiclass"
    heads = (
        "criterion",
        "by",
        *(["class"] if classes else []),
        "highest",
        "lowest",
        "difference",
        "ratio",
    )
    rows = [
        [
            row.criterion, row.along, *([row.label] if classes else []), row.highest, row.lowest,
            f"{row.difference} {row.difference_bounds}".rstrip(),
            f"{row.ratio} {row.ratio_bounds}".rstrip(),
            row.null, row.p_value, row.verdict, f"{row.n:,}",
        ]
        for row in found.rows
    ]  # fmt: skip
    numbers = ("by chance", "p", "verdict", "n")
    return ["## Gaps between groups", _table((*heads, *numbers), rows, left=len(heads))]


def _groups(facts: Facts) -> list[str]:
    parts = ["## Groups"]
    for along in facts.comparisons:
        for table in group_tables(facts, along):
            parts.append(
                f"### By {escaped(table.along)}{f', {escaped(table.title)}' if table.title else ''}"
            )
            parts.append(_group_table(table))
            if table.footnotes:
                parts.append(
                    "  \n".join(f"{i}. {escaped(text)}" for i, text in enumerate(table.footnotes, 1))
                )
    return parts


def _group_table(table: GroupTable) -> str:
    rows = [_cells(row) for row in (table.everyone, *table.rows)]
    if table.left_out:
        rows.append([f"and {table.left_out:,} more", *[""] * (len(table.heads) + 1)])
    return _table(("group", "n", *table.heads), rows, left=1)


def _cells(row: GroupRow) -> list[str]:
    cells = [
        " ".join(filter(None, (cell.value, cell.bounds, f"({cell.footnote})" if cell.footnote else "")))
        for cell in row.cells
    ]
    return [row.name, f"{row.n:,}", *cells]


def _matrices(facts: Facts) -> list[str]:
    drawn = [found for along in facts.comparisons if (found := matrices(facts, along))]
    if not drawn or len(drawn[0].labels) != 2:
        return []
    return ["## Confusion matrices", *(part for found in drawn for part in _counts(found))]


def _counts(found: Matrices) -> list[str]:
    heads = ("group", "true positives", "false positives", "false negatives", "true negatives")
    rows = [
        [m.name, *(m.rows[i][j].count for i, j in ((1, 1), (0, 1), (1, 0), (0, 0)))]
        for m in (*found.first, *found.more)
    ]
    return [f"### Counts by {escaped(found.along)}", _table(heads, rows, left=1)]


def _mind(facts: Facts) -> list[str]:
    parts = ["## What to mind", "### Rows that could not be counted"]
    dropped = dropped_rows(facts.audit)
    reasons = _table(("reason", "rows", "of all rows"), dropped, left=1)
    parts.append(reasons if dropped else "None.")
    parts.append(f"### Groups with fewer than {FEW_ROWS} rows behind a metric")
    thin = [_thin(row, facts) for row in facts.thin]
    heads = ("group", "by", "metric", "value and interval", "what is counted", "rows")
    parts.append(_table(heads, thin, left=5) if thin else "None.")
    return parts


def _thin(row: Thin, facts: Facts) -> list[str]:
    estimate = row.estimate
    group = clean(group_of(estimate, facts.audit))
    words = counted_rows(row, facts.audit)
    return [group, clean(row.along), name(estimate.metric), estimated(estimate), words, f"{row.rows:,}"]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """A Markdown table whose first columns are text and whose others are numbers."""
    rule = [":---"] * left + ["---:"] * (len(heads) - left)
    lines = [[escaped(head) for head in heads], rule, *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
