"""Gaps in parts, laid out as waterfalls: each part begins where the one before ends.

hours    ──▶            ░ where chance alone would end it
age        ◀─┤          hollow: could be chance
gap      ├──┤
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rai.ground.formatting import counted, metric_name
from rai.reports.scales import Scale, scale
from rai.reports.words import BEYOND, UNKNOWN, WITHIN, bounds, clean, figure, percent

if TYPE_CHECKING:
    from rai.explainers.gap_parts import GapAttributions, GapPair, GapPart
    from rai.reports.facts import Facts

MOST_PARTS, MOST_PAIRS = 20, 15


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a part is drawn, in percent.

    Args:
        start, end: Where it begins and ends.
        low, high: Its interval; None where it has none.
        chance: Where chance alone would end it; None where that is unknown.
    """

    start: float
    end: float
    low: float | None
    high: float | None
    chance: tuple[float, float] | None

    @property
    def left(self) -> float:
        """Its left end."""
        return min(self.start, self.end)

    @property
    def width(self) -> float:
        """How wide it is."""
        return round(abs(self.end - self.start), 2)

    @property
    def chance_width(self) -> float:
        """How wide the band of chance is."""
        return 0.0 if self.chance is None else round(self.chance[1] - self.chance[0], 2)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a gap, ready to be drawn.

    Args:
        name: The feature.
        value, bounds: What it adds, as text.
        share: Its share of the gap, as text.
        chance: The band of chance, as text.
        verdict: Whether it is beyond chance.
        bar: Where it is drawn.
        kind: `feature`, `residual`, `others` or `gap`.
        told: All of it in a sentence.
    """

    name: str
    value: str
    bounds: str
    share: str
    chance: str
    verdict: str
    bar: Bar | None
    kind: str
    told: str

    @property
    def sure(self) -> bool:
        """Whether its bar is filled."""
        return self.verdict != WITHIN


@dataclass(frozen=True, slots=True)
class PairBlock:
    """One pair of groups: what their gap is, and its parts."""

    title: str
    text: str
    rows: tuple[PartRow, ...]
    scale: Scale
    zero: float


@dataclass(frozen=True, slots=True)
class GapBlock:
    """The gap of one metric, pair by pair.

    Args:
        title: The metric and what it is along.
        facts: How it was made: term and text.
        pairs: The pairs, ready to be drawn.
        left_out: Pairs that are not shown.
        notes: What to mind.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    pairs: tuple[PairBlock, ...]
    left_out: int
    notes: tuple[str, ...]


def gap_blocks(facts: Facts) -> tuple[GapBlock, ...]:
    """One for each gap in parts, each note once, where it is last due; empty where none were given."""
    blocks = [_block(found) for found in (facts.attributions.gaps if facts.attributions else ())]
    told = [note for block in blocks for note in block.notes]
    last = {note: at for at, block in enumerate(blocks) for note in block.notes}
    return tuple(
        replace(block, notes=tuple(note for note in dict.fromkeys(told) if last[note] == at))
        for at, block in enumerate(blocks)
    )


def _block(found: GapAttributions) -> GapBlock:
    from rai.explainers.space_names import score_name

    ratio = ", as the logarithm of a ratio" if found.kind == "ratio" else ""
    made = [
        ("Number taken apart", score_name(found.space, found.output)),
        ("Method", f"{found.method}, {'exact' if found.exact else 'estimated'}"),
        ("Why", found.why),
        ("Background", f"{found.background} (n = {found.background_n:,})"),
        ("Intervals", f"{percent(found.level)} for all parts of all pairs at once"),
    ]
    shown = found.pairs[:MOST_PAIRS]
    return GapBlock(
        title=f"{metric_name(found.metric)}{ratio} by {clean(found.along, most=80)}",
        facts=tuple((term, clean(text, most=400)) for term, text in made if text),
        pairs=tuple(_pair(pair, found) for pair in shown),
        left_out=len(found.pairs) - len(shown),
        notes=tuple(clean(note, most=400) for note in found.notes),
    )


