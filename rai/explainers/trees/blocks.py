"""The lower ends of trees, several leaves as one table.

             ┌─ leaf        A block is a node with everything below it, where the players on its path and
    … ─ node ┤    ┌─ leaf   the splits below fit into a few bits. All that a row can do there is one key:
             └────┴─ leaf   the row's pattern at the node, and whether it goes left at each split.

The values of a block's leaves are added up once for every key, so a row looks up one number for each
player of a block, and not for each player of a leaf.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.ensembles import LEAF, Bools, Ensemble
from rai.explainers.trees.paths import Paths, Patterns, children, walk
from rai.explainers.trees.tables import background_tables, cover_tables


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Blocks:
    """Which nodes are blocks.

    Args:
        bits: How many bits a key has.
        ends: Whether a node is a block, shape (nodes,).
        enters: Whether a node is a block or has one below it.
        splits: Of a block the splits at and below it.
    """

    bits: int
    ends: Bools
    enters: Bools
    splits: dict[int, tuple[int, ...]]

    @property
    def keys(self) -> int:
        """How many keys there are."""
        return 1 << self.bits


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Table:
    """Values of a block, or of a leaf, by key.

    Args:
        output: The output that they are values of.
        players: Its players, shape (J,).
        values: Shape (J, keys).
    """

    output: int
    players: Ints
    values: Floats


def blocks_of(ensemble: Ensemble, paths: Paths, *, bits: int) -> Blocks:
    """The highest nodes that are blocks.

    Args:
        ensemble: The trees.
        paths: Their paths.
        bits: How many bits a key has.
    """
    small = paths.known + paths.below <= bits
    ends = np.zeros(len(small), dtype=bool)
    enters = np.zeros(len(small), dtype=bool)
    splits: dict[int, tuple[int, ...]] = {}
    order, stack = [], [int(root) for root in ensemble.roots]
    while stack:
        node = stack.pop()
        if small[node]:
            ends[node] = enters[node] = True
            splits[node] = _splits(ensemble, node)
        elif ensemble.feature[node] != LEAF:
            order.append(node)
            stack += [int(ensemble.left[node]), int(ensemble.right[node])]
    for node in reversed(order):
        enters[node] = enters[ensemble.left[node]] or enters[ensemble.right[node]]
    return Blocks(bits=bits, ends=ends, enters=enters, splits=splits)


def keys_at(
    ensemble: Ensemble, paths: Paths, columns: list[Floats], *, node: int, at: Patterns, blocks: Blocks
) -> Ints:
    """The keys of rows at a block, shape (n,).

    Args:
        ensemble: The trees.
        paths: Their paths.
        columns: The columns of the matrix.
        node: The block.
        at: The rows' patterns at it.
        blocks: The blocks.
    """
    key: Ints = at.astype(np.intp)
    for place, split in enumerate(blocks.splits[node], start=int(paths.known[node])):
        held = ensemble.goes_left(split, columns[int(ensemble.feature[split])])
        key |= held * np.intp(1 << place)
    return key


def block_tables(
    ensemble: Ensemble,
    paths: Paths,
    background: list[Floats] | None,
    *,
    roots: Sequence[int],
    blocks: Blocks,
) -> tuple[dict[int, list[Table]], Floats]:
    """The tables of all blocks of some trees, and what their leaves add to the base.

    Args:
        ensemble: The trees.
        paths: Their paths.
        background: The columns of the background; None for the shares of the training data.
        roots: The trees.
        blocks: The blocks.

    Returns:
        Tables by block, and shape (K,).
    """
    nodes, shares = _shares(ensemble, paths, background, roots=roots, blocks=blocks)
    leaves, owner, maps = _leaves(ensemble, paths, nodes, blocks)
    known = paths.known[leaves]
    values = ensemble.value[leaves]
    base, rows, block_of, player_of, leaf_of = np.zeros(ensemble.outputs), [], [], [], []
    for count in np.unique(known).tolist():
        places = np.flatnonzero(known == count)
        held = None if shares is None else _at_leaves(shares[owner[places]], maps[places], count)
        ratios = [paths.ratios[leaf] for leaf in leaves[places].tolist()]
        reached = np.array([np.prod(each) for each in ratios]) if held is None else held[-1]
        base += reached @ values[places]
        if not count:
            continue
        tables = cover_tables(ratios) if held is None else background_tables(held)
        picked = np.take_along_axis(tables, maps[places][:, None, :], axis=2)
        rows.append(picked.reshape(-1, blocks.keys))
        block_of.append(np.repeat(owner[places], count))
        player_of.append(np.concatenate([paths.players[leaf] for leaf in leaves[places].tolist()]))
        leaf_of.append(np.repeat(places, count))
    if not rows:
        return {}, base
    both = np.concatenate(block_of), np.concatenate(player_of).astype(np.intp)
    return _summed(nodes, np.concatenate(rows), *both, values[np.concatenate(leaf_of)]), base


def _summed(
    nodes: list[int], rows: Floats, block: Ints, player: Ints, value: Floats
) -> dict[int, list[Table]]:
    """Values by block, output and player, added up over the leaves."""
    order = np.lexsort((player, block))
    rows, block, player, value = rows[order], block[order], player[order], value[order]
    new = np.append(True, (np.diff(block) != 0) | (np.diff(player) != 0))
    starts = np.flatnonzero(new)
    block, player = block[starts], player[starts]
    ends = np.append(np.flatnonzero(np.append(True, np.diff(block) != 0)), len(block))
    found = defaultdict(list)
    for output in np.flatnonzero(value.any(axis=0)).tolist():
        total = np.add.reduceat(rows * value[:, output, None], starts, axis=0)
        for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            table = Table(output=output, players=player[start:stop], values=total[start:stop])
            found[nodes[int(block[start])]].append(table)
    return found


def _shares(
    ensemble: Ensemble,
    paths: Paths,
    background: list[Floats] | None,
    *,
    roots: Sequence[int],
    blocks: Blocks,
) -> tuple[list[int], Floats | None]:
    """The blocks of some trees, and the shares of background rows by key, shape (blocks, keys)."""
    nodes, shares = [], []
    none = [np.zeros(0)] * (int(ensemble.feature.max()) + 1)
    for root in roots:
        held = none if background is None else background
        for node, at in walk(ensemble, paths, held, root=root, ends=blocks.ends, enters=blocks.enters):
            nodes.append(node)
            if background is not None:
                key = keys_at(ensemble, paths, held, node=node, at=at, blocks=blocks)
                shares.append(np.bincount(key, minlength=blocks.keys) / len(at))
    return nodes, np.array(shares) if background is not None else None


def _leaves(
    ensemble: Ensemble, paths: Paths, nodes: list[int], blocks: Blocks
) -> tuple[Ints, Ints, Ints]:
    """The leaves of blocks, the block of each, and the pattern at it by key, shape (leaves, keys)."""
    every = np.arange(blocks.keys, dtype=np.uint16)
    leaves, owner, maps = [], [], []
    for place, block in enumerate(nodes):
        known = int(paths.known[block])
        bit = {split: every.dtype.type(1 << at) for at, split in enumerate(blocks.splits[block], known)}
        stack = [(block, every & every.dtype.type((1 << known) - 1))]
        while stack:
            node, pattern = stack.pop()
            if node not in bit:
                leaves.append(node)
                owner.append(place)
                maps.append(pattern)
                continue
            left, right = children(paths, node, pattern, (every & bit[node]) != 0)
            stack += [(int(ensemble.right[node]), right), (int(ensemble.left[node]), left)]
    return np.array(leaves), np.array(owner), np.array(maps).astype(np.intp)


def _at_leaves(shares: Floats, maps: Ints, count: int) -> Floats:
    """Shares of background rows by pattern at leaves, shape (2^P, leaves), from shares by key."""
    leaves = len(maps)
    place = maps * leaves + np.arange(leaves)[:, None]
    held = np.bincount(place.ravel(), weights=shares.ravel(), minlength=leaves << count)
    at_leaves: Floats = held.reshape(1 << count, leaves).astype(np.float64)
    return at_leaves


def _splits(ensemble: Ensemble, block: int) -> tuple[int, ...]:
    """The splits at and below a node."""
    found, stack = [], [block]
    while stack:
        node = stack.pop()
        if ensemble.feature[node] != LEAF:
            found.append(node)
            stack += [int(ensemble.right[node]), int(ensemble.left[node])]
    return tuple(found)
