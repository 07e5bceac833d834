"""Adjusting p-values for how many are looked at: Holm, Benjamini and Hochberg, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rai.measure.simultaneous import holm


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that bound the expected share of false findings, in the order given.

    Example:
        >>> [round(p, 6) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
        [0.03, 0.04, 0.04]

    Source: Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    order = np.argsort(p_values, kind="stable")[::-1]
    factors = len(order) / np.arange(len(order), 0, -1)
    stepped = np.minimum.accumulate(np.asarray(p_values, float)[order] * factors)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]


ADJUSTMENTS: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "holm": holm,
    "benjamini_hochberg": benjamini_hochberg,
    "none": lambda p_values: [float(p) for p in p_values],
}