def _pair(pair: GapPair, found: GapAttributions) -> PairBlock:
    shown, others = pair.parts[:MOST_PARTS], pair.parts[MOST_PARTS:]
    if len(others) == 1:
        shown, others = pair.parts, ()
    rest = math.fsum(part.value or 0.0 for part in others)
    named: list[tuple[GapPart | float, str, str]] = [(part, part.feature, "feature") for part in shown]
    named += [(rest, f"and {counted(len(others), 'other')}", "others")] if others else []
    named += [(part, part.feature, "residual") for part in pair.residuals]
    drawn = _scale([part for part, _, _ in named], pair.gap)
    rows, at = [], 0.0
    for part, name, kind in named:
        rows.append(_row(part, name, kind, start=at, drawn=drawn))
        at += _value(part)
    rows.append(_row(pair.gap, "gap", "gap", start=0.0, drawn=drawn))
    group, versus = clean(pair.group, most=80), clean(pair.versus, most=80)
    return PairBlock(f"{group} minus {versus}", _told(pair, found), tuple(rows), drawn, drawn.at(0.0))


def _told(pair: GapPair, found: GapAttributions) -> str:
    """The metric of both groups and the gap, in a sentence."""
    name = metric_name(found.metric)
    sides = [
        f"{figure(value)} for {clean(group, most=80)} ({counted(n, 'row')})"
        for group, value, n in (
            (pair.group, pair.group_value, pair.n),
            (pair.versus, pair.versus_value, pair.n_versus),
        )
    ]
    if pair.value is None:
        gap = f"no gap is defined: {clean(pair.note.removeprefix('undefined: '))}"
    else:
        what = "a log-ratio of" if found.kind == "ratio" else "a gap of"
        gap = f"{what} {figure(pair.value)} {bounds(pair.gap.low, pair.gap.high)}".rstrip()
    note = f" ({clean(pair.note)})" if pair.note and pair.value is not None else ""
    return f"The {name} is {' and '.join(sides)}: {gap}{note}."


def _value(part: GapPart | float) -> float:
    return part if isinstance(part, float) else part.value or 0.0


def _scale(parts: Sequence[GapPart | float], gap: GapPart) -> Scale:
    """A scale that holds every step, its interval and what chance would do."""
    ends: list[float | None] = []
    at = 0.0
    for part in (*parts, gap):
        start = 0.0 if part is gap else at
        reach = (
            () if isinstance(part, float) else (part.low, part.high, part.chance_low, part.chance_high)
        )
        ends += [start + x for x in (_value(part), *reach) if x is not None]
        at += _value(part)
    return scale(ends, include=0.0)


def _row(part: GapPart | float, name: str, kind: str, *, start: float, drawn: Scale) -> PartRow:
    label, value = clean(name, most=120), _value(part)
    low = high = chance_low = chance_high = share = None
    known = True
    if not isinstance(part, float):
        low, high, share = part.low, part.high, part.share
        chance_low, chance_high, known = part.chance_low, part.chance_high, part.value is not None
    verdict = _verdict(part)
    text, own = figure(value if known else None), bounds(low, high)
    return PartRow(
        name=label,
        value=text,
        bounds=own,
        share="" if share is None or kind == "gap" else f"{round(100 * share)}%",
        chance=bounds(chance_low, chance_high),
        verdict=verdict,
        bar=_bar(start, value, (low, high), (chance_low, chance_high), drawn) if known else None,
        kind=kind,
        told=", ".join(filter(None, (f"{label}: {text} {own}".rstrip(), verdict))),
    )


def _bar(
    start: float,
    value: float,
    reach: tuple[float | None, float | None],
    chance: tuple[float | None, float | None],
    drawn: Scale,
) -> Bar:
    low, high, first, last = (None if x is None else drawn.at(start + x) for x in (*reach, *chance))
    band = None if first is None or last is None else (first, last)
    return Bar(drawn.at(start), drawn.at(start + value), low, high, band)


def _verdict(part: GapPart | float) -> str:
    if isinstance(part, float) or part.value is None or part.chance_low is None:
        return UNKNOWN if not isinstance(part, float) and part.value is None else ""
    return BEYOND if part.is_beyond_chance else WITHIN
