"""What a scenario did: scores and decisions before and after, by group, and the audit of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from rai.audits import Audit
from rai.engines.encoding import Floats, Ints
from rai.ground.checks import check_count
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, number
from rai.ground.records import Records, Row
from rai.measure.intervals import wilson
from rai.models import Model
from rai.values import Estimate, Estimates, Gaps, Level
from rai.whatif.change_rates import ChangeRate, ChangeRates, change_rates
from rai.whatif.edit_marks import EditMarks
from rai.whatif.model_comparisons import ModelComparison
from rai.whatif.row_groups import RowGroups
from rai.whatif.scenarios import Scenario
from rai.whatif.score_changes import ChangeCases, Changes, Group, largest_changes

T = TypeVar("T")

EDIT, BEFORE, AFTER = "edit", "before", "after"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScenarioResult(Records):
    """Scores and decisions of the same people before and after a scenario.

    People stay in the group that they were in before, also where the scenario edits the column that
    the group is read from: what is compared is what becomes of the same people. The threshold follows
    the edited row, because that is the row that would be decided about.

    Args:
        scenario: The scenario.
        model: The model.
        before, after: Scores of all rows, shape (n,), or (n, k) for k classes.
        decided_before, decided_after: What was decided, as places in the model's classes, shape (n,);
            None for a regression.
        edited_rows: Positions of the rows that the scenario made differ in some value.
        marks: What is unusual about the edited values.
        groups: The groups that rows were in before.
        changes: What became of each row, shape (n,).
        level: Coverage of intervals.
        audited: The audit of both, where true labels and groups were given.
        paired: Before and after as two models on the same people: `paired.differences(…)` and
            `paired.gap_differences(…)` say what the scenario changed, with intervals that use that they
            are the same people.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 55, 30], "sex": ["F", "M", "F", "M"]}
        >>> found = rai.whatif.run_scenario(lambda frame: frame["income"] / 100, rows,
        ...     scenario=rai.whatif.Scenario("raise", rai.whatif.Edit.scale("income", 1.5)),
        ...     sensitive_features="sex", y_true=[1, 1, 0, 0])
        >>> [(rate.name, rate.changed, rate.to_positive) for rate in found.flips]
        [('F', 1, 1), ('M', 0, 0)]
        >>> [(gap.within[0][1], gap.value) for gap in found.gaps("demographic_parity")]
        [('before', 0.0), ('after', 0.5)]
    """

    scenario: Scenario
    model: Model
    before: Floats
    after: Floats
    decided_before: Ints | None
    decided_after: Ints | None
    edited_rows: Ints
    marks: EditMarks
    groups: RowGroups
    changes: Changes
    level: float = 0.95
    audited: Audit | None = None
    paired: ModelComparison

    @property
    def flips(self) -> ChangeRates:
        """For each group: how many of all its rows changed, and which way."""
        return change_rates(self.changes, self.groups.place, groups=self.groups.groups, level=self.level)

    @property
    def overall(self) -> ChangeRate:
        """The same for everyone."""
        everyone = np.zeros(len(self.changes), dtype=np.intp)
        return change_rates(self.changes, everyone, groups=[()], level=self.level)[0]

    @property
    def selection_rates(self) -> Estimates:
        """Of two classes: the share decided positive, by group, before and after; else nothing.

        Needs no true labels. Each interval (Wilson's) holds by itself.
        """
        if self.model.task != "binary":
            return Estimates()
        return Estimates(
            estimate
            for when, decided in ((BEFORE, self.decided_before), (AFTER, self.decided_after))
            for estimate in self._selected(when, decided)
        )

    @property
    def audit(self) -> Audit:
        """The audit of both: every row twice, with the control feature `edit`, `before` or `after`.

        Along `edit` both sides are the same people, which no interval of an audit takes into account;
        for what changed within a group see `flips`.

        Raises:
            ArgumentError: Without true labels, or without groups.
        """
        if self.audited is None:
            hint = "Pass y_true= and sensitive_features= to run_scenario."
            expected = "true labels and groups"
            raise ArgumentError(sentence("audit", "a scenario without", expected=expected, hint=hint))
        return self.audited

    def metrics(self, *names: str, by: Any = None) -> Estimates:
        """Metrics of the groups, each before and after; `by` as for `Audit.metrics`."""
        found = self.audit.metrics(*names, by=by)
        return Estimates(_in_turn(found, lambda estimate: (estimate.metric, estimate.group)))

    def gaps(
        self,
        *names: str,
        along: Any = None,
        kind: str = "difference",
        versus: Any = "between_groups",
        aggregate: str = "worst_case",
    ) -> Gaps:
        """Gaps between the groups, each before and after; the arguments are those of `Audit.gaps`."""
        found = self.audit.gaps(
            *names, along=along, within=EDIT, kind=kind, versus=versus, aggregate=aggregate
        )
        return Gaps(_in_turn(found, lambda gap: (f"{gap.metric} {gap.along}", gap.within)))

    def largest(self, most: int = 20) -> ChangeCases:
        """The rows whose scores moved furthest, the furthest first; rows are positions."""
        groups, place = self.groups.groups, self.groups.place
        return largest_changes(
            self.changes,
            check_count(most, where="largest"),
            row_of=int,
            group_of=lambda row: groups[place[row]],
        )

    def to_dicts(self) -> list[Row]:
        """The flips of each group."""
        return self.flips.to_dicts()

    def __repr__(self) -> str:
        moved, whole = self.overall, len(self.changes)
        what = "decisions change" if self.model.classes else "values change"
        share = f"{moved.changed:,} {what} ({number(moved.share)})"
        return (
            f"ScenarioResult({str(self.scenario)!r}, {len(self.edited_rows):,} of "
            f"{counted(whole, 'row')} edited, {share})"
        )

    def _selected(self, when: str, decided: Ints | None) -> list[Estimate]:
        place, size = self.groups.place, len(self.groups.keys)
        n = np.bincount(place, minlength=size)
        count = np.bincount(place, decided == 1, minlength=size)
        bounds = wilson(count, n, level=self.level)
        mark: tuple[tuple[str, Level], ...] = ((EDIT, when),)
        return [
            Estimate(
                metric="selection_rate",
                group=(*group, *mark),
                value=float(count[i] / n[i]),
                low=float(bounds.low[i]),
                high=float(bounds.high[i]),
                level=self.level,
                method="wilson",
                numerator=float(count[i]),
                denominator=float(n[i]),
                n=int(n[i]),
            )
            for i, group in enumerate(self.groups.groups)
        ]


def _in_turn(found: Iterable[T], key: Callable[[T], tuple[str, Group]]) -> list[T]:
    """Results before and after side by side, before first, else in the order they had."""
    listed = [(result, *key(result)) for result in found]
    rest = [(name, tuple(p for p in group if p[0] != EDIT)) for _, name, group in listed]
    first = {one: at for at, one in reversed(list(enumerate(rest)))}
    order = sorted(range(len(listed)), key=lambda at: (first[rest[at]], (EDIT, AFTER) in listed[at][2]))
    return [listed[at][0] for at in order]
