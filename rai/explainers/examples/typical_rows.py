"""Prototypes, the few rows that stand for all, and criticisms, the rows that they stand for badly.

rows ──kernel of distances──▶ greedy: the row that brings the prototypes' mean nearest to that of all
                          └─▶ criticisms: where |mean of all − mean of prototypes| is large, spread out

Nothing of the size of n × n is held: kernels are made a row at a time, and n × (prototypes + criticisms)
numbers are kept. Time grows with the square of n.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.explainers.examples.greedy_sets import Chosen, chosen_of
from rai.ground.checks import as_names, check_count
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.ground.records import Records, Row
from rai.models.batches import Progress
from rai.values.generators import generator_of
from rai.whatif.distances import Between, Distance, fit_distance
from rai.whatif.row_groups import groups_of
from rai.whatif.score_changes import Group

SAMPLE = 1_000  # rows whose pairs tell the bandwidth

Kind = Literal["prototype", "criticism"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalRow:
    """A prototype or a criticism.

    Args:
        group: The group that it is of, as (axis, level) pairs; empty where everyone is one group.
        kind: `prototype` or `criticism`.
        rank: 1 for the first that was chosen.
        position: The row, counted from 0.
        n: Of a prototype the rows that are nearer to it than to any other; None of a criticism.
        mmd2: Of a prototype the squared maximum mean discrepancy between the group's rows and the
            prototypes so far; None of a criticism.
        witness: Of a criticism the mean kernel to all rows less that to the prototypes: above 0 where
            they are too few, below 0 where they are too many; None of a prototype.

    Example:
        >>> TypicalRow(kind="prototype", rank=1, position=7, n=9, mmd2=0.1).to_dict()["position"]
        7
    """

    group: Group = ()
    kind: Kind
    rank: int
    position: int
    n: int | None = None
    mmd2: float | None = None
    witness: float | None = None

    def to_dict(self) -> Row:
        """The fields by name, the group's axes first."""
        return {
            **dict(self.group),
            "kind": self.kind,
            "rank": self.rank,
            "position": self.position,
            "n": self.n,
            "mmd2": self.mmd2,
            "witness": self.witness,
        }


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prototypes(Records):
    """Prototypes and criticisms, group by group.

    Args:
        chosen: The rows, prototypes first in each group.
        bandwidth: The kernel's, in units of the distance.
        notes: What to mind.

    Example:
        >>> found = prototypes({"a": [0.0, 0.1, 0.2, 5.0]}, n=1, criticisms=1)
        >>> found.positions.tolist(), found.criticisms.tolist()
        ([2], [0])
    """

    chosen: tuple[TypicalRow, ...]
    bandwidth: float
    notes: tuple[str, ...] = ()

    @property
    def positions(self) -> Ints:
        """Positions of the prototypes, group by group, in order of choice."""
        return self._of("prototype")

    @property
    def criticisms(self) -> Ints:
        """Positions of the criticisms, group by group, in order of choice."""
        return self._of("criticism")

    def _of(self, kind: Kind) -> Ints:
        return np.array([each.position for each in self.chosen if each.kind == kind], dtype=np.intp)

    def to_dicts(self) -> list[Row]:
        """One row for each prototype and criticism."""
        return [each.to_dict() for each in self.chosen]

    def __str__(self) -> str:
        return "\n".join((Records.__str__(self), *self.notes))


