"""A gate's result as texts, laid out once: the terminal, Markdown and the page show the same.

GateResult ──▶ GateFacts: headline · rules with their rows · flips · notes · packs · provenance
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rai.gates.outputs.saying import policy_name, provisos
from rai.gates.results import GateResult
from rai.gates.rules.fields import Limited
from rai.ground.formatting import counted, figure, metric_name
from rai.reports.words import bounds, clean, percent
from rai.values.differences import Flip
from rai.values.verdict import EFFECTS, STATUSES, Verdict, Verdicts

# A sign beside each word, so that colour is never needed.
SIGNS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "error": "!", "waived": "○"}
EFFECT_WORDS = {
    "error": "stops the gate",
    "fail": "stops the gate",
    "inconclusive": "stops the gate",
    "warn": "only a warning",
    "none": "",
}
_MOST = 120  # letters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Places on a rule's scale in percent; None where there is none."""

    value: float | None
    low: float | None
    high: float | None
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """One verdict as text.

    Args:
        sign, status, effect: The verdict, and what it does to the gate.
        subject: What of the rule it is about.
        metric: What was judged.
        value, bounds, limit: The numbers; empty where there are none.
        n: Rows of the smallest group, with its name where that is another one.
        reason: Why, in words.
        needs: What more rows would do; empty where that is no question of rows.
        waiver: Who answers for it.
        drawn: Where its numbers lie on the rule's scale; None where there are none.
    """

    sign: str
    status: str
    effect: str
    subject: str
    metric: str
    value: str
    bounds: str
    limit: str
    n: str
    reason: str
    needs: str
    waiver: str
    drawn: Drawn | None

    @property
    def remark(self) -> str:
        """That it did not pass, and does not stop the gate; empty otherwise."""
        return self.effect if self.effect.startswith("only") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBlock:
    """One rule with its verdicts, the worst first.

    Args:
        id, kind, title, words: The rule.
        anchor: Its place on a page.
        status, sign: The worst of its verdicts.
        rows: Its verdicts.
        line: Where it stands in the policy; empty without a file.
        tags: Its tags, in one line.
    """

    id: str
    anchor: str
    kind: str
    title: str
    words: str
    status: str
    sign: str
    rows: tuple[VerdictRow, ...]
    line: str
    tags: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """All that is shown of a gate.

    Args:
        title, headline, status: The policy's name and the gate's answer.
        meaning: What the answer means, in a sentence.
        counts: Status to how many, the worst first.
        rules: The rules, those that stop the gate first.
        flips: Who is decided otherwise than by the baseline, as rows of text.
        notes: What to mind.
        packs: Clause, date and disclaimer of the policy and of what it extends.
        method: How verdicts are made.
        provenance: Names and texts: digests, rows, versions.
    """

    title: str
    headline: str
    status: str
    meaning: str
    counts: tuple[tuple[str, int], ...]
    rules: tuple[RuleBlock, ...]
    flips: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    packs: tuple[str, ...]
    method: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """What tells whether a policy, a pack or data are the same."""
        return tuple(pair for pair in self.provenance if pair[0].endswith(("SHA-256", "fingerprint")))

    @property
    def stopping(self) -> tuple[tuple[RuleBlock, VerdictRow], ...]:
        """What stops the gate."""
        return tuple(
            (rule, row) for rule in self.rules for row in rule.rows if row.effect.startswith("stops")
        )


FLIP_HEADS = ("along", "group", "baseline", "candidate", "rows", "share", "of")

_MEANINGS = {
    "fail": "A limit is broken.",
    "inconclusive": "No limit is shown to be broken, but not every one is shown to be kept.",
    "error": "The policy could not be put to the model as it stands.",
}
ALL_KEPT = "Every limit that the policy holds the model to is shown to be kept."
NOTHING_LOUD = "Nothing that the policy must not miss was found."
SOME_ARE_QUIET = "Nothing stops the gate, but not every verdict is a pass."
DOUBT_FAILS = "No limit is shown to be broken, but the policy takes doubt for a failure."


