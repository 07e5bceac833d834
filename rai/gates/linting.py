"""A policy looked at before it is used: what can never pass, what runs out, what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rai.gates.policy_files import Loaded
from rai.gates.rules.fields import Grouped, Limited
from rai.gates.rules.metric_limits import MaxMetric, MinMetric
from rai.gates.rules.names import is_count
from rai.gates.rules.table import AnyRule
from rai.gates.waivers import Waiver
from rai.gates.waiving import worse_of
from rai.ground.formatting import number
from rai.ground.records import FlatRow, RecordTuple

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRemark(FlatRow):
    """Something to mind about a policy.

    Args:
        severity: `error` where the gate would stop for it, `warning` otherwise.
        line: Line of the policy file; None where there is none.
        text: What it is.

    Example:
        >>> PolicyRemark(severity="warning", line=3, text="limit 0 never passes").to_dict()["line"]
        3
    """

    severity: Literal["error", "warning"]
    line: int | None
    text: str


class PolicyRemarks(RecordTuple[PolicyRemark]):
    """What to mind about a policy, in the order of the file.

    Example:
        >>> PolicyRemarks().errors
        0
    """

    __slots__ = ()

    @property
    def errors(self) -> int:
        """How many are errors."""
        return sum(remark.severity == "error" for remark in self)


def lint_policy(loaded: Loaded, *, on: date | None = None) -> PolicyRemarks:
    """What to mind about a policy that could be read.

    Args:
        loaded: The policy and its source.
        on: The day on which waivers are looked at; today if None.

    Example:
        >>> from rai.gates.policy_files import load_policy
        >>> rule = {"id": "tpr", "kind": "max_gap", "metric": "tpr", "along": "sex", "limit": 0}
        >>> [remark.text for remark in lint_policy(load_policy({"version": 1, "rules": [rule]}))]
        ["rule 'tpr' can never pass: no gap is shown to be exactly 0; allow a small one"]
    """
    day = date.today() if on is None else on  # noqa: DTZ011  # a waiver expires where it is read
    found = [*_of_rules(loaded), *_of_waivers(loaded, day)]
    return PolicyRemarks(sorted(found, key=lambda remark: remark.line or 0))


def _of_rules(loaded: Loaded) -> Iterator[PolicyRemark]:
    for rule in loaded.policy.rules:
        line = loaded.source.lines.get(rule.id)
        for text in _of_rule(rule):
            yield PolicyRemark(severity="warning", line=line, text=f"rule {rule.id!r}{text}")


def _of_rule(rule: AnyRule) -> Iterator[str]:
    """What to mind about a rule, as the end of a sentence about it."""
    if rule.kind == "max_gap" and rule.limit == 0 and rule.claim == "demonstrate":
        yield " can never pass: no gap is shown to be exactly 0; allow a small one"
    if rule.kind == "min_ratio" and rule.limit == 1 and rule.claim == "demonstrate":
        yield " can never pass: no ratio is shown to be exactly 1; allow a smaller one"
    if isinstance(rule, (MaxMetric, MinMetric)) and is_count(rule.metric):
        yield " can never pass: a count has no interval; use kind: min_n"
    if isinstance(rule, Limited) and rule.level < 0.8:
        yield f": level {number(rule.level)} lets a wrong verdict through often"
    if isinstance(rule, Grouped) and {*rule.groups, *rule.optional} & {*rule.exclude}:
        yield ": a group is asked for and excluded"
    if isinstance(rule, Grouped) and {*rule.optional} - {*rule.groups}:
        yield ": a group is optional that groups does not name"
    if rule.severity == "error" and rule.on_inconclusive == "warn":
        yield " lets a model without enough rows through: on_inconclusive is warn"


def _of_waivers(loaded: Loaded, day: date) -> Iterator[PolicyRemark]:
    lines = loaded.source.waiver_lines
    for place, waiver in enumerate(loaded.policy.waivers):
        line, name = (lines[place] if lines else None), f"waiver of {waiver.rule!r} by {waiver.owner}"
        if waiver.expired(day):
            yield PolicyRemark(severity="error", line=line, text=f"{name} expired on {waiver.expires}")
        elif waiver.expires - day <= SOON:
            yield PolicyRemark(severity="warning", line=line, text=f"{name} expires on {waiver.expires}")
        if not waiver.begun(day):
            text = f"{name} was created after today, on {waiver.created}"
            yield PolicyRemark(severity="error", line=line, text=text)
        if _is_idle(waiver, loaded.policy.rule(waiver.rule)):
            text = f"{name} covers nothing: its rule allows {number(waiver.tolerated)}"
            yield PolicyRemark(severity="warning", line=line, text=text)


def _is_idle(waiver: Waiver, rule: AnyRule) -> bool:
    """Whether what a waiver tolerates is allowed anyway."""
    limit = getattr(rule, "limit", None)
    if limit is None:
        return False
    if rule.kind == "no_worse_than" and rule.direction == "higher":
        limit = -limit
    return (
        waiver.tolerates(limit, worse=worse_of(rule.kind, limit)) is False or waiver.tolerated == limit
    )
