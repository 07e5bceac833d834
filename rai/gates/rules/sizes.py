"""How many rows each group must have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from rai.gates.answers import Answer, Answered, Subject
from rai.gates.cases import Case
from rai.gates.rules.choosing import chosen, rows_of
from rai.gates.rules.fields import Grouped, of_axes
from rai.ground.formatting import TIMES, counted
from rai.values.levels import key_name


class MinN(Grouped):
    """Each group has at least so many rows."""

    kind: Literal["min_n"]
    limit: Annotated[int, Field(ge=1)]
    """The fewest rows that are allowed."""
    min_n: Annotated[int, Field(ge=0)] = 0
    """Not used: the limit says how many rows a group needs."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"each group of {of_axes(self)} has at least {counted(self.limit, 'row')}"

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A yes or no for each group."""
        for fixed, part in case.parts(self, case.audit.counts()):
            these = chosen(self, part, metric="count", fixed=fixed)
            yield from these.notes
            yield from these.answers
            for key, n in zip(these.counts.groups, rows_of(these.counts), strict=True):
                name = key_name(key)
                enough = n >= self.limit
                yield Answered(
                    subject=Subject(
                        metric="count", along=TIMES.join(self.along), group=name, within=fixed, n=n,
                        smallest=name,
                    ),
                    status="pass" if enough else "fail",
                    code="kept" if enough else "too_few_rows",
                    reason=f"{counted(n, 'row')}; at least {self.limit:,} asked for",
                    value=float(n),
                    limit=float(self.limit),
                    rows_needed=None if enough else self.limit,
                )  # fmt: skip