def gate_facts(result: GateResult) -> GateFacts:
    """A result as texts.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 2}
        >>> facts = gate_facts(rai.gate(found, {"version": 1, "rules": [rule]}))
        >>> facts.headline, facts.rules[0].rows[0].reason
        ('Gate failed: 2 verdicts, 2 fail', '1 row; at least 2 asked for')
    """
    counts = result.verdicts.counts
    blocks = [block for rule in result.policy.rules for block in _blocks(result, rule.id)]
    worst = {block.id: _rank(result, block.id) for block in blocks}
    return GateFacts(
        title=policy_name(result),
        headline=result.headline,
        status=result.status,
        meaning=_meaning(result),
        counts=tuple((status, counts[status]) for status in STATUSES if counts[status]),
        rules=tuple(sorted(blocks, key=lambda block: worst[block.id])),
        flips=tuple(_flip(flip) for flip in result.flips),
        notes=tuple(clean(note, most=400) for note in result.notes),
        packs=tuple(provisos(result)),
        method=_method(result),
        provenance=tuple(_provenance(result)),
    )


def _meaning(result: GateResult) -> str:
    """What the answer means: no more than what the verdicts show."""
    if result.status == "pass":
        if len(result.verdicts.of("pass")) < len(result.verdicts):
            return SOME_ARE_QUIET
        detects = any(verdict.claim == "detect" for verdict in result.verdicts)
        return NOTHING_LOUD if detects else ALL_KEPT
    if result.status == "fail" and not any(v.effect == "fail" for v in result.verdicts.of("fail")):
        return DOUBT_FAILS
    return _MEANINGS[result.status]


def _rank(result: GateResult, rule: str) -> tuple[int, int]:
    verdicts = [verdict for verdict in result.verdicts if verdict.rule == rule]
    ranks = [(EFFECTS.index(v.effect), STATUSES.index(v.status)) for v in verdicts]
    return min(ranks, default=(len(EFFECTS), 0))


def _blocks(result: GateResult, name: str) -> Iterator[RuleBlock]:
    rule = result.policy.rule(name)
    verdicts = Verdicts.worst_first(v for v in result.verdicts if v.rule == name)
    places = _places(verdicts)
    worst = verdicts[0].status if verdicts else ""
    line = result.source.lines.get(name)
    yield RuleBlock(
        id=clean(rule.id, most=_MOST),
        anchor=f"rule-{[each.id for each in result.policy.rules].index(name)}",
        kind=rule.kind,
        title=clean(rule.title),
        words=clean(rule.words, most=400),
        status=worst or "not asked",
        sign=SIGNS.get(worst, "–"),
        rows=tuple(_row(v, drawn) for v, drawn in zip(verdicts, places, strict=True)),
        line=f"{clean(result.source.path)}, line {line}" if line and result.source.path else "",
        tags=", ".join(clean(tag) for tag in rule.tags),
    )


def _row(verdict: Verdict, drawn: Drawn | None) -> VerdictRow:
    whole = verdict.value is not None and verdict.value == verdict.n
    value = "" if verdict.value is None else f"{verdict.value:,.0f}" if whole else figure(verdict.value)
    limit = verdict.limit
    return VerdictRow(
        sign=SIGNS[verdict.status],
        status=verdict.status,
        effect=_effect(verdict),
        subject=clean(verdict.subject, most=_MOST) or "everyone",
        metric="" if verdict.metric is None else metric_name(verdict.metric),
        value=value,
        bounds=bounds(verdict.low, verdict.high),
        limit="" if limit is None else f"{limit:,.0f}" if whole else figure(limit),
        n=_rows(verdict),
        reason=clean(verdict.reason, most=600),
        needs=_needs(verdict),
        waiver=clean(verdict.waiver, most=400),
        drawn=drawn,
    )


def _effect(verdict: Verdict) -> str:
    quiet = verdict.effect == "none" and verdict.status in {"fail", "inconclusive"}
    return "only a note" if quiet else EFFECT_WORDS[verdict.effect]


def _rows(verdict: Verdict) -> str:
    if verdict.n is None:
        return ""
    who = clean(verdict.smallest, most=_MOST) if verdict.smallest else ""
    return (
        f"{verdict.n:,} ({who})"
        if who and who != verdict.group and verdict.group is None
        else f"{verdict.n:,}"
    )


