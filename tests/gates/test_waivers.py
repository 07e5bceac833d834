"""One waiver: how long it may be, what it is about, and which values it covers."""

from datetime import date

import pytest
from pydantic import ValidationError

from rai.gates.waivers import Waiver

GIVEN = {
    "rule": "a",
    "owner": "Ann",
    "reason": "known",
    "created": "2026-01-01",
    "expires": "2026-06-01",
    "tolerated": 0.1,
}


def waiver(**more):
    return Waiver.model_validate({**GIVEN, **more})


def test_a_year_is_the_longest():
    assert waiver(expires="2027-01-02").expires == date(2027, 1, 2)
    with pytest.raises(
        ValidationError, match="expires: 2027-01-03 is more than a year after 2026-01-01"
    ):
        waiver(expires="2027-01-03")


def test_it_ends_no_earlier_than_it_begins():
    assert waiver(expires="2026-01-01").begun(date(2026, 1, 1))
    with pytest.raises(ValidationError, match="expires: 2025-12-31 is before created, 2026-01-01"):
        waiver(expires="2025-12-31")


@pytest.mark.parametrize(
    "day", [0, 86_400, 20260601, 1.5, True, "86400", "2026-6-1", "2026-06-01T00:00:00", "soon", None, []]
)
@pytest.mark.parametrize("field", ["created", "expires"])
def test_a_day_is_written_as_a_day(field, day):
    with pytest.raises(ValidationError):
        waiver(**{field: day})


def test_it_holds_from_the_first_to_the_last_day():
    one = waiver()
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1), date(2026, 6, 2)]
    assert [one.begun(day) and not one.expired(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("group", "covers"),
    [
        (None, True),
        ("F", True),
        ("sex=F", True),
        ("M", False),
        ("sex=M", False),
        ("", False),
        ("f", False),
    ],
)
def test_a_group_is_named_alone_or_as_the_verdict_names_it(group, covers):
    assert waiver(group=group).covers("a", "sex=F", "F") is covers
    assert not waiver(group=group).covers("b", "sex=F", "F")


def test_a_group_may_be_a_number_or_a_day():
    assert [waiver(group=group).group for group in (1, 0.5, True, date(2026, 1, 1), "1")] == [
        "1",
        "0.5",
        "True",
        "2026-01-01",
        "1",
    ]


def test_it_covers_values_up_to_the_one_that_it_tolerates():
    one = waiver(tolerated=0.1)
    assert [one.tolerates(value, worse="higher") for value in (0.09, 0.1, 0.11)] == [True, True, False]
    assert [one.tolerates(value, worse="lower") for value in (0.09, 0.1, 0.11)] == [False, True, True]


def test_it_says_who_until_when_and_why():
    assert waiver(ticket="X-1").words == "waived by Ann until 2026-06-01: known (X-1)"
    assert waiver().words == "waived by Ann until 2026-06-01: known"
