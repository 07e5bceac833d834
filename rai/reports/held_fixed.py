"""Gaps with control features held fixed: raw, level by level, and pooled. Simpson's paradox shows.

all rows             Male higher by 0.142
department A … F     Female higher in 4 of 6
same mix of levels   Female higher by 0.0426        ← the order turns round
"""

from __future__ import annotations

from dataclasses import dataclass

from rai.audits import Audit
from rai.ground.formatting import TIMES
from rai.reports.measured_in import measured_in
from rai.reports.words import clean, estimated, name
from rai.values import Gap, Gaps


@dataclass(frozen=True, slots=True)
class HeldFixed:
    """One metric along one comparison, with control features held fixed.

    Args:
        raw: The gap over all rows.
        levels: The gap within each level of the control features.
        pooled: The gap if every group had the same mix of levels.
        odds_ratio: Mantel and Haenszel's common odds ratio; None where the metric is no proportion.
    """

    raw: Gap
    levels: Gaps
    pooled: Gap
    odds_ratio: Gap | None


def held_fixed(audit: Audit, gaps: Gaps) -> tuple[HeldFixed, ...]:
    """Every criterion of one metric, along every comparison; empty without control features."""
    if not audit.roles.control_features or audit.task == "multiclass":
        return ()
    levels = audit.gaps(within=audit.roles.control_features)
    raw = [gap for gap in gaps if len(measured_in(gap, audit)) == 1 and gap.value is not None]
    return tuple(_held(gap, levels, audit) for gap in raw)


def change(held: HeldFixed, audit: Audit) -> str:
    """What holding the levels fixed changes, in words."""
    raw, pooled = held.raw, held.pooled
    (metric,) = measured_in(raw, audit)
    fixed = clean(TIMES.join(audit.roles.control_features))
    before = f"Over all rows, the {name(metric)} is higher for {_who(raw)} by {estimated(raw)}."
    if pooled.value is None:
        reason = pooled.note.removeprefix("undefined: ")
        return f"{before} With {fixed} held fixed no gap is defined: {reason}."
    if not raw.value or not pooled.value:
        with_fixed = f"with {fixed} held fixed it is {estimated(pooled)}"
        return f"Over all rows the gap is {estimated(raw)}; {with_fixed}."
    after = f"With {fixed} held fixed, it is higher for {_who(pooled)} by {estimated(pooled)}"
    ends = (raw.highest, raw.lowest)
    if (pooled.lowest, pooled.highest) == ends:
        turned = [gap for gap in held.levels if gap.value and (gap.lowest, gap.highest) == ends]
        count = f"{len(turned)} of {len(held.levels)} levels"
        return f"{before} {after}: the order turns round (Simpson's paradox), as it does in {count}."
    if (pooled.highest, pooled.lowest) == ends:
        return f"{before} {after}: {_size(raw.value, pooled.value)}."
    return f"{before} {after}: the largest gap is between other groups."


def _held(raw: Gap, levels: Gaps, audit: Audit) -> HeldFixed:
    (pooled,) = audit.pooled_gaps(raw.metric, along=raw.along)
    ratio = None
    if audit.task == "binary":
        (ratio,) = audit.pooled_gaps(raw.metric, along=raw.along, method="mantel_haenszel")
    within = Gaps(gap for gap in levels if (gap.metric, gap.along) == (raw.metric, raw.along))
    return HeldFixed(raw, within, pooled, ratio)


def _who(gap: Gap) -> str:
    return f"{clean(gap.highest, most=60)} than for {clean(gap.lowest, most=60)}"


def _size(raw: float, pooled: float) -> str:
    share = pooled / raw
    if share < 0.8:
        return f"about {100 * (1 - share):.0f}% of the gap goes with the mix of levels"
    return "the gap widens" if share > 1.25 else "the gap stays about the same"