def _needs(verdict: Verdict) -> str:
    """What a verdict would take, and what the rows could have shown."""
    parts = []
    if verdict.status == "inconclusive" and verdict.rows_needed:
        who = f" of {clean(verdict.smallest, most=_MOST)}" if verdict.smallest else ""
        has = "" if verdict.n is None else f" (has {verdict.n:,})"
        parts.append(f"needs about {counted(verdict.rows_needed, 'row')}{who}{has}")
    if verdict.detectable is not None:
        least = "more" if (verdict.detectable >= (verdict.limit or 0)) else "less"
        parts.append(f"{figure(verdict.detectable)} or {least} would have been shown")
    return "; ".join(parts)


def _places(verdicts: Sequence[Verdict]) -> list[Drawn | None]:
    """Where the numbers of a rule's verdicts lie, all on one scale."""
    numbers = [
        x
        for v in verdicts
        if v.low is not None or v.high is not None
        for x in (v.value, v.low, v.high, v.limit)
        if x is not None and math.isfinite(x)
    ]
    if not numbers:
        return [None] * len(verdicts)
    least, most = min(numbers), max(numbers)
    room = (most - least) * 0.04 or abs(most) * 0.04 or 1.0
    least, most = least - room, most + room

    def place(x: float | None) -> float | None:
        return (
            None if x is None or not math.isfinite(x) else round(100 * (x - least) / (most - least), 2)
        )

    return [
        None
        if v.limit is None or (v.low is None and v.high is None)
        else Drawn(
            value=place(v.value), low=place(v.low), high=place(v.high), limit=place(v.limit) or 0.0
        )
        for v in verdicts
    ]


def _flip(flip: Flip) -> tuple[str, ...]:
    held = dict(flip.group)
    return (
        clean(held["along"], most=_MOST),
        clean(held["group"], most=_MOST),
        clean(flip.was, most=_MOST),
        clean(flip.becomes, most=_MOST),
        "–" if flip.numerator is None else f"{flip.numerator:,.0f}",
        f"{figure(flip.value)} {bounds(flip.low, flip.high)}".strip(),
        f"{flip.n:,}",
    )


DECIDING = (
    "The bounds in brackets decide, not the value: a verdict passes if the bound on the far side keeps "
    "the limit, fails if the bound on the near side breaks it, and is inconclusive otherwise."
)
MADE = (
    "Bounds are one-sided. Of a proportion they are exact (Clopper and Pearson); of a difference or "
    "ratio of groups they are made from exact ones (MOVER, Koopman), and hold for all pairs of groups "
    "together where a limit is to be broken. Two models on the same rows are compared as pairs."
)
RATES = (
    "The chance of any wrong fail over all rules and groups is at most {} (Holm), and so is the chance "
    "that the gate passes although a limit is broken. Rows are taken to be independent. Bounds of "
    "fails are adjusted for how many verdicts there are; those of passes need not be, as the gate "
    "passes only if every rule does."
)
FLIPPED = "Intervals of decisions that changed are two-sided, by Wilson, each for itself."


def _method(result: GateResult) -> tuple[str, ...]:
    levels = {rule.level for rule in result.policy.rules if isinstance(rule, Limited)}
    errors = " or ".join(percent(round(1 - level, 12)) for level in sorted(levels))
    told = (DECIDING, MADE, RATES.format(errors)) if errors else (DECIDING, MADE)
    return (*told, FLIPPED) if result.flips else told


def _provenance(result: GateResult) -> Iterator[tuple[str, str]]:
    held = result.audit.provenance
    yield "policy", clean(result.source.path) or "made in Python"
    yield "policy, SHA-256", result.source.digest
    for part in result.source.extended:
        yield f"extends {clean(part.name)}, SHA-256", part.digest
    yield "rows audited", f"{result.audit.rows:,}"
    for reason, rows in result.audit.dropped.items():
        yield f"not counted: {clean(reason)}", f"{rows:,}"
    yield "groups", ", ".join(clean(name) for name in result.audit.roles.sensitive_features) or "–"
    if held.get("fingerprint"):
        yield "data, fingerprint", clean(held["fingerprint"])
    if result.baseline is not None:
        what = "on the same rows" if result.paired else "on other rows"
        yield "baseline", f"{clean(result.paired or 'an audit', most=_MOST)}, {what}"
    for name, fact in result.facts.items():
        yield clean(name), clean(fact)
    if held.get("rai"):
        yield "rai", str(held["rai"])
