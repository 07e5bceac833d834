"""A plan: what decides for each group, how that was chosen, and what it did to the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rai.audits import Audit
from rai.engines import keyed_scores
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import TIMES, number
from rai.ground.records import Records, Row
from rai.measure.thresholds.limits import Limit
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule
from rai.measure.thresholds.strategies import find_strategy
from rai.thresholds.evaluations import PlanEvaluation, judged
from rai.values import Key, Level, Tally
from rai.values.levels import key_name

Unseen = Literal["error", "single_threshold"]

UNSEEN = ("error", "single_threshold")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ThresholdPlan(Records):
    """Thresholds for groups, ready to be judged on other rows, applied, and saved.

    Args:
        strategy: How the thresholds were chosen.
        along: The columns that make up a group.
        cuts: Column to the edges it is cut at, for columns of numbers.
        rules: What decides for each group.
        objective: What was to be small.
        tolerance: How far rates were allowed to be apart.
        held_to: The tolerance that was held to: for a tolerance of 0 and no lots, a step of the rates.
        randomized: Whether decisions may be drawn by lot.
        limit: What was not to be exceeded.
        method: `exact`, or `grid101`.
        positive_label: The label that counted as positive.
        unconstrained: The rules that cost least with nothing made equal, within the same limit.
        single: The best threshold for everyone, within the same limit.
        fitted: What the plan did to the rows it was chosen on, which is optimistic.
        notes: What to mind.
        provenance: Fingerprint of those rows, and versions.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_score=[.9, .8, .7, .1, .6, .5, .2, .1],
        ...     sensitive_features={"sex": [*"FFFFMMMM"]}, bins="exact")
        >>> plan = rai.optimize_thresholds(found, strategy="equal_opportunity", along="sex")
        >>> plan.thresholds
        {('F',): 0.8, ('M',): 0.5}
        >>> plan.apply([0.75, 0.75], ["F", "M"]).tolist()
        [False, True]
    """

    strategy: str
    along: tuple[str, ...]
    cuts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...]
    objective: Objective
    tolerance: float
    held_to: float
    randomized: bool
    limit: Limit | None
    method: str
    positive_label: Level
    unconstrained: tuple[Rule, ...]
    single: float
    fitted: PlanEvaluation
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def thresholds(self) -> dict[Key, float]:
        """Group to threshold, as `Audit.metrics(threshold=…)` takes them.

        Raises:
            ArgumentError: If decisions are drawn between thresholds, so that a group has several.
        """
        drawn = [key_name(rule.group) for rule in self.rules if rule.drawn]
        if drawn:
            hint = "Read plan.rules, or leave out randomized=True."
            raise ArgumentError(
                sentence(
                    "thresholds",
                    f"decisions drawn by lot in {listing(drawn, most=4)}",
                    expected="one threshold for each group",
                    hint=hint,
                )
            )
        return {rule.group: rule.thresholds[0] for rule in self.rules}

    @property
    def cut_at(self) -> tuple[float, ...]:
        """Where an audit must be cut for `evaluate`: pass it to `rai.audit` as `thresholds=`.

        Not needed with the same bins as those of the audit that the plan was chosen on, nor with
        `bins="exact"`.
        """
        rules = (*self.rules, *self.unconstrained, Rule((), (self.single,)))
        return tuple(sorted({t for rule in rules for t in rule.thresholds if np.isfinite(t)}))

    def evaluate(self, audit: Audit, *, unseen: Unseen = "error") -> PlanEvaluation:
        """Judge the plan on the rows of an audit, best on others than those it was chosen on.

        Args:
            audit: A binary audit of scores, split by the columns of the plan.
            unseen: What decides for groups that the plan doesn't know: `error`, or `single_threshold`.

        Raises:
            ArgumentError: If the audit has no scores, other columns or another positive label.
            DataError: If it has a group that the plan doesn't know.
            TallyError: If its bins are not cut at the plan's thresholds, `cut_at`.
        """
        tally = scores_along(audit, self.along, where="evaluate")
        if tally.labels[-1] != self.positive_label:
            seen = f"positive label {tally.labels[-1]!r}"
            raise ArgumentError(
                sentence("evaluate", seen, expected=f"{self.positive_label!r}, as in the plan")
            )
        mine = self.provenance.get("fingerprint")
        return judged(
            tally,
            strategy=self.strategy,
            rules=self._for(tally.groups, self.rules, unseen, where="evaluate"),
            unconstrained=self._for(
                tally.groups, self.unconstrained, "single_threshold", where="evaluate"
            ),
            objective=self.objective,
            same_rows=mine is not None and audit.provenance.get("fingerprint") == mine,
            level=audit.level,
            seed=audit.seed,
        )

    def probabilities(
        self, y_score: Any, groups: Any = None, *, unseen: Unseen = "error"
    ) -> NDArray[np.float64]:
        """How likely each row is to be selected: 0 or 1, but where decisions are drawn by lot.

        Args:
            y_score: Scores, shape (n,).
            groups: The group of each row: an array for one column, a frame or a dict for several.
            unseen: What decides for groups that the plan doesn't know: `error`, or `single_threshold`.

        Raises:
            DataError: If a score is missing, or a group unknown.
        """
        rows = keyed_scores(y_score, groups, axes=self.along, cuts=self.cuts)
        rules = {r.group: r for r in self._for(rows.keys, self.rules, unseen, where="apply")}
        chance = np.zeros(len(rows.score))
        for place, key in enumerate(rows.keys):
            at = rows.place == place
            for threshold, share in zip(rules[key].thresholds, rules[key].shares, strict=True):
                chance[at] += share * (rows.score[at] >= threshold)
        return np.minimum(chance, 1.0)

    def apply(
        self,
        y_score: Any,
        groups: Any = None,
        *,
        unseen: Unseen = "error",
        rng: int | np.random.Generator | None = None,
    ) -> NDArray[np.bool_]:
        """Decide: whether each row is selected.

        Args:
            y_score: Scores, shape (n,).
            groups: The group of each row: an array for one column, a frame or a dict for several.
            unseen: What decides for groups that the plan doesn't know: `error`, or `single_threshold`.
            rng: Source of the lots, where the plan draws them; fresh ones if None.

        Raises:
            DataError: If a score is missing, or a group unknown.
        """
        chance = self.probabilities(y_score, groups, unseen=unseen)
        if not any(rule.drawn for rule in self.rules):
            return chance >= 0.5
        return np.asarray(np.random.default_rng(rng).random(len(chance)) < chance)

    def to_dicts(self) -> list[Row]:
        """One row per group and threshold, with the rates on the rows it was chosen on."""
        return self.fitted.to_dicts()

    def summary(self) -> list[str]:
        """The plan in words: what it makes equal, at what price, and what to mind."""
        return [self._headline, *self.fitted.sentences(), *(f"Mind: {note}." for note in self.notes)]

    @property
    def _headline(self) -> str:
        chosen = find_strategy(self.strategy)
        limit = f", {self.limit}" if self.limit is not None else ""
        within = f", within {number(self.held_to)}" if chosen.rates and self.method == "exact" else ""
        by = f" along {TIMES.join(self.along)}" if chosen.per_group else ""
        lots = ", decisions near a threshold drawn by lot" if any(r.drawn for r in self.rules) else ""
        return f"{chosen.words.capitalize()}{by}{within}{limit}{lots}; least {self.objective.words}."

    def save(self, path: str | Path) -> Path:
        """Write the plan as readable JSON; whole or not at all."""
        from rai.thresholds.plan_files import write_plan

        return write_plan(path, self)

    @classmethod
    def load(cls, path: str | Path) -> ThresholdPlan:
        """Read what `save` wrote.

        Raises:
            DataError: If the file can't be read, or is no plan.
        """
        from rai.thresholds.plan_files import read_plan

        return cls(**read_plan(path))

    def __repr__(self) -> str:
        return f"ThresholdPlan({self.strategy}, {len(self.rules)} groups of {TIMES.join(self.along)})"

    def _for(
        self, keys: tuple[Key, ...], rules: tuple[Rule, ...], unseen: Unseen, *, where: str
    ) -> tuple[Rule, ...]:
        """A rule for each group."""
        check_choice(unseen, UNSEEN, where="unseen")
        known = {rule.group: rule for rule in rules}
        strange = [key for key in keys if key not in known]
        if strange and unseen == "error":
            names = [key_name(key) for key in strange]
            raise DataError(
                sentence(
                    where,
                    f"group {listing(names, most=4)}",
                    expected=f"one that the plan knows: {listing(map(key_name, known))}",
                    hint='Choose with rows of every group, or pass unseen="single_threshold".',
                )
            )
        single = Rule((), (self.single,))
        return tuple(known.get(key) or replace(single, group=key) for key in keys)


def scores_along(audit: Audit, along: tuple[str, ...], *, where: str) -> Tally:
    """The tally of a binary audit of scores, split by some of its columns.

    Raises:
        ArgumentError: If the audit has no scores.
    """
    tally = audit.tally
    if not isinstance(tally, Tally) or audit.task != "binary" or not audit.thresholds:
        seen = f"a {audit.task} audit without scores"
        hint = "Audit with y_score= instead of y_pred=."
        raise ArgumentError(sentence(where, seen, expected="one of two classes with scores", hint=hint))
    return tally.by(*along)
