"""The training rows nearest to each row: what the model may have learned its answer from.

rows, train ──distance of columns, or of an embedding──▶ the k nearest of each, exactly
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.explainers.examples.embeddings import Embedding
from rai.ground.checks import check_count
from rai.ground.errors import DataError, sentence
from rai.ground.records import FlatRow, RecordTuple
from rai.whatif.distances import Between, Distance, Norm, fit_distance

CHUNK_CELLS = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestRow(FlatRow):
    """One of the nearest training rows of a row.

    Args:
        row: The row, counted from 0.
        rank: 1 for the nearest.
        position: The training row, counted from 0.
        distance: How far it is.
        label: Its label; None without labels.

    Example:
        >>> NearestRow(row=0, rank=1, position=7, distance=0.5).to_dict()["position"]
        7
    """

    row: int
    rank: int
    position: int
    distance: float
    label: Any = None


class NearestRows(RecordTuple[NearestRow]):
    """The nearest training rows, row by row, nearest first.

    Example:
        >>> NearestRows([NearestRow(row=0, rank=1, position=7, distance=0.5)]).positions.tolist()
        [[7]]
    """

    __slots__ = ()

    @property
    def positions(self) -> Ints:
        """Positions in the training rows, shape (n, k)."""
        return np.array([each.position for each in self], dtype=np.intp).reshape(-1, self._k)

    @property
    def distances(self) -> Floats:
        """Distances, shape (n, k)."""
        return np.array([each.distance for each in self]).reshape(-1, self._k)

    @property
    def _k(self) -> int:
        return max((each.rank for each in self), default=1)


def nearest_rows(
    train: Any,
    rows: Any,
    *,
    k: int = 5,
    features: Iterable[str] | None = None,
    distance: Distance | Between | str = "default",
    norm: Norm | str = "l1",
    embedding: Embedding | None = None,
    y_true: str | None = None,
) -> NearestRows:
    """The training rows that are nearest to each row.

    Args:
        train: The training rows, n of them.
        rows: The rows that are asked about, with the same columns.
        k: How many for each; all if there are fewer.
        features: The columns that count; all but the label's if None.
        distance: As for `rai.whatif.fit_distance`, or a `Distance` fitted on the training rows.
        norm: `l1` or `l2`.
        embedding: A function from a frame to numbers, shape (n, d), whose Euclidean distance counts
            instead.
        y_true: The column of the training rows' labels, which are told and don't count.

    Raises:
        RoleError: If a column isn't there.
        DataError: If an embedding is no matrix of finite numbers.

    Example:
        >>> found = nearest_rows({"age": [20, 30, 40], "y": [0, 1, 1]}, {"age": [38]}, k=2, y_true="y")
        >>> found.positions.tolist(), [each.label for each in found]
        ([[2, 1]], [1, 1])
    """
    held, asked = open_rows(train, where="train"), open_rows(rows)
    count = min(check_count(k, where="k"), len(held))
    if not count:
        raise DataError(sentence("train", "no rows", expected="at least one"))
    if embedding is not None:
        apart = _embedded(embedding, held, asked)
    else:
        fitted = distance
        if not isinstance(fitted, Distance):
            named = y_true if y_true is None or y_true in held.names else None
            fitted = fit_distance(held, features, distance=fitted, norm=norm, y_true=named)
        apart = _fitted(fitted, held, asked)
    labels = None if y_true is None else held.column(y_true)
    found: list[NearestRow] = []
    some = max(1, CHUNK_CELLS // len(held))
    for start in range(0, len(asked), some):
        block = apart(np.arange(start, min(start + some, len(asked))))
        at = _smallest(block, count)
        far = np.take_along_axis(block, at, axis=1)
        found += [
            NearestRow(
                row=start + int(row),
                rank=int(rank) + 1,
                position=int(at[row, rank]),
                distance=float(far[row, rank]),
                label=None if labels is None else held.value(str(y_true), int(at[row, rank])),
            )
            for row, rank in np.ndindex(*at.shape)
        ]
    return NearestRows(found)


def _smallest(block: Floats, k: int) -> Ints:
    """The places of the k smallest of each row in order, of equals the first, shape (m, k)."""
    last = np.partition(block, k - 1, axis=1)[:, k - 1 : k]
    rows, columns = np.nonzero(block <= last)
    order = np.lexsort((columns, block[rows, columns], rows))
    starts = np.searchsorted(rows, np.arange(len(block)))
    return np.asarray(columns[order][starts[:, None] + np.arange(k)], dtype=np.intp)


def _fitted(fitted: Distance, train: Rows, rows: Rows) -> Callable[[Ints], Floats]:
    """Distances of some rows to all training rows, shape (m, n)."""
    return lambda places: np.stack([fitted.to(rows.take([at]), rows=train) for at in places])


def _embedded(embedding: Embedding, train: Rows, rows: Rows) -> Callable[[Ints], Floats]:
    from scipy.spatial.distance import cdist

    pair = [np.asarray(embedding(each.native), dtype=np.float64) for each in (train, rows)]
    for found, each in zip(pair, (train, rows), strict=True):
        if found.ndim != 2 or len(found) != len(each) or not np.isfinite(found).all():
            seen = f"it returned shape {found.shape}"
            expected = f"finite numbers of shape ({len(each):,}, d)"
            raise DataError(sentence("embedding", seen, expected=expected))
    return lambda places: np.asarray(cdist(pair[1][places], pair[0]))
