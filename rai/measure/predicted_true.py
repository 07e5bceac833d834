"""Predicted against true: in each bin of a regression's predictions, their mean and the mean truth.

    quantile   bins of about equal weight, of each group's own; predictions that tie stay together
    uniform    bins of equal width over everyone's predictions, the same for all groups

Means are exact: each bin has sums of its own. Bins are made of those that were counted into, which are
some hundred, so shares are equal, and edges even, up to those. An audit saved by an older version, or of
more than 2,000 groups, keeps no such bins, and says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.measure.calibration_bins import (
    by_edges,
    by_mass,
    calibration_rows,
    check_bins,
    no_rows,
)
from rai.measure.intervals import critical_value
from rai.measure.score_points import student
from rai.values import Calibration, CalibrationBin, Moments
from rai.values.moments import BIN_TERMS
from rai.values.number_bins import NumberBins

Array = NDArray[np.float64]

_NO_HISTOGRAM = "undefined: this audit kept no histogram of predictions"
_FEWEST = 2 - 1e-9  # effective rows for an interval
_ROUNDING = 1e-12  # of the mean square


def predicted_against_true(moments: Moments, *, bins: int, strategy: str, level: float) -> Calibration:
    """Mean prediction and mean truth of each group and bin, with Student's intervals.

    Args:
        moments: The sums of a regression.
        bins: How many bins per group, at most.
        strategy: `quantile` or `uniform`.
        level: Coverage of the intervals, each on its own.

    Raises:
        ArgumentError: Bins or a strategy outside what is allowed.
    """
    check_bins(bins, strategy)
    held, cells = moments.predictions, moments.by_prediction
    if held is None or cells is None:
        return Calibration(
            no_rows(tuple(zip(moments.axes, key, strict=True)), level=level, note=_NO_HISTOGRAM)
            for key in moments.groups
        )
    edges = _even_edges(held, cells, bins) if strategy == "uniform" else None
    return Calibration(
        row
        for place in range(len(moments.groups))
        for row in _rows(moments, place, held, cells[place], bins=bins, edges=edges, level=level)
    )


def _rows(
    moments: Moments,
    place: int,
    held: NumberBins,
    cells: Array,
    *,
    bins: int,
    edges: Array | None,
    level: float,
) -> list[CalibrationBin]:
    group = tuple(zip(moments.axes, moments.groups[place], strict=True))
    at = np.flatnonzero(cells[:, BIN_TERMS.index("weight")] > 0)
    if not len(at):
        rows = int(moments.n[place])
        note = f"undefined: no rows{' with weight' if rows else ''} (n={rows})"
        return [no_rows(group, level=level, note=note)]
    low, high = held.low[at], held.high[at]
    laid = (
        by_mass(low, high, weight=cells[at, BIN_TERMS.index("weight")], bins=bins)
        if edges is None
        else by_edges((low + high) / 2, edges)
    )
    n, total, square, e, u, u2 = (laid.summed(column) for column in cells[at].T)
    with np.errstate(invalid="ignore", divide="ignore"):
        value, trials = u / total, total**2 / square
        variance = u2 / total - value**2
        variance = np.where(variance <= _ROUNDING * u2 / total, 0.0, variance)
        error = np.sqrt(variance / np.where(trials > _FEWEST, trials - 1, np.nan))
    value = value + moments.origin
    return calibration_rows(
        group, laid, predicted=value + e / np.where(total > 0, total, np.nan), value=value,
        bounds=student(np.stack([value, error, trials - 1]), critical_value(level)),
        numerator=u + moments.origin * total, total=total, rows=n, level=level,
        notes=[_note(count, t) for count, t in zip(n, trials, strict=True)],
    )  # fmt: skip


def _even_edges(held: NumberBins, cells: Array, bins: int) -> Array:
    """Edges of equal-width bins over all predictions; one that would cut a bin goes to its end."""
    taken = np.flatnonzero(cells[..., BIN_TERMS.index("weight")].any(axis=0))
    if not len(taken):
        return np.zeros(2)
    low, high = held.low[taken], held.high[taken]
    even = np.linspace(low[0], high[-1], bins + 1)[1:-1]
    above = np.searchsorted((low + high) / 2, even)
    below, next_low = np.append(low[0], high)[above], np.append(low, high[-1])[above]
    inner = np.where(even <= below, np.nextafter(below, np.inf), np.minimum(even, next_low))
    return np.unique(np.concatenate((low[:1], inner, high[-1:])))


def _note(n: float, trials: float) -> str:
    if n == 0:
        return "undefined: no rows (n=0)"
    if n == 1:
        return "no interval: one row"
    return "" if trials > _FEWEST else "no interval: the weights leave fewer than two effective rows"
