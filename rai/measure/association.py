"""How strongly two codings of the same rows go together, from the table of both.

            sex   F   M        nothing in common: 0        one decides the other: 1
    Husband       0  13        Cramér's V counts squared deviations from independence,
    Wife          2   0        mutual information the bits that one tells of the other
    other        30  30

Both are above 0 by chance, the more the fewer rows there are; both are corrected for that here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def cramers_v(table: ArrayLike) -> float | None:
    """Cramér's V of a table, shape (r, c), corrected for chance; None where there is nothing to compare.

    Example:
        >>> cramers_v([[50, 0], [0, 50]]), cramers_v([[25, 25], [25, 25]])
        (1.0, 0.0)

    Source: Bergsma (2013), doi:10.1016/j.jkss.2012.10.002.
    """
    counts = _held(table)
    n, (rows, columns) = counts.sum(), counts.shape
    if min(rows, columns) < 2 or n < 2:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi = float(((counts - expected) ** 2 / expected).sum()) / n
    phi = max(phi - (rows - 1) * (columns - 1) / (n - 1), 0.0)
    fewest = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(np.sqrt(phi / fewest), 1.0)) if fewest > 0 else None


def mutual_information(table: ArrayLike) -> float | None:
    """Mutual information in bits of a table, shape (r, c), less what chance gives; at least 0.

    Example:
        >>> round(mutual_information([[500, 0], [0, 500]]), 3), mutual_information([[9, 9], [9, 9]])
        (0.999, 0.0)

    Source: Miller (1955), in Information theory in psychology, for the correction.
    """
    counts = _held(table)
    n, (rows, columns) = counts.sum(), counts.shape
    if min(rows, columns) < 2 or n < 2:
        return None
    shares = counts / n
    apart = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(shares > 0, shares * np.log2(shares / apart), 0.0).sum()
    return float(max(bits - (rows - 1) * (columns - 1) / (2 * n * np.log(2)), 0.0))


def _held(table: ArrayLike) -> Array:
    """The table without rows and columns that hold nothing."""
    counts = np.asarray(table, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0]
    return np.asarray(counts[:, counts.sum(axis=0) > 0])
