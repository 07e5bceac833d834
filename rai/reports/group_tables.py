"""Tables of groups: one per comparison; each cell a value, its interval, and a strip that shows both.

With several classes there is one table for metrics of the whole, and one per metric with a column
for each class.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rai.ground.colours import Mark, marks
from rai.ground.formatting import number
from rai.measure.intervals import wilson
from rai.reports.facts import MACRO, MICRO, WHOLE, Facts, group_of, label_of
from rai.reports.scales import Scale, scale
from rai.reports.words import bounds, clean, figure, name
from rai.values import Estimate, Level

Column = tuple[str, Level | None]
Values = Mapping[Column, Estimate]

FEW_GROUPS = 12
MOST_GROUPS = 200
MOST_CLASSES = 24

SHARE, OF_THE_DATA = "share_of_rows", ("base_rate", "mean_label")

_CALIBRATED = "a calibrated model would show "


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric of one group, ready to be shown.

    Args:
        value, bounds: As text.
        counts: What was divided and what binning may move, as text; empty where there is neither.
        place: Places of low, value and high in percent; None where undefined.
        order: The value to sort by.
        footnote: Number of the footnote that says why it is undefined; 0 for none.
        remark: What the value would be by itself, for metrics that are never 0.
    """

    value: str
    bounds: str
    counts: str
    place: tuple[float, float, float] | None
    order: float | None
    footnote: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its name, its mark, its rows and its cells."""

    name: str
    mark: Mark | None
    n: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Metrics of the groups of one comparison.

    Args:
        along: What splits the rows, for reading.
        title: What the columns are, where there are several tables.
        heads: Names of the columns.
        ranges: What the strips of each column span.
        everyone: The row of all rows together.
        references: Place of everyone's value in each column, in percent.
        rows: One per group.
        ends: Those of the groups that stand at an end of a gap, where there are many groups.
        footnotes: Why cells are undefined, in the order of their numbers.
        left_out: Groups that are not shown.
    """

    along: str
    title: str
    heads: tuple[str, ...]
    ranges: tuple[str, ...]
    everyone: GroupRow
    references: tuple[float | None, ...]
    rows: tuple[GroupRow, ...]
    ends: tuple[GroupRow, ...]
    footnotes: tuple[str, ...]
    left_out: int


def group_tables(facts: Facts, along: str, *, left_out: Collection[str] = ()) -> tuple[GroupTable, ...]:
    """The tables of one comparison.

    Args:
        facts: What a report shows.
        along: The comparison.
        left_out: Metrics that have no column, because they are shown elsewhere.
    """
    by_group: dict[str, dict[Column, Estimate]] = {}
    for estimate in facts.groups[along]:
        by_group.setdefault(group_of(estimate, facts.audit), {})[_column(estimate, facts)] = estimate
    overall = {_column(estimate, facts): estimate for estimate in facts.overall}
    return tuple(
        _table(facts, along, title=title, columns=columns, by_group=by_group, overall=overall)
        for title, columns in _layout(column for column in overall if column[0] not in left_out)
    )


def of_the_data(facts: Facts) -> tuple[str, ...]:
    """Metrics that are about the data alone, and shown there."""
    known = {estimate.metric for estimate in facts.overall}
    return tuple(m for m in OF_THE_DATA if m in known and facts.audit.task != "multiclass")


def data_table(facts: Facts, along: str) -> GroupTable:
    """How many rows the groups of a comparison have, their share of all, and what their labels are."""
    names = facts.names(along)
    found = [next(e for e in facts.groups[along] if group_of(e, facts.audit) == name) for name in names]
    shares = dict(zip(names, _shares([e.n for e in found], facts), strict=True))
    metrics = of_the_data(facts)
    by_group: dict[str, dict[Column, Estimate]] = {
        name: {
            (SHARE, None): shares[name],
            **{(m, None): e for m in metrics if (e := facts.estimate(along, m, name)) is not None},
        }
        for name in names
    }
    everyone = Estimate(metric=SHARE, value=1.0, n=facts.audit.rows)
    whole: dict[Column, Estimate] = {(e.metric, None): e for e in (everyone, *facts.overall)}
    columns: list[Column] = [(metric, None) for metric in (SHARE, *metrics)]
    table = _table(facts, along, title="", columns=columns, by_group=by_group, overall=whole)
    share, *cells = table.everyone.cells
    first = replace(table.everyone, cells=(replace(share, place=None), *cells))  # all rows: no place
    return replace(table, ends=(), everyone=first, references=(None, *table.references[1:]))


def _shares(rows: Sequence[int], facts: Facts) -> list[Estimate]:
    """Shares of all rows, each row counting once, with Wilson's intervals."""
    whole, level = facts.audit.rows, facts.audit.level
    low, high = wilson(rows, [whole] * len(rows), level=level)
    return [
        Estimate(
            metric=SHARE, value=n / whole if whole else None, low=float(a), high=float(b), level=level,
            numerator=n, denominator=whole, n=n,
        )
        for n, a, b in zip(rows, low, high, strict=True)
    ]  # fmt: skip


