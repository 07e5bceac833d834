"""The drawings of a feature: all data sets over one another on shared edges, in shares of their rows.

    numbers, dates   histogram, and beneath it on the same scale from least to greatest with quantiles
    categories       a bar for each value and data set, with "other" and the missing counted
    groups           the same histogram for each group of a sensitive feature, side by side

Places are in percent, paths over 1,000 × 1,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rai.explore.binning import binning_of, counted_in
from rai.explore.profile_rows import shown
from rai.ground.colours import Mark
from rai.ground.formatting import counted
from rai.reports.charts import steps
from rai.reports.data_facts import DataFacts
from rai.reports.feature_numbers import level_text, share_text, short
from rai.reports.words import clean
from rai.values.binning import Binning, Intervals, TopLevels
from rai.values.column_summary import ColumnSummary
from rai.values.drawn_edges import finite_edges, unit_places
from rai.values.levels import MISSING, Level

Array = NDArray[np.float64]

MOST_TILES = 8  # groups of an axis that are drawn
LEAST_HEIGHT = 0.012  # a bin with rows can be seen, however few they are
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_TICKS, _ROOM = 4, 34  # at most so many ticks, and letters in all
_NAME = 120


@dataclass(frozen=True, slots=True)
class Bars:
    """The histogram of one data set: the share of its rows in each bin, and these as an SVG path."""

    mark: Mark
    path: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Least, 10%, 25%, 50%, 75%, 90% and greatest of one data set, as places in percent."""

    mark: Mark
    places: tuple[float, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """All data sets of a feature.

    Args:
        told: What it shows, in a sentence.
        bars: One for each data set.
        ticks: Place and text of some edges.
        hits: Place, width and text of each bin, for a pointer.
        top: The share that the greatest height stands for, as text.
        strips: One for each data set.
    """

    told: str
    bars: tuple[Bars, ...]
    ticks: tuple[tuple[float, str], ...]
    hits: tuple[tuple[float, float, str], ...]
    top: str
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One value of a category.

    Args:
        name: The value, "other (…)" or "(missing)".
        kind: `level`, `other` or `missing`.
        bars: Mark, width in percent and share as text, for each data set.
        told: Rows and shares of each data set, for a pointer.
    """

    name: str
    kind: str
    bars: tuple[tuple[Mark, float, str], ...]
    told: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One group: its rows of each data set as bars.

    Args:
        name: The group.
        rows: How many rows it has, as text.
        missing: How many of them have no value, as text; empty for none.
        bars: One for each data set.
        told: What it shows, in a sentence.
    """

    name: str
    rows: str
    missing: str
    bars: tuple[Bars, ...]
    told: str


def binning_for(facts: DataFacts, feature: str) -> Binning:
    """The bins that all drawings of a feature share."""
    return facts.profile.binning(feature)


def histogram(
    title: str, held: Sequence[tuple[str, ColumnSummary]], bins: Intervals, facts: DataFacts
) -> Histogram:
    """The histogram of a column of numbers or dates."""
    edges = finite_edges(bins.edges)
    unit = unit_places(edges, edges)
    n = {name: counted_in(summary, bins)[0] for name, summary in held}
    shares = {name: _shares(rows) for name, rows in n.items()}
    top = max((float(share.max()) for share in shares.values()), default=0.0)
    places = np.round(100 * unit, 2)
    hits = tuple(
        (float(left), round(float(right - left), 2), f"{label}: {_told(place, n)}")
        for place, (label, left, right) in enumerate(
            zip(bins.labels, places[:-1], places[1:], strict=True)
        )
    )
    return Histogram(
        told=_sentence(title, bins, shares),
        bars=_all_bars(facts, unit, shares, top),
        ticks=_ticks(bins, unit, held[0][1]),
        hits=hits,
        top=share_text(top),
        strips=tuple(
            strip
            for name, summary in held
            if (strip := _strip(name, summary, facts.looks[name], edges)) is not None
        ),
    )


def level_rows(
    held: Sequence[tuple[str, ColumnSummary]], bins: TopLevels, facts: DataFacts
) -> tuple[LevelRow, ...]:
    """A row for each value; the missing only where there are any."""
    n = {name: counted_in(summary, bins)[0] for name, summary in held}
    whole = {name: max(int(rows.sum()), 1) for name, rows in n.items()}
    greatest = max((float(rows.max()) / whole[name] for name, rows in n.items()), default=0.0) or 1.0
    kinds = [*("level" for _ in bins.levels), *(["other"] if bins.others else []), "missing"]
    names = [*map(level_text, bins.levels), *bins.labels[len(bins.levels) :], MISSING]
    return tuple(
        LevelRow(
            name=clean(label, most=_NAME),
            kind=kind,
            bars=tuple(
                (
                    facts.looks[name],
                    round(100 * int(rows[place]) / whole[name] / greatest, 2),
                    share_text(int(rows[place]) / whole[name]),
                )
                for name, rows in n.items()
            ),
            told=_told(place, n),
        )
        for place, (kind, label) in enumerate(zip(kinds, names, strict=True))
        if kind != "missing" or any(rows[place] for rows in n.values())
    )


def tiles(facts: DataFacts, axis: str, feature: str, bins: Binning) -> tuple[tuple[Tile, ...], int]:
    """A tile for each of the largest groups of an axis, and how many groups are not drawn."""
    groups = axis_groups(facts, axis)
    counts = {
        level: {
            name: counted_in(columns[level][feature], bins)[0]
            for name, table in facts.profile.tables.items()
            if feature in (columns := table.by.get(axis, {})).get(level, {})
        }
        for level in groups[:MOST_TILES]
    }
    shares = {level: {d: _shares(n) for d, n in own.items()} for level, own in counts.items()}
    top = max((float(s.max()) for own in shares.values() for s in own.values()), default=0.0)
    edges = finite_edges(bins.edges) if isinstance(bins, Intervals) else np.arange(len(bins) + 1.0)
    unit = unit_places(edges, edges)
    title = clean(feature, most=60)
    made = tuple(
        Tile(
            **_counted(level, counts[level]),
            bars=_all_bars(facts, unit, own, top),
            told=_sentence(f"{title} for {level_text(level)}", bins, own),
        )
        for level, own in shares.items()
        if own
    )
    return made, max(len(groups) - MOST_TILES, 0)


def axis_groups(facts: DataFacts, axis: str) -> tuple[Level, ...]:
    """The groups of an axis in all data sets, the largest first."""
    rows: dict[Level, int] = {}
    for table in facts.profile.tables.values():
        for level, columns in table.by.get(axis, {}).items():
            summary = next(iter(columns.values()), None)
            rows[level] = rows.get(level, 0) + (summary.rows if summary is not None else 0)
    return tuple(sorted(rows, key=lambda level: -rows[level]))


def of_lengths(summary: ColumnSummary) -> ColumnSummary | None:
    """The lengths of lists as a column of whole numbers; None where there are none."""
    lengths = summary.lengths
    if lengths is None or not len(lengths.n):
        return None
    return replace(
        summary, kind="integer", numbers=lengths, levels=None, lengths=None, decimals=(), types=(),
        below=0, above=0,
    )  # fmt: skip


def length_rows(facts: DataFacts, feature: str) -> Histogram | tuple[LevelRow, ...] | None:
    """How long the lists of a feature are; None where there are none."""
    held = [(n, o) for n, s in facts.of(feature) if (o := of_lengths(s)) is not None]
    if not held:
        return None
    whole = held[0][1]
    for _, other in held[1:]:
        whole = whole + other
    bins = binning_of(whole)
    if isinstance(bins, TopLevels):
        return level_rows(held, bins, facts)
    return histogram(f"lengths of {clean(feature, most=_NAME)}", held, bins, facts)


def bars(unit: Array, shares: Array, top: float) -> str:
    """Shares as heights over edges between 0 and 1, as an SVG path.

    Example:
        >>> bars(np.array([0.0, 0.5, 1.0]), np.array([0.25, 0.5]), 0.5)
        'M0 1000l0-500 500 0 0-500 500 0 0 1000z'
    """
    heights = shares / top if top else shares
    return steps(unit, np.where(shares > 0, np.maximum(heights, LEAST_HEIGHT), 0.0), base=0.0)


def _all_bars(facts: DataFacts, unit: Array, shares: dict[str, Array], top: float) -> tuple[Bars, ...]:
    return tuple(
        Bars(facts.looks[name], bars(unit, share, top), tuple(share.tolist()))
        for name, share in shares.items()
    )


def _shares(n: NDArray[np.int64]) -> Array:
    """Shares of all rows, without the bin of the missing."""
    return np.asarray(n[:-1] / max(int(n.sum()), 1))


def _told(place: int, n: dict[str, NDArray[np.int64]]) -> str:
    """Rows of a bin, and their share, in each data set."""
    one = len(n) == 1
    return "; ".join(
        f"{'' if one else f'{clean(name, most=40)} '}{counted(int(rows[place]), 'row')} "
        f"({share_text(int(rows[place]) / max(int(rows.sum()), 1))})"
        for name, rows in n.items()
    )


def _sentence(title: str, bins: Binning, shares: dict[str, Array]) -> str:
    """Where most rows are, for those who can't see it."""
    most = [
        f"{clean(name, most=40)} {clean(bins.labels[int(s.argmax())], most=60)}, {share_text(s.max())}"
        for name, s in shares.items()
        if s.size and s.max() > 0
    ]
    told = f"Histogram of {title} in {counted(len(bins), 'bin')}"
    return f"{told}; most rows are in: {'; '.join(most)}." if most else f"{told}, all empty."


def _ticks(bins: Intervals, unit: Array, summary: ColumnSummary) -> tuple[tuple[float, str], ...]:
    """Some of the edges, as many as there is room for; those of open ends are none."""
    known = np.flatnonzero(np.isfinite(bins.edges))
    if not len(known):
        return ()
    edges = bins.edges[known]
    texts = _dates(edges, summary) if bins.dates else [short(float(f"{e:.12g}")) for e in edges]
    room = _ROOM // max(map(len, texts))
    step = max(-(-(len(known) - 1) // min(max(room, 1), _TICKS)), 1)
    held = zip(known[::step], texts[::step], strict=True)
    return tuple((round(100 * float(unit[at]), 2), text) for at, text in held)


def _dates(edges: Array, summary: ColumnSummary) -> list[str]:
    """Dates as short as they can be together."""
    texts = [str(shown(replace(summary, kind="date"), float(edge))) for edge in edges]
    for ending in ("-01-01", "-01"):
        if all(text.endswith(ending) for text in texts):
            return [text.removesuffix(ending) for text in texts]
    return texts


def _strip(name: str, summary: ColumnSummary, mark: Mark, edges: Array) -> Strip | None:
    numbers = summary.numbers
    if numbers is None or not len(numbers.n):
        return None
    values = [numbers.quantile(share) for share in QUANTILES]
    known = [value for value in values if value is not None]
    places = (round(100 * float(at), 2) for at in unit_places(np.array(known), edges))
    middle = short(shown(summary, known[3]))
    return Strip(
        mark, tuple(places), f"{clean(name, most=40)}: median {middle}, {_ends(summary, known)}"
    )


def _ends(summary: ColumnSummary, values: Iterable[float]) -> str:
    least, tenth, quarter, _, three, ninety, most = (short(shown(summary, v)) for v in values)
    return f"middle half {quarter} to {three}, middle 80% {tenth} to {ninety}, all {least} to {most}"


def _counted(level: Level, n: dict[str, NDArray[np.int64]]) -> dict[str, str]:
    """The name of a group, its rows, and how many of them have no value."""
    rows = sum(int(own.sum()) for own in n.values())
    missing = sum(int(own[-1]) for own in n.values())
    return {
        "name": clean(level_text(level), most=_NAME),
        "rows": f"{rows:,}",
        "missing": share_text(missing / rows) if missing else "",
    }
