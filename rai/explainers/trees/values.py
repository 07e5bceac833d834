"""Exact Shapley values of trees: of rows, or the means of groups of rows.

    background rows ──▶ tables of every block of every tree ──▶ rows look up their keys ──▶ (n, M, K)
                                                            ──▶ groups count their keys ──▶ (G, M, K)

Interventional values answer to the whole background: a player outside of a coalition takes the values of
a background row, every row of it in turn. Path-dependent ones have no background; a player outside
follows both branches by their shares of the training data.

Source:
    Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.blocks import Blocks, Table, block_tables, blocks_of, keys_at
from rai.explainers.trees.ensembles import LEAF, Ensemble
from rai.explainers.trees.long_paths import add_long, long_ends
from rai.explainers.trees.paths import Paths, paths_of, walk
from rai.explainers.trees.row_pairs import add_row_pairs, pairs_are_shorter
from rai.ground.errors import ArgumentError, listing, sentence

Way = Literal["interventional", "path_dependent"]
Progress = Callable[[int, int], object]

WAYS = ("interventional", "path_dependent")
_CHUNK = 1 << 14  # rows at a time, so that they stay in the processor's cache
_LONG_CHUNK = 1 << 17  # where tables are made again for each
_LEAVES = 512  # leaves whose tables are made together


class _Sink(Protocol):
    """What tables are added to."""

    def add(self, table: Table, keys: Ints, start: int) -> None:
        """Add a table's values, by the keys of the rows from `start` on."""


def tree_values(
    ensemble: Ensemble,
    matrix: Floats,
    *,
    background: Floats,
    owners: Ints,
    players: int,
    paths: str = "interventional",
    progress: Progress | None = None,
) -> tuple[Floats, Floats]:
    """Exact Shapley values of every row, and what they start from.

    Args:
        ensemble: The trees.
        matrix: The rows, as `ensemble.encode` gives them, shape (n, p).
        background: The background, shape (B, p); path-dependent values don't look at it.
        owners: The player of each column of the matrix, shape (p,).
        players: How many players there are, M.
        paths: `interventional` or `path_dependent`.
        progress: Told the trees that are done, and how many there are.

    Returns:
        Values (n, M, K), and base (K,): the mean output of the background, or of the training data.

    Raises:
        ArgumentError: An unknown way, an empty background, a column that is nobody's, or a path over
            more than 64 players.

    Example:
        >>> import pandas as pd, rai
        >>> from sklearn.tree import DecisionTreeRegressor
        >>> from rai.explainers.trees import ensemble_of
        >>> rows = pd.DataFrame({"age": [20.0, 40, 40], "debt": [1.0, 0, 1]})
        >>> tree = DecisionTreeRegressor(random_state=0).fit(rows, [4.0, 4, 8])
        >>> ensemble, both = ensemble_of(rai.load_model(tree)), rows.to_numpy()
        >>> values, base = tree_values(
        ...     ensemble, both[2:], background=both[:1], owners=np.array([0, 1]), players=2
        ... )
        >>> values[:, :, 0], base
        (array([[4., 0.]]), array([4.]))
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    background = np.asarray(background, dtype=np.float64)
    sink = _Values(np.zeros((ensemble.outputs, players, len(matrix))))
    base = _run(
        ensemble,
        (matrix, background),
        owners=owners,
        players=players,
        paths=paths,
        sink=sink,
        progress=progress,
    )
    return np.ascontiguousarray(sink.total.transpose(2, 1, 0)), base


def tree_means(
    ensemble: Ensemble,
    matrix: Floats,
    *,
    background: Floats,
    owners: Ints,
    players: int,
    groups: Ints,
    paths: str = "interventional",
    progress: Progress | None = None,
) -> tuple[Floats, Floats]:
    """Means of exact Shapley values in groups of rows, without the values of the rows.

    Args:
        ensemble: The trees.
        matrix: The rows, as `ensemble.encode` gives them, shape (n, p).
        background: The background, shape (B, p); path-dependent values don't look at it.
        owners: The player of each column of the matrix, shape (p,).
        players: How many players there are, M.
        groups: The group of each row, from 0 on, shape (n,).
        paths: `interventional` or `path_dependent`.
        progress: Told the trees that are done, and how many there are.

    Returns:
        Means (G, M, K), NaN for a group without rows, and base (K,).

    Raises:
        ArgumentError: As `tree_values`.

    Example:
        >>> import pandas as pd, rai
        >>> from sklearn.tree import DecisionTreeRegressor
        >>> from rai.explainers.trees import ensemble_of
        >>> rows = pd.DataFrame({"age": [20.0, 40, 40], "debt": [1.0, 0, 1]})
        >>> tree = DecisionTreeRegressor(random_state=0).fit(rows, [4.0, 4, 8])
        >>> ensemble, both = ensemble_of(rai.load_model(tree)), rows.to_numpy()
        >>> means, _ = tree_means(
        ...     ensemble, both, background=both[:1], owners=np.array([0, 1]), players=2,
        ...     groups=np.array([0, 1, 1]),
        ... )
        >>> means[:, :, 0]
        array([[ 0.,  0.],
               [ 3., -1.]])
    """
    matrix, groups = np.asarray(matrix, dtype=np.float64), np.asarray(groups, dtype=np.intp)
    sizes = np.bincount(groups)
    sink = _Sums(np.zeros((ensemble.outputs, players, len(sizes))), groups)
    base = _run(
        ensemble,
        (matrix, background),
        owners=owners,
        players=players,
        paths=paths,
        sink=sink,
        progress=progress,
    )
    with np.errstate(invalid="ignore"):
        return np.ascontiguousarray((sink.total / sizes).transpose(2, 1, 0)), base


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """Values of rows, shape (K, M, n)."""

    total: Floats

    def add(self, table: Table, keys: Ints, start: int) -> None:
        part = self.total[table.output, :, start : start + len(keys)]
        looked_up = np.empty(len(keys))
        for player, values in zip(table.players.tolist(), table.values, strict=True):
            np.take(values, keys, out=looked_up, mode="clip")
            part[player] += looked_up


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums of values in groups, shape (K, M, G)."""

    total: Floats
    groups: Ints

    def add(self, table: Table, keys: Ints, start: int) -> None:
        width, count = table.values.shape[1], self.total.shape[2]
        place = self.groups[start : start + len(keys)] * width + keys
        counts = np.bincount(place, minlength=count * width).reshape(count, width)
        self.total[table.output, table.players] += table.values @ counts.T.astype(np.float64)


