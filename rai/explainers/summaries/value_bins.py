"""Values in bins: each distinct value by itself where they are few, else between quantiles.

1 1 2 5           ──▶  0 0 1 2          few: a bin each
0.1 0.4 0.5 … NaN ──▶  0 3 4 … 10       many: about as many rows in each; the missing in the last
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints

FINEST = 1e-9  # of the largest value: what rounding may leave between equal ones


def bins_of(values: Floats, *, most: int) -> Ints:
    """The bin of each value, shape (n,), counted from 0.

    Args:
        values: Numbers; NaN has a bin of its own, the last.
        most: How many bins numbers have, at most.

    Example:
        >>> bins_of(np.array([5.0, 1.0, np.nan, 1.0 + 1e-12]), most=4).tolist()
        [1, 0, 2, 0]
        >>> np.bincount(bins_of(np.arange(100.0), most=4)).tolist()
        [25, 25, 25, 25]
    """
    there = np.isfinite(values)
    known = rounded(values[there])
    distinct = np.unique(known)
    if len(distinct) > most:
        inner = np.quantile(known, np.arange(1, most) / most, method="inverted_cdf")
        edges = np.unique(
            distinct[np.searchsorted(distinct, inner, side="right").clip(max=len(distinct) - 1)]
        )
    else:
        edges = distinct[1:]
    found = np.full(len(values), len(edges) + 1, dtype=np.intp)
    found[there] = np.searchsorted(edges, known, side="right")
    return found


def rounded(values: Floats) -> Floats:
    """Values without what rounding leaves between equal ones."""
    step = FINEST * float(np.abs(values).max(initial=0.0))
    return np.asarray(np.round(values / step) * step) if step > 0 else values
