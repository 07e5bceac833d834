"""Candidates for sensitive features: columns whose names or values speak of something sensitive.

    name ───▶ words of the table, in many languages ─┐
                                                     ├─▶ SensitiveCandidate(feature, category, …)
    values ─▶ words, codes, forms, numbers ──────────┘

A candidate is a question, not an answer: nothing in rai uses one unless you pass its name on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Literal

import numpy as np

from rai.explore.profiles import Profile
from rai.explore.profiling import profile
from rai.explore.sensitive_names import CATEGORIES, NameMatch, match_name
from rai.explore.sensitive_values import ValueMatch, match_values
from rai.ground.checks import as_names
from rai.ground.formatting import counted
from rai.ground.records import RecordTuple, Row
from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level

By = Literal["name", "values", "name and values"]
Confidence = Literal["likely", "possible"]

MOST_CODES, LONGEST_CODE = 20, 2  # distinct values that may be codes; letters of one
MOST_SHOWN = 6

# What may well be a number of many distinct values.
MEASURED = frozenset(
    {"age", "income", "wealth", "biometrics", "location", "health_or_disability", "education"}
    | {"socioeconomic_status", "genetic_data"}
)


@dataclass(frozen=True, slots=True)
class SensitiveCandidate:
    """A column that may be sensitive, or stand in for what is, and why.

    Args:
        feature: The column.
        category: What it may be about, such as `sex_or_gender`.
        by: What says so.
        reason: The word of the name with its language, and what the values are.
        confidence: `likely`, or `possible` where the word has other meanings or only values speak.
        n: Rows with a value.
        unique: Distinct values.
        example: The most frequent value that speaks of it, or that there is; None without one.

    Example:
        >>> import rai
        >>> (candidate,) = rai.explore.suggest_sensitive_features({"sx": ["M", "F", "F"]})
        >>> candidate.category, candidate.by, candidate.confidence, candidate.example
        ('sex_or_gender', 'name and values', 'likely', 'F')
    """

    feature: str
    category: str
    by: By
    reason: str
    confidence: Confidence
    n: int
    unique: int
    example: Level | None

    def to_dict(self) -> Row:
        """The candidate as a flat row."""
        return {
            "feature": self.feature,
            "category": self.category,
            "by": self.by,
            "confidence": self.confidence,
            "n": self.n,
            "unique": self.unique,
            "example": self.example,
            "reason": self.reason,
        }


class SensitiveCandidates(RecordTuple[SensitiveCandidate]):
    """Candidates in the order of the columns; one column may be several.

    Example:
        >>> import rai
        >>> rai.explore.suggest_sensitive_features({"sex": ["M", "F"], "age": [30, 40]}).features
        ('sex', 'age')
    """

    __slots__ = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The columns, each once."""
        return tuple(dict.fromkeys(candidate.feature for candidate in self))


def suggest_sensitive_features(
    data: Any, *, columns: str | Iterable[str] | None = None
) -> SensitiveCandidates:
    """Which columns may be sensitive, or stand in for something sensitive, by name and by values.

    A name counts by its words, in 17 languages and with usual abbreviations; values count if most of
    them are words, codes or forms of one kind. Numbers that stand for something (1 and 2 for a sex) can
    be found by the name only. What is not found may be sensitive all the same: see `rai.find_proxies`.

    Args:
        data: A frame, a dict of arrays, a path to CSV or Parquet, several of these by name as for
            `rai.profile`, or a `Profile`.
        columns: The columns to look at; all of them if None.

    Raises:
        DataError: If no rows can be had from the data.
        RoleError: If a column is not there, or two have one name.

    Example:
        >>> import rai
        >>> rows = {"gndr": [1, 2, 2], "q7": ["Hindu", "Muslim", "Hindu"], "trace": [0.1, 0.2, 0.3]}
        >>> for found in rai.explore.suggest_sensitive_features(rows):
        ...     print(found.feature, found.category, found.by, found.confidence)
        gndr sex_or_gender name likely
        q7 religion values likely
    """
    held = data if isinstance(data, Profile) else profile(data, columns=columns)
    wanted = held if columns is None else held.select(as_names(columns))
    summaries = {
        name: reduce(add, (t.columns[name] for t in wanted.tables.values() if name in t.columns))
        for name in wanted.features
    }
    return SensitiveCandidates(
        candidate for name, summary in summaries.items() for candidate in _of_column(name, summary)
    )


