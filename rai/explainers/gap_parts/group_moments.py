"""What rows of one group add up to: counts, means and products, which can be merged.

    row   φ₁ … φ_M · base · score · control        group   n · means · Σ (row − mean)(row − mean)ᵀ

The control of a row is how far the mean score of the background rows drawn for it is off the mean of
the whole background: known, 0 on average, and what differs by chance between groups. Each player's
part is freed of it by least squares. The parts and the control add up to score minus base in every row,
so the coefficients add up to −1, and the freed parts add up to score minus base exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from rai.engines.encoding import Floats, Ints

AFTER = 3  # columns behind the players': base, score, control


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GroupMoments:
    """Rows of a group, summed up; `+` merges two.

    Args:
        n: Rows.
        mean: Mean of each column, shape (M + 3,).
        scatter: Sums of products of distances from the mean, shape (M + 3, M + 3).

    Example:
        >>> one, two = (moments_of(np.array([[v, 0.0, v, 0.0]])) for v in (1.0, 3.0))
        >>> (one + two).mean[0], (one + two).scatter[0, 0]
        (np.float64(2.0), np.float64(2.0))
    """

    n: int
    mean: Floats
    scatter: Floats

    def __add__(self, other: GroupMoments) -> GroupMoments:
        n = self.n + other.n
        if not n:
            return self
        apart = other.mean - self.mean
        return GroupMoments(
            n=n,
            mean=self.mean + apart * (other.n / n),
            scatter=self.scatter + other.scatter + np.outer(apart, apart) * (self.n * other.n / n),
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Side:
    """One side of a gap: what a metric of some rows is made of.

    Args:
        n: Rows.
        parts: Of each player, shape (M,).
        start: What they start from: the metric where nobody plays.
        total: The metric of these rows.
        spread: Covariance of the rows' own contributions to parts, start and total, (M + 2, M + 2);
            divided by n it is that of the side's.
        walks: The parts by each permutation, shape (P, M); None if there is no such noise.
        why: Why it is undefined; empty if it is defined.
    """

    n: int
    parts: Floats
    start: float
    total: float
    spread: Floats
    walks: Floats | None = None
    why: str = ""


def moments_of(table: Floats) -> GroupMoments:
    """The moments of rows, shape (n, M + 3): players, base, score, control."""
    n, width = table.shape
    if not n:
        return GroupMoments(n=0, mean=np.zeros(width), scatter=np.zeros((width, width)))
    mean = table.mean(axis=0)
    moved = table - mean
    return GroupMoments(n=n, mean=mean, scatter=moved.T @ moved)


def moments_by_group(table: Floats, place: Ints, *, groups: int) -> list[GroupMoments]:
    """The moments of each group.

    Args:
        table: Rows, shape (n, M + 3).
        place: The group of each, shape (n,).
        groups: How many groups there are.
    """
    return [moments_of(table[place == group]) for group in range(groups)]


def merged(moments: Sequence[GroupMoments]) -> GroupMoments:
    """Several groups as one."""
    return reduce(add, moments)


def side_of(moments: GroupMoments, *, sign: float = 1.0, why: str = "no rows") -> Side:
    """What the mean score of a group is made of.

    Args:
        moments: Of the group.
        sign: -1 where the metric is 1 minus the mean score.
        why: Why there is nothing, where there are no rows.

    Example:
        >>> rows = np.array([[0.2, 0.1, 0.3, 0.6, 0.0], [0.0, 0.1, 0.3, 0.4, 0.0]])
        >>> side = side_of(moments_of(rows))
        >>> side.parts.round(3).tolist(), round(side.total, 3)
        ([0.1, 0.1], 0.5)
    """
    players = len(moments.mean) - AFTER
    if not moments.n:
        empty = np.zeros((players + 2, players + 2))
        return Side(
            n=0, parts=np.full(players, np.nan), start=np.nan, total=np.nan, spread=empty, why=why
        )
    freed = np.eye(players + 2, players + AFTER) * sign
    freed[:players, -1] -= sign * _coefficients(moments)
    values = freed @ moments.mean
    offset = 0.0 if sign > 0 else 1.0
    spread = freed @ moments.scatter @ freed.T / max(moments.n - 1, 1)
    return Side(
        n=moments.n,
        parts=values[:players],
        start=float(values[-2] + offset),
        total=float(values[-1] + offset),
        spread=spread,
    )


def _coefficients(moments: GroupMoments) -> Floats:
    """Of the control in each player's part, beside base and score; they add up to −1, shape (M,)."""
    players = len(moments.mean) - AFTER
    if not moments.scatter[-1, -1] > 0:
        return -_shares(moments.mean[:players])
    scale = np.sqrt(moments.scatter.diagonal()[players:])
    scale = np.where(scale > 0, scale, 1.0)
    inner = moments.scatter[players:, players:] / np.outer(scale, scale)
    cross = moments.scatter[players:, :players] / scale[:, None]
    found = (np.linalg.pinv(inner, rcond=1e-10, hermitian=True) @ cross)[-1] / scale[-1]
    return np.asarray(found - (found.sum() + 1) * _shares(found))


def _shares(values: Floats) -> Floats:
    """Shares by size, nothing for nothing; the same for all where there is nothing at all."""
    sizes = np.abs(values)
    return sizes / sizes.sum() if sizes.any() else np.full(len(sizes), 1 / len(sizes))
