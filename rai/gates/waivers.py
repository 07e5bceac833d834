"""Waivers: a failure that someone answers for, up to a value and until a date, as text in the policy."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from rai.gates.rules.fields import Frozen
from rai.ground.errors import in_short
from rai.values.levels import Level

LONGEST = timedelta(days=366)
ROUNDING = 1e-12  # 0.7 - 0.8 is a little below -0.1


def _day(given: Any) -> Any:
    """A day, and no number of seconds."""
    written = not isinstance(given, str) or re.fullmatch(r"\d{4}-\d{2}-\d{2}", given)
    if isinstance(given, (int, float)) or not written:
        raise ValueError(f"{in_short(given)}; expected a day, such as 2026-11-26")
    return given


def _named(given: Any) -> Any:
    """A group by its name: that of the group 1 is 1."""
    return str(given) if isinstance(given, (int, float, date)) else given


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Group = Annotated[str, BeforeValidator(_named, json_schema_input_type=Level)]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class Waiver(Frozen):
    """A failure that is accepted for some time."""

    rule: str
    """Id of the rule."""
    group: Group | None = None
    """The group (or what the verdict is about, as `rai gate` shows it in brackets); all if not given."""
    owner: Annotated[str, Field(min_length=1)]
    """Who answers for it."""
    reason: Annotated[str, Field(min_length=1)]
    """Why it is accepted, and what is being done."""
    created: Day
    """The day on which it was agreed."""
    expires: Day
    """The last day on which it holds; at most a year after `created`."""
    tolerated: Number
    """The worst value that it covers, as the gate shows it: a worse one fails."""
    ticket: str = ""
    """Where it is discussed."""

    @model_validator(mode="after")
    def _is_short(self) -> Waiver:
        if self.expires < self.created:
            raise ValueError(f"expires: {self.expires} is before created, {self.created}")
        if self.expires - self.created > LONGEST:
            raise ValueError(f"expires: {self.expires} is more than a year after {self.created}")
        return self

    @property
    def words(self) -> str:
        """The waiver in one line."""
        ticket = f" ({self.ticket})" if self.ticket else ""
        return f"waived by {self.owner} until {self.expires}: {self.reason}{ticket}"

    def covers(self, rule: str, subject: str, group: str | None) -> bool:
        """Whether it is about a verdict."""
        return self.rule == rule and self.group in {None, subject, group}

    def expired(self, on: date) -> bool:
        """Whether it no longer holds on a day; on the day `expires` it does."""
        return on > self.expires

    def begun(self, on: date) -> bool:
        """Whether it has been agreed on a day."""
        return on >= self.created

    def tolerates(self, value: float, *, worse: str) -> bool:
        """Whether it covers a value, but for rounding."""
        over = value - self.tolerated if worse == "higher" else self.tolerated - value
        return over <= ROUNDING
