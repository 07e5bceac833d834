"""Categories in a row, such that neighbours are alike in everything else.

    rows of "Private" and of "Local-gov" differ little in age, hours, education …  ──▶  side by side

The distance of two categories adds up, over the other features, how far apart their rows are: the
largest difference of cumulative shares of a number, half the summed difference of shares of a category.
One dimension is fitted to these distances (classical scaling), and its order is taken.
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.features import feature_of
from rai.engines.frames import Rows

LEVELS = 100  # at which cumulative shares are compared
_CELLS = 1 << 22


def order_of_categories(rows: Rows, place: Ints, *, categories: int, others: tuple[str, ...]) -> Ints:
    """The categories' places in the order of their likeness, shape (categories,).

    Of the two directions the one is taken that puts the first category in the first half.

    Args:
        rows: The rows.
        place: Each row's category, shape (n,); each occurs.
        categories: How many there are.
        others: The features to compare them by.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"age": [20, 40, 60, 80, 40, 60]})
        >>> place = np.array([0, 0, 1, 1, 2, 2])
        >>> order_of_categories(rows, place, categories=3, others=("age",)).tolist()
        [0, 2, 1]

    Source: Apley and Zhu (2020), doi:10.1111/rssb.12377, appendix E.
    """
    if categories < 3 or not others:
        return np.arange(categories)
    distance = np.zeros((categories, categories))
    for name in others:
        distance += _distances(rows, name, place, categories)
    position = _scaled(distance)
    if position[0] > 0:
        position = -position
    return np.argsort(position, kind="stable")


def _distances(rows: Rows, name: str, place: Ints, categories: int) -> Floats:
    """How far apart the rows of each two categories are in one feature, shape (k, k)."""
    feature = feature_of(rows, name)
    if feature.kind in {"category", "boolean"}:
        codes = rows.codes(name)
        width = len(codes.levels) + 1
        shares = _shares(place, codes.codes + 1, categories, width)
        return _pairwise(shares, largest=False) / 2
    values = rows.numbers(name)
    known = ~np.isnan(values)
    if not known.any():
        return np.zeros((categories, categories))
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, LEVELS), method="inverted_cdf"))
    bins = np.searchsorted(edges, values[known], side="left")
    shares = _shares(place[known], bins, categories, len(edges))
    return _pairwise(np.cumsum(shares, axis=1), largest=True)


def _shares(place: Ints, of_row: Ints, categories: int, width: int) -> Floats:
    cells = np.bincount(place * width + of_row, minlength=categories * width)
    counts = cells.reshape(categories, width)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def _pairwise(rows: Floats, *, largest: bool) -> Floats:
    """Largest, or summed, absolute difference of each two rows, a few of them at a time."""
    step = max(1, _CELLS // rows.size)
    parts = [np.abs(rows[i : i + step, None] - rows[None]) for i in range(0, len(rows), step)]
    return np.concatenate([part.max(axis=2) if largest else part.sum(axis=2) for part in parts])


def _scaled(distance: Floats) -> Floats:
    """One dimension fitted to distances.

    Source: Torgerson (1952), doi:10.1007/BF02288916.
    """
    squares = distance**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    return np.asarray(vectors[:, -1] * np.sqrt(max(values[-1], 0.0)))