def score_table(
    facts: Facts, along: str, metrics: Sequence[str], looks: Mapping[str, Mark] | None = None
) -> GroupTable:
    """The table of some metrics of scores of one comparison; of many groups those at ends of gaps.

    Args:
        facts: What a report shows.
        along: The comparison.
        metrics: The columns.
        looks: Marks of groups as charts draw them; the usual ones if None.
    """
    assert facts.scores is not None
    found = facts.scores.comparisons[along]
    by_group: dict[str, dict[Column, Estimate]] = {}
    for estimate in found.metrics:
        by_group.setdefault(estimate.name, {})[estimate.metric, None] = estimate
    shown = by_group
    if len(by_group) > FEW_GROUPS:
        ends = [end for gap in found.gaps for end in (gap.highest, gap.lowest) if end is not None]
        first = list(dict.fromkeys((*ends, *ends_of_gaps(facts, along))))[:FEW_GROUPS]
        shown = {group: values for group, values in by_group.items() if group in first}
    overall: dict[Column, Estimate] = {(e.metric, None): e for e in facts.scores.overall}
    columns: list[Column] = [(metric, None) for metric in metrics]
    table = _table(facts, along, title="", columns=columns, by_group=shown, overall=overall)
    drawn = marks(by_group) if looks is None else looks
    rows = (replace(r, mark=drawn.get(g)) for r, g in zip(table.rows, shown, strict=True))
    return replace(table, rows=tuple(rows), ends=(), left_out=len(by_group) - len(shown))


def ends_of_gaps(facts: Facts, along: str) -> tuple[str, ...]:
    """Groups that are highest or lowest in any gap along a comparison, in canonical order."""
    ends = {end for gap in facts.gaps if gap.along == along for end in (gap.highest, gap.lowest)}
    return tuple(group for group in facts.names(along) if group in ends)


def first_groups(facts: Facts, along: str) -> tuple[str, ...]:
    """All groups of a comparison where they are few, else those at the ends of gaps, or the first."""
    names = facts.names(along)
    if len(names) <= FEW_GROUPS:
        return names
    return (ends_of_gaps(facts, along) or names)[:FEW_GROUPS]


def _column(estimate: Estimate, facts: Facts) -> Column:
    return estimate.metric, label_of(estimate, facts.audit)


def _layout(columns: Iterable[Column]) -> list[tuple[str, list[Column]]]:
    """Which columns go into which table."""
    found = list(columns)
    if all(label is None for _, label in found):
        return [("", found)]
    whole = [c for c in found if c[1] == WHOLE or (c[1] == MACRO and c[0] != "selection_rate")]
    tables: list[tuple[str, list[Column]]] = [("all classes together", whole)]
    of_classes = [column for column in found if column[1] not in (WHOLE, MACRO, MICRO)]
    for metric in dict.fromkeys(metric for metric, _ in of_classes):
        own = [column for column in of_classes if column[0] == metric]
        tables.append((f"{name(metric)} of each class", own[:MOST_CLASSES]))
    return tables


def _table(
    facts: Facts,
    along: str,
    *,
    title: str,
    columns: Sequence[Column],
    by_group: Mapping[str, Values],
    overall: Values,
) -> GroupTable:
    scales = [_scale([values.get(column) for values in by_group.values()]) for column in columns]
    looks, footnotes = marks(by_group), dict[str, int]()

    def row(group: str, mark: Mark | None, values: Values) -> GroupRow:
        found = [values[column] for column in columns]
        cells = (_cell(e, s, footnotes) for e, s in zip(found, scales, strict=True))
        return GroupRow(group, mark, found[0].n, tuple(cells))

    names = list(by_group)[:MOST_GROUPS]
    rows = {group: row(clean(group), looks[group], by_group[group]) for group in names}
    everyone = row("everyone", None, overall)
    ends = ends_of_gaps(facts, along) if len(by_group) > FEW_GROUPS else ()
    return GroupTable(
        along=clean(along),
        title=title,
        heads=tuple(_head(column, title) for column in columns),
        ranges=tuple(f"{number(s.low)} to {number(s.high)}" for s in scales),
        everyone=everyone,
        references=tuple(cell.place[1] if cell.place else None for cell in everyone.cells),
        rows=tuple(rows.values()),
        ends=tuple(rows[group] for group in ends if group in rows),
        footnotes=tuple(footnotes),
        left_out=len(by_group) - len(rows),
    )


def _head(column: Column, title: str) -> str:
    metric, label = column
    if label in (None, WHOLE):
        return name(metric)
    return f"mean {name(metric)}" if label == MACRO else clean(label) if title else name(metric)


def _scale(estimates: Iterable[Estimate | None]) -> Scale:
    known = [e for e in estimates if e is not None]
    return scale([x for e in known for x in (e.value, e.low, e.high)], ticks=4)


def _cell(estimate: Estimate, drawn: Scale, footnotes: dict[str, int]) -> Cell:
    binned, remark, reason = _parts(estimate.note)
    return Cell(
        value=figure(estimate.value),
        bounds=bounds(estimate.low, estimate.high),
        counts="; ".join(filter(None, (_counts(estimate), binned))),
        place=_place(estimate, drawn),
        order=estimate.value,
        footnote=footnotes.setdefault(reason, len(footnotes) + 1) if reason else 0,
        remark=remark,
    )


def _parts(note: str) -> tuple[str, str, str]:
    """What binning may move, what a calibrated model would show, and all else.

    The last is without the group's own n, so that groups share a footnote.
    """
    others, binned, moved = note.partition("binned: ")
    parts = [part for part in others.split("; ") if part]
    remarks = [part.removeprefix(_CALIBRATED) for part in parts if part.startswith(_CALIBRATED)]
    rest = [part for part in parts if not part.startswith(_CALIBRATED)]
    remark = "".join(f"calibrated: {text}" for text in remarks)
    return f"{binned}{moved}", remark, clean("; ".join(rest).partition(" (n=")[0])


def _counts(estimate: Estimate) -> str:
    if estimate.numerator is None or estimate.denominator is None or estimate.value is None:
        return ""
    numerator, denominator = (
        int(x) if x == int(x) else x for x in (estimate.numerator, estimate.denominator)
    )
    return f"{number(numerator)} of {number(denominator)}"


def _place(estimate: Estimate, drawn: Scale) -> tuple[float, float, float] | None:
    if estimate.value is None:
        return None
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    return drawn.at(low), drawn.at(estimate.value), drawn.at(high)
