"""The numbers of a feature as text: one row for each data set, what stands out marked.

age       count   missing   mean   std dev   zeros   min   median   max
● train  32,561        0%   38.6      13.6      0%    17       37    90
● test   16,281        0%   38.8      13.8      0%    17       37    90
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rai.explore.profile_rows import profile_row
from rai.explore.profile_text import percent as share_of
from rai.ground.colours import Mark
from rai.ground.formatting import UNDEFINED, Cell, counted, number
from rai.ground.records import Row
from rai.reports.words import clean
from rai.values.column_summary import ColumnKind, ColumnSummary
from rai.values.levels import Level

BIG = 1e9  # from here on a number is written with an exponent

# A number to what it is by weight.
_WEIGHTED = {
    "missing": "weighted_missing_share",
    "mean": "weighted_mean",
    "std": "weighted_std",
    "median": "weighted_median",
}
_TOP_LENGTH = 60

HEADS = {
    "count": "count", "missing": "missing", "mean": "mean", "std": "std dev", "zeros": "zeros",
    "min": "min", "median": "median", "max": "max", "unique": "unique", "top": "top",
    "freq_top": "freq top", "avg_length": "avg length", "min_length": "shortest",
    "max_length": "longest", "infinite": "infinite",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """Features that are described by the same numbers.

    Args:
        id: Its name on a page.
        title: Its name for reading.
        kinds: Kinds of columns.
        shown: Their numbers.
    """

    id: str
    title: str
    kinds: tuple[ColumnKind, ...]
    shown: tuple[str, ...]


SECTIONS = (
    Section(
        "numeric",
        "Numeric features",
        ("number", "integer", "duration"),
        ("count", "missing", "mean", "std", "zeros", "min", "median", "max"),
    ),
    Section(
        "dates", "Dates and times", ("date",), ("count", "missing", "unique", "min", "median", "max")
    ),
    Section(
        "categorical",
        "Categorical features",
        ("category", "boolean"),
        ("count", "missing", "unique", "top", "freq_top", "avg_length"),
    ),
    Section(
        "other",
        "Lists and other features",
        ("list", "mixed", "other", "empty"),
        ("count", "missing", "unique", "top", "freq_top", "avg_length", "min_length", "max_length"),
    ),
)


@dataclass(frozen=True, slots=True)
class Stat:
    """One number of one data set.

    Args:
        text: As it is shown.
        red: Whether it stands out.
        share: A share that is drawn beneath, from 0 to 1; None for none.
        weighted: The same by weight, as text; empty without weights.
        full: The whole of a text that was cut, or what was divided; empty for neither.
    """

    text: str
    red: bool = False
    share: float | None = None
    weighted: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a feature in one data set: its name and mark, the numbers, what to mind."""

    dataset: str
    mark: Mark
    stats: tuple[Stat, ...]
    note: str


def section_of(kind: ColumnKind) -> Section:
    """Where a kind of column is shown."""
    return next(section for section in SECTIONS if kind in section.kinds)


def heads_of(section: Section, summaries: list[ColumnSummary]) -> tuple[str, ...]:
    """The names of the numbers shown; infinite ones only where there are any."""
    infinite = any(summary.below or summary.above for summary in summaries)
    return (*section.shown, *(("infinite",) if infinite else ()))


def numbers_of(
    dataset: str,
    feature: str,
    summary: ColumnSummary,
    *,
    mark: Mark,
    shown: tuple[str, ...],
    limits: Mapping[str, float],
    weighted: bool,
) -> Numbers:
    """The numbers of one data set, as text."""
    row = profile_row(dataset, feature, summary)
    stats = tuple(_stat(key, row, limits, weighted=weighted) for key in shown)
    return Numbers(clean(dataset, most=_TOP_LENGTH), mark, stats, clean(row["note"], most=600))


def share_text(share: float | None) -> str:
    """A share as a percentage, which is 0% and 100% only if it is.

    Example:
        >>> share_text(0.0564), share_text(1e-7), share_text(None)
        ('5.64%', '<0.01%', '–')
    """
    return share_of(share, 1)


def short(value: Cell) -> str:
    """A value in little room: with an exponent where it is big.

    Example:
        >>> short(189778.4), short(1.5e300), short(-2e12), short(12)
        ('189,778', '1.50e+300', '-2.00e+12', '12')
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= BIG:
        return f"{value:.2e}"
    return number(value)


def level_text(level: Level | None) -> str:
    """A value as its column has it: 1990 is no 1,990 where it is a category.

    Example:
        >>> level_text(1990), level_text(True), level_text(0.25), level_text(None)
        ('1990', 'True', '0.25', '–')
    """
    if level is None:
        return UNDEFINED
    return f"{level:.12g}" if isinstance(level, float) else clean(level)


def _stat(key: str, row: Row, limits: Mapping[str, float], *, weighted: bool) -> Stat:
    other = _WEIGHTED.get(key) if weighted else None
    if key == "missing":
        found = _share(key, row["missing"], row["rows"], limits)
        held = row[other] if other else None
        return replace(found, weighted=share_text(held) if isinstance(held, float) else "")
    if key in ("zeros", "infinite"):
        return _share(key, row[key], row["count"], limits)
    if key == "count":
        return Stat(number(row["count"]), red=row["count"] == 0)
    if key == "top":
        whole = level_text(row["top"])
        cut = clean(whole, most=_TOP_LENGTH)
        return Stat(cut, full="" if cut == whole else whole)
    return Stat(short(row[key]), weighted=short(row[other]) if other else "")


def _share(key: str, part: Cell, whole: Cell, limits: Mapping[str, float]) -> Stat:
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return Stat(UNDEFINED)
    share = part / whole
    told = f"{part:,} of {counted(whole, 'row')}" if part else ""
    return Stat(share_text(share), red=share > limits[key], share=share or None, full=told)
