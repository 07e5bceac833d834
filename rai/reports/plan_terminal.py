"""Threshold plans in the terminal: one plan with its groups, or all strategies side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rai.ground.formatting import counted
from rai.reports.plan_tables import Figure, PlanTable, compared, comparison_heads, plan_table
from rai.reports.rich_tables import empty_table, print_line, span
from rai.reports.words import clean, name
from rai.thresholds import PlanEvaluation, ThresholdPlan

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SAME_ROWS = "The thresholds were chosen on these same rows, so the numbers are optimistic."
_LONGEST = 2000


def print_plan(
    plan: ThresholdPlan, *, held_out: PlanEvaluation | None = None, console: Console | None = None
) -> None:
    """Print a plan: what it makes equal, its groups and sentences, on the rows behind it and on others.

    Args:
        plan: What to show.
        held_out: The plan judged on other rows.
        console: Where to; standard output if None.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="equal_opportunity", along="sex")
        >>> print_plan(plan, console=Console(width=100, record=True, quiet=True))
    """
    console = console or _standard()
    print_line(console, _whole(plan.summary()[0]), style="bold")
    for found in (plan.fitted, *(() if held_out is None else (held_out,))):
        print_line(console, f"\n{_title(found, fitted=found is plan.fitted)}", style="bold")
        console.print(_of_groups(plan_table(found)))
        for text in found.sentences():
            print_line(console, _whole(text))
    _print_notes(console, [f"Mind: {note}." for note in plan.notes])


def print_comparison(
    plans: Sequence[ThresholdPlan],
    *,
    held_out: Sequence[PlanEvaluation] = (),
    refused: Mapping[str, str] | None = None,
    console: Console | None = None,
) -> None:
    """Print plans side by side: thresholds, the gap that is left, the cost, and the price.

    Args:
        plans: Plans of different strategies, chosen on the same rows; at least one.
        held_out: Each of them judged on other rows, in the same order.
        refused: Strategy to the reason why there is no such plan.
        console: Where to; standard output if None.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="single_threshold", along="sex")
        >>> print_comparison([plan], console=Console(width=100, record=True, quiet=True))
    """
    console = console or _standard()
    fitted = [plan.fitted for plan in plans]
    for place, evaluations in enumerate((fitted, list(held_out))):
        if evaluations:
            title = _title(evaluations[0], fitted=place == 0)
            print_line(console, f"\n{title}" if place else title, style="bold")
            console.print(_of_plans(evaluations))
            if evaluations[0].same_rows:
                print_line(console, SAME_ROWS)
    notes = [f"Mind, {name(plan.strategy)}: {note}." for plan in plans for note in plan.notes]
    kept_out = [f"Not to be had, {name(which)}: {why}" for which, why in (refused or {}).items()]
    _print_notes(console, [*notes, *kept_out])


def _title(found: PlanEvaluation, *, fitted: bool) -> str:
    rows = counted(found.rows, "row")
    if fitted:
        return f"Chosen on {rows}"
    return f"Judged on the same {rows}" if found.same_rows else f"Judged on {rows} held out"


def _of_groups(table: PlanTable) -> Table:
    from rich.text import Text

    shown = empty_table(["group"], table.heads)
    for group, cells in table.rows:
        shown.add_row(*map(Text, (group, *cells)))
    if table.left_out:
        shown.caption = f"and {table.left_out:,} more rows"
    return shown


def _of_plans(evaluations: Sequence[PlanEvaluation]) -> Table:
    from rich.text import Text

    shown = empty_table(["strategy", "thresholds"], comparison_heads(evaluations[0]))
    for row in compared(evaluations):
        figures = map(_two_lines, (row.gap, row.cost, row.price))
        shown.add_row(*map(Text, (row.strategy, "\n".join(row.thresholds), *figures)))
    return shown


def _two_lines(shown: Figure) -> str:
    value, bounds = shown
    return f"{value}\n{span(bounds)}".rstrip()


def _print_notes(console: Console, notes: Sequence[str]) -> None:
    if notes:
        console.print()
    for note in notes:
        print_line(console, _whole(note))


def _whole(text: str) -> str:
    return clean(text, most=_LONGEST)


def _standard() -> Console:
    from rich.console import Console

    return Console()
