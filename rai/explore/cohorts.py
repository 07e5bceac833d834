"""Cohorts: queries with a name, kept as text, and the columns that they make of rows.

    Cohorts({"older women": "age > 40 and sex = Female"})
        ── with_cohorts(source) ──▶  the source with a column "older women": in, out, or missing
        ── counts(data) ──────────▶  how many rows are in each
        ── save, load ────────────▶  a text file, a cohort a line

A row of which it is not known whether it is in a cohort is neither in nor out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from rai.engines.frames import WHOLE
from rai.engines.sources import Source, open_source
from rai.engines.typed_files import typed_source
from rai.explore.cohort_counts import CohortCount, CohortCounts
from rai.explore.cohort_files import read_cohorts, write_cohorts
from rai.explore.queries import Query, as_query
from rai.explore.readings import Readings
from rai.explore.selecting import check_columns, piece_rows, with_columns
from rai.explore.truths import Truth
from rai.ground.checks import check_level, check_one
from rai.ground.errors import ArgumentError, RoleError, did_you_mean, in_short, listing, sentence
from rai.ground.records import RecordTuple, Row

IN, OUT = "in", "out"

_LEVELS = np.array([OUT, IN, None], dtype=object)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Rows that a query chooses, under a name.

    Args:
        name: What it is called.
        where: The query, as text or as a `Query`.

    Raises:
        ArgumentError: If it has no name, or its query can't be read.

    Example:
        >>> print(Cohort("older women", "age > 40 & sex == 'Female'").where)
        age > 40 and sex = Female
    """

    name: str
    where: Query

    def __post_init__(self) -> None:
        check_one(self.name, where="cohort", what="cohort")
        query = as_query(self.where, where=f"cohort {self.name!r}")
        if query is None:
            expected = "which rows are in it"
            raise ArgumentError(sentence(f"cohort {self.name!r}", "no query", expected=expected))
        object.__setattr__(self, "where", query)

    def to_dict(self) -> Row:
        """The cohort as a flat row."""
        return {"cohort": self.name, "where": str(self.where)}


class Cohorts(RecordTuple[Cohort]):
    """Cohorts, each name once.

    Args:
        given: A dict of name to query, cohorts, or nothing.

    Raises:
        ArgumentError: If something else is given, or a name twice.

    Example:
        >>> cohorts = Cohorts({"young": "age < 30", "no income": "income is missing"})
        >>> print(cohorts)
        cohort     where
        young      age < 30
        no income  income is missing
        >>> print(cohorts.counts({"age": [20, 30, None], "income": [1, None, 3]}).to_dicts()[0]["n"])
        1
    """

    __slots__ = ()

    def __new__(cls, given: Mapping[str, Any] | Iterable[Cohort] | None = None) -> Self:
        """Cohorts from a dict or from cohorts."""
        if isinstance(given, Mapping):
            given = [Cohort(name, where) for name, where in given.items()]
        held = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else None
        if given is not None and (held is None or not all(isinstance(each, Cohort) for each in held)):
            hint = 'Write {"older women": "age > 40 and sex = Female"}.'
            expected = "a dict of name to query, or cohorts"
            raise ArgumentError(sentence("cohorts", in_short(given), expected=expected, hint=hint))
        names = [cohort.name for cohort in held or ()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ArgumentError(sentence("cohorts", f"{twice!r} twice", expected="each name once"))
        return super().__new__(cls, held or ())

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(cohort.name for cohort in self)

    def named(self, name: str) -> Cohort:
        """The cohort of this name.

        Raises:
            ArgumentError: If there is none.
        """
        for cohort in self:
            if cohort.name == name:
                return cohort
        expected, hint = f"one of {listing(self.names)}", did_you_mean(name, self.names)
        raise ArgumentError(sentence("cohorts", f"no cohort {name!r}", expected=expected, hint=hint))

    def texts(self) -> dict[str, str]:
        """Name to query, as text; `Cohorts` gives them back."""
        return {cohort.name: str(cohort.where) for cohort in self}

    def counts(self, data: Any, *, level: float = 0.95) -> CohortCounts:
        """How many rows are in each cohort, in one pass.

        Args:
            data: A frame, a dict of arrays, or a path to CSV or Parquet.
            level: Coverage of the intervals.

        Raises:
            RoleError, ArgumentError, DataError: If a query doesn't go with the rows.
        """
        check_level(level)
        source = open_source(data)
        for cohort in self:
            check_columns(source, cohort.where, where=f"cohort {cohort.name!r}")
        columns = list(dict.fromkeys(name for cohort in self for name in cohort.where.columns))
        found = np.zeros((len(self), 3), dtype=np.int64)
        for piece in typed_source(source, columns).pieces(columns, WHOLE) if columns else ():
            read = Readings(piece_rows(piece, columns))
            truths = [cohort.where.truth(read) for cohort in self]
            found += [[truth.yes.sum(), truth.no.sum(), truth.unknown.sum()] for truth in truths]
        return CohortCounts(
            CohortCount(cohort.name, str(cohort.where), *map(int, counts), level=level)
            for cohort, counts in zip(self, found, strict=True)
        )

    def save(self, path: str | Path) -> Path:
        """Write them as text, a cohort a line, whole or not at all."""
        return write_cohorts(path, self.texts())

    @classmethod
    def load(cls, path: str | Path) -> Cohorts:
        """Read what `save` wrote, or somebody by hand.

        Raises:
            DataError: If the file can't be read, or a line is no cohort; it says which.
        """
        return cls(read_cohorts(path, _cohort))


def as_cohorts(given: Any) -> Cohorts:
    """Cohorts from whatever stands for some.

    Raises:
        ArgumentError: If nothing does.
    """
    return given if isinstance(given, Cohorts) else Cohorts(given)


def with_cohorts(source: Source, cohorts: Cohorts) -> Source:
    """A source with one more column for each cohort: `in`, `out`, or missing where that is not known.

    A row without an age is neither in nor out of `age > 40`. To call it out would mix people of whom
    nothing is known into the comparison, so it is missing, and counted as a group of its own, as a
    missing sensitive feature is. To have it in or out, say so: `age > 40 or age is missing`, and
    `age > 40 and age is not missing`.

    Args:
        source: Rows, wherever they are.
        cohorts: The cohorts.

    Raises:
        RoleError: If a column is not there, or bears the name of a cohort.
        ArgumentError: If a column holds values of another kind than it is compared with.

    Example:
        >>> rows = with_cohorts(open_source({"age": [30, 50, None]}), Cohorts({"old": "age > 40"}))
        >>> next(rows.pieces(["old"], 10))["old"].tolist()
        ['out', 'in', None]
    """
    taken = next((name for name in cohorts.names if name in source.names), None)
    if taken is not None:
        seen, expected = f"a column is named {taken!r}, too", "another name for the cohort"
        raise RoleError(sentence("cohorts", seen, expected=expected))
    if not cohorts:
        return source
    return with_columns(source, {cohort.name: cohort.where for cohort in cohorts}, column_of)


def _cohort(name: str, where: str) -> Cohort:
    return Cohort(name, where)  # type: ignore[arg-type]


def column_of(truth: Truth) -> Any:
    """What is known of rows, as the levels of a column."""
    return _LEVELS[truth.yes.astype(np.intp) + 2 * truth.unknown]
