"""Sensitivity: how much does an explanation change for a row that is nearly the same?

x ──moved a little, several times──▶ explained again ──▶ largest ‖φ(moved) − φ(x)‖ / ‖φ(x)‖
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.features import is_categorical
from rai.engines.frames import Rows, is_date
from rai.engines.numbers import NotNumbersError
from rai.explainers.explaining import explain
from rai.explainers.quality.reopened import Reopened, taken
from rai.ground.errors import ArgumentError, sentence
from rai.models.batches import Progress
from rai.whatif.feature_units import robust_unit


def moved_rows(
    rows: Rows, names: tuple[str, ...], *, times: int, radius: float, rng: np.random.Generator
) -> tuple[Rows, tuple[str, ...]]:
    """Each row several times, its numbers moved a little; the others stay as they are.

    Numbers move by up to `radius` of their spread, within their range. Whole numbers stay whole: they
    move to the next one as often as makes the mean right. Columns of two values don't move.

    Args:
        rows: The rows, n of them.
        names: Their columns that may move.
        times: How often each, R.
        radius: How far, as a share of the column's robust standard deviation.
        rng: Source of the moves.

    Returns:
        n · R rows, those of a row together, and the columns that moved.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"a": [0.0, 0.5, 1.0], "b": [0, 1, 1]})
        >>> moved_rows(rows, ("a", "b"), times=2, radius=0.1, rng=np.random.default_rng(0))[1]
        ('a',)
    """
    at = np.repeat(np.arange(len(rows)), times)
    held, found = rows.take(at), []
    for name in names:
        values = _movable(rows, name)
        if values is None:
            continue
        there = values[~np.isnan(values)]
        step = rng.uniform(-radius, radius, size=len(at)) * robust_unit(there)
        new = values[at] + step
        if (there == np.floor(there)).all():
            new = np.floor(new + rng.random(len(at)))
        new = np.clip(new, there.min(), there.max())
        series = held.column(name)
        whole = str(getattr(series, "dtype", "")).lower().startswith(("int", "uint"))
        pool = _as_series(series, new.astype(np.int64) if whole else new)
        held = held.with_column(name, pool, np.arange(len(at)))
        found.append(name)
    return held, tuple(found)


def changes(
    found: Reopened,
    *,
    times: int,
    radius: float,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[Floats, tuple[str, ...]]:
    """The largest change of each row's attributions, as a share of their size.

    Args:
        found: What was explained.
        times: Moved rows for each.
        radius: How far they move.
        rng: Source of the moves.
        progress: Called as `explain` calls it.

    Returns:
        Largest changes, NaN where all attributions are 0, shape (n,); and the columns that moved.

    Raises:
        ArgumentError: Where rows can't be explained again.

    Source: Yeh et al. (2019), arXiv:1901.09392, max-sensitivity.
    """
    first = found.attributions
    read = found.players.read
    moved, names = moved_rows(first.held, read, times=times, radius=radius, rng=rng)
    if not names:
        return np.full(len(first), np.nan), ()
    labels = None
    if found.labels is not None:
        labels = taken(found.labels, np.repeat(np.arange(len(first)), times))
    again = explain(
        found.model,
        moved.select(read).native,
        background=found.background.native,
        method=first.method,
        space=first.space,
        players=dict(zip(first.names, first.columns, strict=True)),
        y_true=labels,
        loss=found.loss,
        threshold=found.threshold,
        progress=progress,
    )
    if again.names != first.names:
        seen = "other players when rows were explained again"
        raise ArgumentError(sentence("attributions", seen, expected="the players of the first time"))
    values = again.values[:, :, found.k].reshape(len(first), times, -1)
    apart = np.linalg.norm(values - found.values[:, None], axis=2).max(axis=1)
    size = np.linalg.norm(found.values, axis=1)
    return np.divide(apart, size, out=np.full(len(size), np.nan), where=size > 0), names


def _movable(rows: Rows, name: str) -> Floats | None:
    """A column's numbers, if it has some to move between."""
    series = rows.column(name)
    if is_date(series) or is_categorical(series):
        return None
    try:
        values = rows.numbers(name)
    except NotNumbersError:
        return None
    return values if len(np.unique(values[~np.isnan(values)])) > 2 else None


def _as_series(series: object, values: np.ndarray) -> object:
    """Numbers as a series of the same library."""
    return type(series)(values)  # type: ignore[call-arg]
