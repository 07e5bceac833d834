"""A matrix again and again, each time with other values in a few of its columns.

    matrix (n, p), columns, values (G, c)  ──▶  a few times: the matrix repeated, changed (times · n, p)

Each is written over the one before, so it must be used before the next is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints

ROWS = 1 << 14  # at a time, few enough to stay close to the processor


def changed(
    matrix: Any, columns: Ints, values: Floats, *, rows: int = ROWS
) -> Iterator[tuple[int, Any]]:
    """The matrix with its columns set to each row of values, as many of them at a time as are wanted.

    Args:
        matrix: A NumPy array or a SciPy CSR matrix, shape (n, p).
        columns: Places of the columns that change, shape (c,).
        values: What they are set to, shape (G, c).
        rows: How many rows to hand out at a time, if one repetition isn't more.

    Yields:
        How many rows of values these are, and the matrix, shape (that many · n, p), one after another.

    Example:
        >>> found = changed(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1]), np.array([[8.0], [9.0]]))
        >>> [(count, part.tolist()) for count, part in found]
        [(2, [[1.0, 8.0], [3.0, 8.0], [1.0, 9.0], [3.0, 9.0]])]
    """
    times = min(max(1, rows // max(matrix.shape[0], 1)), len(values))
    of_kind = _changed_dense if isinstance(matrix, np.ndarray) else _changed_sparse
    yield from of_kind(matrix, columns, values, times)


def _changed_dense(
    matrix: Floats, columns: Ints, values: Floats, times: int
) -> Iterator[tuple[int, Any]]:
    n, width = matrix.shape
    held = np.tile(matrix, (times, 1)).reshape(times, n, width)
    for start in range(0, len(values), times):
        some = values[start : start + times]
        held[: len(some), :, columns] = some[:, None, :]
        yield len(some), held[: len(some)].reshape(-1, width)


def _changed_sparse(matrix: Any, columns: Ints, values: Floats, times: int) -> Iterator[tuple[int, Any]]:
    """Rows without these columns, each with as many entries left open as any row of values needs."""
    from scipy.sparse import csr_matrix

    n, width = matrix.shape
    kept = ~np.isin(matrix.indices, columns)
    of_row = np.repeat(np.arange(n), np.diff(matrix.indptr))[kept]
    chosen, entries = _entries(columns, values)
    open_ = chosen.shape[1]
    ends = np.cumsum(np.bincount(of_row, minlength=n) + open_)
    starts = np.concatenate([[0], ends[:-1]])
    size = int(ends[-1]) if n else 0
    indices, data = np.zeros(size, dtype=np.int32), np.zeros(size)
    inside = np.arange(len(of_row)) + open_ * of_row
    indices[inside], data[inside] = matrix.indices[kept], matrix.data[kept]
    slots = (ends - open_)[:, None] + np.arange(open_)
    indices, data = np.tile(indices, (times, 1)), np.tile(data, (times, 1))
    pointers = (starts + size * np.arange(times)[:, None]).ravel()
    for start in range(0, len(values), times):
        count = min(times, len(values) - start)
        for place in range(count):
            indices[place, slots], data[place, slots] = chosen[start + place], entries[start + place]
        pointer = np.append(pointers[: n * count], size * count)
        parts = (data[:count].ravel(), indices[:count].ravel(), pointer)
        yield count, csr_matrix(parts, shape=(n * count, width), copy=False)


def _entries(columns: Ints, values: Floats) -> tuple[Ints, Floats]:
    """The columns that hold something in each row of values, then others up to the same number."""
    most = int((values != 0).sum(axis=1).max(initial=0))
    order = np.argsort(values == 0, axis=1, kind="stable")[:, :most]
    return columns[order], np.take_along_axis(values, order, axis=1)
