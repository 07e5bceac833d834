"""How sure the order of features is, from how their mean sizes vary together.

    means m, covariance of their errors S   ──▶   draws  m + t,  t ~ Student(0, S)
    rank of j  =  1 + how many are larger
        low    1 + how many are surely larger than j      ┐ each feature against all others at once:
        high   M − how many are surely smaller than j     ┘ max over k of |t_j − t_k| / se(j, k)

Shares of draws, taken as bounds of a rank, are wrong where features are about equal; bounds from
comparisons with all others hold whether there are ties or not.

Source: Mogstad, Romano, Shaikh and Wilhelm (2024), doi:10.1093/restud/rdad006.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints

FEWEST, MOST, PAIRS = 1_000, 4_000, 2_000_000  # draws, so that draws × features stay few
_ALIKE = 1e-12  # relative; what rounding may leave between equal means


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RankBounds:
    """Bounds of the ranks of M features, each shape (M,).

    Args:
        low, high: The best and the worst rank that can't be excluded.
        p_first: Share of draws in which the feature is first.
        p_top: Share of draws in which it is among the first few.
    """

    low: Ints
    high: Ints
    p_first: Floats
    p_top: Floats


class RankDraws:
    """Draws of what chance does to M means, the same for every group.

    Example:
        >>> draws = RankDraws(2, rng=np.random.default_rng(0))
        >>> found = draws.bounds(np.array([1.0, 0.2]), np.eye(2) / 100, freedom=99, level=0.95, top=1)
        >>> found.low.tolist(), found.high.tolist(), found.p_first.round(2).tolist()
        ([1, 2], [1, 2], [1.0, 0.0])
    """

    def __init__(self, players: int, *, rng: np.random.Generator) -> None:
        draws = int(np.clip(PAIRS // max(players, 1), FEWEST, MOST))
        self.normal = rng.standard_normal((draws, players))
        self.uniform = rng.uniform(size=draws)

    def bounds(
        self, means: Floats, covariance: Floats, *, freedom: float, level: float, top: int
    ) -> RankBounds:
        """Bounds of the ranks of means.

        Args:
            means: The means, shape (M,).
            covariance: Covariance of their errors, shape (M, M).
            freedom: Degrees of freedom of the covariance.
            level: Coverage of each feature's bounds by itself.
            top: How many count as the first few.
        """
        noise = self._noise(covariance, freedom)
        low, high = np.ones(len(means), np.intp), np.full(len(means), len(means), dtype=np.intp)
        for place in range(len(means)):
            apart = means - means[place]
            variance = covariance[place, place] + covariance.diagonal() - 2 * covariance[place]
            error = np.sqrt(np.maximum(variance, 0.0))
            scale = np.divide(1.0, error, out=np.zeros_like(error), where=error > _tiny(means))
            moved = np.abs((noise - noise[:, [place]]) * scale).max(axis=1)
            reach = float(np.quantile(moved, level)) * error
            rounding = _tiny(means)
            low[place] += int((apart > reach + rounding).sum())
            high[place] -= int((apart < -reach - rounding).sum())
        p_first, p_top = _shares(means + noise, top, nothing=_tiny(means))
        return RankBounds(low=low, high=high, p_first=p_first, p_top=p_top)

    def _noise(self, covariance: Floats, freedom: float) -> Floats:
        """Student's draws of errors, shape (draws, M)."""
        from scipy.special import chdtri

        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        stretched = np.sqrt(freedom / chdtri(freedom, self.uniform))
        return np.asarray(self.normal @ root.T * stretched[:, None])


def ranks_of(sizes: Floats) -> Ints:
    """Ranks of sizes, 1 for the largest; equal ones share the better rank. Shape (M,).

    Example:
        >>> ranks_of(np.array([0.2, 0.5, 0.2])).tolist()
        [2, 1, 2]
    """
    falling = np.sort(-sizes)
    return np.searchsorted(falling, -sizes - _tiny(sizes), side="left") + 1


def _shares(drawn: Floats, top: int, *, nothing: float) -> tuple[Floats, Floats]:
    """How often each is first, and among the first few; what is 0 is never among them."""
    some = drawn > nothing
    last = drawn.shape[1] - min(top, drawn.shape[1])
    least = np.partition(drawn, last, axis=1)[:, [last]]
    first = (drawn >= drawn.max(axis=1, keepdims=True)) & some
    return first.mean(axis=0), ((drawn >= least) & some).mean(axis=0)


def _tiny(sizes: Floats) -> float:
    return _ALIKE * float(np.abs(sizes).max(initial=0.0))
