"""The paths of trees, player by player.

    root ─ age < 40 ─ sex in {F} ─ age < 20 ─ leaf        players on the path: age, sex
            slot 0      slot 1       slot 0               pattern of a row: bit 0 says that all of the
                                                          conditions on its age hold, bit 1 on its sex

A row's pattern at a node follows from its pattern at the node above: a new player adds a bit, a player
that was there before can only lose its bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.ensembles import LEAF, Bools, Ensemble
from rai.ground.errors import ArgumentError, sentence

MOST_PLAYERS = 64  # on one path: a pattern is one number
Patterns = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Paths:
    """What the nodes of an ensemble are on their paths.

    Args:
        slot: Of a split the bit of its player, shape (nodes,).
        fresh: Of a split whether its player is new on the path, shape (nodes,).
        known: How many players are on the path to a node, shape (nodes,).
        below: How many splits are at and below a node, shape (nodes,).
        players: Of a node the players on its path, by slot; empty where it was not asked for.
        ratios: Of a leaf the share of the training data that keeps each player's conditions.
    """

    slot: Ints
    fresh: Bools
    known: Ints
    below: Ints
    players: list[tuple[int, ...]]
    ratios: list[tuple[float, ...]]

    @property
    def type(self) -> Any:
        """The narrowest type that patterns fit in."""
        most = int(self.known.max(initial=0))
        return next(kind for kind in (np.uint16, np.uint32, np.uint64) if most <= np.iinfo(kind).bits)


def paths_of(ensemble: Ensemble, players: Ints) -> Paths:
    """The paths of an ensemble's trees.

    Args:
        ensemble: The trees.
        players: The player of each column of the matrix, shape (p,).

    Raises:
        ArgumentError: A path has more players than a pattern has bits.
    """
    nodes = len(ensemble.feature)
    slot, known, below = (np.zeros(nodes, dtype=np.intp) for _ in range(3))
    fresh = np.zeros(nodes, dtype=bool)
    on_path: list[tuple[int, ...]] = [()] * nodes
    ratios: list[tuple[float, ...]] = [()] * nodes
    feature, left, right = (each.tolist() for each in (ensemble.feature, ensemble.left, ensemble.right))
    cover, who = ensemble.cover.tolist(), players.tolist()
    order = []
    stack: list[tuple[int, tuple[int, ...], tuple[float, ...]]]
    stack = [(int(root), (), ()) for root in ensemble.roots]
    while stack:
        node, path, shares = stack.pop()
        on_path[node], ratios[node], known[node] = path, shares, len(path)
        if feature[node] == LEAF:
            continue
        order.append(node)
        player = who[feature[node]]
        new = player not in path
        at = len(path) if new else path.index(player)
        slot[node], fresh[node] = at, new
        path = (*path, player) if new else path
        for child in (left[node], right[node]):
            share = cover[child] / cover[node] if cover[node] > 0 else 0.0
            held = (*shares, share) if new else (*shares[:at], shares[at] * share, *shares[at + 1 :])
            stack.append((child, path, held))
    if known.max(initial=0) > MOST_PLAYERS:
        seen = f"a path over {known.max()} columns"
        hint = "Take several of them together as one player."
        raise ArgumentError(sentence("trees", seen, expected=f"at most {MOST_PLAYERS}", hint=hint))
    for node in reversed(order):
        below[node] = 1 + below[left[node]] + below[right[node]]
    return Paths(slot=slot, fresh=fresh, known=known, below=below, players=on_path, ratios=ratios)


def children(paths: Paths, node: int, pattern: Patterns, held: Bools) -> tuple[Patterns, Patterns]:
    """The patterns at the two nodes below a split.

    Args:
        paths: The paths.
        node: The split.
        pattern: The rows' patterns at it.
        held: Whether they go left.
    """
    bit = pattern.dtype.type(1 << int(paths.slot[node]))
    bits = held * bit
    if paths.fresh[node]:
        left = pattern | bits
        return left, left ^ bit
    left = pattern & (bits | ~bit)
    return left, pattern & (left ^ bit | ~bit)


def walk(
    ensemble: Ensemble, paths: Paths, columns: list[Floats], *, root: int, ends: Bools, enters: Bools
) -> Iterator[tuple[int, Patterns]]:
    """The rows' patterns at the ends of a tree, from left to right.

    Args:
        ensemble: The trees.
        paths: Their paths.
        columns: The columns of the matrix, each of shape (n,).
        root: Where to start.
        ends: Whether a node is an end, shape (nodes,).
        enters: Whether a node is an end, or has one below it.

    Yields:
        An end, and the patterns at it.
    """
    start = np.zeros(len(columns[0]), dtype=paths.type)
    stack = [(root, start)] if enters[root] else []
    while stack:
        node, pattern = stack.pop()
        if ends[node]:
            yield node, pattern
            continue
        held = ensemble.goes_left(node, columns[int(ensemble.feature[node])])
        left, right = children(paths, node, pattern, held)
        below = (int(ensemble.right[node]), right), (int(ensemble.left[node]), left)
        stack += [each for each in below if enters[each[0]]]