def prototypes(
    rows: Any,
    *,
    n: int = 5,
    criticisms: int = 0,
    features: Iterable[str] | None = None,
    distance: Distance | Between | str = "default",
    bandwidth: float | None = None,
    by: Any = None,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Prototypes:
    """The few rows that stand for all, and those that they stand for badly.

    Rows are alike by exp(−d² / 2b²), d the `l2` distance and b the bandwidth. The path of `mmd2` need
    not fall at every step. Criticisms are where many rows, not single ones, are stood for badly, and
    unlike each other: a single row far from all others comes after a few of those. Time grows with the
    square of the rows: for more than some 20,000 of them, draw a sample first.

    Args:
        rows: The rows.
        n: How many prototypes, of each group.
        criticisms: How many criticisms, of each group.
        features: The columns that count; all but those of `by` if None.
        distance: As for `rai.whatif.fit_distance`, or a `Distance` fitted on rows.
        bandwidth: The kernel's, in units of the distance; the median distance of two rows if None, of
            1,000 drawn rows if there are more.
        by: Groups that get prototypes of their own: names of columns, or a dict of name to array.
        rng: Seed, or source of randomness, of that draw; nothing else is random.
        progress: Called with the rows done and in all.

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If the bandwidth is no number above 0.
        DataError: If a group has fewer rows than are to be chosen from it.

    Example:
        >>> rows = {"age": [20, 21, 22, 60, 61, 62, 90], "sex": list("FFMFMMM")}
        >>> prototypes(rows, n=2, criticisms=1, features=["age"]).positions.tolist()
        [3, 2]

    Source: Kim, Khanna, Koyejo (2016), Examples are not enough, learn to criticize!, NeurIPS 29.
    """
    held = open_rows(rows)
    count = check_count(n, where="n")
    wanted = check_count(criticisms, where="criticisms", least=0)
    if bandwidth is not None:
        _check_bandwidth(bandwidth)
    groups = groups_of(held, by, where="by")
    parts = [np.flatnonzero(groups.place == at) for at in range(len(groups.keys))]
    _check_sizes(parts, groups.groups, least=count + wanted)
    fitted = distance
    if not isinstance(fitted, Distance):
        own = () if features is not None else tuple(c for c in _names(by) if c in held.names)
        fitted = fit_distance(held, features, distance=fitted, norm="l2", ignore=own)
    width = bandwidth
    notes: list[str] = []
    if width is None:
        width, notes = _median(fitted, held, generator_of(rng))
    found: list[TypicalRow] = []
    done = 0
    for places, group in zip(parts, groups.groups, strict=True):
        apart = squared_distances(fitted, held if len(parts) == 1 else held.take(places))

        def kernel(at: int, apart: Callable[[int], Floats] = apart) -> Floats:
            return np.asarray(np.exp(-apart(at) / (2 * float(width) ** 2)))

        means = np.empty(len(places))
        for at in range(len(places)):
            means[at] = kernel(at).mean()
            done += 1
            if progress is not None:
                progress(done, len(held))
        chosen = chosen_of(means, kernel=kernel, n=count, criticisms=wanted)
        found += _rows(chosen, places, tuple(group))
        if len(chosen.criticisms) < wanted:
            named = ", ".join(str(level) for _, level in group)
            few = f"only {counted(len(chosen.criticisms), 'criticism')}: the other rows are alike"
            notes = [*notes, f"{named}: {few}" if named else few]
    return Prototypes(chosen=tuple(found), bandwidth=float(width), notes=tuple(notes))


def squared_distances(fitted: Distance, rows: Rows) -> Callable[[int], Floats]:
    """A function from a row's position to its squared distances to all rows, shape (n,).

    Example:
        >>> rows = open_rows({"a": [0.0, 1.0, 2.0]})
        >>> apart = squared_distances(fit_distance({"a": [0.0, 1.0]}, norm="l2"), rows)
        >>> apart(0).tolist()
        [0.0, 1.0, 4.0]
    """
    if fitted.function is not None:
        return lambda at: fitted.to(rows.take([at]), rows=rows) ** 2
    ready = fitted.ready(rows)
    power = 1 if fitted.norm == "l2" and not fitted.rooted else 2
    return lambda at: fitted.over(ready, [float(column.values[at]) for column in ready]) ** power


def _rows(chosen: Chosen, places: Ints, group: Group) -> Iterable[TypicalRow]:
    of = zip(chosen.prototypes, chosen.counts, chosen.mmd2, strict=True)
    for rank, (at, size, mmd2) in enumerate(of, start=1):
        yield TypicalRow(
            group=group,
            kind="prototype",
            rank=rank,
            position=int(places[at]),
            n=int(size),
            mmd2=float(mmd2),
        )
    critics = zip(chosen.criticisms, chosen.witness, strict=True)
    for rank, (at, witness) in enumerate(critics, start=1):
        yield TypicalRow(
            group=group, kind="criticism", rank=rank, position=int(places[at]), witness=float(witness)
        )


def _median(fitted: Distance, rows: Rows, rng: np.random.Generator) -> tuple[float, list[str]]:
    """The median distance of two rows; of two that differ, where most don't."""
    size, notes = len(rows), []
    if size > SAMPLE:
        rows = rows.take(np.sort(rng.choice(size, SAMPLE, replace=False)))
        notes.append(f"bandwidth: the median distance of {SAMPLE:,} of {size:,} rows, drawn at random")
    apart = squared_distances(fitted, rows)
    pairs = np.sqrt(np.concatenate([apart(at)[at + 1 :] for at in range(len(rows))]))
    width = float(np.median(pairs)) if len(pairs) else 0.0
    if not width and (pairs > 0).any():
        return float(np.median(pairs[pairs > 0])), [*notes, "bandwidth: of pairs of rows that differ"]
    return width or 1.0, notes


def _check_sizes(parts: list[Ints], groups: list[Group], *, least: int) -> None:
    for places, group in zip(parts, groups, strict=True):
        if len(places) < least:
            named = ", ".join(f"{axis}={level}" for axis, level in group)
            seen = counted(len(places), "row") + (f" in the group {named}" if named else "")
            expected = f"at least {least:,}, as many as are to be chosen"
            raise DataError(sentence("rows", seen, expected=expected))


def _check_bandwidth(bandwidth: Any) -> None:
    fits = isinstance(bandwidth, Real) and not isinstance(bandwidth, bool)
    if not fits or not 0 < float(bandwidth) < np.inf:
        raise ArgumentError(sentence("bandwidth", repr(bandwidth), expected="a number above 0"))


def _names(by: Any) -> tuple[str, ...]:
    """The columns that are named, if names were given."""
    plain = isinstance(by, str) or (isinstance(by, list | tuple) and all(isinstance(c, str) for c in by))
    return as_names(by) if plain else ()
