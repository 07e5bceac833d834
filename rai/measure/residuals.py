"""Errors of a regression as distributions: mean and spread from the sums, quantiles from the histogram.

The q-quantile is the error at which the share q of the weight is reached; where that is between two
errors, the middle of both, as usual for a median. Each lies in a bin of the histogram, and the middle
of that bin is no further from it than half the bin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.measure.measured import finite
from rai.measure.score_points import binned_within
from rai.values import Moments, Residuals, ResidualSummary

Array = NDArray[np.float64]

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}

_INNER_BINS = 40
_INNER = (0.01, 0.99)  # of everyone's errors; what lies beyond gets one bin on either side
_ROUNDING = 1e-12  # of the weight, and of the mean square


def residual_summaries(moments: Moments) -> Residuals:
    """Mean, spread, quantiles and histogram of the errors of each group."""
    weight = moments.weight
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = moments.term("e") / weight
        square = moments.term("e2") / weight
        sd = np.sqrt(np.where(square - mean**2 <= _ROUNDING * square, 0.0, square - mean**2))
    bins, cells = moments.errors, moments.by_error
    if bins is None or cells is None:
        middle = off = np.full((len(weight), len(QUANTILES)), np.nan)
        edges, shares = np.zeros(0), np.zeros((len(weight), 0))
    else:
        at = _quantiles(cells, np.array(list(QUANTILES.values())))
        middle = ((bins.low + bins.high)[at] / 2).mean(axis=0)
        off = ((bins.high - bins.low)[at] / 2).mean(axis=0)
        edges, shares = _histogram(bins.low, bins.high, cells)
    return Residuals(
        ResidualSummary(
            group=tuple(zip(moments.axes, key, strict=True)),
            mean=finite(mean[i]),
            sd=finite(sd[i]),
            **dict(zip(QUANTILES, _known(middle[i], weight[i]), strict=True)),
            n=int(moments.n[i]),
            note=_note(int(moments.n[i]), float(weight[i]), float(off[i].max())),
            edges=tuple(edges.tolist()),
            shares=tuple(shares[i].tolist()) if weight[i] > 0 else (),
        )
        for i, key in enumerate(moments.groups)
    )


def _quantiles(cells: Array, levels: Array) -> NDArray[np.intp]:
    """The bins at which each share is reached and exceeded, shape (2, g, q), from weights, (g, b)."""
    upto = np.cumsum(cells, axis=1)
    sought = levels[None, :] * upto[:, -1:]
    sides = (sought * (1 - _ROUNDING), sought * (1 + _ROUNDING))
    filled = (upto > 0)[:, None, :]
    return np.stack([((upto[:, None, :] >= side[..., None]) & filled).argmax(axis=2) for side in sides])


def _histogram(low: Array, high: Array, cells: Array) -> tuple[Array, Array]:
    """Edges that all groups share, and each group's share of weight between them.

    Bins of about equal width are made of whole bins of the sums, so their shares are exact.
    """
    everyone = cells.sum(axis=0, keepdims=True)
    held = np.flatnonzero(everyone[0])
    if not len(held):
        return np.zeros(0), np.zeros((len(cells), 0))
    first, last = (int(place) for place in _quantiles(everyone, np.array(_INNER))[0, 0])
    even = np.linspace(low[first], high[last], _INNER_BINS + 1)
    firsts = np.unique([held[0], *np.searchsorted((low + high) / 2, even), held[-1] + 1])
    firsts = firsts[(firsts >= held[0]) & (firsts <= held[-1] + 1)]
    weight = np.add.reduceat(cells[:, : held[-1] + 1], firsts[:-1], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = weight / cells.sum(axis=1, keepdims=True)
    return np.append(low[firsts[:-1]], high[held[-1]]), shares


def _known(values: Array, weight: float) -> list[float | None]:
    return [finite(value) if weight > 0 else None for value in values.tolist()]


def _note(n: int, weight: float, off: float) -> str:
    if not weight > 0:
        return f"undefined: no rows{' with weight' if n else ''} (n={n})"
    if np.isnan(off):
        return "no quantiles: this audit kept no histograms"
    return binned_within(off, "the exact quantiles")
