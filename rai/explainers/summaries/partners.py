"""Which other feature a feature's attributions depend on: a first look for interactions.

    r      attribution − a line through it in each bin of the feature (of categories: its mean)
    share  how much of the variance of r goes away in cells of (feature, other feature)

Cells alone explain some of anything, so shares are adjusted as R² is: about 0 where there is nothing.
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints

OWN, OTHER = 20, 5  # bins of the feature, and of its partner
LEAST = 0.05  # share from which on a feature is taken for a partner
_NOTHING = 1e-12  # of the variance of attributions: what rounding leaves


def residual_of(attribution: Floats, own: Ints, *, numbers: Floats | None = None) -> Floats:
    """Attributions less their mean in each bin, or less a line through each bin. Shape (n,).

    Args:
        attribution: The attributions, shape (n,).
        own: The bin of each row, shape (n,).
        numbers: The feature's values, shape (n,), NaN where missing; None for no lines.

    Example:
        >>> residual_of(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1])).tolist()
        [-1.0, 1.0, 0.0]
        >>> residual_of(np.array([1.0, 3.0]), np.array([0, 0]), numbers=np.array([0.0, 4.0])).tolist()
        [0.0, 0.0]
    """
    rest = attribution - _means(attribution, own)[own]
    if numbers is None:
        return rest
    known = np.where(np.isfinite(numbers), numbers, 0.0)
    off = known - _means(known, own)[own]
    square = np.bincount(own, off * off)
    slope = np.divide(np.bincount(own, off * rest), square, out=np.zeros_like(square), where=square > 0)
    return rest - slope[own] * off


def interaction_share(
    attribution: Floats, own: Ints, *, other: Ints, numbers: Floats | None = None
) -> float:
    """Share of what a feature doesn't say of its attribution that another feature does, at least 0.

    Args:
        attribution: Of the feature, shape (n,).
        own: Its bin in each row, shape (n,).
        other: The other's bin, shape (n,).
        numbers: The feature's values, shape (n,); None for categories.

    Example:
        >>> own, other = np.array([0, 0, 1, 1] * 5), np.array([0, 1, 0, 1] * 5)
        >>> [interaction_share(phi, own, other=other) for phi in (1.0 * (own == other), own * 1.0)]
        [1.0, 0.0]
    """
    rest = residual_of(attribution, own, numbers=numbers)
    cells = np.unique(own * (int(other.max()) + 1) + other, return_inverse=True)[1]
    whole, within = float(rest @ rest), residual_of(rest, cells)
    freedom = len(rest) - len(np.unique(own)), len(rest) - int(cells.max()) - 1
    if whole <= _NOTHING * float(attribution @ attribution) or min(freedom) <= 0:
        return 0.0
    return max(0.0, 1 - float(within @ within) / freedom[1] * freedom[0] / whole)


def _means(values: Floats, place: Ints) -> Floats:
    n = np.bincount(place)
    return np.asarray(np.bincount(place, values) / np.maximum(n, 1))
