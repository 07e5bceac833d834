"""How the scores of each group are spread, rows with a negative and with a positive label apart.

tally's bins    │ │ │ │ │ │ │ │ │ │ │ │ │
shown           │   0   │   1   │   2   │     ends that are the tally's own, so that counts are exact
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.ground.checks import check_count
from rai.measure.at_thresholds import nearest, selected_from
from rai.measure.scores import check_scores, weights_of
from rai.values import Distribution, Distributions, Tally

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def score_distributions(tally: Tally, *, bins: int) -> Distributions:
    """The distribution of scores of each group and label, in bins of about equal width.

    The bins reach from 0 to 1, or over all scores where some lie outside. Their ends are edges of the
    tally, the nearest to bins of equal width; where bins are exact any end will do.

    Args:
        tally: A binary tally of scores.
        bins: How many; fewer where the tally has fewer.

    Raises:
        ArgumentError: If the number of bins is not a whole number of at least 1.
    """
    check_count(bins, where="bins")
    ends, cuts = _exact_ends(tally, bins) if tally.exact else _nearest_ends(tally, bins)
    rows, weight = (_between(cells, cuts) for cells in (tally.n, weights_of(tally)))
    total = weight.sum(axis=2, keepdims=True)
    share = np.divide(weight, total, out=np.full_like(weight, np.nan), where=total > 0)
    return Distributions(
        Distribution(
            group=tuple(zip(tally.axes, key, strict=True)), label=label, low=ends[:-1], high=ends[1:],
            n=rows[g, k], share=share[g, k],
            note=f"undefined: no rows with label {label!r}" if total[g, k, 0] <= 0 else "",
        )
        for g, key in enumerate(tally.groups)
        for k, label in enumerate(tally.labels)
    )  # fmt: skip


def _exact_ends(tally: Tally, bins: int) -> tuple[Array, Places]:
    """Ends of equal-width bins, and the first of the tally's bins in each."""
    edges = check_scores(tally, where="scores")
    scores = edges[np.flatnonzero(tally.n.sum(axis=(0, 1))[1:])]
    low, high = (float(scores[0]), float(scores[-1])) if len(scores) else (0.0, 1.0)
    low, high = (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
    ends = low + (high - low) * (np.arange(bins + 1) / bins)
    if low == high:
        return np.array([low, high]), np.zeros(1, dtype=np.intp)
    cuts = np.searchsorted(edges, ends[:-1], side="left") + 1
    cuts[0] = 0
    return ends, cuts.astype(np.intp)


def _nearest_ends(tally: Tally, bins: int) -> tuple[Array, Places]:
    """Edges of the tally nearest to equal-width bins, and the first of the tally's bins in each."""
    edges = check_scores(tally, where="scores")
    all_of_them = np.arange(len(edges))
    places = all_of_them if len(edges) < bins else nearest(edges, np.arange(1, bins) / bins)
    ends = np.concatenate(([0.0], edges[places], [1.0]))
    return ends, np.concatenate(([0], places + 1)).astype(np.intp)


def _between(cells: NDArray[Any], cuts: Places) -> NDArray[Any]:
    """Sums of the bins from each cut to the next."""
    sums = selected_from(cells, np.append(cuts, cells.shape[2]))
    return np.asarray(sums[:, :, :-1] - sums[:, :, 1:])
