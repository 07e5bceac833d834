"""Rows of a profile: a feature of a data set, its histogram, its quantiles, its most frequent values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite

from rai.engines.encoding import Floats
from rai.ground.records import FlatRow, RecordTuple, Row
from rai.values.binning import Binning, Intervals, labels_with_missing
from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level
from rai.values.number_counts import Counts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def profile_row(dataset: str, feature: str, summary: ColumnSummary) -> Row:
    """A feature of a data set; what a kind of column has no sense for is None."""
    return {
        "dataset": dataset,
        "feature": feature,
        "kind": summary.kind,
        "rows": summary.rows,
        "count": summary.count,
        "missing": summary.missing,
        "missing_share": summary.missing / summary.rows if summary.rows else None,
        "infinite": summary.below + summary.above,
        **_of_numbers(summary),
        "unique": summary.unique,
        **_most_frequent(summary),
        **_of_lengths(summary),
        "decimals": _decimals(summary),
        **_weighted(summary),
        "note": _note(summary),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramBin(FlatRow):
    """One bin of one feature in one data set.

    Args:
        dataset, feature: Whose it is.
        bin: Its name; the missing have a bin of their own.
        low, high: Its ends, for numbers and dates (days since 1970); None for others.
        n: Rows in it.
        share: Share of all rows of the data set.
        weight: Weight of its rows; as many as rows without weights.

    Example:
        >>> import rai
        >>> found = rai.profile({"age": [20, 30, None]}).histograms("age", bins=[25])
        >>> [(row["bin"], row["n"]) for row in found.to_dicts()]
        [('< 25', 1), ('≥ 25', 1), ('(missing)', 1)]
    """

    dataset: str
    feature: str
    bin: str
    low: float | None
    high: float | None
    n: int
    share: float | None
    weight: float


class Histograms(RecordTuple[HistogramBin]):
    """Histograms, bin by bin.

    Example:
        >>> import rai
        >>> rai.profile({"sex": ["F", "M", "F"]}).histograms().where(bin="F")[0].n
        2
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile(FlatRow):
    """One quantile.

    Args:
        dataset, feature: Whose it is.
        share: Share of the rows at or below it.
        value: The number, or ISO text for a date; None without rows.

    Example:
        >>> import rai
        >>> rai.profile({"age": [20, 30, 40]}).quantiles("age", shares=[0.5])[0].value
        30.0
    """

    dataset: str
    feature: str
    share: float
    value: float | str | None


