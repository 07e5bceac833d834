"""What a policy is held against: an audit, and what else was given to the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rai.audits import Audit
from rai.gates.pairs import paired_of
from rai.gates.rules.fields import Grouped
from rai.ground.errors import ArgumentError, sentence
from rai.measure.tables import Counts, levels_of
from rai.values import Key, Level
from rai.values.paired import Paired

Fixed = tuple[tuple[str, Level], ...]


class NotGivenError(ArgumentError):
    """A rule needs what the gate was not given."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Case:
    """Everything that rules look at.

    Args:
        audit: The candidate's audit.
        baseline: An audit of other decisions, or of both; None without one.
        paired: Gives both models' decisions at a threshold, where `baseline` holds both.
        data, reference: Rows, for rules that read them; None without any.
        model: The candidate, for rules that ask it; None without one.
        plans: Plans of thresholds that the policy names: name to the text of the file.
    """

    audit: Audit
    baseline: Audit | None = None
    paired: str | None = None
    data: Any = None
    reference: Any = None
    model: Any = None
    plans: Mapping[str, str] = field(default_factory=dict)

    def counts(self, rule: Grouped) -> Counts:
        """The counts that a rule reads, at its threshold."""
        return self.audit.counts(self.threshold(rule))

    def parts(self, rule: Grouped, counts: Counts) -> list[tuple[Fixed, Counts]]:
        """The counts split by the rule's axes, once for each level of what it holds fixed."""
        if rule.along:
            return list(levels_of(counts, rule.along, rule.within))
        fine = counts.by(*rule.within)
        keys = fine.groups if rule.within else ((),)
        return [
            (
                tuple(zip(rule.within, key, strict=True)),
                fine.only(**dict(zip(rule.within, key, strict=True))),
            )
            for key in keys
        ]

    def both(self, rule: Grouped) -> Paired:
        """The baseline's and the candidate's decisions on the same rows, at the rule's threshold.

        Raises:
            ArgumentError: If the rule names a plan: baselines are paired at one threshold.
        """
        assert self.baseline is not None
        assert self.paired is not None
        if rule.plan is not None:
            seen, expected = "a plan of thresholds", "one threshold, as both models are cut there"
            raise ArgumentError(sentence("no_worse_than", seen, expected=expected))
        thresholds = self.baseline.thresholds
        at = rule.threshold if rule.threshold is not None else (thresholds or (None,))[0]
        return paired_of(self.baseline, self.paired, at)

    def threshold(self, rule: Grouped) -> float | Mapping[Key, float] | None:
        """The rule's threshold, or that of each group where it names a plan."""
        if rule.plan is None:
            return rule.threshold
        from rai.thresholds import ThresholdPlan
        from rai.thresholds.plan_files import plan_of_text

        plan = ThresholdPlan(**plan_of_text(self.plans[rule.plan]))
        axes = self.audit.tally.axes
        lacking = [axis for axis in plan.along if axis not in axes]
        if lacking:
            seen = f"a plan along {lacking[0]!r}"
            raise ArgumentError(sentence("plan", seen, expected="columns that the audit splits rows by"))
        places = [axes.index(axis) for axis in plan.along]
        thresholds = plan.thresholds
        found: dict[Key, float] = {}
        for key in self.audit.tally.groups:
            group = tuple(key[place] for place in places)
            if group not in thresholds:
                seen = f"group {group!r}"
                raise ArgumentError(sentence("plan", seen, expected="groups that the plan knows"))
            found[key] = thresholds[group]
        return found

    def need(self, name: str, how: str) -> Any:
        """What was given under a name.

        Raises:
            NotGivenError: If nothing was.
        """
        held = getattr(self, name)
        if held is None:
            raise NotGivenError(sentence("rule", f"no {name}", expected=f"a {name}", hint=how))
        return held


__all__ = ["Case", "Fixed", "NotGivenError", "Paired"]
