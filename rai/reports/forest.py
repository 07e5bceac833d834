"""The forest plot of gaps: one row per criterion and comparison, in blocks that share a scale.

├────┼────┼────┼────┤
  ◇──●───────┤            ● value   ─ interval   ◇ what chance alone would give
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rai.ground.colours import Mark, marks
from rai.ground.formatting import counted
from rai.reports.facts import MICRO, WHOLE, Facts, label_of
from rai.reports.scales import Scale, scale
from rai.reports.words import BEYOND, bounds, clean, estimated, figure, name, parity, question, verdict
from rai.values import Gap

MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's marks stand, in percent; None where there is none."""

    value: float
    low: float | None
    high: float | None
    null: float | None


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One gap, ready to be drawn.

    Args:
        along: What is compared, for reading.
        highest, lowest: The pair of groups.
        marks: Their marks.
        value, bounds: The gap and its interval as text.
        place: Where it is drawn; None where it is undefined.
        sure: Whether the interval leaves parity out.
        verdict: The same in words.
        n: Rows compared.
        told: All of it in a sentence, for those who can't see the drawing.
        note: Why it is undefined.
        shape: The mark to draw it with; None for the usual one.
    """

    along: str
    highest: str
    lowest: str
    marks: tuple[Mark, Mark] | None
    value: str
    bounds: str
    place: Place | None
    sure: bool
    verdict: str
    n: int
    told: str
    note: str = ""
    shape: Mark | None = None


@dataclass(frozen=True, slots=True)
class ForestBlock:
    """The rows of one criterion.

    Args:
        name: The criterion, for reading.
        question: What it asks.
        rows: One per comparison, and per class where there are classes.
        scale: What its rows are drawn on.
        parity: Place of parity, in percent.
        left_out: Rows that are not drawn.
    """

    name: str
    question: str
    rows: tuple[ForestRow, ...]
    scale: Scale
    parity: float
    left_out: int = 0


def score_forest(
    found: Sequence[Gap], facts: Facts, *, share: bool, looks: Mapping[str, Mark] | None = None
) -> tuple[ForestBlock, ...]:
    """Gaps in metrics of scores as blocks.

    Args:
        found: The gaps.
        facts: What a report shows.
        share: Whether all are drawn on one scale.
        looks: Marks of groups as charts draw them; the usual ones if None.
    """
    shared = gap_scale(found) if share else None
    return tuple(
        _block(metric, own, facts, shared or gap_scale(own), looks)
        for metric, own in _by_metric(found).items()
    )


def forest(facts: Facts) -> tuple[ForestBlock, ...]:
    """The gaps of an audit as blocks; rates share one scale, other metrics have one each."""
    gaps = [gap for gap in facts.gaps if label_of(gap, facts.audit) != MICRO]
    shared = None if facts.audit.task == "regression" else gap_scale(gaps)
    return tuple(
        _block(criterion, own, facts, shared or gap_scale(_shown(own)))
        for criterion, own in _by_metric(gaps).items()
    )


def gap_scale(gaps: Sequence[Gap]) -> Scale:
    """A scale that holds gaps, their intervals and parity."""
    values = [value for gap in gaps for value in (gap.value, gap.low, gap.high, gap.null)]
    return scale(values, include=parity(gaps[0].kind) if gaps else 0.0)


def forest_row(
    gap: Gap,
    facts: Facts,
    drawn: Scale,
    *,
    label: str | None = None,
    looks: Mapping[str, Mark] | None = None,
) -> ForestRow:
    """One gap on a scale."""
    if looks is None:
        looks = marks(facts.names(gap.along)) if gap.along in facts.groups else {}
    pair = (gap.highest, gap.lowest)
    known = all(group in looks for group in pair)
    highest, lowest = ("" if group is None else clean(group) for group in pair)
    along = label if label is not None else _along(gap, facts)
    return ForestRow(
        along=along,
        highest=highest,
        lowest=lowest,
        marks=(looks[str(gap.highest)], looks[str(gap.lowest)]) if known else None,
        value=figure(gap.value),
        bounds=bounds(gap.low, gap.high),
        place=_place(gap, drawn),
        sure=verdict(gap) == BEYOND,
        verdict=verdict(gap),
        n=gap.n,
        told=_told(gap, along),
        note=clean(gap.note.removeprefix("undefined: ")) if gap.value is None else "",
    )


def _by_metric(gaps: Sequence[Gap]) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.metric, []).append(gap)
    return found


def _block(
    criterion: str,
    own: list[Gap],
    facts: Facts,
    drawn: Scale,
    looks: Mapping[str, Mark] | None = None,
) -> ForestBlock:
    shown = _shown(own)
    return ForestBlock(
        name=name(criterion),
        question=question(criterion, classes=facts.audit.task == "multiclass"),
        rows=tuple(forest_row(gap, facts, drawn, looks=looks) for gap in shown),
        scale=drawn,
        parity=drawn.at(0.0),
        left_out=len(own) - len(shown),
    )


def _shown(gaps: list[Gap]) -> list[Gap]:
    """With many classes, those with the surest gaps, in their own order."""
    surest = sorted(gaps, key=lambda gap: (gap.low or 0.0, gap.value or 0.0), reverse=True)[:MOST_ROWS]
    return [gap for gap in gaps if gap in surest]


def _along(gap: Gap, facts: Facts) -> str:
    label = label_of(gap, facts.audit)
    return clean(gap.along) if label in (None, WHOLE) else f"{clean(gap.along)}, {clean(label)}"


def _place(gap: Gap, drawn: Scale) -> Place | None:
    if gap.value is None:
        return None
    low, high, null = (None if x is None else drawn.at(x) for x in (gap.low, gap.high, gap.null))
    return Place(drawn.at(gap.value), low, 100.0 if high is None and low is not None else high, null)


def _told(gap: Gap, along: str) -> str:
    if gap.value is None:
        return f"{along}: undefined"
    null = "" if gap.null is None else f", by chance about {figure(gap.null)}"
    return (
        f"{along}: gap {estimated(gap)}{null}, highest {clean(gap.highest)}, "
        f"lowest {clean(gap.lowest)}, {verdict(gap)}, {counted(gap.n, 'row')}"
    )
