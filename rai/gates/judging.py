"""From questions to verdicts: which limits are shown to be broken, and which to be kept.

    fail          the near bound breaks the limit, at a share of the error that Holm leaves it
    pass          the far bound keeps the limit, at the whole error
    inconclusive  neither

Failing is a claim about each of many rules and groups, so a fair model could fail somewhere by chance
alone: Holm's procedure keeps the chance of any wrong fail within the error. It needs no p-values: all
questions are asked at error / m, those that fail are set aside, and the others asked again at their
larger share, until nothing new fails. A gate passes only if every rule does, so each pass may use the
whole error, and the chance that a gate passes in spite of a broken limit is within it (an
intersection-union test).

A claim to `detect` passes at a looser limit. There a limit may be shown to be broken at the whole error
and not at Holm's share of it: that is inconclusive, so that no rule passes for being one of many.

Source: Holm (1979), Scandinavian Journal of Statistics 6:65; Berger (1982),
doi:10.1080/00401706.1982.10487790.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rai.gates.answers import Bound, Question
from rai.gates.power import Power
from rai.ground.formatting import figure
from rai.values.verdict import Status

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What bounds say about a question; the fields mean what they mean in `Verdict`."""

    status: Status
    code: str
    reason: str
    value: float | None
    low: float | None
    high: float | None
    error: float
    rows_needed: int | None = None
    detectable: float | None = None


def judged(questions: Sequence[Question], errors: Sequence[float]) -> list[Judgement]:
    """A judgement of each question, all of them one family.

    Args:
        questions: The questions.
        errors: The chance of error that each has.
    """
    failing = _failing(questions, errors)
    share = max(len(questions) - len(failing), 1)
    return [
        _judgement(question, error, failing.get(place, error / share), fails=place in failing)
        for place, (question, error) in enumerate(zip(questions, errors, strict=True))
    ]


def _failing(questions: Sequence[Question], errors: Sequence[float]) -> dict[int, float]:
    """Holm's procedure: the questions whose limit is broken, with the error each was asked at."""
    failing: dict[int, float] = {}
    while len(failing) < len(questions):
        share = len(questions) - len(failing)
        found = {
            place: error / share
            for place, (question, error) in enumerate(zip(questions, errors, strict=True))
            if place not in failing and _breaks(question, question.ask(error / share))
        }
        if not found:
            break
        failing |= found
    return failing


def _judgement(question: Question, error: float, near_error: float, *, fails: bool) -> Judgement:
    near, far = question.ask(near_error), question.ask(error)
    higher = question.worse == "higher"
    low, high = (near.low, far.high) if higher else (far.low, near.high)
    seen = Bound(far.value, low, high, far.note)
    keeps = not fails and _keeps(question, seen) and not _breaks(question, far)
    status: Status = "fail" if fails else "pass" if keeps else "inconclusive"
    code, reason = _told(question, seen, status)
    power = question.power() if status == "inconclusive" else None
    return Judgement(
        status=status, code=code, reason=reason, value=seen.value, low=low, high=high, error=near_error,
        rows_needed=None if power is None else power.rows_needed(error),
        detectable=None if power is None else _sensible(power, power.detectable(near_error)),
    )  # fmt: skip


def _breaks(question: Question, bound: Bound) -> bool:
    near = bound.low if question.worse == "higher" else bound.high
    return near is not None and _beyond(question, near, question.limit)


def _keeps(question: Question, bound: Bound) -> bool:
    far = bound.high if question.worse == "higher" else bound.low
    limit = question.limit if question.unacceptable is None else question.unacceptable
    return bound.value is not None and far is not None and not _beyond(question, far, limit)


def _beyond(question: Question, number: float, limit: float) -> bool:
    over = number - limit if question.worse == "higher" else limit - number
    return over > _ROUNDING


def _told(question: Question, bound: Bound, status: Status) -> tuple[str, str]:
    """The reason as one stable word, and in words."""
    higher = question.worse == "higher"
    limit, least = figure(question.limit), "at most" if higher else "at least"
    note = f" ({bound.note})" if bound.note else ""
    near, far = (bound.low, bound.high) if higher else (bound.high, bound.low)
    if status == "fail":
        return "beyond_limit", f"{least} {limit} is allowed, and {_side(near, higher)} is shown{note}"
    if status == "pass":
        if question.unacceptable is not None:
            loose = figure(question.unacceptable)
            return "kept", f"no more than {limit} is shown, and {loose} would have been noticed{note}"
        return "kept", f"{least} {limit} is allowed, and {_side(far, not higher)} is shown{note}"
    if far is None or near is None:
        return "no_interval", f"there is no interval to decide by{note}"
    seen = _beyond(question, bound.value or 0.0, question.limit)
    if question.unacceptable is not None:
        more, less = ("more", "less") if higher else ("less", "more")
        if _keeps(question, bound):
            what = f"{more} than {limit} would be shown, were this the only question"
            return "not_shown", f"{what}; among all of them it could be chance{note}"
        loose = figure(question.unacceptable)
        return "not_shown", f"neither {more} than {limit} nor {less} than {loose} is shown{note}"
    what = "broken" if seen else "kept"
    return "not_shown", f"the limit {limit} looks {what}, which could be chance{note}"


def _side(bound: float | None, above: bool) -> str:  # noqa: FBT001  # reads as what it says
    return f"{'at least' if above else 'at most'} {figure(bound)}"


def _sensible(power: Power, value: float | None) -> float | None:
    return None if value is None or (power.scale == "ratio" and value < 0) else value
