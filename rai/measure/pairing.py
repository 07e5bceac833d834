"""From rows decided or predicted twice to counts or sums: what a paired comparison starts from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import DataError, sentence
from rai.values.levels import Key, Level
from rai.values.paired import BOTH, Paired
from rai.values.paired_moments import PairedMoments

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def paired_counts(
    first: Places,
    second: Places,
    *,
    classes: tuple[Level, ...],
    label: Places | None = None,
    group: Places | None = None,
    groups: tuple[Key, ...] = ((),),
    axes: tuple[str, ...] = (),
    weight: Array | None = None,
    names: tuple[str, str] = BOTH,
) -> Paired:
    """Counts of rows by group, label and both decisions.

    Args:
        first, second: The decisions, as places in `classes`, shape (rows,).
        classes: The classes, of two the positive one last.
        label: The true labels, likewise; None where they are not known.
        group: Each row's place in `groups`; None for one group.
        groups: Keys of the groups.
        axes: Names of the columns that split rows.
        weight: Weights of the rows, shape (rows,).
        names: What decided first, and second.

    Raises:
        DataError: If the arrays differ in length.

    Example:
        >>> both = paired_counts(np.array([0, 0, 1]), np.array([0, 1, 1]), classes=("no", "yes"),
        ...     label=np.array([0, 1, 1]))
        >>> both.n[0].tolist()
        [[[1, 0], [0, 0]], [[0, 1], [0, 1]]]
    """
    rows, k = len(first), len(classes)
    parts = {"second": second, "label": label, "group": group, "weight": weight}
    _check_rows({name: len(held) for name, held in parts.items() if held is not None}, rows)
    nothing = np.zeros(rows, dtype=np.intp)
    cell = nothing if group is None else np.asarray(group)
    for part in (nothing if label is None else label, first, second):
        cell = cell * k + part
    shape = (len(groups), k, k, k)

    def counted(weights: Array | None) -> Array:
        cells = np.bincount(cell, weights, minlength=math.prod(shape))
        return np.asarray(cells.reshape(shape), dtype=np.float64)

    n = counted(None).astype(np.int64)
    plain = n.astype(np.float64)
    return Paired(
        axes=axes,
        groups=groups,
        classes=classes,
        n=n,
        weight=plain if weight is None else counted(weight),
        weight_sq=plain if weight is None else counted(weight**2),
        weighted=weight is not None,
        labelled=label is not None,
        names=names,
    )


def paired_moments(
    first: Array,
    second: Array,
    *,
    truth: Array | None = None,
    group: Places | None = None,
    groups: tuple[Key, ...] = ((),),
    axes: tuple[str, ...] = (),
    weight: Array | None = None,
    names: tuple[str, str] = BOTH,
) -> PairedMoments:
    """Sums of errors and truths of rows that two regressions predicted.

    Args:
        first, second: The predicted values, shape (rows,).
        truth: The true values; None where they are not known.
        group, groups, axes, weight, names: As for `paired_counts`.

    Raises:
        DataError: If the arrays differ in length.
    """
    rows = len(first)
    parts = {"second": second, "truth": truth, "group": group, "weight": weight}
    _check_rows({name: len(held) for name, held in parts.items() if held is not None}, rows)
    place = np.zeros(rows, dtype=np.intp) if group is None else group
    w = np.ones(rows) if weight is None else weight
    y = np.zeros(rows) if truth is None else truth
    origin = float(y.mean()) if rows else 0.0
    errors, u = (first - y, second - y), y - origin
    terms = np.stack([part for e in errors for part in (e, np.abs(e), e**2)] + [u, u**2], axis=1)
    size = len(groups)

    def summed(values: Array) -> Array:
        return np.asarray(np.bincount(place, values, minlength=size), dtype=np.float64)

    products = np.stack([_products(terms[place == g], w[place == g]) for g in range(size)])
    return PairedMoments(
        axes=axes,
        groups=groups,
        origin=origin,
        n=np.bincount(place, minlength=size).astype(np.int64),
        weight=summed(w),
        weight_sq=summed(w**2),
        sums=np.stack([summed(w * column) for column in terms.T], axis=1),
        products=products,
        apart=np.bincount(place, first != second, minlength=size).astype(np.int64),
        weighted=weight is not None,
        labelled=truth is not None,
        names=names,
    )


def _products(terms: Array, weight: Array) -> Array:
    return np.asarray((terms * weight[:, None]).T @ terms)


def _check_rows(lengths: dict[str, int], rows: int) -> None:
    odd = next((name for name, length in lengths.items() if length != rows), None)
    if odd is not None:
        expected = f"{rows:,}, one for each decision"
        raise DataError(sentence("paired", f"{lengths[odd]:,} rows of {odd}", expected=expected))
