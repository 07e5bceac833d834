"""Attributions in the terminal: how they were made, features by group, parts of gaps, single rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rai.ground.formatting import counted, figure, interval
from rai.reports.rich_tables import empty_table, print_line, span
from rai.reports.words import capital, clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from rai.explainers import (
        Attributions,
        FeatureSummaries,
        FeatureSummary,
        GapAttributions,
        GapPair,
        GapPart,
        RowAttributions,
    )

MOST_FEATURES, MOST_PAIRS = 20, 10
_LONGEST = 2000


def print_attributions(
    attributions: Attributions,
    *,
    summary: FeatureSummaries,
    gaps: Sequence[GapAttributions] = (),
    rows: Sequence[int] = (),
    console: Console | None = None,
) -> None:
    """Print attributions: what they are, features for everyone and by group, gaps, single rows.

    Args:
        attributions: What `rai.explain` gave.
        summary: The same over many rows.
        gaps: Gaps taken apart.
        rows: Places of rows to show.
        console: Where to; standard output if None.

    Raises:
        ArgumentError: There is no such row.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> found = rai.explain(lambda f: f["a"], {"a": [0.1, 0.2], "sex": ["F", "M"]})
        >>> print_attributions(found, summary=found.summary(by="sex"),
        ...     console=Console(width=100, record=True, quiet=True))
    """
    from rich.console import Console

    console = console or Console()
    shown = [(place, attributions.row(place)) for place in rows]
    for text in str(attributions).splitlines():
        print_line(console, clean(text, most=_LONGEST))
    for group, of_group in groupby(summary, key=lambda row: (row.name, row.n)):
        print_line(console, f"\n{capital(clean(group[0]))}, {counted(group[1], 'row')}", style="bold")
        _print_features(console, list(of_group))
    for gap in gaps:
        _print_gap(console, gap)
    for place, row in shown:
        print_line(console, f"\nRow {place:,}", style="bold")
        console.print(_of_row(row))


def _print_features(console: Console, held: Sequence[FeatureSummary]) -> None:
    table = empty_table(["feature"], ["mean size", "", "mean", "", "rank"])
    for row in held[:MOST_FEATURES]:
        _add(
            table,
            row.feature,
            figure(row.mean_abs),
            _span(row.mean_abs_low, row.mean_abs_high),
            figure(row.mean),
            _span(row.low, row.high),
            _rank(row),
        )
    console.print(table)
    _print_rest(console, len(held) - MOST_FEATURES, "more features")
    for note in dict.fromkeys(row.note for row in held if row.note):
        print_line(console, clean(note))


def _print_gap(console: Console, gap: GapAttributions) -> None:
    title = f"The {gap.kind} in {gap.metric.replace('_', ' ')} by {clean(gap.along)}, in parts"
    print_line(console, f"\n{title}", style="bold")
    how = "exact" if gap.exact else "estimated"
    print_line(console, clean(f"{gap.space}, {how}; background: {gap.background}", most=_LONGEST))
    for pair in gap.pairs[:MOST_PAIRS]:
        print_line(console, f"\n{_of_values(pair)}")
        table = empty_table(["part"], ["adds", "", "by chance", "share"])
        for part in (*pair.all_parts, pair.gap):
            _add(
                table,
                part.feature,
                figure(part.value),
                _span(part.low, part.high),
                _span(part.chance_low, part.chance_high),
                _share(part),
            )
        console.print(table)
        if pair.note:
            print_line(console, clean(pair.note, most=_LONGEST))
    _print_rest(console, len(gap.pairs) - MOST_PAIRS, "more pairs")
    console.print()
    for note in gap.notes:
        print_line(console, clean(note, most=_LONGEST))


def _of_row(held: RowAttributions) -> Table:
    table = empty_table(["feature", "value"], ["adds", "standard error"])
    for row in held:
        _add(table, row.feature, row.value, figure(row.attribution), figure(row.standard_error))
    return table


def _of_values(pair: GapPair) -> str:
    sides = [(pair.group, pair.group_value, pair.n), (pair.versus, pair.versus_value, pair.n_versus)]
    return ", ".join(f"{clean(name)} {figure(value)} (n = {n:,})" for name, value, n in sides)


def _print_rest(console: Console, rest: int, what: str) -> None:
    if rest > 0:
        print_line(console, f"and {rest:,} {what}")


def _add(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*(Text(clean(cell)) for cell in cells))


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None and high is None else span(interval(low, high))


def _share(part: GapPart) -> str:
    return "" if part.share is None else f"{part.share:.0%}"


def _rank(row: FeatureSummary) -> str:
    if row.rank is None:
        return ""
    sure = row.rank_low is None or row.rank_low == row.rank_high
    return f"{row.rank}" if sure else f"{row.rank} ({row.rank_low}–{row.rank_high})"
