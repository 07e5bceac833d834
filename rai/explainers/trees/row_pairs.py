"""Deep trees and few rows: every row against every background row, all down the trees together.

    row, background row, node ─┬─ both go the same way ──▶ the child
                               └─ they part ──▶ the row's way, its player in the coalition
                                            └─▶ the other's way, its player outside

A pair reaches few of a deep tree's leaves, whereas tables are made for all of them. So where there are
few pairs this is the shorter way; it gives what the tables give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.ensembles import LEAF, Ensemble
from rai.explainers.trees.pairs import pair_weights
from rai.explainers.trees.paths import Paths

_STARTS = 1 << 14  # pairs × trees that start together
_SAMPLE = 16  # pairs that are followed to see how many leaves a pair reaches

# Nanoseconds, measured: what a pair costs at a leaf, a cell of a table, and a leaf by itself.
_AT_LEAF, _CELL, _LEAF = 640.0, 0.5, 3e4

Masks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reached:
    """Leaves that pairs of rows reach.

    Args:
        leaf: The leaf, shape (reached,).
        row: The row of the pair.
        inside: The players, by slot, that must be the row's for it.
        outside: The players, by slot, that must be the background row's for it.
    """

    leaf: Ints
    row: Ints
    inside: Masks
    outside: Masks


def add_row_pairs(
    ensemble: Ensemble, paths: Paths, matrix: Floats, *, background: Floats, total: Floats
) -> Floats:
    """Add the values of all rows against all background rows.

    Args:
        ensemble: The trees.
        paths: Their paths.
        matrix: The rows, shape (n, p).
        background: The background, shape (B, p).
        total: What is added to, shape (K, M, n).

    Returns:
        What the trees add to the base, shape (K,).
    """
    count = len(background)
    base = np.zeros(ensemble.outputs)
    most = int(paths.known.max(initial=0))
    players = _players(paths, most)
    gained, lost = pair_weights(most)
    step = max(1, _STARTS // len(ensemble.roots))
    for start in range(0, len(matrix) * count, step):
        pair = np.arange(start, min(start + step, len(matrix) * count))
        reached = _reached(ensemble, paths, matrix, background=background, pair=pair)
        a, d = (np.bitwise_count(m).astype(np.intp) for m in (reached.inside, reached.outside))
        value = ensemble.value[reached.leaf] / count
        if start < count:  # the first row's pairs: each background row once
            first = (reached.row == 0) & (a == 0)
            base += value[first].sum(axis=0)
        for mask, weight in ((reached.inside, gained[a, d]), (reached.outside, -lost[a, d])):
            _spread(reached, mask, value * weight[:, None], players=players, total=total)
    return base


def pairs_are_shorter(ensemble: Ensemble, paths: Paths, matrix: Floats, *, background: Floats) -> bool:
    """Whether following all pairs takes less than making tables for all leaves.

    Args:
        ensemble: The trees.
        paths: Their paths.
        matrix: The rows, shape (n, p).
        background: The background, shape (B, p).
    """
    pairs = len(matrix) * len(background)
    known = paths.known[ensemble.feature == LEAF].astype(np.float64)
    tables = (np.minimum(known, 16) ** 2 * 2 ** np.minimum(known, 16) * _CELL).sum() + known.size * _LEAF
    if not pairs or not len(ensemble.roots) or pairs * len(ensemble.roots) * _AT_LEAF > tables:
        return False
    sample = np.unique(np.linspace(0, pairs - 1, _SAMPLE).astype(np.intp))
    reached = _reached(ensemble, paths, matrix, background=background, pair=sample)
    return bool(len(reached.leaf) / len(sample) * pairs * _AT_LEAF < tables)


def _reached(
    ensemble: Ensemble, paths: Paths, matrix: Floats, *, background: Floats, pair: Ints
) -> Reached:
    """The leaves of all trees that pairs reach; pair i is row i // B and background row i % B."""
    trees, done = len(ensemble.roots), []
    node = np.tile(ensemble.roots, len(pair))
    row, other = np.repeat(pair // len(background), trees), np.repeat(pair % len(background), trees)
    inside = outside = np.zeros(len(node), dtype=np.uint64)
    while len(node):
        ended = ensemble.feature[node] == LEAF
        if ended.any():
            ends = (each[ended] for each in (node, row, inside, outside))
            done.append(Reached(**dict(zip(("leaf", "row", "inside", "outside"), ends, strict=True))))
            node, row, other, inside, outside = (
                each[~ended] for each in (node, row, other, inside, outside)
            )
        column = ensemble.feature[node]
        mine = ensemble.steps(node, matrix[row, column])
        theirs = ensemble.steps(node, background[other, column])
        bit = np.uint64(1) << paths.slot[node].astype(np.uint64)
        held, left_out = (inside & bit) != 0, (outside & bit) != 0
        part = (mine != theirs) & ~held & ~left_out
        along, against = ~left_out, left_out | part
        way = np.concatenate((mine[along], theirs[against]))
        at = np.concatenate((np.flatnonzero(along), np.flatnonzero(against)))
        joins = np.where(part, bit, np.uint64(0))
        inside = np.concatenate(((inside | joins)[along], inside[against]))
        outside = np.concatenate((outside[along], (outside | joins)[against]))
        node = np.where(way, ensemble.left[node[at]], ensemble.right[node[at]])
        row, other = row[at], other[at]
    return Reached(
        leaf=np.concatenate([each.leaf for each in done]),
        row=np.concatenate([each.row for each in done]),
        inside=np.concatenate([each.inside for each in done]),
        outside=np.concatenate([each.outside for each in done]),
    )


def _spread(reached: Reached, mask: Masks, value: Floats, *, players: Ints, total: Floats) -> None:
    """Add a value to each player of a mask."""
    outputs, count, rows = total.shape
    for slot in range(players.shape[1]):
        own = np.flatnonzero((mask >> np.uint64(slot)) & np.uint64(1))
        place = players[reached.leaf[own], slot] * rows + reached.row[own]
        for output in range(outputs):
            sums = np.bincount(place, weights=value[own, output], minlength=count * rows)
            total[output] += sums.reshape(count, rows)


def _players(paths: Paths, most: int) -> Ints:
    """The players of every node by slot, shape (nodes, most)."""
    table = np.zeros((len(paths.players), max(most, 1)), dtype=np.intp)
    for node, players in enumerate(paths.players):
        table[node, : len(players)] = players
    return table
