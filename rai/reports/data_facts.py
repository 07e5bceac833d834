"""What a report of data shows: a profile, and what was found beside it, each part optional.

Profile ──┐
checks    │
distances ├──▶ DataFacts ──▶ page · Markdown · JSON · terminal
proxies   │
…         ┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rai.engines.score_bins import is_finite
from rai.explore.profiles import Profile
from rai.ground.checks import check_choice
from rai.ground.colours import Mark, marks
from rai.ground.errors import ArgumentError, sentence
from rai.ground.records import Row
from rai.ground.version import VERSION
from rai.values.column_summary import ColumnSummary

# Shares above which a number stands out; the first two are what Facets Overview goes by.
HIGHLIGHT = {"missing": 0.02, "zeros": 0.10, "infinite": 0.0}

# The worst first; what could not be checked stands before what went well.
SEVERITIES = ("serious", "warning", "note", "not_checked", "passed")

# Each part to the entries that its rows must have, and to what makes it.
_PARTS = {
    "checks": (("check", "severity", "sentence"), "rai.check_data"),
    "distances": (("feature", "dataset", "reference", "measure", "value"), "Profile.distances"),
    "proxies": (("sensitive_feature", "feature", "measure", "value"), "rai.find_proxies"),
    "candidates": (("feature", "category", "reason"), "rai.suggest_sensitive_features"),
    "worksheet": (("bias", "question", "answer"), "rai.Worksheet"),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DataFacts:
    """Everything a report of data is made from.

    Args:
        profile: What is known of the data sets.
        checks: Rows of data checks; None where none were run.
        distances: Rows of distances between data sets; empty where there is one data set.
        proxies: Rows on how well features predict sensitive ones; None where that was not asked.
        candidates: Rows of columns that may be sensitive; None where that was not asked.
        worksheet: Rows of questions for people; None where there are none.
        highlight: Name of a share to the value above which it stands out.
        looks: Mark of each data set.
        command: How it was made; None where nobody said.
        version: Of rai.
    """

    profile: Profile
    checks: tuple[Row, ...] | None
    distances: tuple[Row, ...]
    proxies: tuple[Row, ...] | None
    candidates: tuple[Row, ...] | None
    worksheet: tuple[Row, ...] | None
    highlight: Mapping[str, float]
    looks: Mapping[str, Mark]
    command: str | None = None
    version: str = VERSION

    @property
    def several(self) -> bool:
        """Whether there are several data sets."""
        return len(self.profile.tables) > 1

    def of(self, feature: str) -> list[tuple[str, ColumnSummary]]:
        """The data sets that have a feature, and what is known of it there."""
        return [(n, t.columns[feature]) for n, t in self.profile.tables.items() if feature in t.columns]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Beside:
    """What an audit's report shows of its data beside what the audit itself knows.

    Args:
        checks: Rows of data checks; None where none were run.
        worksheet: Rows of questions for people; None where there are none.
        data: What a report of the profile would show; None without one.
    """

    checks: tuple[Row, ...] | None = None
    worksheet: tuple[Row, ...] | None = None
    data: DataFacts | None = None


def collect_data(
    profile: Profile,
    *,
    checks: Any = None,
    distances: Any = None,
    proxies: Any = None,
    candidates: Any = None,
    worksheet: Any = None,
    highlight: Mapping[str, float] | None = None,
    command: str | None = None,
) -> DataFacts:
    """Ask a profile what a report shows, and take what was found beside it.

    Args:
        profile: What is known of the data sets.
        checks: What `rai.check_data` returned.
        distances: What `Profile.distances` returned; asked of the profile if None.
        proxies: What `rai.find_proxies` returned.
        candidates: What `rai.suggest_sensitive_features` returned.
        worksheet: The answers of people.
        highlight: Shares above which numbers stand out, in place of those of `HIGHLIGHT`.
        command: How it was made.

    Raises:
        ArgumentError: If a part is something else.
    """
    if distances is None and len(profile.tables) > 1:
        distances = profile.distances()
    return DataFacts(
        profile=profile,
        checks=rows_of(checks, "checks"),
        distances=rows_of(distances, "distances") or (),
        proxies=rows_of(proxies, "proxies"),
        candidates=rows_of(candidates, "candidates"),
        worksheet=rows_of(worksheet, "worksheet"),
        highlight=_limits(highlight or {}),
        looks=marks(profile.datasets),
        command=command,
    )


def collect_beside(
    profile: Profile | None = None, *, checks: Any = None, worksheet: Any = None
) -> Beside:
    """Take what was found in the data of an audit.

    Raises:
        ArgumentError: If a part is something else.
    """
    if profile is not None and not isinstance(profile, Profile):
        raise ArgumentError(sentence("profile", type(profile).__name__, expected="a Profile"))
    return Beside(
        checks=rows_of(checks, "checks"),
        worksheet=rows_of(worksheet, "worksheet"),
        data=None if profile is None else collect_data(profile),
    )


def rows_of(part: Any, name: str) -> tuple[Row, ...] | None:
    """The rows of a part; None where it was left out.

    Raises:
        ArgumentError: If it is something else.
    """
    if part is None:
        return None
    keys, maker = _PARTS[name]
    rows = tuple(part.to_dicts()) if hasattr(part, "to_dicts") else None
    if rows is None or any(key not in row for row in rows for key in keys):
        raise ArgumentError(sentence(name, type(part).__name__, expected=f"the result of {maker}"))
    return rows


def _limits(given: Mapping[str, float]) -> dict[str, float]:
    for name, limit in given.items():
        check_choice(name, HIGHLIGHT, where="highlight")
        if not is_finite(limit) or not 0 <= limit <= 1:
            seen = f"{limit!r} for {name!r}"
            raise ArgumentError(sentence("highlight", seen, expected="a share from 0 to 1"))
    return {**HIGHLIGHT, **given}
