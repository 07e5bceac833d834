"""Infidelity: do attributions foretell what happens once some players are taken away?

    Σ φ over the players taken away   against   f(x) − mean over background of f(x without them)

Shapley values of a linear model foretell it exactly; of a model with interactions nothing additive does.
Sizes of what is taken away are equally likely, and within a size all sets of players.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.enumeration import coalitions
from rai.explainers.hybrids import Bools
from rai.ground.formatting import number

FEW = 12  # players whose sets can be counted out


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Removals:
    """Sets of players that are taken away.

    Args:
        gone: Whether each player is taken away, shape (n, P, M).
        weight: The chance of each set, adding up to 1, shape (P,).
        all: Whether these are all sets there are.
    """

    gone: Bools
    weight: Floats
    all: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Infidelity:
    """What was found, one number a row, each of shape (n,).

    Args:
        plain: Mean squared difference.
        scaled: The same after each row's attributions are multiplied by what suits the row best.
        size: Mean square of what is foretold; the plain one over it is a share.
    """

    plain: Floats
    scaled: Floats
    size: Floats


def removals(rows: int, players: int, *, perturbations: int, rng: np.random.Generator) -> Removals:
    """Sets of players for each row: all there are if they are few enough, else drawn ones.

    Args:
        rows: Rows, n.
        players: Players, M.
        perturbations: Sets for each row at most, P.
        rng: Source of the draws.

    Example:
        >>> found = removals(1, 2, perturbations=8, rng=np.random.default_rng(0))
        >>> found.gone[0].tolist(), found.weight.tolist()
        ([[True, False], [False, True], [True, True]], [0.25, 0.25, 0.5])
    """
    if players <= FEW and (1 << players) - 1 <= perturbations:
        every = coalitions(players)[1:]
        sizes = every.sum(axis=1)
        weight = np.array([1 / (players * comb(players, int(size))) for size in sizes])
        gone = np.broadcast_to(every, (rows, *every.shape))
        return Removals(gone=gone, weight=weight, all=True)
    shape = (rows, perturbations)
    ranks = rng.random((*shape, players)).argsort(axis=2).argsort(axis=2)
    gone = ranks < rng.integers(1, players + 1, size=shape)[:, :, None]
    return Removals(gone=gone, weight=np.full(perturbations, 1 / perturbations), all=False)


def infidelity_of(values: Floats, removed: Removals, *, change: Floats, noise: Floats) -> Infidelity:
    """Infidelity of each row.

    Args:
        values: Attributions, shape (n, M).
        removed: What is taken away.
        change: How far the model's number falls, shape (n, P).
        noise: Variance of each change where the background is but a sample, taken off, shape (n, P).

    Example:
        >>> found = infidelity_of(np.array([[1.0, 2.0]]), removals(1, 2, perturbations=3,
        ...     rng=np.random.default_rng()), change=np.array([[2.0, 4.0, 6.0]]), noise=np.zeros((1, 3)))
        >>> found.plain.tolist(), found.scaled.tolist()
        ([5.75], [0.0])

    Source: Yeh et al. (2019), On the (in)fidelity and sensitivity of explanations, arXiv:1901.09392.
    """
    foretold = (removed.gone @ values[:, :, None])[:, :, 0]
    lost = noise @ removed.weight
    both = (foretold * change) @ removed.weight
    own = foretold**2 @ removed.weight
    factor = np.divide(both, own, out=np.zeros_like(both), where=own > 0)
    scaled = (factor[:, None] * foretold - change) ** 2 @ removed.weight - lost
    plain = (foretold - change) ** 2 @ removed.weight - lost
    return Infidelity(plain=plain, scaled=scaled, size=change**2 @ removed.weight - lost)


def words(removed: Removals) -> str:
    """What was taken away, in words.

    Example:
        >>> words(removals(1, 2, perturbations=3, rng=np.random.default_rng(0)))
        'all 3 sets of players'
    """
    count = number(len(removed.weight))
    return f"all {count} sets of players" if removed.all else f"{count} random sets of players a row"
