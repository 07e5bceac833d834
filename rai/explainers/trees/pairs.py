"""Values at a leaf whose path has too many players for a table of all patterns.

    rows with few different patterns × background rows with few  ──▶  pairs that complete each other

Only patterns that occur are looked at: with tables of 2^P lines one path over 30 columns would not fit
into memory. Both ways give what the tables give.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import comb

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.trees.paths import Patterns
from rai.explainers.trees.tables import bits_of, quadrature

_CELLS = 1 << 20  # pairs looked at together


def pair_values(rows: Patterns, background: Patterns, *, count: int) -> tuple[Floats, Ints]:
    """Values of rows against a background.

    Args:
        rows: The rows' patterns, shape (n,).
        background: The background's, shape (B,).
        count: How many players the path has, P.

    Returns:
        Values of the different patterns, shape (P, patterns), and the pattern of each row, shape (n,).

    Example:
        >>> values, place = pair_values(np.array([3, 3], np.uint64), np.array([0], np.uint64), count=2)
        >>> values.tolist(), place.tolist()
        ([[0.5], [0.5]], [0, 0])
    """
    seen, place = np.unique(rows, return_inverse=True)
    known, counts = np.unique(background, return_counts=True)
    shares = counts / len(background)
    full = known.dtype.type((1 << count) - 1)
    with_it, outside = pair_weights(count)
    values = np.empty((count, len(seen)))
    free = 1 - bits_of(known, count=count)
    gives = count - np.bitwise_count(known).astype(np.intp)
    step = max(1, _CELLS // len(known))
    for start in range(0, len(seen), step):
        part = seen[start : start + step]
        row, other = np.nonzero((part[:, None] | known) == full)
        lacks = count - np.bitwise_count(part).astype(np.intp)
        share = shares[other]
        gained = _sums(with_it[gives[other], lacks[row]] * share, free[other], row, len(part))
        lost = np.bincount(row, outside[gives[other], lacks[row]] * share, minlength=len(part))
        held = bits_of(part, count=count)
        values[:, start : start + step] = (gained * held - lost[:, None] * (1 - held)).T
    return values, place


def product_values(rows: Patterns, ratios: Sequence[float]) -> tuple[Floats, Ints]:
    """Values of rows against independent players that keep their conditions in a share of cases.

    Args:
        rows: The rows' patterns, shape (n,).
        ratios: The share of each player, P of them.

    Returns:
        Values of the different patterns, shape (P, patterns), and the pattern of each row, shape (n,).
    """
    count = len(ratios)
    seen, place = np.unique(rows, return_inverse=True)
    held, share = bits_of(seen, count=count).T, np.array(ratios)[:, None]
    values = np.zeros((count, len(seen)))
    for t, w in zip(*quadrature(count), strict=True):
        factors = t * held + (1 - t) * share
        ones = np.ones((1, len(seen)))
        before = np.cumprod(np.concatenate((ones, factors[:-1])), axis=0)
        after = np.cumprod(np.concatenate((ones, factors[:0:-1])), axis=0)[::-1]
        values += w * (held - share) * before * after
    return values, place


def _sums(weight: Floats, free: Floats, row: Ints, rows: int) -> Floats:
    """Sums over the pairs of each row, which come one after another; shape (rows, P)."""
    from scipy.sparse import csr_array

    ends = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows))))
    picks = csr_array((weight, np.arange(len(row)), ends), shape=(rows, len(row)))
    total: Floats = picks @ free
    return total


@lru_cache(maxsize=64)
def pair_weights(count: int) -> tuple[Floats, Floats]:
    """(a−1)! d! / (a+d)! and a! (d−1)! / (a+d)!, shape (P + 1, P + 1): 0 for a = 0, and for d = 0."""
    gained = np.zeros((count + 1, count + 1))
    lost = np.zeros((count + 1, count + 1))
    for a, d in product(range(count + 1), repeat=2):
        ways = comb(a + d, a)
        gained[a, d] = 1 / (a * ways) if a else 0.0
        lost[a, d] = 1 / (d * ways) if d else 0.0
    return gained, lost
