"""The section about attributions, laid out: how they were made, features ranked, groups side by side.

age     ├─────●─     0.12 [0.11, 0.13]    mean size for everyone, drawn from 0
by sex  a table of groups with a strip in each cell
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rai.ground.colours import Mark, marks
from rai.ground.formatting import counted, number
from rai.reports.attribution_facts import AttributionFacts, Summarized
from rai.reports.forest import Place
from rai.reports.group_tables import MOST_GROUPS, Cell, GroupRow, GroupTable
from rai.reports.scales import Scale, scale
from rai.reports.words import bounds, capital, clean, figure

if TYPE_CHECKING:
    from rai.explainers.summaries import FeatureSummaries, FeatureSummary
    from rai.reports.facts import Facts

MOST_FEATURES, MOST_COLUMNS = 20, 6
_ROUNDING = 1e-12
NOT_CAUSES = (
    "Attributions say what the model makes of its columns, not what causes what. A column that the "
    "model doesn't read gets 0, a sensitive one too, even where its stand-ins carry the whole gap."
)
SHOWN = {"size": "mean size", "mean": "mean, with its sign"}


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One feature over all rows, ready to be drawn.

    Args:
        name: The feature.
        rank: Its rank, with the ranks that can't be told from it.
        size, size_bounds: Its mean size and interval, as text.
        mean, mean_bounds: Its mean with sign, as text.
        n: Rows.
        place: Where its mean size is drawn.
        told: All of it in a sentence.
        sure: Whether its mark is filled.
        shape: The mark; None for the usual one.
    """

    name: str
    rank: str
    size: str
    size_bounds: str
    mean: str
    mean_bounds: str
    n: int
    place: Place | None
    told: str
    sure: bool = True
    shape: Mark | None = None


