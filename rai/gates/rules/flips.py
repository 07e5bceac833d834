"""Flip tests: how many decisions hang on an attribute alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import Field

from rai.gates.answers import Answer, Bound, Question, Subject, too_few, undefined
from rai.gates.cases import Case
from rai.gates.power import Power
from rai.gates.rules.fields import Finite, Limited, Names
from rai.ground.formatting import number
from rai.measure.intervals import clopper_pearson, wilson
from rai.measure.measured import finite

HOW_DATA = "Pass data= (on the command line: --data), the rows that were audited."
HOW_MODEL = "Pass model= (on the command line: --model)."


class FlipRate(Limited):
    """The share of decisions that change with an attribute, and nothing else, is at most the limit."""

    reads_rows = True
    kind: Literal["flip_rate"]
    change: Names
    """The column to change, or several that change together."""
    limit: Annotated[float, Field(ge=0, le=1)]
    """The largest share of rows whose decision may change."""
    threshold: Finite | None = None
    """The score from which on a row is predicted positive; the audit's first one if not given."""
    min_n: Annotated[int, Field(ge=0)] = 30
    """Rows of one original value that are needed."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        return (
            f"changing {', '.join(self.change)} alone changes at most a share of {number(self.limit)} "
            "of the decisions"
        )

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each original value."""
        from rai.whatif import flip_test

        model, data = case.need("model", HOW_MODEL), case.need("data", HOW_DATA)
        thresholds: tuple[float | None, ...] = case.audit.thresholds or (None,)
        found = flip_test(
            model, data, change=self.change,
            threshold=thresholds[0] if self.threshold is None else self.threshold, largest=0,
        )  # fmt: skip
        for mark in found.marks:
            yield f"{self.id}: {mark}"
        for rate in found.any_value:
            name = str(dict(rate.group)["from"])
            subject = Subject(
                metric="flip_rate", along=", ".join(self.change), group=name, n=rate.n, smallest=name
            )
            if not rate.n:
                yield undefined(subject, "no rows to change")
            elif rate.n < self.min_n:
                yield too_few(subject, self.min_n)
            else:
                yield Question(
                    subject=subject, ask=partial(_bound, rate), limit=self.limit, worse="higher",
                    unacceptable=self.loose, power=partial(_power, rate, self),
                )  # fmt: skip

    def doubled(self, limit: float) -> float:
        """Twice the odds."""
        return 2 * limit / (1 + limit)


def _bound(rate: Any, error: float) -> Bound:
    low, high = clopper_pearson([rate.changed], [rate.n], z=NormalDist().inv_cdf(1 - error))
    return Bound(rate.share, finite(low[0]), finite(high[0]))


def _power(rate: Any, rule: FlipRate) -> Power | None:
    low, high = wilson([rate.changed], [rate.n], z=1.0)
    distance = abs(rule.kept - rate.share)
    if distance == 0:
        return None
    return Power(error=float(high[0] - low[0]) / 2, distance=distance, n=rate.n, limit=rule.limit)
