"""Units of distances: which difference of numbers counts as 1, and what a mismatch costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats

TENTHS = (
    2.5631031310892007  # standard deviations from the first to the ninth tenth of a normal distribution
)


def robust_unit(values: Floats) -> float:
    """The difference that counts as 1 in the default distance; 0 if the values are all the same.

    Args:
        values: Numbers, none missing, shape (n,).

    Example:
        >>> robust_unit(np.array([0.0, 1.0, 0.0])), robust_unit(np.array([5.0, 5.0]))
        (1.0, 0.0)
        >>> round(robust_unit(np.arange(1001.0)), 1)
        312.1
    """
    if len(values) < 2:
        return 0.0
    low, high = float(values.min()), float(values.max())
    if bool(((values == low) | (values == high)).all()):
        return high - low
    ends = [-(-len(values) * share // 10) - 1 for share in (1, 9)]
    first, ninth = np.partition(values, ends)[ends]
    return float(ninth - first) / TENTHS or deviation(values)


def deviation(values: Floats) -> float:
    """The standard deviation of a sample (n − 1); 0 if there is none.

    Example:
        >>> deviation(np.array([1.0, 3.0])), deviation(np.array([0.1, 0.1, 0.1]))
        (1.4142135623730951, 0.0)
    """
    if len(values) < 2 or values.min() == values.max():
        return 0.0
    return float(values.std(ddof=1))


def chance_of_match(codes: Any) -> float:
    """The chance that two rows drawn at random have the same value: the sum of squared shares.

    Args:
        codes: Values as small whole numbers, none missing, shape (n,).

    Example:
        >>> chance_of_match(np.array([0, 0, 1, 1]))
        0.5
    """
    counts = np.bincount(codes, minlength=1)
    return float(np.square(counts / max(counts.sum(), 1)).sum())
