"""A profile as Markdown: problems first, then the numbers of every feature, and what stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rai.ground.formatting import counted
from rai.ground.records import Row
from rai.reports.data_facts import DataFacts
from rai.reports.data_page import data_cautions, data_lead, data_method, data_title
from rai.reports.data_problems import Checks, Problem, checks_headline, passed, problems, unchecked
from rai.reports.data_tables import candidates, proxy_tables, questions
from rai.reports.distance_rows import DrawnTable, distance_table
from rai.reports.feature_blocks import BlockSection, FeatureBlock, block_sections, told_red
from rai.reports.feature_numbers import Numbers
from rai.reports.markdown_tables import escaped, md_table
from rai.reports.words import clean

_BARS = "▁▂▃▄▅▆▇█"


def data_markdown(facts: DataFacts, *, title: str | None = None) -> str:
    """The whole report."""
    sections = block_sections(facts)
    parts = [
        f"# {escaped(title or data_title(facts))}",
        escaped(data_lead(facts)),
        *_summary(facts),
        *(part for section in sections for part in _section(section)),
        *_distances(facts),
        *_proxies(facts),
        *_candidates(facts),
        *worksheet_parts(facts.worksheet),
        "## Method",
        escaped(told_red(facts, sign="(!) ")),
        *map(escaped, data_method(facts)),
    ]
    return "\n\n".join(parts) + "\n"


def problem_parts(checks: Checks, *, heading: str = "###") -> list[str]:
    """What checks found, the worst first; what could not be checked; what passed, in a line."""
    parts = _listed(problems(checks, "serious", "warning"))
    notes, reasons = problems(checks, "note"), unchecked(checks)
    parts += [f"{heading} Notes", *_listed(notes)] if notes else []
    lines = [f"- {escaped(names)}: {escaped(reason)}" for reason, names in reasons]
    parts += [f"{heading} Not checked", "\n".join(lines)] if lines else []
    names = ", ".join(name.lower() for name, _ in passed(checks))
    return [*parts, *([f"Passed: {escaped(names)}."] if names else [])]


def worksheet_parts(worksheet: Sequence[Row] | None) -> list[str]:
    """The questions for people and their answers."""
    asked = questions(worksheet)
    if not asked:
        return []
    heads = ("bias", "question", "look at", "answer", "by, on")
    rows = [[q.bias, q.question, q.look_at, q.answer or "no answer yet", q.who] for q in asked]
    return ["## Worksheet", md_table(heads, rows, left=len(heads))]


def _summary(facts: DataFacts) -> list[str]:
    head = "## Summary" if facts.checks is None else "## Problems"
    cautions = map(escaped, data_cautions(facts))
    return [head, escaped(checks_headline(facts.checks)), *cautions, *problem_parts(facts.checks)]


def _listed(found: Iterable[Problem]) -> list[str]:
    lines = [f"- **{p.severity.replace('_', ' ')}: {escaped(p.check)}.** {_told(p)}" for p in found]
    return ["\n".join(lines)] if lines else []


def _told(problem: Problem) -> str:
    where = ", ".join(part for part in (problem.feature, problem.where) if part)
    beside = "; ".join(part for part in (where, problem.evidence) if part)
    return escaped(f"{problem.text} ({beside})" if beside else problem.text)


def _section(found: BlockSection) -> list[str]:
    several = any(len(block.numbers) > 1 or block.absent for block in found.blocks)
    shown = tuple(dict.fromkeys(head for block in found.blocks for head in block.heads))
    heads = ("feature", "kind", *(("data set",) if several else ()), "distribution", *shown)
    rows = [row for block in found.blocks for row in _rows(block, shown, several=several)]
    parts = [f"## {found.section.title}", md_table(heads, rows, left=4 if several else 3)]
    notes = [
        f"- {escaped(block.name)}: {escaped(note)}" for block in found.blocks for note in block.notes
    ]
    return [*parts, *(["\n".join(notes)] if notes else [])]


def _rows(block: FeatureBlock, shown: tuple[str, ...], *, several: bool) -> Iterable[list[str]]:
    for place, row in enumerate(block.numbers):
        held = dict(zip(block.heads, _cells(row), strict=True))
        kind = f"{block.kind}, {block.role}" if block.role else block.kind
        name = [block.name, kind] if not place else ["", ""]
        cells = [held.get(head, "") for head in shown]
        yield [*name, *([row.dataset] if several else []), _drawn(block, place), *cells]


def _cells(row: Numbers) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                stat.text,
                f"({stat.weighted} by weight)" if stat.weighted else "",
                "(!)" if stat.red else "",
            )
            if part
        )
        for stat in row.stats
    ]


def _drawn(block: FeatureBlock, place: int) -> str:
    """A histogram in letters; for categories the shares of the first values."""
    if block.histogram is not None:
        return bars_of_letters(block.histogram.bars[place].shares)
    return ", ".join(f"{row.name} {row.bars[place][2]}" for row in block.levels[:3])


def bars_of_letters(shares: Iterable[float]) -> str:
    """Shares as bars that are letters, the tallest whole.

    Example:
        >>> bars_of_letters([0.0, 0.1, 0.4, 0.2])
        '·▃█▅'
    """
    held = list(shares)
    top = max(held, default=0.0) or 1.0
    return "".join("·" if not s else _BARS[min(int(8 * s / top), 7)] for s in held)


def _distances(facts: DataFacts) -> list[str]:
    found = distance_table(facts, {})
    if found is None:
        return []
    reference = clean(facts.profile.datasets[0], most=60)
    told = f"How far the other data sets are from {reference}, the furthest first, with intervals."
    return ["## Differences between data sets", escaped(told), _ranked(found)]


def _proxies(facts: DataFacts) -> list[str]:
    if facts.proxies is None:
        return []
    tables = proxy_tables(facts, {})
    parts = [part for name, table in tables for part in (f"### {escaped(name)}", _ranked(table))]
    return ["## Proxies of sensitive features", *(parts or ["There was nothing to ask about."])]


def _ranked(table: DrawnTable) -> str:
    words = ("feature", *(("data sets",) if any(row.versus for row in table.rows) else ()))
    chance = any(row.null for row in table.rows)
    heads = (*words, table.title, *(["by chance"] if chance else []), "p", *table.heads, "n", "note")
    rows = [
        [row.name, *([row.versus] if len(words) > 1 else []), f"{row.value} {row.bounds}".rstrip(),
         *([row.null] if chance else []), row.p_value, *row.others, row.n, row.note]
        for row in table.rows
    ]  # fmt: skip
    left = f"\n\n{counted(table.left_out, 'more row')} in the JSON report." if table.left_out else ""
    return md_table(heads, rows, left=len(words)) + left


def _candidates(facts: DataFacts) -> list[str]:
    if facts.candidates is None:
        return []
    found = candidates(facts, {})
    head = "## Columns that may be sensitive"
    if not found:
        return [head, "No column looks like one, by name or by values."]
    heads = ("column", "category", "by", "reason", "confidence")
    rows = [[c.feature, c.category, c.by, c.reason, c.confidence] for c in found]
    return [head, "Candidates, each with its reason.", md_table(heads, rows, left=len(heads))]
