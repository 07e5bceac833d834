"""Shapley values of one leaf of value 1, for every pattern that a row can have there.

A leaf whose path has P players is reached by a mix of a row (where players are in S) and a background
row (where they are not) if every player's conditions hold in the row that it comes from. Draw S with
each player in it with probability t: the value of player j is the integral over t, from 0 to 1, of how
much j changes whether the leaf is reached. As a function of t that is a polynomial of degree P − 1, so
⌈P/2⌉ nodes of Gauss and Legendre give it exactly.

    share of background rows by pattern, f ──▶ H_t(c): sum over the patterns that c completes
                                           ──▶ values (P, 2^P): for player j, for pattern c

Source:
    Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9. Sums over subsets: Yates' algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from rai.engines.encoding import Floats, Ints

Weights = tuple[tuple[float, Floats, Floats, Floats, Floats], ...]


def background_tables(shares: Floats) -> Floats:
    """Values from the shares of background rows.

    Args:
        shares: The share of background rows that have each pattern at each leaf, shape (2^P, leaves).

    Returns:
        Values of each player for each pattern, shape (leaves, P, 2^P).

    Example:
        >>> both = np.array([[1.0], [0], [0], [0]])  # no background row keeps either's conditions
        >>> abs(background_tables(both)[0, 0]).tolist()  # the first of two players: half, where both do
        [0.0, 0.0, 0.0, 0.5]
    """
    count = _players(shares)
    lacking, held = shares[::-1], np.empty(shares.shape)
    sums = (_over_subsets(np.multiply(lacking, w[1][:, None], out=held)) for w in weights(count))
    return _tables(count, sums)


def cover_tables(ratios: Sequence[Sequence[float]]) -> Floats:
    """Values from the shares of training rows that keep each player's conditions, as if independent.

    Args:
        ratios: Of each leaf the share of each of its P players.

    Returns:
        Values of each player for each pattern, shape (leaves, P, 2^P).
    """
    shares = np.array(ratios, dtype=np.float64).T
    count = len(shares)
    return _tables(count, (_products(shares, each[0]) for each in weights(count)))


@lru_cache(maxsize=64)
def weights(count: int) -> Weights:
    """For each node t: t, t^|u|, and three weights of a pattern with d players that lack something.

    They are ω(1−t)^d / t, ω(1−t)^(d−1) / t and ω(1−t)^(d−1), each of shape (2^P,), the latter two 0
    where d is 0.
    """
    nodes, omega = quadrature(count)
    held = np.bitwise_count(np.arange(1 << count, dtype=np.uint32)).astype(np.intp)
    lacking = count - held
    found = []
    for t, w in zip(nodes.tolist(), omega.tolist(), strict=True):
        powers = (1 - t) ** np.arange(count + 1)
        with_it = w / t * powers
        without = np.concatenate(([0.0], with_it[:-1]))
        outside = np.concatenate(([0.0], (w * powers)[:-1]))
        by_size = t ** np.arange(count + 1)
        found.append((t, by_size[held], with_it[lacking], without[lacking], outside[lacking]))
    return tuple(found)


@lru_cache(maxsize=64)
def quadrature(count: int) -> tuple[Floats, Floats]:
    """Nodes and weights on (0, 1) that are exact for polynomials of degree `count` − 1.

    Example:
        >>> nodes, weights = quadrature(3)
        >>> round(float(weights @ nodes**2), 12)
        0.333333333333
    """
    nodes, omega = np.polynomial.legendre.leggauss((count + 1) // 2)
    return (nodes + 1) / 2, omega / 2


def _tables(count: int, sums: Iterator[Floats]) -> Floats:
    """Values of every player from the sums H_t over patterns, shape (2^P, leaves), node by node."""
    inside = without = outside = part = np.zeros(())
    for total, (_, _, *three) in zip(sums, weights(count), strict=True):
        if not part.ndim:
            inside, without, outside, part = (np.zeros_like(total) for _ in range(4))
        for whole, weight in zip((inside, without, outside), three, strict=True):
            np.multiply(total, weight[:, None], out=part)
            np.add(whole, part, out=whole)
    leaves = part.size >> count
    values = np.empty((leaves, count, 1 << count))
    for player in range(count):
        shape = (-1, 2, 1 << player, leaves)
        kept = inside.reshape(shape)[:, 1] - without.reshape(shape)[:, 0]
        lost = -outside.reshape(shape)[:, 0]
        view = values[:, player].reshape(leaves, -1, 2, 1 << player)
        view[:, :, 1] = np.moveaxis(kept, -1, 0)
        view[:, :, 0] = np.moveaxis(lost, -1, 0)
    return values


def _over_subsets(held: Floats) -> Floats:
    """For each pattern the sum over the patterns within it, written over `held`, (2^P, leaves)."""
    for bit in range(_players(held)):
        view = held.reshape(-1, 2, 1 << bit, held.shape[1])
        view[:, 1] += view[:, 0]
    return held


def _products(ratios: Floats, t: float) -> Floats:
    """The same where players are independent: r + (1 − r)t of those in the pattern, r of the rest."""
    total = np.ones((1, ratios.shape[1]))
    for share in ratios:
        total = np.concatenate((total * share, total * (share + (1 - share) * t)))
    return total


def _players(table: Floats) -> int:
    return len(table).bit_length() - 1


def bits_of(patterns: Ints, *, count: int) -> Floats:
    """Patterns as rows of 0 and 1, shape (patterns, players)."""
    places = np.arange(count, dtype=np.uint64)
    return ((patterns.astype(np.uint64)[:, None] >> places) & np.uint64(1)).astype(np.float64)
