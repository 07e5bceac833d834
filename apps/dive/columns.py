"""What Dive can show of some rows: which columns, of which kind, and how they travel.

number · date    placed, bucketed, coloured by a ramp          category   bucketed, coloured by level
text             a label or a line of a card                   image      a picture on its point
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import rai

from ..cutoffs import cut
from ..project import Project
from ..scored import added_columns, scored
from ..similarity import Similarity
from . import packets, sprites

if TYPE_CHECKING:
    import pandas

Kind = Literal["number", "date", "category", "text", "image"]

MOST_LEVELS = 254
BUDGET = 48_000_000  # bytes that are sent before anything is asked for
DAY = 86_400_000_000  # microseconds
ON_ASKING = ("text", "image")
PLAIN: dict[str, Kind] = {"i": "number", "u": "number", "f": "number", "m": "number", "M": "date"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        name: Its name.
        kind: How it is shown.
        whole: Whether its numbers are whole.
        added: Whether a model says it.
        levels: How many different values it has, of categories.
    """

    name: str
    kind: Kind
    whole: bool = False
    added: bool = False
    levels: int = 0

    def told(self) -> dict[str, str]:
        """What the browser is told of it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "title": " ".join(self.name.split()) or "(no name)",
        }


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows that Dive shows.

    Args:
        project: What they belong to.
        ids: Each row's position in the project that is open; its added rows have larger ones.
        added: The columns that models add.
        decided: What these depend on: the thresholds.
        similar: The distance to a row, where What-If made it a column.
    """

    project: Project
    ids: Any
    added: frozenset[str]
    decided: str
    similar: Similarity | None = None

    @classmethod
    def of(cls, project: Project, ids: Any, *, similar: Similarity | None = None) -> Rows:
        """The rows of a project, by the thresholds as they are."""
        decided = repr([cut(project, model) for model in project.models])
        return cls(project, ids, frozenset(added_columns(project)), decided, similar)

    def __len__(self) -> int:
        return len(self.project)

    @property
    def frame(self) -> pandas.DataFrame:
        """The rows with what models say of them, and how far they are from a row."""
        similar = self.similar
        if similar is None:
            return scored(self.project)
        return self.project.answer(
            ("dive rows", *self.version), lambda: _with(scored(self.project), similar)
        )

    @property
    def version(self) -> tuple[str, str]:
        """What the columns depend on besides the rows."""
        return self.decided, "" if self.similar is None else self.similar.stamp

    def place(self, name: str) -> dict[str, Any]:
        """What every packet of a column says first."""
        return {"token": self.project.token, "n": len(self), "name": name}

    def stamp(self, name: str) -> str:
        """What a column depends on besides the rows."""
        if self.similar is not None and name == self.similar.name:
            return self.similar.stamp
        return self.decided if name in self.added else ""


def described(rows: Rows) -> tuple[Column, ...]:
    """The columns that can be shown, in their order, those that models add first."""
    return rows.project.answer(("dive columns", *rows.version), lambda: _described(rows))


def packet(rows: Rows, column: Column) -> bytes:
    """A column as it travels."""
    key = ("dive packet", column, rows.stamp(column.name))
    return rows.project.answer(key, lambda: _packet(rows, column))


def numbers(rows: Rows, column: Column) -> packets.Floats:
    """A column of numbers or dates in 32 bits."""
    key = ("dive numbers", column, rows.stamp(column.name))
    return rows.project.answer(key, lambda: _numbers(rows, column))


def coded(rows: Rows, name: str, bins: int) -> rai.explore.CodedColumn:
    """The bucket of each row in a column cut into so many."""
    key = ("dive codes", name, bins, rows.stamp(name))
    return rows.project.answer(key, lambda: rai.explore.codes(rows.frame[[name]], name, bins))


def size(column: Column, n: int) -> int:
    """About how many bytes a column takes on its way."""
    return {"number": 4, "date": 4, "category": 1, "text": 24, "image": 4}[column.kind] * n


