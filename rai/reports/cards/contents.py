"""A model card as one value: what people say, what was measured, what the gate said.

    GateResult ─▶ numbers, tables, verdicts ─┐
    card.yaml  ─▶ words ─────────────────────┴▶ Card ─▶ Markdown, HTML, JSON, …

Numbers come from the result and never from the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rai.audits import Audit
from rai.gates.results import GateResult
from rai.ground.formatting import TIMES, metric_name
from rai.ground.version import VERSION
from rai.reports.cards.human_words import Words, read_words
from rai.reports.facts import Facts, label_of
from rai.reports.gate_facts import GateFacts, gate_facts
from rai.reports.group_tables import GroupTable, group_tables
from rai.reports.methods import CHANCE, VERDICTS, Definition, definitions, method
from rai.reports.page import lead
from rai.reports.words import bounds, clean, figure, percent
from rai.values import Estimate, Gap, Gaps

UNNAMED = "unnamed model"
LONGEST_NAME = 200
LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric of some rows.

    Args:
        metric: Its name.
        label: The class it is about; empty without classes.
        value, low, high: The number and its interval; None where undefined.
        note: Why it is undefined, or what to mind.
    """

    metric: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The metrics of one group, or of everyone.

    Args:
        group: (axis, level) pairs; empty for everyone.
        n: Its rows.
        measured: Its metrics.
    """

    group: tuple[tuple[str, str], ...]
    n: int
    measured: tuple[Measured, ...]

    @property
    def name(self) -> str:
        """The group for reading and for programs, as in `sex=F, race=Black`; empty for everyone.

        Example:
            >>> Slice(group=(("sex", "F"), ("race", "Black")), n=40, measured=()).name
            'sex=F, race=Black'
        """
        return ", ".join(f"{axis}={level}" for axis, level in self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How far apart the groups are in one criterion.

    Args:
        along: What splits the rows.
        highest, lowest: The groups that are furthest apart; empty where undefined.
        n: Rows in the compared groups.
        measured: The gap.
    """

    along: str
    highest: str
    lowest: str
    n: int
    measured: Measured

    @property
    def cells(self) -> tuple[str, ...]:
        """The gap as texts, for a table under `APART_HEADS`."""
        found = self.measured
        value = f"{figure(found.value)} {bounds(found.low, found.high)}".rstrip()
        criterion = metric_name(found.metric) + (f" ({found.label})" if found.label else "")
        return criterion, self.along, self.highest, self.lowest, value, f"{self.n:,}", found.note


APART_HEADS = ("criterion", "by", "highest", "lowest", "difference", "n", "to mind")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Card:
    """A model card, ready for any format.

    Args:
        name: What the model is called.
        words: What people say.
        missing: What nobody has written yet.
        gate: What the gate said, as texts.
        task: `binary`, `multiclass` or `regression`.
        lead: What was audited, in a sentence or two.
        rows: Rows counted.
        dropped: Reason to rows that could not be counted.
        features: Columns that name groups of people.
        fingerprint: That of the rows; empty where there is none.
        facts: What else the verdicts rest on: digests of the model and of other data.
        level: Coverage of every interval.
        slices: Metrics of everyone, then of each group.
        gaps: How far apart the groups are.
        tables: Metrics of groups as texts.
        metrics: What was measured, and how it is defined.
        method: How intervals were made.
        version: The version of rai that made the card.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> made = card(rai.gate(found, {"version": 1, "rules": [rule]}), model_name="loans")
        >>> made.name, made.passed, [each.name for each in made.slices]
        ('loans', True, ['', 'sex=F', 'sex=M'])
    """

    name: str
    words: Words
    missing: tuple[str, ...]
    gate: GateFacts
    task: str
    lead: str
    rows: int
    dropped: Mapping[str, int]
    features: tuple[str, ...]
    fingerprint: str
    facts: Mapping[str, str]
    level: float
    slices: tuple[Slice, ...]
    gaps: tuple[Apart, ...]
    tables: tuple[GroupTable, ...]
    metrics: tuple[Definition, ...]
    method: tuple[str, ...]
    version: str

    @property
    def passed(self) -> bool:
        """Whether the gate passed."""
        return self.gate.status == "pass"

    @property
    def answer(self) -> str:
        """What the gate said, in one sentence that stands alone."""
        warned = "" if self.passed else "This model did not pass its fairness gate. "
        return f"{warned}{self.gate.headline}. {self.gate.meaning}"


