"""Attributions: how much of what moves a score may be one feature's, and how far that may drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from rai.gates.answers import Answer, Bound, Question, Subject, too_few, undefined
from rai.gates.cases import Case
from rai.gates.power import Power
from rai.gates.rules.drifts import HOW_REFERENCE
from rai.gates.rules.fields import Axes, Limited, Names
from rai.gates.rules.flips import HOW_DATA, HOW_MODEL
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.formatting import TIMES, metric_name, number

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
        from rai.explainers import explain, sample_background

        model, data = case.need("model", HOW_MODEL), case.need("data", HOW_DATA)
        rows = sample_background(data, self.rows, rng=case.audit.seed)
        return explain(
            model, rows, method=self.method, space=self.space, by=self.along or None,
            rng=case.audit.seed,
        )  # fmt: skip


class AttributionDrift(Limited):
    """The distance of each feature's attributions to those in a reference is at most the limit."""

    reads_rows = True
    kind: Literal["attribution_drift"]
    features: Names
    """The columns whose attributions are compared."""
    measure: Literal["jensen_shannon", "l_infinity"] = "jensen_shannon"
    """A distance of binned attributions, each from 0 to 1."""
    limit: Annotated[float, Field(ge=0, le=1)]
    """The largest distance that is allowed."""
    method: str = "auto"
    """How attributions are made, as in `rai.explain`."""
    space: Literal["auto", "margin", "probability", "decision", "prediction"] = "auto"
    """The number that is taken apart, as in `rai.explain`."""
    background: Annotated[int, Field(ge=1)] = 100
    """Rows of the reference that stand in on both sides, drawn at random by the audit's seed."""
    min_n: Annotated[int, Field(ge=2)] = 30
    """Rows that each side needs."""
    rows: Annotated[int, Field(ge=2)] = MOST_ROWS
    """At most so many rows of each side are explained, drawn at random by the audit's seed."""

    @property
    def words(self) -> str:
        """What the rule asks."""
        return (
            f"attributions to {', '.join(self.features)}, compared with the reference: "
            f"{metric_name(self.measure)} is at most {number(self.limit)}"
        )

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A question for each feature."""
        drifts = self._drifts(case)
        found = drifts(self.error)
        by_name = {row.feature: row for row in found.features}
        n = min(found.n_before, found.n_after)
        for feature in self.features:
            subject = Subject(metric=feature, n=n)
            if feature not in by_name:
                hint = did_you_mean(feature, by_name)
                expected = f"one of {listing(by_name)}"
                raise ArgumentError(sentence("features", repr(feature), expected=expected, hint=hint))
            if n < self.min_n:
                yield too_few(subject, self.min_n)
                continue

            def ask(error: float, feature: str = feature) -> Bound:
                row = next(row for row in drifts(error).features if row.feature == feature)
                low, high = (getattr(row, f"{self.measure}_{end}") for end in ("low", "high"))
                return Bound(getattr(row, self.measure), low, high, row.note)

            yield Question(
                subject=subject, ask=ask, limit=self.limit, worse="higher", unacceptable=self.loose
            )

    def _drifts(self, case: Case) -> Callable[[float], Any]:
        """From a chance of error to the drift, whose bounds are each wrong at most that often."""
        from rai.explainers import explain, sample_background
        from rai.explainers.summaries import attribution_drift

        model, data = case.need("model", HOW_MODEL), case.need("data", HOW_DATA)
        reference, seed = case.need("reference", HOW_REFERENCE), case.audit.seed
        ground = sample_background(reference, self.background, rng=seed)
        before, after = (
            explain(
                model, sample_background(rows, self.rows, rng=seed), background=ground,
                method=self.method, space=self.space, rng=seed,
            )
            for rows in (reference, data)
        )  # fmt: skip

        @cache
        def drifts(error: float) -> Any:
            return attribution_drift(before, after, level=1 - 2 * error, min_rows=2, rng=seed)

        return drifts


def _bound(share: AttributionShare, error: float) -> Bound:
    low, high = share.bounds(NormalDist().inv_cdf(1 - error))
    return Bound(share.share, low, high)


def _power(share: AttributionShare, rule: MaxAttribution) -> Power | None:
    distance = abs(rule.kept - (share.share or 0.0))
    if distance == 0 or share.standard_error is None:
        return None
    return Power(error=share.standard_error, distance=distance, n=share.n, limit=rule.limit)