def at_once(columns: tuple[Column, ...], n: int, first: tuple[str, ...]) -> tuple[str, ...]:
    """The columns to send: those that are needed first, then others as far as the budget goes."""
    known = {column.name: column for column in columns}
    wanted = [name for name in dict.fromkeys(first) if name in known]
    left = BUDGET - sum(size(known[name], n) for name in wanted)
    for column in columns:
        if column.name in wanted or column.kind in ON_ASKING or size(column, n) > left:
            continue
        left -= size(column, n)
        wanted.append(column.name)
    return tuple(wanted)


def true_numbers(values: Any, kind: str) -> Any:
    """Numbers as float64, dates as days since 1970, shape (n,), NaN where missing."""
    import pandas

    if kind == "date":
        if values.dtype.kind != "M":
            values = pandas.to_datetime(values, utc=True)
        if getattr(values.dt, "tz", None) is not None:
            values = values.dt.tz_convert(None)
        moments = values.to_numpy("datetime64[us]")
        days = moments.astype(np.int64) / DAY
        days[np.isnat(moments)] = np.nan
        return days
    if values.dtype.kind == "m":
        spans = values.to_numpy("timedelta64[us]")
        return np.where(np.isnat(spans), np.nan, spans.astype(np.int64) / 1e6)
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _numbers(rows: Rows, column: Column) -> packets.Floats:
    return packets.floats(true_numbers(rows.frame[column.name], column.kind), whole=column.whole)


def _with(frame: pandas.DataFrame, similar: Similarity) -> pandas.DataFrame:
    return frame.assign(**{similar.name: similar.of(frame)})


def _described(rows: Rows) -> tuple[Column, ...]:
    similar = () if rows.similar is None else (rows.similar.name,)
    names = [*similar, *added_columns(rows.project), *rows.project.columns]
    found = (_column(rows, name, added=name in rows.added) for name in names)
    return tuple(each for each in found if each is not None)


def _column(rows: Rows, name: str, *, added: bool) -> Column | None:
    values = rows.frame[name]
    if values.dtype.kind in PLAIN:
        kind = PLAIN[values.dtype.kind]
        return Column(name, kind, whole=_all_whole(values, kind), added=added)
    if sprites.are_images(values):
        return Column(name, "image", added=added)
    summary = rai.explore.summarise(values)
    if summary.kind in ("number", "integer", "date", "duration"):
        kind = "date" if summary.kind == "date" else "number"
        if _readable(values, kind, summary.missing):
            whole = summary.kind == "integer" or _all_whole(values, kind)
            return Column(name, kind, whole=whole, added=added)
    if summary.kind in ("list", "other"):
        return Column(name, "text", added=added)
    repeats = summary.unique <= MOST_LEVELS or (
        2 * summary.unique <= summary.count <= 2 * _common(rows, name)
    )
    return Column(name, "category" if repeats else "text", added=added, levels=summary.unique)


def _readable(values: Any, kind: str, missing: int) -> bool:
    """Whether numbers read here are missing where rai says so."""
    try:
        found = true_numbers(values, kind)
    except (TypeError, ValueError, OverflowError):
        return False
    return int(np.isnan(found).sum()) == missing


def _all_whole(values: Any, kind: str) -> bool:
    found = true_numbers(values, kind)
    there = found[np.isfinite(found)]
    return bool(len(there)) and bool((there == np.rint(there)).all())


def _common(rows: Rows, name: str) -> int:
    """How many rows have one of the most frequent values."""
    return int(coded(rows, name, MOST_LEVELS).n[:MOST_LEVELS].sum())


def _packet(rows: Rows, column: Column) -> bytes:
    place = rows.place(column.name)
    if column.kind == "category":
        held = coded(rows, column.name, MOST_LEVELS)
        return packets.categories(place, held.codes, held.labels)
    values = rows.frame[column.name]
    if column.kind == "image":
        return sprites.packet(place, values)
    if column.kind == "text":
        return packets.texts(place, values.where(values.notna(), None))
    return packets.numbers(place, numbers(rows, column), kind=column.kind)
