"""Scores as places between edges, exactly.

    edges     0.25    0.5    0.75      an edge belongs to the bin above it,
    bin     0   │   1   │   2   │   3   for y_pred = score >= threshold

Equal-width bins are found by arithmetic instead of search. The line from 0 to 1 is laid out in 2^k
cells (multiplying by a power of two is exact), a table holds the edges up to each cell's start, and what
lies inside the cell is settled by comparing with the edges themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.spelling import is_bool
from rai.ground.checks import check_count
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import number

EXACT = "exact"
MOST_BINS = 1_000_000
FINEST = 1 << 16
MOST_STEPS = 4


def checked_thresholds(thresholds: float | Sequence[float], *, bins: int | str) -> tuple[float, ...]:
    """Thresholds as distinct floats in the order given; above 0 and at most 1 unless bins are exact.

    Example:
        >>> checked_thresholds([0.7, 0.5, 0.7], bins=1000), checked_thresholds(3, bins="exact")
        ((0.7, 0.5), (3.0,))
    """
    given = list(thresholds) if isinstance(thresholds, (Sequence, np.ndarray)) else [thresholds]
    if not given:
        raise ArgumentError(
            sentence("thresholds", "none", expected="at least one", hint="0.5 is usual.")
        )
    expected = "finite numbers" if bins == EXACT else "numbers above 0 and at most 1"
    for value in given:
        if not is_finite(value) or not (bins == EXACT or 0 < value <= 1):
            raise ArgumentError(sentence("thresholds", repr(value), expected=expected))
    return tuple(dict.fromkeys(float(value) for value in given))


def check_within_scores(thresholds: Sequence[float], scores: Floats, *, where: str) -> None:
    """On a scale of its own, a threshold must lie among the scores: 0.5 splits no marks from 1 to 10."""
    if not len(scores) or (scores[0] >= 0 and scores[-1] <= 1):
        return
    for threshold in thresholds:
        if not scores[0] <= threshold <= scores[-1]:
            seen = f"{threshold:g} for scores from {scores[0]:g} to {scores[-1]:g} ({where})"
            hint = "Pass thresholds= on the scale of the scores."
            raise ArgumentError(sentence("thresholds", seen, expected="a value among them", hint=hint))


def is_finite(value: object) -> bool:
    """Whether a value is a number, and neither infinite nor true or false."""
    return isinstance(value, Real) and not is_bool(value) and math.isfinite(value)


def checked_bins(bins: int | str) -> int | str:
    """A number of bins, or "exact"."""
    if isinstance(bins, str) and bins != EXACT:
        expected = 'a number of bins such as 1000, or "exact"'
        raise ArgumentError(sentence("bins", repr(bins), expected=expected))
    if isinstance(bins, str):
        return bins
    if check_count(bins, where="bins") > MOST_BINS:
        raise ArgumentError(sentence("bins", f"{bins:,}", expected=f"at most {MOST_BINS:,}"))
    return bins


def equal_width_edges(bins: int, thresholds: Sequence[float]) -> Floats:
    """Edges of equal-width bins from 0 to 1, and the thresholds among them.

    Example:
        >>> equal_width_edges(4, [0.3]).tolist()
        [0.25, 0.3, 0.5, 0.75]
    """
    return np.union1d(np.arange(1, bins) / bins, np.asarray(thresholds, dtype=np.float64))


def binning(edges: Floats) -> Callable[[Floats], Ints]:
    """A function from scores to bins, `np.searchsorted(edges, scores, side="right")` but faster.

    Example:
        >>> binning(np.array([0.25, 0.5]))(np.array([0.0, 0.25, 0.3, 0.5, 1.0])).tolist()
        [0, 1, 1, 2, 2]
    """
    parts = min(FINEST, 1 << int(4 * len(edges) + 4).bit_length())
    starts = np.arange(parts + 1) / parts
    table = np.searchsorted(edges, starts, side="right").astype(np.intp)
    steps = int((np.searchsorted(edges, starts[1:], side="left") - table[:-1]).max(initial=0))
    within = len(edges) == 0 or (edges[0] >= 0 and edges[-1] <= 1)
    if steps > MOST_STEPS or not within:
        return lambda scores: _sought(edges, scores)
    beyond = np.append(edges, np.inf)

    def bins_of(scores: Floats) -> Ints:
        found = table[(scores * parts).astype(np.intp)]
        for _ in range(steps):
            found += beyond[found] <= scores
        return found

    return bins_of


def _sought(edges: Floats, scores: Floats) -> Ints:
    """Bins by search, in the order of the scores: neighbours look in the same place."""
    order = np.argsort(scores)
    found = np.empty(len(scores), dtype=np.intp)
    found[order] = np.searchsorted(edges, scores[order], side="right")
    return found


def check_unit_range(scores: Floats, *, where: str) -> None:
    """Scores without NaN lie between 0 and 1."""
    if len(scores) == 0:
        return
    low, high = float(scores.min()), float(scores.max())
    if low < 0 or high > 1:
        hint = 'Divide percentages by 100; for any other scale pass bins="exact".'
        seen = f"values from {number(low)} to {number(high)}"
        raise DataError(sentence(where, seen, expected="scores between 0 and 1", hint=hint))
