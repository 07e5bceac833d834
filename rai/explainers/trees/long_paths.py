"""Leaves whose paths have too many players for a block: one table for each of them.

Where a table of all patterns would be larger than the pairs of patterns that occur, those are taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.blocks import Table
from rai.explainers.trees.ensembles import LEAF, Bools, Ensemble
from rai.explainers.trees.pairs import pair_values, product_values
from rai.explainers.trees.paths import Paths, Patterns, walk
from rai.explainers.trees.tables import background_tables, cover_tables

MOST_IN_TABLE = 16  # players
_CELLS = 1 << 18  # of tables made together
_BYTES = 1 << 26  # of patterns held until then
_PAIR = 8.0  # what a pair costs, in cells of a table
_LEAST = 1 << 18  # cells below which a table is always the cheaper one

Add = Callable[[Table, Ints], None]


def long_ends(ensemble: Ensemble, paths: Paths, *, bits: int) -> tuple[Bools, Bools]:
    """Whether a node is a leaf with more than `bits` players, and whether it is or has one below it."""
    ends = (ensemble.feature == LEAF) & (paths.known > bits)
    enters = ends.copy()
    order, stack = [], [int(root) for root in ensemble.roots] if ends.any() else []
    while stack:
        node = stack.pop()
        if ensemble.feature[node] != LEAF:
            order.append(node)
            stack += [int(ensemble.left[node]), int(ensemble.right[node])]
    for node in reversed(order):
        enters[node] = enters[ensemble.left[node]] or enters[ensemble.right[node]]
    return ends, enters


def add_long(
    ensemble: Ensemble,
    paths: Paths,
    columns: list[Floats],
    *,
    background: int | None,
    root: int,
    ends: Bools,
    enters: Bools,
    total: int,
    add: Add,
) -> Floats:
    """Add the values of a tree's leaves that have long paths.

    Args:
        ensemble: The trees.
        paths: Their paths.
        columns: The columns of the matrix: rows of the background, then those that are explained.
        background: How many are the background's; None for the shares of the training data.
        root: The tree.
        ends: Whether a node is such a leaf.
        enters: Whether it is, or has one below it.
        total: How many rows are explained in all; what is cheaper hangs on it.
        add: What takes a table and the rows' keys.

    Returns:
        What the leaves add to the base, shape (K,).
    """
    base = np.zeros(ensemble.outputs)
    first = background or 0
    waiting: dict[int, list[tuple[int, Patterns]]] = defaultdict(list)

    def flush(count: int) -> None:
        leaves = waiting.pop(count)
        nodes = [leaf for leaf, _ in leaves]
        if background is None:
            reached = np.array([np.prod(paths.ratios[leaf]) for leaf in nodes])
        else:
            full = (1 << count) - 1
            reached = np.array([(held[:first] == full).mean() for _, held in leaves])
        base.__iadd__(reached @ ensemble.value[nodes])
        by_pairs = _pairs_pay(count, rows=total, background=background)
        found = (
            _by_pairs(paths, leaves, background) if by_pairs else _by_tables(paths, leaves, background)
        )
        for leaf, values, keys in found:
            players = np.array(paths.players[leaf], dtype=np.intp)
            for output in np.flatnonzero(ensemble.value[leaf]).tolist():
                scaled = values * ensemble.value[leaf, output]
                add(Table(output=output, players=players, values=scaled), keys)

    for leaf, at in walk(ensemble, paths, columns, root=root, ends=ends, enters=enters):
        count = int(paths.known[leaf])
        waiting[count].append((leaf, at))
        if len(waiting[count]) >= max(1, min(_CELLS >> count, _BYTES // max(at.nbytes, 1))):
            flush(count)
    for count in sorted(waiting):
        flush(count)
    return base


def _by_tables(
    paths: Paths, leaves: Sequence[tuple[int, Patterns]], background: int | None
) -> Iterator[tuple[int, Floats, Ints]]:
    """For each leaf its values by pattern, and the patterns of the rows."""
    if background is None:
        tables = cover_tables([paths.ratios[leaf] for leaf, _ in leaves])
    else:
        count = int(paths.known[leaves[0][0]])
        held = np.array([at[:background] for _, at in leaves]).astype(np.intp)
        place = held * len(leaves) + np.arange(len(leaves))[:, None]
        counts = np.bincount(place.ravel(), minlength=len(leaves) << count)
        tables = background_tables(counts.reshape(1 << count, -1) / background)
    for (leaf, at), values in zip(leaves, tables, strict=True):
        yield leaf, values, at[background or 0 :].astype(np.intp)


def _by_pairs(
    paths: Paths, leaves: Sequence[tuple[int, Patterns]], background: int | None
) -> Iterator[tuple[int, Floats, Ints]]:
    """The same from the patterns that occur."""
    for leaf, at in leaves:
        if background is None:
            yield leaf, *product_values(at, paths.ratios[leaf])
        else:
            count = int(paths.known[leaf])
            yield leaf, *pair_values(at[background:], at[:background], count=count)


def _pairs_pay(count: int, *, rows: int, background: int | None) -> bool:
    """Whether the patterns that occur are surely fewer than those that there can be."""
    if count > MOST_IN_TABLE:
        return True
    nodes = (count + 1) // 2
    table = (nodes * count / 2 + 3 * nodes + 2 * count) * (1 << count)
    seen = min(rows, 1 << count)
    pairs = seen * (nodes * count if background is None else min(background, 1 << count))
    return table > _LEAST and pairs * _PAIR < table
