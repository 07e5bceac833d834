"""A gate as one self-contained HTML page: no network, no fonts, works without JavaScript."""

from __future__ import annotations

from rai.gates.results import GateResult
from rai.reports.environment import environment
from rai.reports.gate_facts import FLIP_HEADS, GateFacts, gate_facts

FEW_ROWS = 12  # of a rule; more are folded
FEW_FLIPS = 30


def gate_page(result: GateResult) -> str:
    """The whole page; the same result gives the same bytes.

    Args:
        result: What a gate answered.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> gate_page(rai.gate(found, {"version": 1, "rules": [rule]})).startswith("<!doctype html>")
        True
    """
    facts = gate_facts(result)
    return environment().get_template("gate.html.j2").render(
        title=facts.title,
        lead=facts.meaning,
        key_facts=_key_facts(facts),
        facts=facts,
        heads=FLIP_HEADS,
        few=FEW_ROWS,
        few_flips=FEW_FLIPS,
        version=result.audit.provenance.get("rai", ""),
    )  # fmt: skip


def _key_facts(facts: GateFacts) -> tuple[tuple[str, str], ...]:
    return (("gate", facts.status), *((status, f"{count:,}") for status, count in facts.counts))
