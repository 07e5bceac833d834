"""Rows into a profile: every column summarised, over all rows and within groups, piece by piece.

    frame, or name to frame ──▶ Source ──pieces──▶ ColumnSummary + … ──▶ TableSummary ──▶ Profile

A frame in memory is one piece, so its percentiles are exact; a file comes in pieces of a million rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np

from rai.engines.cutting import cut, edges_of, refuse_names, refuse_uncut
from rai.engines.encoding import Codes, Floats, group_codes, is_a
from rai.engines.frames import WHOLE, at_once, check_names
from rai.engines.numbers import numbers_of_role, row_weights
from rai.engines.sources import Piece, Source, open_source
from rai.engines.typed_files import typed_source
from rai.explore.columns import readable, summarise
from rai.explore.profiles import Profile
from rai.explore.row_choices import RowChoice, choose_rows
from rai.ground.checks import as_cuts, as_names
from rai.ground.errors import ArgumentError, DataError, RoleError, sentence
from rai.values.bin_edges import quantile_edges
from rai.values.column_summary import ColumnSummary
from rai.values.levels import MISSING, Level
from rai.values.table_summary import TableSummary

Progress = Callable[[int, int | None], object]
Cuts = Mapping[str, "Iterable[float] | int"]

PIECE = 1 << 20  # rows of a file that are summarised at once
MOST_WHOLE_NUMBERS, MOST_GROUPS = 20, 1000
LABEL_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """A column that splits rows, and the edges that it is cut at, if it is."""

    name: str
    edges: tuple[float, ...] | None = None
    label: bool = False

    @property
    def where(self) -> str:
        """How messages call it."""
        return f"{'y_true' if self.label else 'sensitive feature'} {self.name!r}"

    def codes(self, column: Any, *, where: str) -> Codes:
        """The group of each row; -1 for missing."""
        if self.edges is None:
            return group_codes(column, where=where)
        return cut(numbers_of_role(column, where=where, expected="numbers to cut"), self.edges)


def profile(
    data: Any,
    *,
    y_true: str | None = None,
    sensitive_features: str | Iterable[str] = (),
    sample_weight: str | None = None,
    cuts: Cuts | None = None,
    columns: Iterable[str] | None = None,
    where: Any = None,
    cohorts: Any = None,
    progress: Progress | None = None,
) -> Profile:
    """What every column of one or several data sets holds.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet; or data set name to one of these.
            The first data set is the reference of distances.
        y_true: The column of labels, for what goes with them. A quantity is cut at its quintiles.
        sensitive_features: Columns that name groups of people: everything is known of each group too.
        sample_weight: The column of row weights, for the weighted statistics.
        cuts: Sensitive feature to edges, or to a number of quantile groups, as for `rai.audit`.
        columns: The columns to look at; all of them if None.
        where: Which rows are looked at, as a query such as `age > 40 and sex = Female`.
        cohorts: A dict of name to query, or `Cohorts`: everything is known of who is in and out, too.
        progress: Called with the rows done and, where it is known, with all of them.

    Raises:
        DataError: If no rows can be had from the data.
        RoleError: If a column is not there, or can't be what it is said to be.

    Example:
        >>> import rai
        >>> train, test = {"age": [20, 30, 40]}, {"age": [20, 30, 90]}
        >>> found = rai.profile({"train": train, "test": test})
        >>> [(row["dataset"], row["mean"]) for row in found.to_dicts()]
        [('train', 30.0), ('test', 46.666666666666664)]
    """
    held = datasets_of(data)
    chosen = {name: _chosen(each, name, where, cohorts) for name, each in held.items()}
    sources = {name: _typed(choice.source) for name, choice in chosen.items()}
    named = next(iter(chosen.values()))
    sensitive = as_names(sensitive_features)
    wanted = None if columns is None else as_names(columns)
    for source in sources.values():
        _check(source, sensitive=sensitive, y_true=y_true, weight=sample_weight, columns=wanted)
    axes = axes_splitting(list(sources.values()), sensitive, y_true, dict(as_cuts(cuts)))
    axes += [Axis(name) for name in named.cohorts.names]
    seen = _Seen(progress, _total(sources.values()))
    tables = {
        name: _table(source, wanted or _own(chosen[name]), axes, sample_weight, seen)
        for name, source in sources.items()
    }
    return Profile(
        tables=tables,
        features=tuple(dict.fromkeys(name for table in tables.values() for name in table.columns)),
        y_true=y_true,
        sensitive_features=sensitive,
        cohorts=named.cohorts.names,
        where=None if named.where is None else str(named.where),
        sample_weight=sample_weight,
    )


class _Seen:
    """Rows seen so far, told to whoever wants to know."""

    def __init__(self, progress: Progress | None, total: int | None) -> None:
        self.rows, self.progress, self.total = 0, progress, total

    def add(self, rows: int) -> None:
        self.rows += rows
        if self.progress is not None:
            self.progress(self.rows, self.total)


def datasets_of(data: Any) -> dict[str, Any]:
    """The data sets by name; a frame alone is `data`.

    Raises:
        ArgumentError: If one has a name that is no text.

    Example:
        >>> list(datasets_of({"age": [20]})), list(datasets_of({"train": {"age": [20]}}))
        (['data'], ['train'])
    """
    several = isinstance(data, Mapping) and bool(data) and all(_is_data(held) for held in data.values())
    if not several:
        return {"data": data}
    odd = next((name for name in data if not isinstance(name, str) or not name.strip()), None)
    if odd is not None:
        raise ArgumentError(sentence("data", f"a data set named {odd!r}", expected="names of text"))
    return dict(data)


def _is_data(held: Any) -> bool:
    """Whether something is a data set rather than a column."""
    frames = isinstance(held, str | Path | Mapping) or hasattr(held, "columns")
    return frames or is_a(held, "pyarrow", "Table", "RecordBatch")


def _chosen(held: Any, name: str, where: Any, cohorts: Any) -> RowChoice:
    """The rows of a data set that are looked at."""
    source = open_source(held)
    check_names(list(source.names), source.where if name == "data" else f"data set {name!r}")
    if not source.names:
        raise DataError(sentence(source.where, "no columns", expected="at least one"))
    names = [str(column) for column in source.names]
    return choose_rows(source, where=where, cohorts=cohorts, names=names)


def _own(choice: RowChoice) -> tuple[str, ...]:
    """The columns of a data set, without those of cohorts."""
    names = tuple(str(name) for name in choice.source.names)
    return tuple(name for name in names if name not in choice.cohorts.names)


def _typed(source: Source) -> Source:
    """A CSV file with one type per column; anything else as it is."""
    return typed_source(source, [str(name) for name in source.names])


def _batches(source: Source, names: list[str]) -> Iterator[Piece]:
    """Columns in pieces of a million rows, or all at once where they are at hand."""
    held: list[Piece] = []
    for piece in source.pieces(names, WHOLE):
        held.append(piece)
        if sum(len(part[names[0]]) for part in held) >= PIECE:
            yield _joined(held, names)
            held = []
    if held:
        yield _joined(held, names)


def _joined(pieces: list[Piece], names: list[str]) -> Piece:
    """Pieces of a file as one; columns of cohorts are arrays."""
    if len(pieces) == 1:
        return pieces[0]
    arrays = [name for name in names if isinstance(pieces[0][name], np.ndarray)]
    made = {name: np.concatenate([piece[name] for piece in pieces]) for name in arrays}
    return {**at_once(pieces, [name for name in names if name not in made]), **made}


def _total(sources: Iterable[Source]) -> int | None:
    totals = [source.total for source in sources]
    return None if None in totals else sum(t for t in totals if t is not None)


def _check(
    source: Source,
    *,
    sensitive: tuple[str, ...],
    y_true: str | None,
    weight: str | None,
    columns: tuple[str, ...] | None,
) -> None:
    roles = {"sensitive_features": sensitive, "y_true": as_names(y_true), "columns": columns or ()}
    for role, names in {**roles, "sample_weight": as_names(weight)}.items():
        for name in names:
            source.check_column(name, role=role)


def axes_splitting(
    sources: list[Source], sensitive: tuple[str, ...], y_true: str | None, cuts: dict[str, Any]
) -> list[Axis]:
    """The columns that split rows, with edges where they are cut."""
    stray = sorted(set(cuts) - {*sensitive, y_true})
    if stray:
        expected = "names of sensitive features, or y_true"
        raise RoleError(sentence("cuts", f"{stray[0]!r}, which splits nothing", expected=expected))
    names = list(dict.fromkeys((*sensitive, *as_names(y_true))))
    plain = [Axis(name, label=name == y_true) for name in names]
    return [replace(axis, edges=_edges(sources, axis, cuts.get(axis.name))) for axis in plain]


def _edges(sources: list[Source], axis: Axis, given: Any) -> tuple[float, ...] | None:
    """The edges of a column that splits rows; None where its values are groups as they are."""
    name, where = axis.name, axis.where
    if given is not None:
        return edges_of(given, name, lambda: _numbers(sources, name, where))
    try:
        values = _numbers(sources, name, where)
    except RoleError:
        return None
    points, n = np.unique(values, return_counts=True)
    if len(points) <= MOST_WHOLE_NUMBERS and (np.floor(points) == points).all():
        return None
    if not axis.label:
        raise refuse_uncut(values, name, where=where)
    return quantile_edges(points, n, LABEL_GROUPS) or None


def _numbers(sources: list[Source], name: str, where: str) -> Floats:
    """The numbers of a column in all data sets, without the missing."""
    parts = [
        numbers_of_role(piece[name], where=where, expected="numbers to cut")
        for source in sources
        for piece in source.pieces([name], WHOLE)
    ]
    values = np.concatenate(parts) if parts else np.empty(0)
    return values[~np.isnan(values)]


def _table(
    source: Source, shown: tuple[str, ...], axes: list[Axis], weight: str | None, seen: _Seen
) -> TableSummary:
    """One data set, piece by piece."""
    needed = list(dict.fromkeys((*shown, *(axis.name for axis in axes), *as_names(weight))))
    whole: TableSummary | None = None
    with ThreadPoolExecutor(max_workers=cpu_count() or 1) as pool:
        for piece in _batches(source, needed):
            part = _part(piece, shown, axes, weight, pool)
            whole = part if whole is None else whole + part
            seen.add(part.rows)
    if whole is not None:
        return whole
    nothing = ColumnSummary(kind="empty", rows=0, missing=0, weight=0, missing_weight=0)
    return TableSummary(rows=0, weight=0, columns=dict.fromkeys(shown, nothing))


def _part(
    piece: Piece, shown: tuple[str, ...], axes: list[Axis], weight: str | None, pool: ThreadPoolExecutor
) -> TableSummary:
    weights = None if weight is None else row_weights(piece[weight], where=f"sample_weight {weight!r}")
    groups = {axis.name: _groups(axis, piece[axis.name]) for axis in axes}

    def one(name: str) -> tuple[ColumnSummary, dict[str, dict[Level, ColumnSummary]]]:
        column = readable(piece[name]) if groups else None
        within = {
            axis: {level: _of_rows(column, weights, at) for level, at in held.items()}
            for axis, held in groups.items()
            if axis != name
        }
        return summarise(piece[name] if column is None else column, weights), within

    found = dict(zip(shown, pool.map(one, shown), strict=True))
    rows = len(piece[shown[0]])
    return TableSummary(
        rows=rows,
        weight=float(rows) if weights is None else float(weights.sum()),
        columns={name: summary for name, (summary, _) in found.items()},
        by={
            axis: {
                level: {name: within[axis][level] for name, (_, within) in found.items() if name != axis}
                for level in held
            }
            for axis, held in groups.items()
        },
    )


def _groups(axis: Axis, column: Any) -> dict[Level, Any]:
    """Level of an axis to the places of its rows."""
    where = axis.where
    codes = axis.codes(column, where=where)
    if codes.fraction is not None:
        expected = "values of one kind in a column"
        raise RoleError(sentence(where, f"text and the number {codes.fraction:g}", expected=expected))
    if len(codes.levels) > MOST_GROUPS:
        raise refuse_names(codes.levels[0], where=where)
    order = np.argsort(codes.codes, kind="stable")
    ends = np.searchsorted(codes.codes[order], np.arange(-1, len(codes.levels) + 1))
    levels = (MISSING, *codes.levels)
    parts = [order[start:stop] for start, stop in pairwise(ends.tolist())]
    return {level: at for level, at in zip(levels, parts, strict=True) if len(at)}


def _of_rows(column: Any, weights: Floats | None, at: Any) -> ColumnSummary:
    """The summary of some rows of a column."""
    if is_a(column, "polars", "Series"):
        held = column.gather(at)
    else:
        held = column.take(at) if is_a(column, "pandas", "Series") else column[at]
    return summarise(held, None if weights is None else weights[at])
