"""What changes with the threshold: metrics of everyone and gaps, one row per threshold."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.formatting import number
from rai.reports.facts import Facts
from rai.reports.measured_in import measured_in
from rai.reports.words import BEYOND, bounds, clean, figure, name, verdict
from rai.values import Gap

MOST_THRESHOLDS = 12


@dataclass(frozen=True, slots=True)
class ThresholdCell:
    """A value and its interval as text; `sure` for a gap whose interval leaves parity out."""

    value: str
    bounds: str
    sure: bool | None = None


@dataclass(frozen=True, slots=True)
class ThresholdTable:
    """One comparison at every threshold.

    Args:
        title: What the table holds.
        heads: Names of the columns.
        rows: Threshold, and its cells.
        left_out: Thresholds that are not shown.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ThresholdCell, ...]], ...]
    left_out: int


def threshold_tables(facts: Facts) -> tuple[ThresholdTable, ...]:
    """Everyone's metrics, then the gaps of each comparison; empty with one threshold."""
    audit = facts.audit
    if len(audit.thresholds) < 2:
        return ()
    shown = audit.thresholds[:MOST_THRESHOLDS]
    left_out = len(audit.thresholds) - len(shown)
    metrics = {t: audit.metrics(by=(), threshold=t) for t in shown}
    first = metrics[shown[0]]
    everyone = ThresholdTable(
        "everyone",
        tuple(name(e.metric) for e in first),
        tuple(
            (number(t), tuple(ThresholdCell(figure(e.value), bounds(e.low, e.high)) for e in metrics[t]))
            for t in shown
        ),
        left_out,
    )
    gaps = {t: [g for g in audit.gaps(threshold=t) if len(measured_in(g, audit)) == 1] for t in shown}
    return (everyone, *(_gap_table(along, gaps, left_out) for along in facts.comparisons))


def _gap_table(along: str, gaps: dict[float, list[Gap]], left_out: int) -> ThresholdTable:
    own = {t: [gap for gap in found if gap.along == along] for t, found in gaps.items()}
    heads = tuple(name(gap.metric) for gap in next(iter(own.values())))
    rows = tuple((number(t), tuple(map(_cell, found))) for t, found in own.items())
    return ThresholdTable(f"gaps by {clean(along)}", heads, rows, left_out)


def _cell(gap: Gap) -> ThresholdCell:
    return ThresholdCell(figure(gap.value), bounds(gap.low, gap.high), verdict(gap) == BEYOND)
