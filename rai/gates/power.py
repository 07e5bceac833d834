"""How many rows a verdict takes, and what the rows that are there can show.

A rule passes when the far bound of its quantity keeps the limit: when the estimate is z_α standard
errors inside. It strays from the value assumed by q standard errors or less, four times in five: of one
estimate q is a normal quantile, of the largest of all pairs of g groups that are truly equal that of the
range of g normals. Standard errors shrink with the square root of the rows, so

    rows needed = rows there × ((z_α · error at the limit + q · error) / distance to the limit)²

A rule fails when the near bound breaks the limit. It lies as many standard errors away as all pairs of
groups need to hold together, and the 80% point of a normal is added to that.

Source: Chow, Shao and Wang (2008), Sample Size Calculations in Clinical Research, ch. 3 and 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from rai.measure.simultaneous import range_quantile

POWER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What the rows behind a question can show.

    Args:
        error: Standard error of the quantity, on the scale of `distance`, at the value assumed.
        distance: From the value assumed to the limit that a pass keeps, above 0.
        seen_error, seen_distance: The same for the value that was seen.
        groups: How many groups are compared, each with each; 1 for a single quantity.
        n: Rows of the smallest group.
        limit: The limit, and `scale` how far from it, as the policy writes it.
        limit_error: The standard error, were the value at the limit; `error` if not given.
        scale: `difference`, or `ratio` where distances are logarithms.
        worse: 1 where higher is worse, -1 where lower is.

    Example:
        >>> p, n = 0.10, 500
        >>> error = math.sqrt(2 * (1 - p) / p / n)
        >>> fair = Power(error=error, distance=math.log(1.25), groups=2, n=n, limit=0.8,
        ...     scale="ratio", worse=-1)
        >>> fair.rows_needed(0.05)
        3096
    """

    error: float
    distance: float
    seen_error: float = math.nan
    seen_distance: float = math.nan
    groups: int = 1
    n: int
    limit: float
    scale: str = "difference"
    worse: int = 1
    limit_error: float = math.nan

    def rows_needed(self, error: float) -> int | None:
        """Rows of the smallest group at which the value assumed would pass, four times in five.

        Where there are that many already, those at which the value seen would get a verdict.
        """
        reach = _quantile(1 - error) * self._at_limit + self._stray * self.error
        needed = _times(reach, self.distance)
        if needed is None or needed <= 1:
            needed = _times(
                (_quantile(1 - error) + _quantile(POWER)) * self.seen_error, self.seen_distance
            )
        if needed is None or needed <= 1 or needed > 1e9:
            return None
        return math.ceil(needed * self.n)

    def detectable(self, error: float) -> float | None:
        """The smallest value that these rows would show to break the limit, four times in five."""
        reach = (self._near(error) + _quantile(POWER)) * self._at_limit
        if not math.isfinite(reach):
            return None
        if self.scale == "ratio":
            return self.limit * math.exp(self.worse * reach)
        return self.limit + self.worse * reach

    @property
    def _at_limit(self) -> float:
        return self.error if math.isnan(self.limit_error) else self.limit_error

    def _near(self, error: float) -> float:
        """How many standard errors away the near bound lies."""
        if self.groups < 2:
            return _quantile(1 - error)
        return range_quantile(1 - error, self.groups) / math.sqrt(2)

    @property
    def _stray(self) -> float:
        if self.groups < 2:
            return _quantile(POWER)
        return range_quantile(POWER, self.groups) / math.sqrt(2)


def _times(reach: float, distance: float) -> float | None:
    if not (math.isfinite(reach) and math.isfinite(distance)) or distance == 0:
        return None
    return (reach / distance) ** 2


def _quantile(share: float) -> float:
    return NormalDist().inv_cdf(share)
