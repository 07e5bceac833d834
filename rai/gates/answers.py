"""What a rule makes of a case: questions that bounds decide, and answers that need none.

Question   ask(error) ──▶ Bound: one-sided bounds, each wrong at most that often
Answered   a status at once: a group that is absent, too few rows, a check that passed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rai.gates.power import Power
from rai.ground.formatting import counted
from rai.values import Level
from rai.values.verdict import Status

Worse = Literal["higher", "lower"]


class Bound(NamedTuple):
    """A value with one-sided bounds; None where there is none.

    Attributes:
        value: What was seen.
        low, high: Lower and upper bound.
        note: Why something is undefined, or what to mind.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What of a rule a verdict is about; the fields mean what they mean in `Verdict`."""

    metric: str | None = None
    along: str | None = None
    group: str | None = None
    within: tuple[tuple[str, Level], ...] = ()
    n: int | None = None
    smallest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One quantity against one limit.

    Args:
        subject: What it is about.
        ask: From a chance of error to bounds: the one towards the limit's good side holds for this
            quantity, the other for all comparisons that it is the worst of.
        limit: The last value that is allowed.
        worse: Which way is worse.
        unacceptable: For a claim to `detect`: the first value that must not go unnoticed.
        power: What the number of rows can show; None where that is unknown.
        read: Whether rows were read for it, so that it can't be asked again without them.
    """

    subject: Subject
    ask: Callable[[float], Bound]
    limit: float
    worse: Worse
    unacceptable: float | None = None
    power: Callable[[], Power | None] = field(default=lambda: None)
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known without bounds.

    Args:
        subject: What it is about.
        status: `pass`, `fail`, `inconclusive` or `error`.
        code: Why, as one stable word.
        reason: Why, in words.
        value, limit: What was compared, where something was.
        rows_needed: Rows that the group would need, where rows are lacking.
        read: Whether rows were read for it.
    """

    subject: Subject
    status: Status
    code: str
    reason: str
    value: float | None = None
    limit: float | None = None
    rows_needed: int | None = None
    read: bool = False


Answer = Question | Answered


def undefined(subject: Subject, note: str) -> Answered:
    """A quantity without a value: never a pass.

    Example:
        >>> undefined(Subject(group="F"), "undefined: no rows with a positive label (n=9)").reason
        'no rows with a positive label (n=9)'
    """
    reason = note.removeprefix("undefined: ") or "it has no value"
    return Answered(subject=subject, status="inconclusive", code="undefined", reason=reason)


def too_few(subject: Subject, least: int) -> Answered:
    """Fewer rows than the policy asks for: never a pass.

    Example:
        >>> too_few(Subject(group="F", n=9), 30).reason
        '9 rows; the policy asks for 30'
    """
    reason = f"{counted(subject.n or 0, 'row')}; the policy asks for {least:,}"
    return Answered(
        subject=subject, status="inconclusive", code="too_few_rows", reason=reason, rows_needed=least
    )
