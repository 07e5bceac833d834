"""One critical value for all parts of all pairs, and what random groups would show.

    interval      value ± c · standard error          c: quantile of the largest |normal| / spread
    chance band   0 ± c₀ · what the parts would vary by if rows were dealt to the groups at random

Each pair's parts are drawn with their own covariances; pairs are drawn apart, which is never too narrow
(Šidák 1967). Few rows make the draws as heavy in the tails as Student's with the smaller side's freedom.

Source: Hothorn, Bretz and Westfall (2008), doi:10.1002/bimj.200810425; Šidák (1967),
doi:10.1080/01621459.1967.10482935.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.gap_parts.group_moments import Side

FEWEST_ROWS = 30
_MOST_DRAWS, _FEWEST_DRAWS, _NUMBERS = 20_000, 2_000, 4_000_000
_NOTHING = 1e-11  # a spread beside the largest that is rounding


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spreads:
    """How far a pair's parts, start and total would vary, in new rows and by chance.

    Args:
        covariance: Of the differences, shape (M + 2, M + 2).
        chance: The same if groups were dealt at random.
        freedom: Rows of the smaller side, less one.
    """

    covariance: Floats
    chance: Floats
    freedom: int


def spreads_of(ours: Side, theirs: Side) -> Spreads | None:
    """The spreads of a pair; None where a side has too few rows.

    Args:
        ours: The group.
        theirs: What it is compared with: other rows.
    """
    fewest = min(ours.n, theirs.n)
    if fewest < FEWEST_ROWS or ours.why or theirs.why:
        return None
    covariance = ours.spread / ours.n + theirs.spread / theirs.n
    n = ours.n + theirs.n
    apart = _values(ours) - _values(theirs)
    pooled = (ours.n * ours.spread + theirs.n * theirs.spread) / n
    if ours.walks is None or theirs.walks is None:
        pooled = pooled + np.outer(apart, apart) * (ours.n * theirs.n / n**2)
    else:
        covariance = covariance + _of_walks(ours.walks - theirs.walks)
    return Spreads(
        covariance=covariance, chance=pooled * (1 / ours.n + 1 / theirs.n), freedom=fewest - 1
    )


def critical(
    covariances: Sequence[Floats], freedoms: Sequence[int], *, level: float, rng: np.random.Generator
) -> float:
    """How many standard errors hold all entries of all covariances at once.

    Args:
        covariances: One for each pair, shape (m, m).
        freedoms: Degrees of freedom of each.
        level: Coverage of all at once.
        rng: Source of the draws.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> bool(abs(critical([np.eye(1)], [10**6], level=0.95, rng=rng) - 1.96) < 0.05)
        True
    """
    cells = sum(len(covariance) for covariance in covariances)
    draws = int(np.clip(_NUMBERS // max(cells, 1), _FEWEST_DRAWS, _MOST_DRAWS))
    largest = np.zeros(draws)
    for covariance, freedom in zip(covariances, freedoms, strict=True):
        root = _root(covariance)
        if not root.size:
            continue
        found = np.abs(rng.standard_normal((draws, root.shape[1])) @ root.T).max(axis=1)
        tails = np.sqrt(rng.chisquare(freedom, draws) / freedom)
        np.maximum(largest, found / tails, out=largest)
    return float(np.quantile(largest, level))


def errors_of(covariance: Floats) -> Floats:
    """Standard errors, exactly 0 where there is but rounding, shape (m,)."""
    errors = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    return np.where(errors > _NOTHING * errors.max(initial=0.0), errors, 0.0)


def _values(side: Side) -> Floats:
    return np.array([*side.parts, side.start, side.total])


def _of_walks(walks: Floats) -> Floats:
    """What the choice of permutations adds to the parts' covariance; start and total have none of it."""
    count, players = walks.shape
    found = np.zeros((players + 2, players + 2))
    if count > 1:
        found[:players, :players] = np.cov(walks, rowvar=False, ddof=1).reshape(players, players) / count
    return found


def _root(covariance: Floats) -> Floats:
    """A matrix whose product with normals has the correlations, shape (entries that vary, rank)."""
    errors = errors_of(covariance)
    varies = errors > 0
    scaled = covariance[np.ix_(varies, varies)] / np.outer(errors[varies], errors[varies])
    if not scaled.size:
        return np.zeros((0, 0))
    sizes, vectors = np.linalg.eigh(scaled)
    kept = sizes > 1e-10 * sizes[-1]
    return np.asarray(vectors[:, kept] * np.sqrt(sizes[kept]))
