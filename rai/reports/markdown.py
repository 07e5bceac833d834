"""An audit as Markdown: the summary, the gaps, the groups, what was left out, and provenance."""

from __future__ import annotations

from rai.reports.attribution_markdown import attribution_parts
from rai.reports.audit_data import dropped_rows, missing_groups
from rai.reports.data_markdown import problem_parts, worksheet_parts
from rai.reports.data_problems import checks_headline
from rai.reports.facts import FEW_ROWS, Facts, Thin, counted_rows, group_of
from rai.reports.feature_blocks import told_marked
from rai.reports.gap_rows import gap_table
from rai.reports.group_tables import data_table, group_tables, of_the_data
from rai.reports.markdown_tables import escaped, group_table, md_table
from rai.reports.matrices import Matrices, matrices
from rai.reports.methods import method, provenance
from rai.reports.page import default_title, lead
from rai.reports.score_markdown import score_parts
from rai.reports.summary import cautions, findings, headline
from rai.reports.words import clean, estimated, name, percent


def markdown(facts: Facts, *, title: str | None = None) -> str:
    """The whole report."""
    parts = [
        f"# {escaped(title or default_title(facts.audit))}",
        escaped(lead(facts)),
        *_summary(facts),
        *_gaps(facts),
        *_data(facts),
        *_groups(facts),
        *_matrices(facts),
        *score_parts(facts),
        *attribution_parts(facts),
        *worksheet_parts(facts.beside.worksheet),
        "## Method",
        *map(escaped, method(facts)),
        "## Provenance",
        md_table(("what", "value"), [[term, text] for term, text in provenance(facts.audit)], left=2),
    ]
    return "\n\n".join(parts) + "\n"


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
    return ["## Gaps between groups", md_table((*heads, *numbers), rows, left=len(heads))]


def _groups(facts: Facts) -> list[str]:
    parts = ["## Groups"]
    for along in facts.comparisons:
        for table in group_tables(facts, along, left_out=of_the_data(facts)):
            parts.append(
                f"### By {escaped(table.along)}{f', {escaped(table.title)}' if table.title else ''}"
            )
            parts += group_table(table)
    return parts


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
    return [f"### Counts by {escaped(found.along)}", md_table(heads, rows, left=1)]


def _data(facts: Facts) -> list[str]:
    parts = ["## The data"]
    checks, profile = facts.beside.checks, facts.beside.data
    if checks is not None:
        parts += [escaped(checks_headline(checks)), *problem_parts(checks)]
    if profile is not None:
        parts.append(escaped(told_marked(profile)))
    for along in facts.comparisons:
        parts += [f"### Groups by {escaped(clean(along))}", *group_table(data_table(facts, along))]
    parts += map(escaped, missing_groups(facts))
    dropped = dropped_rows(facts.audit)
    parts.append("### Rows that could not be counted")
    reasons = md_table(("reason", "rows", "of all rows"), dropped, left=1)
    parts.append(reasons if dropped else "None.")
    parts.append(f"### Groups with fewer than {FEW_ROWS} rows behind a metric")
    thin = [_thin(row, facts) for row in facts.thin]
    heads = ("group", "by", "metric", "value and interval", "what is counted", "rows")
    parts.append(md_table(heads, thin, left=5) if thin else "None.")
    return parts


def _thin(row: Thin, facts: Facts) -> list[str]:
    estimate = row.estimate
    group = clean(group_of(estimate, facts.audit))
    words = counted_rows(row, facts.audit)
    return [group, clean(row.along), name(estimate.metric), estimated(estimate), words, f"{row.rows:,}"]
