"""The sections about scores and predictions as Markdown: what the page's tables hold, no drawings."""

from __future__ import annotations

from collections.abc import Sequence

from rai.reports.facts import Facts
from rai.reports.forest import score_forest
from rai.reports.group_tables import score_table
from rai.reports.held_out_tables import HeldOutTable, held_out_table
from rai.reports.markdown_tables import escaped, group_table, md_table
from rai.reports.plan_tables import Figure
from rai.reports.residual_rows import residual_table
from rai.reports.score_facts import CALIBRATION, CALIBRATION_GAPS, RANKING, RANKING_GAPS, ScoreFacts
from rai.reports.strategy_tables import CELLS, GroupUnder, StrategyTable, strategy_table
from rai.reports.words import capital, clean

SAME_ROWS = (
    "These thresholds are chosen and judged on the same rows, and so optimistic: on other rows gaps and "
    "costs will be larger."
)
UNLAWFUL = (
    "Thresholds that differ by group may be unlawful, in lending and hiring for instance. Ask before "
    "you use them."
)


def score_parts(facts: Facts) -> list[str]:
    """What there is to say about scores and predictions; empty where there is nothing."""
    parts = _predictions(facts)
    if facts.scores is not None:
        if facts.scores.comparisons:
            parts += _metrics("Curves", facts, facts.scores, (RANKING, RANKING_GAPS))
        if facts.scores.calibrated:
            parts += _metrics("Calibration", facts, facts.scores, (CALIBRATION, CALIBRATION_GAPS))
        parts += _choosing(facts, facts.scores)
    return parts


def _metrics(
    title: str, facts: Facts, scores: ScoreFacts, asked: tuple[Sequence[str], Sequence[str]]
) -> list[str]:
    """Metrics of scores by group, and gaps in them, comparison by comparison."""
    metrics, criteria = asked
    parts = [f"## {title}"]
    for along, found in scores.comparisons.items():
        gaps = [gap for gap in found.gaps if gap.metric in criteria]
        rows = [
            [
                block.name,
                row.highest,
                row.lowest,
                f"{row.value} {row.bounds}".rstrip(),
                row.verdict,
                f"{row.n:,}",
            ]
            for block in score_forest(gaps, facts, share=False)
            for row in block.rows
        ]
        heads = ("criterion", "highest", "lowest", "difference", "verdict", "n")
        parts += [
            f"### {title} by {escaped(clean(along))}",
            *group_table(score_table(facts, along, metrics)),
        ]
        parts += [md_table(heads, rows, left=3)]
    return parts


def _choosing(facts: Facts, scores: ScoreFacts) -> list[str]:
    parts = ["## Choosing thresholds", UNLAWFUL]
    parts += [text for judged in scores.judged for text in _held_out(held_out_table(judged, facts))]
    if scores.choices:
        parts.append(SAME_ROWS)
    for choice in scores.choices:
        parts += _strategies(strategy_table(choice, facts))
    return parts


def _strategies(found: StrategyTable) -> list[str]:
    """The strategies along one feature: what each costs, and what it does to each group."""
    whole = [
        [capital(row.name), row.words, *map(_told, (row.gap, row.cost, row.price)), row.note]
        for row in found.rows
    ]
    groups = [
        [capital(row.name), group.name, *_group(group)] for row in found.rows for group in row.groups
    ]
    heads = ("strategy", "what it does", "gap that is left", found.objective, "price", "mind")
    return [
        f"### Strategies by {escaped(found.along)}",
        md_table(heads, whole, left=len(heads)),
        md_table(("strategy", "group", "n", "threshold", *found.rates, *CELLS), groups, left=2),
        *([f"{found.left_out:,} more groups are in audit.json."] if found.left_out else []),
    ]


def _held_out(found: HeldOutTable) -> list[str]:
    """One plan where it was chosen and here."""
    sides = [
        [pair.name, where, *_group(side)]
        for pair in found.groups
        for where, side in (("chosen on", pair.chosen), ("here", pair.here))
        if side is not None
    ]
    whole = [[capital(what), _told(chosen), _told(here)] for what, chosen, here in found.whole]
    return [
        f"### {escaped(found.title)}: {found.label}",
        " ".join(map(escaped, found.told)),
        md_table(("group", "rows", "n", "threshold", *found.rates, *CELLS), sides, left=2),
        md_table(("as a whole", f"chosen on {found.rows[0]}", f"here, {found.rows[1]}"), whole, left=1),
    ]


def _group(group: GroupUnder) -> list[str]:
    return [group.n, group.threshold, *map(_told, group.rates), *group.counts]


def _told(found: Figure) -> str:
    return f"{found[0]} {found[1]}".rstrip()


def _predictions(facts: Facts) -> list[str]:
    """The errors of a regression by group."""
    if facts.predictions is None:
        return []
    parts = ["## Errors of predictions", "Prediction less truth, by group."]
    for along, found in facts.predictions.residuals.items():
        table = residual_table(found)
        rows = [
            [row.name, f"{row.n:,}", row.mean, row.sd, row.middle, row.quarters, row.ends]
            for row in table.rows
        ]
        heads = ("group", "n", "mean error", "SD", "median", "middle half", "middle 90%")
        parts += [f"### Errors by {escaped(clean(along))}", md_table(heads, rows, left=1)]
        parts += [f"{table.left_out:,} more groups are not shown."] if table.left_out else []
    return parts
