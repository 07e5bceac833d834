"""Tables beside a profile: proxies of sensitive features, candidates for them, and the worksheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rai.ground.formatting import UNDEFINED, Cell, counted, readable
from rai.ground.records import Row
from rai.reports.data_facts import DataFacts
from rai.reports.distance_rows import DrawnTable, drawn_row, known
from rai.reports.scales import Scale
from rai.reports.words import capital, clean, figure, name

MOST_ROWS = 60

# What a measure says where there is nothing to predict with, and its scale.
AUC = Scale(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0))
_NOTHING = {"roc_auc": 0.5, "auc": 0.5}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may name groups of people, and why."""

    feature: str
    anchor: str
    category: str
    by: str
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the worksheet, and what was answered, by whom and when; empty for not yet."""

    bias: str
    question: str
    look_at: str
    answer: str
    who: str


def proxy_tables(facts: DataFacts, anchors: dict[str, str]) -> tuple[tuple[str, DrawnTable], ...]:
    """Sensitive feature to how well each other predicts it, the best first."""
    held: dict[tuple[str, str], list[Row]] = {}
    for row in facts.proxies or ():
        held.setdefault((str(row["sensitive_feature"]), str(row["measure"])), []).append(row)
    return tuple(
        (clean(sensitive), _proxies(rows, measure, anchors))
        for (sensitive, measure), rows in held.items()
    )


def candidates(facts: DataFacts, anchors: dict[str, str]) -> tuple[Candidate, ...]:
    """Columns that may be sensitive."""
    return tuple(
        Candidate(
            feature=clean(row["feature"]),
            anchor=anchors.get(str(row["feature"]), ""),
            category=readable(str(row["category"])),
            by=readable(str(row.get("by") or "")),
            reason=clean(row["reason"], most=600),
            confidence=_confidence(row.get("confidence")),
        )
        for row in facts.candidates or ()
    )


def questions(worksheet: Sequence[Row] | None) -> tuple[Question, ...]:
    """The worksheet."""
    return tuple(
        Question(
            bias=capital(readable(str(row["bias"]))),
            question=clean(row["question"], most=2000),
            look_at=clean(row.get("look_at") or "", most=600),
            answer=clean(row["answer"] or "", most=4000),
            who=", ".join(clean(row[key], most=80) for key in ("by", "on") if row.get(key)),
        )
        for row in worksheet or ()
    )


def told_answers(asked: Sequence[Question]) -> str:
    """How many questions have an answer."""
    return f"{sum(bool(q.answer) for q in asked)} of {counted(len(asked), 'question')} answered."


def _proxies(rows: list[Row], measure: str, anchors: dict[str, str]) -> DrawnTable:
    nothing = _NOTHING.get(measure, 0.0)
    extra = [
        k
        for k in ("contribution", "mutual_information", "cramers_v")
        if any(r.get(k) is not None for r in rows)
    ]
    ranked = sorted(rows, key=lambda row: -_size(row["value"]))
    made = [
        drawn_row(
            row, AUC,
            name=clean(row["feature"]),
            anchor=anchors.get(str(row["feature"]), ""),
            versus="" if row.get("group") is None else f"for {clean(row['group'], most=60)}",
            others=tuple(figure(known(row.get(key))) for key in extra),
            sure=(known(row.get("low")) or 0.0) > nothing,
        )
        for row in ranked[:MOST_ROWS]
    ]  # fmt: skip
    return DrawnTable(
        name(measure),
        tuple(name(key) for key in extra),
        tuple(made),
        AUC,
        AUC.at(nothing),
        max(len(rows) - MOST_ROWS, 0),
    )


def _size(value: Cell) -> float:
    number = known(value)
    return -1.0 if number is None else number


def _confidence(value: Cell) -> str:
    number = known(value)
    return clean(value) if isinstance(value, str) else UNDEFINED if number is None else figure(number)
