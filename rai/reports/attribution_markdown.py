"""The section about attributions as Markdown: what the page's tables hold, no drawings."""

from __future__ import annotations

from rai.reports.attribution_tables import NOT_CAUSES, AttributionBlock, attribution_blocks
from rai.reports.facts import Facts
from rai.reports.gap_part_rows import GapBlock, PairBlock, gap_blocks
from rai.reports.markdown_tables import escaped, group_table, md_table
from rai.reports.words import capital


def attribution_parts(facts: Facts) -> list[str]:
    """What there is to say about attributions; empty where none were given."""
    if facts.attributions is None:
        return []
    parts = ["## Attributions", NOT_CAUSES]
    parts += [text for block in attribution_blocks(facts) for text in _attributions(block)]
    parts += [text for block in gap_blocks(facts) for text in _gap(block)]
    return parts


def _made(facts: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"- {escaped(term)}: {escaped(text)}" for term, text in facts)


def _attributions(block: AttributionBlock) -> list[str]:
    rows = [
        [
            row.name,
            row.rank,
            f"{row.size} {row.size_bounds}".rstrip(),
            f"{row.mean} {row.mean_bounds}".rstrip(),
            f"{row.n:,}",
        ]
        for row in block.rows
    ]
    parts = [
        f"### What adds to the {escaped(block.title[:1].lower() + block.title[1:])}",
        _made(block.facts),
    ]
    parts += [md_table(("feature", "rank", "mean size", "mean", "n"), rows, left=1)]
    for axis, tables in block.groups:
        for table in tables:
            parts += [f"#### {capital(table.title)}, by {escaped(axis)}", *group_table(table)]
    return [*parts, *map(escaped, (*block.refused, *block.notes))]


def _gap(block: GapBlock) -> list[str]:
    parts = [f"### The gap in {escaped(block.title)}, in parts", _made(block.facts)]
    parts += [text for pair in block.pairs for text in _pair(pair)]
    parts += [f"{block.left_out:,} more pairs are in audit.json."] if block.left_out else []
    return [*parts, *map(escaped, block.notes)]


def _pair(pair: PairBlock) -> list[str]:
    rows = [
        [row.name, row.verdict, f"{row.value} {row.bounds}".rstrip(), row.share, row.chance]
        for row in pair.rows
    ]
    heads = ("part", "verdict", "adds", "share of the gap", "chance alone")
    return [f"#### {escaped(pair.title)}", escaped(pair.text), md_table(heads, rows, left=2)]
