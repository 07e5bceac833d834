"""Drift: how far the data of the audit are from a reference, feature by feature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from rai.gates.answers import Answer, Bound, Question, Subject, undefined
from rai.gates.cases import Case
from rai.gates.rules.fields import Axes, Limited, Names
from rai.ground.formatting import TIMES, metric_name, number
from rai.measure.distances import measure_of

HOW_DATA = "Pass data= (on the command line: --data), the rows that were audited."
HOW_REFERENCE = "Pass reference= (on the command line: --reference), the rows they are compared with."

Measure = Annotated[str, AfterValidator(lambda name: measure_of(name).name)]


class Drift(Limited):
    """The distance of each feature to its reference is at most the limit."""

    reads_rows = True
    kind: Literal["drift"]
    features: Names
    """The columns to compare."""
    measure: Measure = "jensen_shannon"
    """A distance, as `Profile.distances` names them."""
    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """The largest distance that is allowed."""
    along: Axes = ()
    """Compare within each group of this column, too far in none of them; all rows together if none."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        where = f" in each group of {TIMES.join(self.along)}" if self.along else ""
        return (
            f"drift of {', '.join(self.features)} from the reference{where}: "
            f"{metric_name(self.measure)} is at most {number(self.limit)}"
        )

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each feature, and group."""
        distances = self._distances(case)
        for place, row in enumerate(distances(self.error)):
            subject = Subject(
                metric=row.feature, along=row.along, group=None if row.group is None else str(row.group),
                n=min(row.n, row.n_reference),
            )  # fmt: skip
            if row.value is None:
                yield undefined(subject, row.note)
                continue

            def ask(error: float, place: int = place) -> Bound:
                held = distances(error)[place]
                return Bound(held.value, held.low, held.high, held.note)

            yield Question(
                subject=subject,
                ask=ask,
                limit=self.limit,
                worse="higher",
                unacceptable=self.loose,
            )

    def _distances(self, case: Case) -> Callable[[float], Any]:
        """From a chance of error to the distances, whose bounds are each wrong at most that often."""
        from rai.explore import profile

        data = case.need("data", HOW_DATA)
        reference = case.need("reference", HOW_REFERENCE)
        roles = case.audit.roles
        cuts: dict[str, Any] = {name: cut for name, cut in roles.cuts.items() if name in self.along}
        found = profile(
            {"reference": reference, "data": data}, sensitive_features=self.along, cuts=cuts or None
        ).select([*self.features, *self.along])

        @cache
        def distances(error: float) -> Any:
            return found.distances(
                *self.features, measures=self.measure, by=self.along or None, level=1 - 2 * error,
                rng=case.audit.seed,
            )  # fmt: skip

        return distances
