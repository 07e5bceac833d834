"""Waivers held against verdicts: what they cover is waived, what is expired is an error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from rai.gates.policies import Policy
from rai.gates.sources import Source
from rai.gates.waivers import Waiver
from rai.ground.formatting import figure
from rai.values.verdict import Verdict

# A value is compared in this direction where the kind of rule says so; elsewhere higher is worse.
_LOWER_IS_WORSE = frozenset({"min_ratio", "min_metric", "min_n"})


def waived(
    verdicts: Sequence[Verdict], policy: Policy, source: Source, *, on: date | None
) -> tuple[list[Verdict], list[str]]:
    """Verdicts with waivers applied, and what to mind about waivers.

    A waiver covers a fail whose value is no worse than it tolerates. An expired one is an error,
    whatever it would cover, as somebody has to decide again; one that covers nothing is told and
    should go.

    Args:
        verdicts: The verdicts.
        policy: The policy with its waivers.
        source: Where they stand.
        on: The day; today if None.
    """
    if not policy.waivers:
        return list(verdicts), []
    day = date.today() if on is None else on  # noqa: DTZ011  # a waiver expires where it is read
    after, expired, remarks = list(verdicts), list[Verdict](), list[str]()
    for place, waiver in enumerate(policy.waivers):
        line = source.waiver_lines[place] if source.waiver_lines else None
        meant = [
            at for at, verdict in enumerate(after)
            if verdict.status == "fail" and waiver.covers(verdict.rule, verdict.subject, verdict.group)
        ]  # fmt: skip
        name = f"the waiver of {waiver.rule} by {waiver.owner}"
        if waiver.expired(day):
            expired.append(_expired(waiver, policy, line))
        elif not waiver.begun(day):
            remarks.append(f"{name} holds from {waiver.created} on, and is not used")
        elif not meant:
            remarks.append(f"{name} covers nothing; remove it")
        else:
            for at in meant:
                after[at] = _covered(after[at], waiver)
    return [*after, *expired], remarks


def worse_of(kind: str, limit: float | None) -> Literal["higher", "lower"]:
    """Which way a value is worse: for `no_worse_than` a margin below zero, -0.0 included, is a loss."""
    losses = kind == "no_worse_than" and limit is not None and math.copysign(1, limit) < 0
    return "lower" if losses or kind in _LOWER_IS_WORSE else "higher"


def _covered(verdict: Verdict, waiver: Waiver) -> Verdict:
    worse = worse_of(verdict.kind, verdict.limit)
    if verdict.value is None:
        return replace(verdict, reason=f"{verdict.reason}; no waiver covers what has no value")
    if not waiver.tolerates(verdict.value, worse=worse):
        only = f"the waiver of {waiver.owner} tolerates {figure(waiver.tolerated)} only"
        return replace(verdict, reason=f"{verdict.reason}; {only}")
    return replace(verdict, status="waived", effect="none", code="waived", waiver=waiver.words)


def _expired(waiver: Waiver, policy: Policy, line: int | None) -> Verdict:
    rule = policy.rule(waiver.rule)
    reason = (
        f"the waiver of {waiver.owner} expired on {waiver.expires}; fix the model, or agree on another"
    )
    return Verdict(
        rule=waiver.rule, kind=rule.kind, status="error", effect="error", code="waiver_expired",
        reason=reason, severity=rule.severity, group=f"waiver of {waiver.group or 'all groups'}",
        waiver=waiver.words, tags=rule.tags, line=line,
    )  # fmt: skip
