"""The drawing of gaps with control features held fixed: all rows, each level, the same mix of levels.

Each mark is that of the higher group, so that a turn of the order shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rai.ground.colours import marks
from rai.ground.formatting import TIMES
from rai.reports.facts import Facts
from rai.reports.forest import ForestRow, forest_row, gap_scale
from rai.reports.held_fixed import HeldFixed, change
from rai.reports.scales import Scale
from rai.reports.words import clean, estimated, name, question
from rai.values import Gap
from rai.values.levels import key_name

FEW_LEVELS = 24


@dataclass(frozen=True, slots=True)
class Controlled:
    """One metric along one comparison, ready to be drawn.

    Args:
        criterion: The criterion, for reading.
        question: What it asks.
        along, within: What is compared, and what is held fixed.
        text: What holding it fixed changes, in words.
        rows: The gap of all rows, of each level, and of the same mix of levels, on one scale.
        scale: That scale.
        parity: Place of parity, in percent.
        odds_ratio: The common odds ratio over levels, in words; empty where there is none.
        left_out: Levels that are not drawn.
    """

    criterion: str
    question: str
    along: str
    within: str
    text: str
    rows: tuple[ForestRow, ...]
    scale: Scale
    parity: float
    odds_ratio: str
    left_out: int


def controlled(facts: Facts) -> tuple[Controlled, ...]:
    """What an audit says with its control features held fixed; empty without any."""
    return tuple(_controlled(held, facts) for held in facts.held_fixed)


def _controlled(held: HeldFixed, facts: Facts) -> Controlled:
    raw, shown = held.raw, held.levels[:FEW_LEVELS]
    drawn = gap_scale([raw, *shown, held.pooled])
    rows = [
        _row(raw, "all rows", facts, drawn),
        *(_row(gap, clean(key_name(level for _, level in gap.within)), facts, drawn) for gap in shown),
        _row(held.pooled, "same mix of levels", facts, drawn),
    ]
    return Controlled(
        criterion=name(raw.metric),
        question=question(raw.metric),
        along=clean(raw.along),
        within=clean(TIMES.join(facts.audit.roles.control_features)),
        text=change(held, facts.audit),
        rows=tuple(rows),
        scale=drawn,
        parity=drawn.at(0.0),
        odds_ratio=_odds_ratio(held.odds_ratio),
        left_out=len(held.levels) - len(shown),
    )


def _row(gap: Gap, label: str, facts: Facts, drawn: Scale) -> ForestRow:
    row = forest_row(gap, facts, drawn, label=label)
    return replace(row, shape=marks(facts.names(gap.along)).get(str(gap.highest)))


def _odds_ratio(gap: Gap | None) -> str:
    if gap is None or gap.value is None:
        return ""
    return (
        f"{estimated(gap)}, {clean(gap.lowest, most=60)} to {clean(gap.highest, most=60)}; parity is 1"
    )
