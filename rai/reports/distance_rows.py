"""How far data sets are apart, feature by feature: lines of text, and a forest plot of one measure.

              0        0.1       0.2
age           ◇●─┤                        ● value   ─ interval   ◇ what chance alone would give
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from rai.ground.colours import Mark
from rai.ground.formatting import UNDEFINED, Cell
from rai.ground.records import Row
from rai.reports.data_facts import DataFacts
from rai.reports.forest import Place
from rai.reports.scales import Scale, scale
from rai.reports.words import bounds, chance_of, clean, figure
from rai.reports.words import name as metric_name

SURE = 0.05  # the p-value up to which a distance counts as beyond chance
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One measure as text: name, value, interval, p-value, and why there is none."""

    measure: str
    value: str
    bounds: str
    chance: str
    note: str


@dataclass(frozen=True, slots=True)
class DistanceLine:
    """All measures of one feature and pair of data sets."""

    dataset: str
    reference: str
    mark: Mark | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A value with its interval on a scale, ready to be drawn.

    Args:
        name: Whose it is, for reading.
        anchor: The anchor of its feature; empty for none.
        versus: What is compared.
        mark: The mark of the data set.
        value, bounds, p_value: As text.
        null: What chance alone would give, as text; empty where that is not known.
        place: Where it is drawn; None where it is undefined.
        sure: Whether it is beyond chance.
        told: All of it in a sentence.
        others: Further measures, as text in the order of the heads.
        n: Rows behind it, as text.
        note: What to mind.
        shape: The mark it is drawn with; None for the usual one.
    """

    name: str
    anchor: str
    versus: str
    mark: Mark | None
    value: str
    bounds: str
    p_value: str
    null: str
    place: Place | None
    sure: bool
    told: str
    others: tuple[str, ...]
    n: str
    note: str
    shape: Mark | None = None


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """Rows on one scale.

    Args:
        title: What is drawn.
        heads: Names of the further measures.
        rows: The rows, the furthest first.
        scale: What they are drawn on.
        parity: Place of no difference, in percent.
        left_out: Rows that are not shown.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[DrawnRow, ...]
    scale: Scale
    parity: float
    left_out: int


def known(value: Cell) -> float | None:
    """A finite number; None for anything else."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if numeric and isfinite(value) else None  # type: ignore[arg-type]


def distance_lines(facts: DataFacts, feature: str) -> tuple[DistanceLine, ...]:
    """A line for each pair of data sets, with every measure of it."""
    held: dict[tuple[str, str], list[Row]] = {}
    for row in facts.distances:
        if row["feature"] == feature and row.get("group") is None:
            held.setdefault((str(row["dataset"]), str(row["reference"])), []).append(row)
    return tuple(
        DistanceLine(
            clean(dataset, most=60),
            clean(reference, most=60),
            facts.looks.get(dataset),
            _parts(rows),
        )
        for (dataset, reference), rows in held.items()
    )


def distance_table(facts: DataFacts, anchors: dict[str, str]) -> DrawnTable | None:
    """Features by how far data sets are apart, the furthest first; None without distances."""
    by_pair: dict[tuple[str, str, str, str], dict[str, Row]] = {}
    for row in facts.distances:
        key = (str(row["feature"]), str(row["dataset"]), str(row["reference"]), within(row))
        by_pair.setdefault(key, {})[str(row["measure"])] = row
    if not by_pair:
        return None
    often = Counter(str(r["measure"]) for r in facts.distances if known(r["value"]) is not None)
    first = often.most_common(1)[0][0] if often else str(facts.distances[0]["measure"])
    others = [m for m in dict.fromkeys(str(r["measure"]) for r in facts.distances) if m != first]
    shown = [rows[first] for rows in by_pair.values() if first in rows]
    drawn = scale(
        [known(r.get(k)) for r in shown for k in ("value", "low", "high", "chance")], include=0.0
    )
    several = len({key[1:] for key in by_pair}) > 1
    rows = [
        drawn_row(
            rows.get(first, {}), drawn,
            name=clean(feature),
            anchor=anchors.get(feature, ""),
            versus=_versus(dataset, reference, group) if several else "",
            mark=facts.looks.get(dataset) if several else None,
            others=tuple(figure(known(rows[m]["value"])) if m in rows else UNDEFINED for m in others),
        )
        for (feature, dataset, reference, group), rows in by_pair.items()
    ]  # fmt: skip
    far = sorted(rows, key=lambda row: -(row.place.value if row.place else -1.0))
    return DrawnTable(
        metric_name(first),
        tuple(map(metric_name, others)),
        tuple(far[:MOST_ROWS]),
        drawn,
        drawn.at(0.0),
        max(len(far) - MOST_ROWS, 0),
    )


def drawn_row(
    row: Row,
    drawn: Scale,
    *,
    name: str,
    anchor: str = "",
    versus: str = "",
    mark: Mark | None = None,
    others: tuple[str, ...] = (),
    sure: bool | None = None,
) -> DrawnRow:
    """A row on a scale; beyond chance where its p-value says so, if nothing else is said."""
    value, low, high, chance = (known(row.get(key)) for key in ("value", "low", "high", "chance"))
    p, n = known(row.get("p_value")), row.get("n")
    place = None if value is None else Place(
        drawn.at(value),
        None if low is None else drawn.at(low),
        None if high is None else drawn.at(high),
        None if chance is None else drawn.at(chance),
    )  # fmt: skip
    reads = f"{figure(value)} {bounds(low, high)}".rstrip()
    told = ", ".join(
        filter(
            None,
            (
                f"{name}{f', {versus}' if versus else ''}: {reads}",
                f"by chance about {figure(chance)}" if chance is not None else "",
                chance_of(p),
            ),
        )
    )
    return DrawnRow(
        name=name,
        anchor=anchor,
        versus=versus,
        mark=mark,
        value=figure(value),
        bounds=bounds(low, high),
        p_value=chance_of(p).removeprefix("p ").removeprefix("= "),
        null="" if chance is None else figure(chance),
        place=place,
        sure=(p is not None and p <= SURE) if sure is None else sure,
        told=told,
        others=others,
        n=f"{n:,}" if isinstance(n, int) else UNDEFINED,
        note=clean(row.get("note") or ""),
    )


def within(row: Row) -> str:
    """The group that a row is about, as in `sex = F`; empty for all rows."""
    along, group = row.get("along"), row.get("group")
    if group is None:
        return ""
    return f"{clean(along, most=60)} = {clean(group, most=60)}" if along else clean(group)


def _versus(dataset: str, reference: str, group: str) -> str:
    pair = f"{clean(dataset, most=40)} against {clean(reference, most=40)}"
    return f"{pair}, {group}" if group else pair


def _parts(rows: Sequence[Row]) -> tuple[Part, ...]:
    """Each measure; where none is defined for one and the same reason, that reason."""
    parts = tuple(map(_part, rows))
    notes = {part.note for part in parts}
    return (Part("", "", "", "", notes.pop()),) if len(notes) == 1 and all(notes) else parts


def _part(row: Row) -> Part:
    value = known(row["value"])
    return Part(
        measure=metric_name(str(row["measure"])),
        value=figure(value),
        bounds=bounds(known(row.get("low")), known(row.get("high"))),
        chance=chance_of(known(row.get("p_value"))),
        note=clean(row.get("note") or "") if value is None else "",
    )
