"""Attributions: how much of what moves a score may be one feature's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from rai.gates.answers import Answer, Bound, Question, Subject, too_few, undefined
from rai.gates.cases import Case
from rai.gates.power import Power
from rai.gates.rules.fields import Axes, Limited, Names
from rai.gates.rules.flips import HOW_DATA, HOW_MODEL
from rai.ground.formatting import TIMES, number

if TYPE_CHECKING:
    from rai.explainers.summaries.shares import AttributionShare

MOST_ROWS = 5000


class MaxAttribution(Limited):
    """The share of what moves the score that is a feature's is at most the limit, in each group."""

    reads_rows = True
    kind: Literal["max_attribution"]
    features: Names
    """The columns whose shares are looked at."""
    limit: Annotated[float, Field(ge=0, le=1)]
    """The largest share: mean size of its attributions over that of all."""
    along: Axes = ()
    """Within each group of this column, too large in none of them; all rows together if none."""
    method: str = "auto"
    """How attributions are made, as in `rai.explain`."""
    space: Literal["auto", "margin", "probability", "decision", "prediction"] = "auto"
    """The number that is taken apart, as in `rai.explain`."""
    min_n: Annotated[int, Field(ge=2)] = 30
    """Rows that a group needs."""
    rows: Annotated[int, Field(ge=2)] = MOST_ROWS
    """At most so many rows are explained, drawn at random by the audit's seed."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        where = f" in each group of {TIMES.join(self.along)}" if self.along else ""
        return (
            f"of what moves the score{where}, at most a share of {number(self.limit)} "
            f"is due to {', '.join(self.features)}"
            + (", each by itself" if len(self.features) > 1 else "")
        )

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each feature, and group."""
        from rai.explainers.summaries.shares import attribution_shares

        found = self._attributions(case)
        yield f"{self.id}: {found.method}, {found.space}; background: {found.background}"
        cuts: dict[str, Any] = {
            name: cut for name, cut in case.audit.roles.cuts.items() if name in self.along
        }
        for share in attribution_shares(
            found, features=self.features, by=self.along or None, cuts=cuts or None
        ):
            group = share.name if self.along else None
            subject = Subject(
                metric=share.feature, along=TIMES.join(self.along) or None, group=group, n=share.n,
                smallest=group,
            )  # fmt: skip
            if share.n < self.min_n:
                yield too_few(subject, self.min_n)
            elif share.share is None:
                yield undefined(subject, share.note)
            else:
                yield Question(
                    subject=subject, ask=partial(_bound, share), limit=self.limit, worse="higher",
                    unacceptable=self.loose, power=partial(_power, share, self),
                )  # fmt: skip

    def doubled(self, limit: float) -> float:
        """Twice the odds."""
        return 2 * limit / (1 + limit)

    def _attributions(self, case: Case) -> Any:
        """Attributions of the rows, or of as many as may be explained."""
        from rai.engines.frames import open_rows
        from rai.explainers import explain

        model, rows = case.need("model", HOW_MODEL), open_rows(case.need("data", HOW_DATA))
        if len(rows) > self.rows:
            chance = np.random.default_rng(case.audit.seed)
            rows = rows.take(np.sort(chance.choice(len(rows), self.rows, replace=False)))
        return explain(
            model, rows, method=self.method, space=self.space, by=self.along or None,
            rng=case.audit.seed,
        )  # fmt: skip


def _bound(share: AttributionShare, error: float) -> Bound:
    low, high = share.bounds(NormalDist().inv_cdf(1 - error))
    return Bound(share.share, low, high)


def _power(share: AttributionShare, rule: MaxAttribution) -> Power | None:
    distance = abs(rule.kept - (share.share or 0.0))
    if distance == 0 or share.standard_error is None:
        return None
    return Power(error=share.standard_error, distance=distance, n=share.n, limit=rule.limit)
