"""The training rows nearest to each row: what the model may have learned its answer from.

rows, train ──distance of columns, or of an embedding──▶ the k nearest of each, exactly
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.engines.sources import as_array
from rai.explainers.examples.embeddings import Embedding
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.ground.records import FlatRow, RecordTuple
from rai.whatif.distances import Between, Distance, Norm, fit_distance

CHUNK_CELLS = 1 << 22
METRICS = ("euclidean", "cosine")

Metric = Literal["euclidean", "cosine"]


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
    embedding: Embedding | tuple[Any, Any] | None = None,
    metric: Metric | str = "euclidean",
    y_true: Any = None,
) -> NearestRows:
    """The training rows that are nearest to each row.

    Args:
        train: The training rows, n of them.
        rows: The rows that are asked about, with the same columns.
        k: How many for each; all if there are fewer.
        features: The columns that count; all but the label's if None.
        distance: As for `rai.whatif.fit_distance`, or a `Distance` fitted on the training rows.
        norm: `l1` or `l2`.
        embedding: A function from a frame to numbers, shape (n, d), whose distance counts instead; or
            the numbers of the training rows and of the rows, a pair of arrays.
        metric: Of an embedding: `euclidean`, or `cosine`, which is 1 − the cosine of the angle.
        y_true: The training rows' labels, which are told and don't count: a column, or an array.

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If there is no such metric, or it is named without an embedding.
        DataError: If an embedding is no matrix of finite numbers, or has a row of zeros under `cosine`;
            if there are more or fewer labels than training rows.

    Example:
        >>> found = nearest_rows({"age": [20, 30, 40], "y": [0, 1, 1]}, {"age": [38]}, k=2, y_true="y")
        >>> found.positions.tolist(), [each.label for each in found]
        ([[2, 1]], [1, 1])
    """
    held, asked = open_rows(train, where="train"), open_rows(rows)
    count = min(check_count(k, where="k"), len(held))
    if not count:
        raise DataError(sentence("train", "no rows", expected="at least one"))
    if check_choice(metric, METRICS, where="metric") != "euclidean" and embedding is None:
        raise ArgumentError(sentence("metric", repr(metric), expected="an embedding beside it"))
    if embedding is not None:
        apart = _embedded(embedding, held, asked, metric=metric)
    else:
        fitted = distance
        if not isinstance(fitted, Distance):
            named = y_true if isinstance(y_true, str) and y_true in held.names else None
            fitted = fit_distance(held, features, distance=fitted, norm=norm, y_true=named)
        apart = _fitted(fitted, held, asked)
    labels = _labels(y_true, held)
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
                label=None if labels is None else labels(int(at[row, rank])),
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


def _labels(given: Any, train: Rows) -> Callable[[int], Any] | None:
    """A function from a position to the label, as a plain value."""
    if given is None:
        return None
    if isinstance(given, str):
        train.check(given, where="y_true")
        return lambda at: train.value(given, at)
    values = np.asarray(as_array(given, where="y_true"))
    if values.shape != (len(train),):
        expected = f"a label for each of {counted(len(train), 'row')}"
        raise DataError(sentence("y_true", f"shape {values.shape}", expected=expected))
    return lambda at: values[at : at + 1].tolist()[0]


def _embedded(
    embedding: Embedding | tuple[Any, Any], train: Rows, rows: Rows, *, metric: str
) -> Callable[[Ints], Floats]:
    from scipy.spatial.distance import cdist

    made = [embedding(each.native) for each in (train, rows)] if callable(embedding) else [*embedding]
    if len(made) != 2:
        expected = "a function, or a pair of arrays"
        raise ArgumentError(sentence("embedding", f"{len(made)} arrays", expected=expected))
    pair = [np.asarray(each, dtype=np.float64) for each in made]
    for found, each in zip(pair, (train, rows), strict=True):
        fits = found.ndim == 2 and len(found) == len(each) and np.isfinite(found).all()
        if not fits:
            expected = f"finite numbers of shape ({len(each):,}, d)"
            raise DataError(sentence("embedding", f"shape {found.shape}", expected=expected))
        if metric == "cosine" and not found.any(axis=1).all():
            expected = "another number in each row, for the cosine"
            raise DataError(sentence("embedding", "a row of zeros", expected=expected))
    return lambda places: np.asarray(cdist(pair[1][places], pair[0], metric))
