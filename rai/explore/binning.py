"""From what is known of a column to its bins, and what falls into them: one engine for every view.

    ColumnSummary ──binning_of──▶ Binning ──counted_in──▶ rows in each bin, the missing last

Numbers and dates get intervals, or a bin for each number where there are few; categories the most
frequent ones and a counted "other". Infinite numbers fall into the outer bins, which are then open.

Counts are exact up to 32,768 distinct numbers. Beyond that a summary knows of neighbours only together
(see `number_counts`), so that an edge between two of them can be off by their rows; the edges of
quantiles are chosen where that can't be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.score_bins import is_finite
from rai.explore.query_words import days_of
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.values.bin_edges import date_edges, freedman_diaconis, nice_edges, quantile_edges
from rai.values.binning import Binning, Intervals, Places, TopLevels
from rai.values.column_summary import ColumnSummary
from rai.values.level_counts import LevelCounts
from rai.values.levels import Level, level_key
from rai.values.number_counts import Counts, NumberCounts

Method = Literal["equal_width", "quantile", "freedman_diaconis"]
Bins = int | Sequence[float | str | date] | Binning

BINS = 10
METHODS = ("equal_width", "quantile", "freedman_diaconis")
MOST_BINS = 1000
MOST_WHOLE = 2.0**53  # from here on doubles skip whole numbers


def binning_of(
    summary: ColumnSummary, bins: Bins = BINS, *, method: str = "equal_width", where: str = "bins"
) -> Binning:
    """The bins of a column.

    Args:
        summary: What is known of it; of several data sets the sum.
        bins: The most bins, not counting `other`; or edges between bins (of dates: dates, ISO text or
            days since 1970), the outer ones open where numbers lie beyond; or a binning, which is kept.
        method: `equal_width` at round numbers, `quantile`, or `freedman_diaconis` (as wide as the data
            allow, `bins` at most). Categories have only one; true and false have a bin each.
        where: How messages call it.

    Raises:
        ArgumentError: Bins or a method that are none, or edges for a column without numbers.

    Example:
        >>> from rai.explore.columns import summarise
        >>> binning_of(summarise([17, 25, 31, 90]), 3).labels
        ('0 to 49', '50 to 100')
        >>> binning_of(summarise(["a", "b", "b", "c"]), 1).labels
        ('b', 'other (2 values)')
    """
    check_choice(method, METHODS, where="method")
    if isinstance(bins, Intervals | TopLevels):
        return bins
    counted = isinstance(bins, int | np.integer)
    most, edges = (_checked(bins, where), None) if counted else (0, _given(bins, where, summary.kind))
    numbers = summary.numbers
    if numbers is None or summary.levels is not None:
        if edges is not None and summary.kind != "empty":
            seen = f"edges for a column of kind {summary.kind!r}"
            raise ArgumentError(sentence(where, seen, expected="a number of bins"))
        return _of_levels(summary, most)
    return _of_numbers(summary, numbers, most, method) if edges is None else _of_edges(summary, edges)


def counted_in(summary: ColumnSummary, binning: Binning) -> tuple[Counts, Floats]:
    """Rows and weight in each bin, shapes (b + 1,); last those without a value, and without a bin.

    Of lists the values are counted, not the rows.

    Example:
        >>> from rai.explore.columns import summarise
        >>> ages = summarise([17, 25, 31, None])
        >>> counted_in(ages, binning_of(ages, [20, 30]))[0].tolist()
        [1, 1, 1, 1]
    """
    n = np.zeros(len(binning) + 1, dtype=np.int64)
    weight = np.zeros(len(binning) + 1)
    n[-1], weight[-1] = summary.missing, summary.missing_weight
    for places, rows, weights in _parts(summary, binning):
        n += np.bincount(places, rows, minlength=len(n)).astype(np.int64)
        weight += np.bincount(places, weights, minlength=len(n))
    if summary.kind != "list" and n.sum() < summary.rows:
        n[-1] += summary.rows - n.sum()
        weight[-1] += max(summary.weight - weight.sum(), 0.0)
    return n, weight


def number_places(binning: Binning, numbers: Floats) -> Places:
    """The bucket of each number, shape (n,); `len(binning)` where it is missing or has none."""
    if isinstance(binning, Intervals):
        return binning.places(numbers)
    levels = np.array([_as_number(level) for level in binning.levels], dtype=np.float64)
    order = np.argsort(levels, kind="stable")  # NaN, for what is no number, is last
    rising = np.append(levels[order], np.nan)
    at = np.searchsorted(rising, numbers, side="left")
    found = rising[np.minimum(at, len(order))] == numbers
    places = np.full(len(numbers), len(binning.levels), dtype=np.intp)
    places[found] = order[at[found]]
    places[np.isnan(numbers)] = len(binning)
    return places


def level_places(binning: Binning, levels: Sequence[Level]) -> Places:
    """The bucket of each value that is no number, shape (n,); `len(binning)` where it has none."""
    if isinstance(binning, TopLevels):
        return binning.places(levels)
    return np.full(len(levels), len(binning), dtype=np.intp)


def _parts(summary: ColumnSummary, binning: Binning) -> Iterator[tuple[Places, Any, Any]]:
    """Bucket, rows and weights of everything that is there."""
    numbers, levels = summary.numbers, summary.levels
    if numbers is not None:
        yield number_places(binning, numbers.points), numbers.n, numbers.weight
        rows = np.array([summary.below, summary.above])
        if rows.any():
            rest = summary.weight - summary.missing_weight - float(numbers.weight.sum())
            ends = number_places(binning, np.array([-np.inf, np.inf]))
            yield ends, rows, max(rest, 0.0) * rows / rows.sum()
    if levels is not None:
        yield level_places(binning, levels.levels), levels.n, levels.weight
        if levels.others and isinstance(binning, TopLevels):
            yield np.array([len(binning.levels)]), [levels.others], [levels.others_weight]


def _of_levels(summary: ColumnSummary, bins: int) -> TopLevels:
    levels = _all_levels(summary)
    if levels is None:
        return TopLevels(())
    if summary.kind == "boolean":
        return TopLevels(tuple(level for level in (False, True) if level in levels.levels))
    kept = levels.levels[:bins]
    keys = set(map(level_key, kept))
    in_order: tuple[Level, ...] = tuple(level for level in levels.ordered if level_key(level) in keys)
    if len(in_order) < len(kept):
        numeric = all(type(level) in {int, float} for level in kept)
        in_order = tuple(sorted(kept)) if numeric else kept
    others = max(levels.distinct.count, len(levels.levels) + (levels.others > 0)) - len(kept)
    return TopLevels(in_order, others)


def _all_levels(summary: ColumnSummary) -> LevelCounts | None:
    """The values of a column; where some are numbers and some are not, all together."""
    numbers, levels = summary.numbers, summary.levels
    if levels is None or numbers is None or not len(numbers.n):
        return levels
    points = tuple(_whole(point) for point in numbers.points.tolist()) if numbers.exact else ()
    n, weight = (numbers.n, numbers.weight) if numbers.exact else (numbers.n[:0], numbers.weight[:0])
    rest = (0, 0.0) if numbers.exact else (len(numbers), float(numbers.weight.sum()))
    counts = LevelCounts.of(
        points, n, weight, distinct=numbers.distinct, others=rest[0], others_weight=rest[1]
    )
    return levels + counts


def _of_numbers(summary: ColumnSummary, numbers: NumberCounts, bins: int, method: str) -> Binning:
    dates, whole = summary.kind == "date", _is_whole(summary)
    ends = [end for end, rows in ((-np.inf, summary.below), (np.inf, summary.above)) if rows]
    if numbers.exact and len(numbers.n) + len(ends) <= bins and not (dates and len(numbers.n)):
        return TopLevels(tuple(_whole(x) for x in sorted([*numbers.points.tolist(), *ends])))
    if not len(numbers.n):
        return Intervals(np.array([-np.inf, np.inf]))
    if method == "quantile":
        edges = _quantiles(numbers, bins, dates=dates)
    else:
        fine = method == "freedman_diaconis"
        wanted = freedman_diaconis(numbers.points, numbers.n, most=bins) if fine else bins
        low, high = numbers.low, numbers.high
        edges = date_edges(low, high, wanted) if dates else nice_edges(low, high, wanted, whole=whole)
    if summary.below:
        edges[0] = -np.inf
    if summary.above:
        edges[-1] = np.inf
    return Intervals(edges, dates=dates, whole=whole)


def _quantiles(numbers: NumberCounts, bins: int, *, dates: bool) -> Floats:
    """Edges at quantiles; where the greatest number fills the last bins they are one, of its own."""
    points = numbers.points if numbers.exact else numbers.bins.low
    cuts = quantile_edges(points, numbers.n, bins)
    last = np.floor(numbers.high) + 1 if dates else numbers.high
    if not dates and numbers.low == numbers.high:
        return nice_edges(numbers.low, numbers.high, 1)
    return np.array([numbers.low, *cuts, np.inf if cuts and cuts[-1] >= numbers.high else last])


def _of_edges(summary: ColumnSummary, edges: Floats) -> Intervals:
    numbers, dates = summary.numbers, summary.kind == "date"
    assert numbers is not None
    beyond = numbers.high >= edges[-1] if dates else numbers.high > edges[-1]
    alone = len(edges) == 1
    low = [-np.inf] if alone or summary.below or numbers.low < edges[0] else []
    high = [np.inf] if alone or summary.above or beyond else []
    return Intervals(np.array([*low, *edges, *high]), dates=dates, whole=_is_whole(summary))


def _is_whole(summary: ColumnSummary) -> bool:
    return summary.kind == "integer" or (
        summary.kind in ("number", "list") and bool(summary.decimals) and sum(summary.decimals[1:]) == 0
    )


def _whole(number: float) -> float | int:
    return int(number) if abs(number) < MOST_WHOLE and number.is_integer() else number


def _as_number(level: Level) -> float:
    return float(level) if isinstance(level, int | float) and not isinstance(level, bool) else np.nan


def _checked(bins: Any, where: str) -> int:
    count = check_count(bins, where=where)
    if count > MOST_BINS:
        raise ArgumentError(sentence(where, f"{count:,}", expected=f"at most {MOST_BINS:,} bins"))
    return count


def _given(bins: Any, where: str, kind: str) -> Floats:
    """Edges as floats; dates, and text that is a date, as days."""
    listed = list(bins) if isinstance(bins, list | tuple | np.ndarray) else []
    dates = [_days(edge) if kind == "date" else None for edge in listed]
    edges = [edge if days is None else days for edge, days in zip(listed, dates, strict=True)]
    if not edges or not all(is_finite(e) for e in edges) or any(a >= b for a, b in pairwise(edges)):
        example = '["2020-01-01", "2021-01-01"]' if kind == "date" else "[25, 45]"
        expected = f"a number of bins such as 10, or increasing edges such as {example}"
        raise ArgumentError(sentence(where, in_short(bins), expected=expected))
    if len(edges) > MOST_BINS:
        raise ArgumentError(sentence(where, f"{len(edges):,} edges", expected=f"at most {MOST_BINS:,}"))
    return np.array(edges, dtype=np.float64)


def _days(edge: Any) -> float | None:
    if isinstance(edge, np.datetime64):
        edge = edge.astype("datetime64[us]").item()
    return days_of(edge.isoformat() if isinstance(edge, date) else edge if isinstance(edge, str) else "")
