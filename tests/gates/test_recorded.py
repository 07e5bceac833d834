"""Answers as data: what was asked at which error, and what was said."""

import json
import math

import pytest

from rai.gates.answers import Answered, Bound, Question, Subject
from rai.gates.power import Power
from rai.gates.recorded import record_of, remembering, replayed, replayed_of
from rai.ground.errors import DataError

SUBJECT = Subject(metric="m", along="g", group="A", within=(("site", 1),), n=9, smallest="A")
POWER = Power(error=0.1, distance=0.2, n=9, limit=0.5)


def question(calls):
    def ask(error):
        calls.append(error)
        return Bound(0.5, 0.5 - error, 0.5 + error, "seen")

    return Question(
        subject=SUBJECT,
        ask=ask,
        limit=0.5,
        worse="lower",
        unacceptable=0.3,
        power=lambda: POWER,
        read=True,
    )


def through_json(record):
    return json.loads(json.dumps(record, allow_nan=False))


def test_a_question_is_asked_once_at_each_error_and_replayed_from_what_it_said():
    calls = []
    asked, record = remembering(question(calls))
    said = {error: asked.ask(error) for error in (0.05, 0.01, 0.05)}
    assert calls == [0.05, 0.01]
    assert [row["error"] for row in record["asked"]] == [0.01, 0.05]
    again = replayed(through_json(record))
    assert {error: again.ask(error) for error in said} == said
    assert (again.subject, again.limit, again.worse, again.unacceptable, again.read) == (
        SUBJECT,
        0.5,
        "lower",
        0.3,
        True,
    )


def test_power_is_kept_though_it_has_no_value_somewhere():
    _, record = remembering(question([]))
    power = replayed(through_json(record)).power()
    assert math.isnan(power.seen_error)
    assert (power.error, power.distance, power.n, power.limit) == (0.1, 0.2, 9, 0.5)


def test_what_was_not_asked_is_not_made_up():
    _, record = remembering(question([]))
    with pytest.raises(
        DataError, match=r"no bounds at the error 0\.05; expected all that the verdicts rest on"
    ):
        replayed(through_json(record)).ask(0.05)


def test_an_answer_without_bounds_is_kept():
    answer = Answered(
        subject=SUBJECT,
        status="fail",
        code="found",
        reason="Holes",
        value=0.2,
        limit=0.1,
        rows_needed=3,
        read=True,
    )
    assert replayed(through_json(record_of(answer))) == answer


def test_the_answers_of_a_rule_are_found_in_their_order():
    records = [
        {"rule": rule, **record_of(Answered(subject=SUBJECT, status="pass", code=code, reason=""))}
        for rule, code in (("a", "1"), ("b", "2"), ("a", "3"))
    ]
    assert [answer.code for answer in replayed_of(records, "a")] == ["1", "3"]