class Quantiles(RecordTuple[Quantile]):
    """Quantiles of several features.

    Example:
        >>> import rai
        >>> len(rai.profile({"age": [20, 30, 40]}).quantiles())
        11
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopValue(FlatRow):
    """One of the most frequent values.

    Args:
        dataset, feature: Whose it is.
        value: The value.
        n: Rows with it.
        share: Share of the rows that have a value.
        weight: Their weight.

    Example:
        >>> import rai
        >>> rai.profile({"sex": ["F", "M", "F"]}).top_values(most=1)[0].value
        'F'
    """

    dataset: str
    feature: str
    value: Level
    n: int
    share: float
    weight: float


class TopValues(RecordTuple[TopValue]):
    """The most frequent values of several features.

    Example:
        >>> import rai
        >>> [value.n for value in rai.profile({"sex": ["F", "M", "F"]}).top_values()]
        [2, 1]
    """

    __slots__ = ()


def histogram(
    dataset: str, feature: str, binning: Binning, n: Counts, weight: Floats
) -> Iterator[HistogramBin]:
    """A histogram bin by bin, the missing last."""
    total = int(n.sum())
    edges = binning.edges.tolist() if isinstance(binning, Intervals) else None
    for place, label in enumerate(labels_with_missing(binning)):
        inside = edges is not None and place < len(binning)
        yield HistogramBin(
            dataset=dataset,
            feature=feature,
            bin=label,
            low=_finite(edges[place]) if inside and edges else None,
            high=_finite(edges[place + 1]) if inside and edges else None,
            n=int(n[place]),
            share=int(n[place]) / total if total else None,
            weight=float(weight[place]),
        )


def quantile_rows(
    dataset: str, feature: str, summary: ColumnSummary, shares: Sequence[float]
) -> Iterator[Quantile]:
    """Quantiles of a column of numbers or dates; none of others."""
    if summary.numbers is None or summary.kind == "list":
        return
    for share in shares:
        value = shown(summary, summary.numbers.quantile(share))
        yield Quantile(dataset=dataset, feature=feature, share=float(share), value=value)


def top_values(dataset: str, feature: str, summary: ColumnSummary, most: int) -> Iterator[TopValue]:
    """The most frequent values of a column; none of numbers that share bins."""
    levels, numbers = summary.levels, summary.numbers
    if levels is not None:
        held, n, weight = levels.levels[:most], levels.n[:most], levels.weight[:most]
    elif numbers is not None and numbers.exact:
        order = (-numbers.n).argsort(kind="stable")[:most]
        held = tuple(_plain(summary, point) for point in numbers.points[order].tolist())
        n, weight = numbers.n[order], numbers.weight[order]
    else:
        return
    whole = len(levels) if levels is not None else len(numbers) if numbers is not None else 0
    for value, rows, heavy in zip(held, n.tolist(), weight.tolist(), strict=True):
        yield TopValue(
            dataset=dataset, feature=feature, value=value, n=rows, share=rows / whole, weight=heavy
        )


def shown(summary: ColumnSummary, number: float | None) -> float | str | None:
    """A number of a column as it reads there: dates as ISO text.

    Example:
        >>> from rai.explore.columns import summarise
        >>> import numpy as np
        >>> shown(summarise(np.array(["2024-05-01"], dtype="M8[D]")), 19844.0)
        '2024-05-01'
    """
    if number is None or not isfinite(number):
        return None
    if summary.kind != "date":
        return number
    try:
        moment = EPOCH + timedelta(microseconds=round(number * 86_400e6))
    except OverflowError:
        return f"{number:.0f} days since 1970"
    text = moment.replace(tzinfo=None).isoformat(sep=" ", timespec="auto")
    return text.removesuffix(" 00:00:00")


def _of_numbers(summary: ColumnSummary) -> Row:
    numbers = summary.numbers
    if numbers is None or not len(numbers.n):
        nothing = dict.fromkeys(("mean", "std", "zeros", "min", "q25", "median", "q75", "max"))
        return {**nothing, "zeros": 0} if summary.numeric else dict(nothing)
    return {
        "mean": shown(summary, numbers.plain.mean),
        "std": numbers.plain.std,
        "zeros": None if summary.kind == "date" else numbers.zeros,
        "min": shown(summary, numbers.low),
        "q25": shown(summary, numbers.quantile(0.25)),
        "median": shown(summary, numbers.quantile(0.5)),
        "q75": shown(summary, numbers.quantile(0.75)),
        "max": shown(summary, numbers.high),
    }


def _most_frequent(summary: ColumnSummary) -> Row:
    first = next(top_values("", "", summary, 1), None)
    return {"top": first.value if first else None, "freq_top": first.n if first else None}


def _of_lengths(summary: ColumnSummary) -> Row:
    lengths = summary.lengths
    if lengths is None or not len(lengths.n):
        return dict.fromkeys(("avg_length", "min_length", "max_length"))
    return {
        "avg_length": lengths.plain.mean,
        "min_length": int(lengths.low),
        "max_length": int(lengths.high),
    }


def _decimals(summary: ColumnSummary) -> int | None:
    """The most digits after the point that a number needs; 7 for more than 6."""
    needed = [digits for digits, rows in enumerate(summary.decimals) if rows]
    return max(needed) if needed and summary.kind == "number" else None


def _weighted(summary: ColumnSummary) -> Row:
    numbers = summary.numbers
    held = numbers is not None and numbers.weighted.weight > 0
    return {
        "weight": summary.weight,
        "weighted_missing_share": summary.missing_weight / summary.weight if summary.weight else None,
        "weighted_mean": shown(summary, numbers.weighted.mean) if held and numbers else None,
        "weighted_std": numbers.weighted.std if held and numbers else None,
        "weighted_median": shown(summary, numbers.weighted_quantile(0.5)) if held and numbers else None,
    }


def _note(summary: ColumnSummary) -> str:
    notes = []
    if summary.types:
        notes.append("types: " + ", ".join(f"{name} {rows:,}" for name, rows in summary.types))
    if summary.numbers is not None and not isfinite(summary.numbers.plain.squares):
        notes.append("numbers too large for a standard deviation")
    if not summary.exact:
        notes.append("unique and quantiles are approximate")
    elif summary.numbers is not None and not summary.numbers.exact:
        notes.append("histogram edges are approximate to one part in 2,000")
    if summary.kind == "other" and not summary.types:
        notes.append("values of a type that is only counted")
    return "; ".join(notes)


def _plain(summary: ColumnSummary, number: float) -> Level:
    read = shown(summary, number)
    assert read is not None
    return int(read) if isinstance(read, float) and read.is_integer() and abs(read) < 2**53 else read


def _finite(number: float) -> float | None:
    return number if abs(number) != float("inf") else None
