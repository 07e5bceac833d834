"""Greedy choice of prototypes and criticisms, given the mean of each row's kernel.

prototypes   J(S) = 2 mean μ(S) − mean K(S, S), one more row at a time;  MMD² = mean μ − J(S)
criticisms   Σ |μ − mean K(·, S)| + log det K(C, C), one more row at a time, by a Cholesky factor
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints

ALIKE = 1e-9  # what is left of a row's kernel once those chosen explain it; below this it is one of them
TIED = 1e-12  # gains nearer than this are equal, and the first row is taken

Kernel = Callable[[int], Floats]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chosen:
    """Rows that were chosen.

    Args:
        prototypes: Positions, shape (m,).
        mmd2: Squared discrepancy after each, shape (m,).
        counts: Rows that are most alike to each, of equals the first; adding up to n, shape (m,).
        criticisms: Positions, shape (c,).
        witness: Of each criticism, shape (c,).
    """

    prototypes: Ints
    mmd2: Floats
    counts: Ints
    criticisms: Ints
    witness: Floats


def chosen_of(means: Floats, *, kernel: Kernel, n: int, criticisms: int) -> Chosen:
    """Prototypes and criticisms.

    Args:
        means: The mean of each row's kernel over all rows, μ, shape (n,).
        kernel: From a position to the row's kernel with all rows, 1 with itself, shape (n,).
        n: How many prototypes.
        criticisms: How many criticisms, fewer if the rest is alike.

    Example:
        >>> held = np.exp(-np.subtract.outer([0.0, 0.0, 9.0], [0.0, 0.0, 9.0]) ** 2)
        >>> found = chosen_of(held.mean(axis=0), kernel=lambda at: held[at], n=2, criticisms=0)
        >>> found.prototypes.tolist(), found.counts.tolist(), found.mmd2.round(3).tolist()
        ([0, 2], [2, 1], [0.222, 0.056])

    Source: B. Kim, R. Khanna, O. Koyejo (2016), NeurIPS 29.
    """
    places, columns, mmd2 = _prototypes(means, kernel, n)
    counts = np.bincount(columns.argmax(axis=0), minlength=n)
    witness = means - columns.mean(axis=0)
    critics = _criticisms(np.abs(witness), kernel, criticisms, taken=places)
    return Chosen(
        prototypes=places, mmd2=mmd2, counts=counts, criticisms=critics, witness=witness[critics]
    )


def _prototypes(means: Floats, kernel: Kernel, n: int) -> tuple[Ints, Floats, Floats]:
    """Positions, their kernels of shape (n, rows), and MMD² after each."""
    free = np.ones(len(means), dtype=np.bool_)
    places = np.empty(n, dtype=np.intp)
    columns, mmd2 = np.empty((n, len(means))), np.empty(n)
    among, inside, to_chosen = 0.0, 0.0, np.zeros(len(means))
    for m in range(n):
        goal = 2 * (among + means) / (m + 1) - (inside + 2 * to_chosen + 1) / (m + 1) ** 2
        at = _first_best(goal, free)
        places[m], free[at], columns[m] = at, False, kernel(at)
        mmd2[m] = max(float(means.mean() - goal[at]), 0.0)
        among += means[at]
        inside += 2 * to_chosen[at] + 1
        to_chosen += columns[m]
    return places, columns, mmd2


def _criticisms(size: Floats, kernel: Kernel, count: int, *, taken: Ints) -> Ints:
    """Positions by the size of the witness and the log-determinant; `left`: its gain from each row."""
    free, left = np.ones(len(size), dtype=np.bool_), np.ones(len(size))
    free[taken] = False
    factor, found = np.empty((count, len(size))), np.empty(count, dtype=np.intp)
    for c in range(count):
        free &= left > ALIKE
        if not free.any():
            return found[:c]
        at = _first_best(size + np.log(np.maximum(left, ALIKE)), free)
        found[c], free[at] = at, False
        factor[c] = (kernel(at) - factor[:c, at] @ factor[:c]) / np.sqrt(left[at])
        left -= factor[c] ** 2
    return found


def _first_best(goal: Floats, free: np.ndarray) -> int:
    """The first free row whose goal is the highest, but for rounding."""
    held = np.where(free, goal, -np.inf)
    return int(np.argmax(held >= held.max() - TIED))
