"""A gate in the terminal: the answer, then rule by rule what stops it. Reads at 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rai.gates.results import GateResult
from rai.reports.gate_facts import FLIP_HEADS, GateFacts, RuleBlock, VerdictRow, gate_facts
from rai.reports.rich_tables import empty_table, print_line

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 12  # of one rule and status
MOST_NOTES = 8
MOST_FLIPS = 30


def print_gate(result: GateResult, console: Console | None = None) -> None:
    """Print a gate's result, with rich.

    Args:
        result: What a gate answered.
        console: Where to; standard output if None.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> print_gate(result, Console(width=100, record=True, quiet=True))
    """
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = console or Console()
    facts = gate_facts(result)
    print_line(console, facts.title, style="bold")
    print_line(console, f"{facts.headline}. {facts.meaning}")
    for rule in facts.rules:
        print_line(console, f"\n{rule.sign} {rule.id}: {rule.words}", style="bold")
        for text, deep in _lines(rule):
            console.print(Padding(Text(text), (0, 0, 0, 2 + 2 * deep), expand=False))
    _flips(facts, console)
    left = len(facts.notes) - MOST_NOTES
    notes = (*facts.notes[:MOST_NOTES], *([f"and {left:,} more"] if left > 0 else []))
    for head, texts in (("To mind", notes), ("Packs", facts.packs)):
        if texts:
            print_line(console, f"\n{head}", style="bold")
        for text in texts:
            console.print(Padding(Text(text), (0, 0, 0, 2), expand=False))


def _lines(rule: RuleBlock) -> Iterator[tuple[str, int]]:
    """The verdicts of a rule, each with how far it is set in; many alike are cut."""
    if not rule.rows:
        yield "not asked", 0
    shown: Counter[str] = Counter()
    rows = Counter(row.status for row in rule.rows)
    for row in rule.rows:
        shown[row.status] += 1
        if shown[row.status] <= MOST_ROWS:
            yield from _told(row)
        elif shown[row.status] == MOST_ROWS + 1:
            yield f"{row.sign} {row.status}: {rows[row.status] - MOST_ROWS:,} more", 0


def _told(row: VerdictRow) -> Iterator[tuple[str, int]]:
    estimate = f"{row.value} {row.bounds}".strip()
    numbers = [estimate, f"limit {row.limit}" if row.limit else "", f"n {row.n}" if row.n else ""]
    effect = f" ({row.remark})" if row.remark else ""
    head = f"{row.sign} {row.status}{effect}  {row.subject}"
    yield "  ".join(filter(None, (head, *numbers))), 0
    if row.status != "pass":
        yield from ((text, 1) for text in (row.reason, row.needs, row.waiver) if text)


def _flips(facts: GateFacts, console: Console) -> None:
    if not facts.flips:
        return
    from rich.text import Text

    print_line(console, "\nDecided otherwise than by the baseline", style="bold")
    table = empty_table(FLIP_HEADS[:4], FLIP_HEADS[4:])
    for row in facts.flips[:MOST_FLIPS]:
        table.add_row(*map(Text, row))
    if len(facts.flips) > MOST_FLIPS:
        table.caption = f"and {len(facts.flips) - MOST_FLIPS:,} more"
    console.print(table)