def _of_column(name: str, summary: ColumnSummary) -> list[SensitiveCandidate]:
    names = {match.category: match for match in match_name(name)}
    clear = {category for category, match in names.items() if match.force == "clear"}
    values = {match.category: match for match in match_values(summary, named=names)}
    found = [c for c in CATEGORIES if _counts(names.get(c), values.get(c), elsewhere=bool(clear - {c}))]
    return [_candidate(name, summary, c, names.get(c), values.get(c)) for c in found]


def _counts(named: NameMatch | None, valued: ValueMatch | None, *, elsewhere: bool) -> bool:
    """Whether it is a candidate: by its name, by values that agree, or by values alone."""
    if named is not None:
        return named.force != "with values" or valued is not None
    return valued is not None and (valued.sure or not elsewhere)


def _candidate(
    feature: str,
    summary: ColumnSummary,
    category: str,
    named: NameMatch | None,
    valued: ValueMatch | None,
) -> SensitiveCandidate:
    """The candidate with its reason."""
    said = [] if named is None else [f"{named} in the name"]
    against = valued is None and _against(summary, category)
    if valued is not None:
        said.append(valued.reason)
        example: Level | None = valued.example
    else:
        said.append(against or _codes(summary))
        example = _most_frequent(summary)
    if named is not None and valued is not None:
        by: By = "name and values"
        likely = named.force != "with values"
    elif named is not None:
        by, likely = "name", named.force == "clear" and not against
    else:
        by, likely = "values", valued is not None and valued.sure
    return SensitiveCandidate(
        feature=feature,
        category=category,
        by=by,
        reason="; ".join(part for part in said if part),
        confidence="likely" if likely else "possible",
        n=summary.count,
        unique=summary.unique,
        example=example,
    )


def _against(summary: ColumnSummary, category: str) -> str:
    """What speaks against a name; empty if nothing does."""
    numbers = summary.numbers
    if not summary.count:
        return "no values"
    if summary.kind in ("date", "duration") and category != "age":
        return f"but its values are {summary.kind}s"
    if numbers is None or not len(numbers) or summary.kind not in ("number", "integer"):
        return ""
    if category == "age":
        return f"but its values run from {numbers.low:g} to {numbers.high:g}, which are no ages in years"
    if category in MEASURED or _few_whole(summary):
        return ""
    whole = bool((np.floor(numbers.points) == numbers.points).all())
    return f"but it has {counted(summary.unique, 'distinct number')}{'' if whole else ', not all whole'}"


def _codes(summary: ColumnSummary) -> str:
    """What is to be done about values that say nothing by themselves; empty if they do."""
    held = summary.levels
    if _few_whole(summary) and summary.numbers is not None:
        shown = [f"{point:g}" for point in summary.numbers.points.tolist()]
    elif summary.kind == "list":
        return ""
    elif held is not None and 0 < len(held.levels) <= MOST_CODES and all(map(_short, held.levels)):
        shown = sorted(map(str, held.levels))
    else:
        return ""
    shown = shown if len(shown) <= MOST_SHOWN else [*shown[:2], "…", shown[-1]]
    return f"its values ({', '.join(shown)}) may be codes: look up what they stand for"


def _short(value: Level) -> bool:
    return isinstance(value, str) and len(value.strip()) <= LONGEST_CODE


def _few_whole(summary: ColumnSummary) -> bool:
    numbers = summary.numbers
    if numbers is None or summary.kind not in ("number", "integer") or not len(numbers):
        return False
    return len(numbers.points) <= MOST_CODES and bool((np.floor(numbers.points) == numbers.points).all())


def _most_frequent(summary: ColumnSummary) -> Level | None:
    if summary.levels is not None and summary.levels.levels:
        return summary.levels.levels[0]
    numbers = summary.numbers
    if numbers is None or not len(numbers):
        return None
    point = float(numbers.points[int(numbers.n.argmax())])
    if summary.kind == "date":
        return str(np.datetime64(int(point // 1), "D"))
    return int(point) if point.is_integer() else point
