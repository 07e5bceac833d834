"""The worksheet: questions about the data that only a person can answer, kept with the audit.

Worksheet() ── answer("selection.1", "…", by="Ada") ──▶ Worksheet ── save ──▶ JSON
                                                                 └─ to_markdown, reports
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from rai.explore.worksheet_questions import QUESTIONS, Question
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.formatting import readable
from rai.ground.records import RecordTuple
from rai.ground.saved import Saved

FORMAT, VERSION = "rai-worksheet", 1

_SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="worksheet",
    parts="questions",
    again="Save the worksheet again.",
    most_megabytes=16,
)


class Worksheet(RecordTuple[Question]):
    """Questions on reporting, selection, interaction, latent, confirmation and automation bias.

    No statistic answers them. Answers are kept with who gave them and when, and go into the reports.

    Args:
        questions: The questions; those of rai without answers if None.

    Raises:
        ArgumentError: If something is no question, or two have one id.

    Example:
        >>> blank = Worksheet()
        >>> ours = blank.answer("selection.1", "Tenants: the bank asked owners only.", by="Ada")
        >>> len(blank.unanswered) - len(ours.unanswered), ours.question("selection.1").by
        (1, 'Ada')
    """

    __slots__ = ()

    def __new__(cls, questions: Any = None) -> Self:
        """The questions, checked."""
        given = QUESTIONS if questions is None else questions
        if not isinstance(given, Iterable) or isinstance(given, str):
            raise ArgumentError(sentence("worksheet", in_short(given), expected="questions"))
        held = tuple(given)
        ids = set[str]()
        for question in held:
            if not isinstance(question, Question):
                raise ArgumentError(sentence("worksheet", in_short(question), expected="a question"))
            if question.id in ids:
                raise ArgumentError(
                    sentence("worksheet", f"{question.id!r} twice", expected="each id once")
                )
            ids.add(question.id)
        return super().__new__(cls, held)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions without an answer."""
        return tuple(question for question in self if question.answer is None)

    def question(self, question_id: str) -> Question:
        """The question of an id.

        Raises:
            ArgumentError: If there is none.
        """
        held = {question.id: question for question in self}
        check_choice(question_id, tuple(held), where="worksheet")
        return held[question_id]

    def answer(
        self,
        question_id: str,
        answer: str,
        *,
        by: str | None = None,
        on: str | date | None = None,
    ) -> Worksheet:
        """The worksheet with a question answered; an earlier answer gives way.

        Args:
            question_id: The question, such as `selection.1`.
            answer: What is known; write "not known" where that is so.
            by: Who says so.
            on: The day, a date or ISO text.

        Raises:
            ArgumentError: If there is no such question, or the answer is empty.
        """
        if not isinstance(answer, str):  # None would take the answer away
            where = f"question {question_id!r}"
            raise ArgumentError(sentence(where, f"answer {in_short(answer)}", expected="text"))
        day = on.isoformat()[:10] if isinstance(on, date) else on
        answered = replace(self.question(question_id), answer=answer, by=by, on=day)
        return Worksheet(answered if question.id == question_id else question for question in self)

    def to_markdown(self) -> str:
        """The worksheet for reading: a heading for each bias, each question with its answer."""
        blocks = [f"# Worksheet\n\n{self._count()}"]
        for bias in dict.fromkeys(question.bias for question in self):
            blocks.append(f"## {_heading(bias)}")
            blocks += [_block(question) for question in self if question.bias == bias]
        return "\n\n".join(blocks) + "\n"

    def save(self, path: str | Path) -> Path:
        """Write it as JSON that a person can read and edit, whole or not at all."""
        return _SAVED.write(path, {"questions": self.to_dicts()})

    @classmethod
    def load(cls, path: str | Path) -> Worksheet:
        """Read what `save` wrote.

        Raises:
            DataError: If the file can't be read, is no worksheet, or its questions don't fit together.
        """
        return _SAVED.read(path, _from_plain)

    def to_dict(self) -> dict[str, Any]:
        """The worksheet as data for JSON: what `save` writes."""
        return _SAVED.headed({"questions": self.to_dicts()})

    @classmethod
    def from_dict(cls, plain: Any) -> Worksheet:
        """The worksheet from such data.

        Raises:
            DataError: If it is no worksheet, or its questions don't fit together.

        Example:
            >>> ours = Worksheet().answer("selection.1", "Tenants.")
            >>> Worksheet.from_dict(ours.to_dict()) == ours
            True
        """
        return _SAVED.taken(plain, _from_plain)

    def __repr__(self) -> str:
        return f"Worksheet({self._count()})\n{self}"

    def __str__(self) -> str:
        return "\n".join(_line(question) for question in self)

    def _count(self) -> str:
        return f"{len(self) - len(self.unanswered)} of {len(self)} answered"


def _from_plain(plain: Mapping[str, Any]) -> Worksheet:
    return Worksheet(Question(**question) for question in plain["questions"])


def _heading(bias: str) -> str:
    return f"{_escaped(readable(bias)).capitalize()} bias"


def _block(question: Question) -> str:
    """A question, what to look at and the answer, in Markdown."""
    look_at = f"\n\nLook at: {_escaped(question.look_at)}" if question.look_at else ""
    answer = question.answer if question.answer is not None else "(not answered)"
    lines = [_escaped(line) for line in answer.splitlines()]
    lines += ["", f"— {_escaped(_who(question))}"] if _who(question) else []
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"**{_escaped(question.id)}** {_escaped(question.question)}{look_at}\n\n{quoted}"


def _line(question: Question) -> str:
    if question.answer is None:
        return f"[ ] {question.id}  {question.question}"
    who = f" ({_who(question)})" if _who(question) else ""
    return f"[x] {question.id}  {question.question}\n    {' '.join(question.answer.split())}{who}"


def _who(question: Question) -> str:
    return ", ".join(part for part in (question.by, question.on) if part)


def _escaped(text: str) -> str:
    """Text that Markdown takes as it is."""
    plain = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*_[]#|" else letter for letter in plain)
