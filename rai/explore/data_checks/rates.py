"""Shares of groups: each against all others together, with its interval and test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rai.explore.data_checks.check import Bounds, Look
from rai.measure.intervals import mover_difference, wilson
from rai.values.levels import MISSING, Level

Array = NDArray[np.float64]

LARGE_EXPECTATION = 5.0
FEWEST = 5  # rows of a group and of all others


@dataclass(frozen=True, slots=True)
class Difference:
    """A share of some rows less that of others.

    Args:
        value: The difference.
        bounds: Its interval at any critical value (Newcombe).
        p_value: Of no difference: the score test, or Fisher's where an expected count is below 5.
        share, other: The two shares.
        n: Rows of the first.
    """

    value: float
    bounds: Bounds
    p_value: float
    share: float
    other: float
    n: int


def difference(count: float, n: float, *, other_count: float, other_n: float) -> Difference:
    """How much larger a share is than another, of independent rows.

    Example:
        >>> found = difference(30, 100, other_count=10, other_n=100)
        >>> round(found.value, 3), [round(b, 3) for b in found.bounds(1.96)], round(found.p_value, 5)
        (0.2, [0.09, 0.306], 0.00041)

    Source: Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    p, q = count / n, other_count / other_n

    def bounds(z: float) -> tuple[float, float]:
        first, second = wilson([count], [n], z=z), wilson([other_count], [other_n], z=z)
        low, high = mover_difference(np.array([p]), first, other=np.array([q]), other_bounds=second)
        return float(low[0]), float(high[0])

    p_value = _p_value(count, n, other_count, other_n)
    return Difference(p - q, bounds, p_value, p, q, int(n))


def against_rest(
    counts: ArrayLike, n: ArrayLike, levels: Sequence[Level]
) -> list[tuple[Level, Difference]]:
    """Each group's share against that of all others together; of two groups only the higher one's.

    A group of fewer than 5 rows has no share to speak of; that it is small is found by its own check.

    Args:
        counts: Rows of each group with something, shape (g,).
        n: Rows of each group, shape (g,).
        levels: The groups.
    """
    x, m = np.asarray(counts, dtype=np.float64), np.asarray(n, dtype=np.float64)
    total, rows = float(x.sum()), float(m.sum())
    there = [i for i in range(len(m)) if 0 < m[i] < rows]
    if len(there) == 2:
        there = [max(there, key=lambda i: x[i] / m[i])]
    there = [i for i in there if min(m[i], rows - m[i]) >= FEWEST]
    return [
        (levels[i], difference(x[i], m[i], other_count=total - x[i], other_n=rows - m[i])) for i in there
    ]


def rate_look(apart: Difference, sentence: str, **more: Any) -> Look:
    """A look at how much larger a share is than another, with its interval and test.

    Example:
        >>> rate_look(difference(3, 4, other_count=1, other_n=4), "Half more.", group="F").value
        0.5
    """
    return Look(
        value=apart.value,
        sentence=sentence,
        n=apart.n,
        bounds=apart.bounds,
        p_value=apart.p_value,
        **more,
    )


def named(axis: str, level: Level) -> str:
    """A group for reading.

    Example:
        >>> named("sex", "Female"), named("sex", "(missing)")
        ("'Female' (sex)", "rows without 'sex'")
    """
    return f"rows without {axis!r}" if level == MISSING else f"{str(level)!r} ({axis})"


def _p_value(x: float, n: float, y: float, m: float) -> float:
    pooled = (x + y) / (n + m)
    if min(pooled, 1 - pooled) * min(n, m) >= LARGE_EXPECTATION:
        error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        return erfc(abs(x / n - y / m) / error / sqrt(2))
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.rint([[x, n - x], [y, m - y]]).astype(np.int64)).pvalue)
