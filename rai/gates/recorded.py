"""Answers of rules that read rows, as data: what was asked at which error, and what was said.

With them a verdict can be made again from evidence, without the rows. A rule that reads counts only is
asked again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from rai.gates.answers import Answer, Answered, Bound, Question, Subject
from rai.gates.power import Power
from rai.ground.errors import DataError, sentence

Record = dict[str, Any]

_SUBJECT = tuple(Subject.__dataclass_fields__)
_ANSWERED = ("status", "code", "reason", "value", "limit", "rows_needed")


def remembering(question: Question) -> tuple[Question, Record]:
    """The question, and a record that grows as it is asked."""
    asked: list[Record] = []
    record: Record = {
        "subject": _plain_subject(question.subject),
        "limit": question.limit,
        "worse": question.worse,
        "unacceptable": question.unacceptable,
        "power": _plain_power(question.power()),
        "asked": asked,
    }
    known: dict[float, Bound] = {}

    def ask(error: float) -> Bound:
        if error not in known:
            known[error] = question.ask(error)
            asked.append({"error": error, **known[error]._asdict()})
            asked.sort(key=lambda row: float(row["error"]))
        return known[error]

    return replace(question, ask=ask), record


def record_of(answer: Answered) -> Record:
    """An answer that needed no bounds, as a record."""
    return {
        "subject": _plain_subject(answer.subject),
        **{name: getattr(answer, name) for name in _ANSWERED},
    }


def replayed(record: Mapping[str, Any]) -> Answer:
    """The answer that a record holds.

    Raises:
        KeyError, TypeError, ValueError: If it is no record.
    """
    fields = {name: record["subject"][name] for name in _SUBJECT}
    subject = Subject(**{**fields, "within": tuple(tuple(pair) for pair in fields["within"])})
    if "asked" not in record:
        return Answered(subject=subject, read=True, **{name: record[name] for name in _ANSWERED})
    known = {
        float(row["error"]): Bound(*(row[name] for name in Bound._fields)) for row in record["asked"]
    }

    def ask(error: float) -> Bound:
        if error not in known:
            seen = f"no bounds at the error {error:g}"
            raise DataError(sentence("evidence", seen, expected="all that the verdicts rest on"))
        return known[error]

    return Question(
        subject=subject, ask=ask, limit=float(record["limit"]), worse=record["worse"],
        unacceptable=record["unacceptable"], power=lambda: _power(record["power"]), read=True,
    )  # fmt: skip


def replayed_of(asked: Sequence[Mapping[str, Any]], rule: str) -> Iterator[Answer]:
    """The answers of one rule, in their order."""
    return (replayed(record) for record in asked if record["rule"] == rule)


def _plain_power(power: Power | None) -> Record | None:
    if power is None:
        return None
    held = asdict(power)
    return {name: None if held[name] != held[name] else held[name] for name in held}  # NaN


def _power(record: Record | None) -> Power | None:
    if record is None:
        return None
    fields: dict[str, Any] = {n: math.nan if held is None else held for n, held in record.items()}
    return Power(**fields)


def _plain_subject(subject: Subject) -> Record:
    return {name: getattr(subject, name) for name in _SUBJECT}
