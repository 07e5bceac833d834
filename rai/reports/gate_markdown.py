"""A gate as Markdown, for a pull request or the summary of a pipeline: short first, all of it below."""

from __future__ import annotations

from collections.abc import Iterator

from rai.gates.results import GateResult
from rai.reports.gate_facts import FLIP_HEADS, GateFacts, RuleBlock, VerdictRow, gate_facts
from rai.reports.markdown_tables import escaped, md_table

MOST_BYTES = 60_000  # a comment on GitHub holds 65,536 letters
HEADS = ("verdict", "rule", "about", "why", "value", "limit", "n")
MOST_FLIPS = 20


def gate_markdown(result: GateResult) -> str:
    """A result as Markdown; what stops the gate stands first, and passes are folded.

    Long results are cut at a comment's limit, passes first; how many are left out is said.

    Args:
        result: What a gate answered.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> print(gate_markdown(rai.gate(found, {"version": 1, "rules": [rule]})).splitlines()[2][:36])
        **Gate passed: 2 verdicts, 2 pass.**
    """
    facts = gate_facts(result)
    rows = [(rule, row) for rule in facts.rules for row in rule.rows]
    loud = [pair for pair in rows if pair[1].status != "pass"]
    quiet = [pair for pair in rows if pair[1].status == "pass"]
    fixed = _join(_head(facts), _tail(facts))
    room = MOST_BYTES - len(fixed.encode())
    shown, left = _fitting(loud, room)
    passed, left_passed = _fitting(quiet, room - len(_table(shown).encode()))
    parts = [*_head(facts)]
    if shown:
        parts.append(_table(shown))
    if left:
        parts.append(f"{left:,} more verdicts that did not pass are left out here.")
    if quiet and not passed:
        parts.append(f"{len(quiet):,} passed, which are left out here.")
    if left_passed and not passed:
        parts.append(f"{left_passed:,} more that passed are left out here.")
    if passed:
        more = f" ({left_passed:,} more are left out here)" if left_passed else ""
        parts.append(
            f"<details><summary>{len(passed):,} passed{more}</summary>\n\n{_table(passed)}\n\n</details>"
        )
    return _join(parts, _tail(facts))


def _head(facts: GateFacts) -> list[str]:
    return [f"## {escaped(facts.title)}", f"**{escaped(facts.headline)}.** {facts.meaning}"]


def _tail(facts: GateFacts) -> list[str]:
    parts = []
    if facts.flips:
        parts += [
            "### Decided otherwise than by the baseline",
            md_table(FLIP_HEADS, facts.flips[:MOST_FLIPS], left=4),
        ]
        left = len(facts.flips) - MOST_FLIPS
        parts += [f"and {left:,} more"] if left > 0 else []
    if facts.notes:
        parts.append("\n".join(_listed(facts.notes)))
    if facts.packs:
        parts += [f"> {escaped(text)}" for text in facts.packs]
    parts.append(" ".join(facts.method))
    parts.append("  \n".join(f"{escaped(name)}: {escaped(text)}" for name, text in facts.digests))
    return parts


def _listed(notes: tuple[str, ...], most: int = 20) -> Iterator[str]:
    yield from (f"- {escaped(note)}" for note in notes[:most])
    if len(notes) > most:
        yield f"- and {len(notes) - most:,} more"


def _fitting(
    rows: list[tuple[RuleBlock, VerdictRow]], room: int
) -> tuple[list[tuple[RuleBlock, VerdictRow]], int]:
    """As many rows as there is room for, and how many are left out."""
    head = len(_table([]).encode())
    kept, used = [], head
    for pair in rows:
        used += len(_table([pair]).encode()) - head
        if used > room:
            break
        kept.append(pair)
    return kept, len(rows) - len(kept)


def _table(rows: list[tuple[RuleBlock, VerdictRow]]) -> str:
    return md_table(HEADS, [_cells(rule, row) for rule, row in rows], left=4)


def _cells(rule: RuleBlock, row: VerdictRow) -> tuple[str, ...]:
    effect = f" ({row.remark})" if row.remark else ""
    why = "; ".join(text for text in (row.reason, row.needs, row.waiver) if text)
    return (
        f"{row.sign} {row.status}{effect}", rule.id, row.subject, why,
        f"{row.value} {row.bounds}".strip(), row.limit, row.n,
    )  # fmt: skip


def _join(*parts: list[str]) -> str:
    return "\n\n".join(text for part in parts for text in part if text) + "\n"