@dataclass(frozen=True, slots=True)
class AttributionBlock:
    """The attributions of one output.

    Args:
        title: What is taken apart.
        facts: How it was made: term and text.
        rows: Features, the most important first.
        others: What the last row holds, where features share it; empty otherwise.
        scale: What mean sizes are drawn on.
        groups: Sensitive feature, its table of mean sizes and that of means with sign.
        refused: Why groups are not shown, a sentence each.
        columns_left_out: Features without a column in the tables of groups.
        note: What to mind.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[FeatureRow, ...]
    scale: Scale
    groups: tuple[tuple[str, tuple[GroupTable, ...]], ...]
    refused: tuple[str, ...]
    columns_left_out: int
    notes: tuple[str, ...]


def attribution_blocks(facts: Facts) -> tuple[AttributionBlock, ...]:
    """One for each output of each attributions; empty where none were given."""
    found: AttributionFacts | None = facts.attributions
    return tuple(_block(one, facts) for one in (found.summarized if found else ()))


def _block(one: Summarized, facts: Facts) -> AttributionBlock:
    from rai.explainers.space_names import score_name

    given = one.attributions
    label = given.outputs[one.output]
    named = capital(score_name(given.space, label, several=len(given.outputs) > 1))
    shown, others = one.everyone[:MOST_FEATURES], one.everyone[MOST_FEATURES:]
    if len(others) == 1:
        shown, others = one.everyone, one.everyone[:0]
    drawn = scale([x for row in shown for x in (row.mean_abs, row.mean_abs_high)], include=0.0)
    rows = [_row(row, drawn) for row in shown]
    rows += [_others(others, drawn)] if others else []
    refused = [f"Not split by {clean(axis)}: {clean(why)}." for axis, why in one.refused.items()]
    return AttributionBlock(
        title=clean(named, most=80),
        facts=_facts(one),
        rows=tuple(rows),
        scale=drawn,
        groups=tuple((clean(axis), _tables(axis, held, facts)) for axis, held in one.groups.items()),
        refused=tuple(text.replace("..", ".") for text in refused),
        columns_left_out=max(0, len(one.everyone) - MOST_COLUMNS),
        notes=tuple(map(clean, given.notes)),
    )


def _facts(one: Summarized) -> tuple[tuple[str, str], ...]:
    """How the attributions were made."""
    given = one.attributions
    worst = float(np.abs(given.completeness_error[:, one.output]).max(initial=0.0))
    sure = "exact" if given.exact else "estimated"
    found = [
        ("Number taken apart", given.space),
        ("Method", f"{given.method}, {sure}, {given.kind.replace('_', ' ')}"),
        ("Why", given.why),
        ("Background", f"{given.background} (n = {given.background_n:,})"),
        ("Rows explained", f"{len(given):,}"),
        ("Base", figure(float(given.base[:, one.output].mean()))),
        ("Off the model's own number", f"by at most {number(worst)}"),
    ]
    return tuple((term, clean(text, most=400)) for term, text in found if text)


def _row(row: FeatureSummary, drawn: Scale) -> FeatureRow:
    name, size, mean = clean(row.feature, most=120), figure(row.mean_abs), figure(_mean(row))
    size_bounds, mean_bounds = bounds(row.mean_abs_low, row.mean_abs_high), bounds(row.low, row.high)
    return FeatureRow(
        name=name,
        rank=_rank(row),
        size=size,
        size_bounds=size_bounds,
        mean=mean,
        mean_bounds=mean_bounds,
        n=row.n,
        place=_place(row.mean_abs, row.mean_abs_low, row.mean_abs_high, drawn),
        told=f"{name}: mean size {size} {size_bounds}, mean {mean} {mean_bounds}".replace(" ,", ","),
    )


def _others(rows: Sequence[FeatureSummary], drawn: Scale) -> FeatureRow:
    """The features that share a row, with the sums of their numbers."""
    size = math.fsum(row.mean_abs or 0.0 for row in rows)
    mean = figure(math.fsum(row.mean or 0.0 for row in rows))
    name = f"and {counted(len(rows), 'other')}, summed"
    told = f"{name}: mean size {figure(size)}, mean {mean}"
    place = _place(size, None, None, drawn)
    return FeatureRow(name, "", figure(size), "", mean, "", rows[0].n, place, told)


def _rank(row: FeatureSummary) -> str:
    if row.rank is None:
        return ""
    if row.rank_low is None or row.rank_high is None or row.rank_low == row.rank_high:
        return f"{row.rank}"
    return f"{row.rank} [{row.rank_low}, {row.rank_high}]"


def _place(value: float | None, low: float | None, high: float | None, drawn: Scale) -> Place | None:
    if value is None:
        return None
    first, last = (None if end is None else drawn.at(end) for end in (low, high))
    return Place(drawn.at(value), first, last, None)


def _tables(axis: str, held: FeatureSummaries, facts: Facts) -> tuple[GroupTable, ...]:
    """Mean sizes of the groups of a feature, and means with sign; the colours are those of the audit."""
    by_group: dict[str, dict[str, FeatureSummary]] = {}
    for row in held:
        by_group.setdefault(row.name, {})[row.feature] = row
    own = [name for name, rows in by_group.items() if next(iter(rows.values())).group]
    known = facts.names(axis) if axis in facts.groups else ()
    looks = marks(known if set(own) <= set(known) else own)
    everyone = next(rows for name, rows in by_group.items() if name not in own)
    features = held.features[:MOST_COLUMNS]
    groups = {name: by_group[name] for name in own[:MOST_GROUPS]}
    return tuple(
        _table(
            axis,
            show,
            features,
            everyone=everyone,
            groups=groups,
            looks=looks,
            left_out=len(own) - len(groups),
        )
        for show in SHOWN
    )


def _table(
    axis: str,
    show: str,
    features: Sequence[str],
    *,
    everyone: Mapping[str, FeatureSummary],
    groups: Mapping[str, Mapping[str, FeatureSummary]],
    looks: Mapping[str, Mark],
    left_out: int,
) -> GroupTable:
    numbers = {
        feature: [_numbers(rows[feature], show) for rows in (everyone, *groups.values())]
        for feature in features
    }
    scales = [scale([x for found in numbers[f] for x in found], include=0.0, ticks=4) for f in features]
    notes: dict[str, int] = {}

    def row(name: str, mark: Mark | None, held: Mapping[str, FeatureSummary]) -> GroupRow:
        cells = [_cell(held[f], show, s, notes) for f, s in zip(features, scales, strict=True)]
        return GroupRow(name, mark, held[features[0]].n, tuple(cells))

    whole = row("everyone", None, everyone)
    return GroupTable(
        along=clean(axis),
        title=SHOWN[show],
        heads=tuple(clean(feature, most=40) for feature in features),
        ranges=tuple(f"{number(s.low)} to {number(s.high)}" for s in scales),
        everyone=whole,
        references=tuple(cell.place[1] if cell.place else None for cell in whole.cells),
        rows=tuple(row(clean(name), looks.get(name), held) for name, held in groups.items()),
        ends=(),
        footnotes=tuple(notes),
        left_out=left_out,
    )


def _numbers(row: FeatureSummary, show: str) -> tuple[float | None, float | None, float | None]:
    if show == "mean":
        return _mean(row), row.low, row.high
    return row.mean_abs, row.mean_abs_low, row.mean_abs_high


def _mean(row: FeatureSummary) -> float | None:
    """The mean with its sign; what rounding leaves of it is 0."""
    if row.mean is None or row.mean_abs is None:
        return row.mean
    return 0.0 if abs(row.mean) < _ROUNDING * row.mean_abs else row.mean


def _cell(row: FeatureSummary, show: str, drawn: Scale, notes: dict[str, int]) -> Cell:
    value, low, high = _numbers(row, show)
    place = None
    if value is not None:
        ends = (value if end is None else end for end in (low, high))
        first, last = (drawn.at(end) for end in ends)
        place = (first, drawn.at(value), last)
    reason = _reason(row.note) if low is None else ""
    return Cell(
        value=figure(value),
        bounds=bounds(low, high),
        counts="",
        place=place,
        order=value,
        footnote=notes.setdefault(reason, len(notes) + 1) if reason else 0,
    )


def _reason(note: str) -> str:
    """Why there is no value or no interval, without the group's own n, so that groups share it."""
    first = clean(note.removeprefix("undefined: ").partition("; ")[0])
    why, _, few = first.partition(", fewer than ")
    return f"{why.partition(': ')[0]}: fewer than {few} rows" if few else first