def card(
    result: GateResult,
    *,
    words: str | Path | Mapping[str, Any] | None = None,
    model_name: str | None = None,
) -> Card:
    """A model card: numbers from a gate's result, and what people say.

    Args:
        result: What a gate answered.
        words: A YAML file of what people say, or the same data; what is not said is told as missing.
        model_name: What the model is called; that of `words` if None.

    Raises:
        PolicyError: If the words can't be read, or hold what no card has.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> card(result, words={"name": "loans", "overview": "Ranks loans."}).missing[:2]
        ('owners', 'version')
    """
    said, audit = read_words(words), result.audit
    name = clean(model_name or said.name, most=LONGEST_NAME)
    facts = _facts(audit)
    return Card(
        name=name or UNNAMED,
        words=said,
        missing=(*(() if name else ("name",)), *said.missing),
        gate=_gate(result),
        task=audit.task,
        lead=lead(facts),
        rows=audit.rows,
        dropped={clean(reason): rows for reason, rows in audit.dropped.items()},
        features=tuple(_name(feature) for feature in audit.roles.sensitive_features),
        fingerprint=clean(audit.provenance.get("fingerprint", ""), most=LONGEST_NOTE),
        facts={clean(name): clean(fact) for name, fact in result.facts.items()},
        level=audit.level,
        slices=tuple(_slices(facts)),
        gaps=tuple(_apart(gap, audit) for gap in facts.gaps),
        tables=tuple(table for along in facts.comparisons for table in group_tables(facts, along)),
        metrics=definitions(facts),
        method=_method(facts),
        version=VERSION,
    )


def _gate(result: GateResult) -> GateFacts:
    """What the gate said, with the version that makes the card: evidence does not hold another one."""
    found = gate_facts(result)
    sources = [pair for pair in found.provenance if pair[0] != "rai"]
    return replace(found, provenance=(*sources, ("rai", VERSION)))


def _facts(audit: Audit) -> Facts:
    """What a card asks of an audit."""
    return Facts(
        audit=audit,
        gaps=audit.gaps(),
        ratios=Gaps(),
        overall=audit.metrics(by=()),
        groups={TIMES.join(axes): audit.metrics(by=axes) for axes in audit.comparisons},
        surest={},
        thin=(),
        held_fixed=(),
    )


def _method(facts: Facts) -> tuple[str, ...]:
    """How intervals were made; a card shows neither p-values nor what chance would give."""
    audit = facts.audit
    unused = VERDICTS.format(missed=percent(1 - audit.level)), CHANCE.format(seed=audit.seed)
    return tuple(text for text in method(facts) if text not in unused)


def _slices(facts: Facts) -> Iterator[Slice]:
    """Everyone, then the groups of each comparison in their canonical order."""
    for estimates in (facts.overall, *facts.groups.values()):
        by_group: dict[tuple[tuple[str, Any], ...], list[Estimate]] = {}
        classes = facts.audit.task == "multiclass"
        for estimate in estimates:
            by_group.setdefault(estimate.group[1:] if classes else estimate.group, []).append(estimate)
        for group, found in by_group.items():
            yield Slice(
                group=tuple((_name(axis), _name(level)) for axis, level in group),
                n=found[0].n,
                measured=tuple(_measured(each, facts.audit) for each in found),
            )


def _measured(found: Estimate | Gap, audit: Audit) -> Measured:
    label = label_of(found, audit)
    return Measured(
        metric=found.metric,
        label="" if label is None else _name(label),
        value=found.value,
        low=found.low,
        high=found.high,
        note=clean(found.note, most=LONGEST_NOTE),
    )


def _apart(gap: Gap, audit: Audit) -> Apart:
    return Apart(
        along=_name(gap.along),
        highest=_name(gap.highest or ""),
        lowest=_name(gap.lowest or ""),
        n=gap.n,
        measured=_measured(gap, audit),
    )


def _name(held: object) -> str:
    return clean(held, most=LONGEST_NAME)


__all__ = ["APART_HEADS", "Apart", "Card", "Measured", "Slice", "card"]
