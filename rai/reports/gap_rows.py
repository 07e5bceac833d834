"""The table of gaps: each as a difference and as a ratio, with chance, p-value and what to mind."""

from __future__ import annotations

from dataclasses import dataclass

from rai.reports.facts import MOST_RATIOS, WHOLE, Facts, label_of
from rai.reports.measured_in import attained_in
from rai.reports.words import bounds, chance_of, clean, figure, name, verdict
from rai.values import Gap

MOST_GAPS = 400
_LONGEST_NOTE = 240


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap as text.

    Args:
        criterion, along, label: What is compared; the label is empty without classes.
        highest, lowest: The pair of groups, with their values where the gap is in one metric.
        pair: The same without values; empty where the gap is undefined.
        difference, difference_bounds, ratio, ratio_bounds: The gap on both scales.
        null, p_value: What chance alone would give, and how often it gives as much.
        verdict: Whether the interval of the difference leaves parity out.
        n: Rows compared.
        footnotes: Numbers of its footnotes.
    """

    criterion: str
    along: str
    label: str
    highest: str
    lowest: str
    pair: tuple[str, ...]
    difference: str
    difference_bounds: str
    ratio: str
    ratio_bounds: str
    null: str
    p_value: str
    verdict: str
    n: int
    footnotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GapTable:
    """All gaps, with the notes that several may share."""

    rows: tuple[GapRow, ...]
    footnotes: tuple[str, ...]
    left_out: int


def gap_table(facts: Facts) -> GapTable:
    """The gaps of an audit as text, criterion by criterion."""
    numbers: dict[str, int] = {}
    order = list(dict.fromkeys(gap.metric for gap in facts.gaps))
    gaps = sorted(facts.gaps, key=lambda gap: order.index(gap.metric))
    ratios = {_asked(ratio): ratio for ratio in facts.ratios if ratio.kind == "ratio"}
    rows = tuple(_row(gap, ratios.get(_asked(gap)), facts, numbers) for gap in gaps[:MOST_GAPS])
    return GapTable(rows, tuple(numbers), len(gaps) - len(rows))


def _asked(gap: Gap) -> tuple[object, ...]:
    """What a gap and its ratio have in common."""
    return gap.metric, gap.along, gap.within


def _row(gap: Gap, ratio: Gap | None, facts: Facts, numbers: dict[str, int]) -> GapRow:
    label = label_of(gap, facts.audit)
    notes = [*_parts(gap), *_ratio_notes(gap, ratio, facts)]
    return GapRow(
        criterion=name(gap.metric),
        along=clean(gap.along),
        label="" if label in (None, WHOLE) else clean(label),
        highest=_valued(gap, gap.highest, facts),
        lowest=_valued(gap, gap.lowest, facts),
        pair=tuple(clean(group) for group in (gap.highest, gap.lowest) if group is not None),
        difference=figure(gap.value),
        difference_bounds=bounds(gap.low, gap.high),
        ratio=figure(ratio.value if ratio else None),
        ratio_bounds=bounds(ratio.low, ratio.high) if ratio else "",
        null=figure(gap.null),
        p_value=chance_of(gap.p_value).removeprefix("p ").removeprefix("= "),
        verdict=verdict(gap),
        n=gap.n,
        footnotes=tuple(sorted({numbers.setdefault(note, len(numbers) + 1) for note in notes})),
    )


def _parts(gap: Gap) -> list[str]:
    return [clean(part, most=_LONGEST_NOTE) for part in gap.note.split("; ") if part]


def _ratio_notes(gap: Gap, ratio: Gap | None, facts: Facts) -> list[str]:
    """What to mind about the ratio alone: other groups may be at its ends."""
    if ratio is None:
        many = len(facts.names(gap.along)) > MOST_RATIOS
        return [f"ratio not computed for more than {MOST_RATIOS} groups"] if many else []
    notes = [part for part in _parts(ratio) if part not in _parts(gap)]
    if ratio.value is not None and (ratio.highest, ratio.lowest) != (gap.highest, gap.lowest):
        notes.insert(0, f"between {clean(ratio.lowest)} and {clean(ratio.highest)}")
    return [f"ratio {'; '.join(notes)}"] if notes else []


def _valued(gap: Gap, group: str | None, facts: Facts) -> str:
    if group is None:
        return "–"
    metric = attained_in(gap, facts.audit)
    found = metric and facts.estimate(gap.along, metric, group, label_of(gap, facts.audit))
    return f"{clean(group)} ({figure(found.value)})" if found else clean(group)