def _run(
    ensemble: Ensemble,
    both: tuple[Floats, Floats],
    *,
    owners: Ints,
    players: int,
    paths: str,
    sink: _Sink,
    progress: Progress | None,
) -> Floats:
    """Add all trees to a sink; the base."""
    rows, behind = both
    _check(ensemble, behind, owners=owners, players=players, paths=paths)
    found = paths_of(ensemble, owners)
    given = isinstance(sink, _Values) and paths == "interventional"
    if given and pairs_are_shorter(ensemble, found, rows, background=behind):
        assert isinstance(sink, _Values)
        added = add_row_pairs(ensemble, found, rows, background=behind, total=sink.total)
        return ensemble.base + added
    columns = _columns(rows)
    background = None if paths == "path_dependent" else _columns(behind)
    bits = int(np.clip(np.log2(max(len(rows), 1) / 32), 6, 8))
    blocks = blocks_of(ensemble, found, bits=bits)
    base, done, total = ensemble.base.astype(np.float64).copy(), 0, len(ensemble.roots)
    for roots in _batches(ensemble):
        base += _add_blocks(
            ensemble, found, (columns, background), roots=roots, blocks=blocks, sink=sink
        )
        done += len(roots)
        if progress is not None:
            progress(done, 2 * total)
    ends, enters = long_ends(ensemble, found, bits=bits)
    for root in ensemble.roots.tolist():
        if enters[root]:
            base += _add_long(
                ensemble, found, (columns, background), root=root, ends=(ends, enters), sink=sink
            )
        done += 1
        if progress is not None:
            progress(done, 2 * total)
    return base


def _add_blocks(
    ensemble: Ensemble,
    paths: Paths,
    both: tuple[list[Floats], list[Floats] | None],
    *,
    roots: list[int],
    blocks: Blocks,
    sink: _Sink,
) -> Floats:
    columns, background = both
    tables, base = block_tables(ensemble, paths, background, roots=roots, blocks=blocks)
    for start in range(0, len(columns[0]), _CHUNK):
        part = [column[start : start + _CHUNK] for column in columns]
        for root in roots:
            for node, at in walk(
                ensemble, paths, part, root=root, ends=blocks.ends, enters=blocks.enters
            ):
                if node not in tables:
                    continue
                keys = keys_at(ensemble, paths, part, node=node, at=at, blocks=blocks)
                for table in tables[node]:
                    sink.add(table, keys, start)
    return base


def _add_long(
    ensemble: Ensemble,
    paths: Paths,
    both: tuple[list[Floats], list[Floats] | None],
    *,
    root: int,
    ends: tuple[Any, Any],
    sink: _Sink,
) -> Floats:
    columns, background = both
    total = len(columns[0])
    base = np.zeros(ensemble.outputs)
    for start in range(0, max(total, 1), _LONG_CHUNK):
        part = [column[start : start + _LONG_CHUNK] for column in columns]
        first = None
        if background is not None:
            first = len(background[0])
            part = [np.concatenate(each) for each in zip(background, part, strict=True)]
        base = add_long(
            ensemble,
            paths,
            part,
            background=first,
            root=root,
            ends=ends[0],
            enters=ends[1],
            total=total,
            add=lambda table, keys, start=start: sink.add(table, keys, start),  # type: ignore[misc]
        )
    return base


def _batches(ensemble: Ensemble) -> Iterator[list[int]]:
    """Trees whose tables are made together: those that add to the same outputs, a few hundred leaves."""
    bounds = np.append(np.sort(ensemble.roots), len(ensemble.feature))
    found: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
    for root, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        adds = tuple(ensemble.value[root:stop].astype(bool).max(axis=0).tolist())
        leaves = int((ensemble.feature[root:stop] == LEAF).sum())
        found.setdefault(adds, []).append((root, leaves))
    for trees in found.values():
        batch: list[int] = []
        held = 0
        for root, leaves in trees:
            if batch and held + leaves > _LEAVES:
                yield batch
                batch, held = [], 0
            batch.append(root)
            held += leaves
        if batch:
            yield batch


def _columns(matrix: Floats) -> list[Floats]:
    return list(np.ascontiguousarray(np.asarray(matrix, dtype=np.float64).T))


def _check(ensemble: Ensemble, background: Floats, *, owners: Ints, players: int, paths: str) -> None:
    if paths not in WAYS:
        raise ArgumentError(sentence("paths", repr(paths), expected=f"one of {listing(WAYS)}"))
    if paths == "interventional" and not len(background):
        raise ArgumentError(sentence("background", "no rows", expected="at least one"))
    read = np.unique(ensemble.feature[ensemble.feature != LEAF])
    if len(read) and not ((owners[read] >= 0) & (owners[read] < players)).all():
        seen = "a column that the trees read, and no player has"
        raise ArgumentError(sentence("players", seen, expected="every column in one of them"))
