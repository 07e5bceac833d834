"""Scores of all rows with one feature set to each point of a grid: a few calls of the model, not G.

    rows × points ─ tiled, a batch at a time ─▶ model ─▶ for each point the scores of all rows

A pipeline that encodes column by column is asked with matrices, in which only the feature's own columns
change (`rai.models.column_steps`). A sample of what it answers is held against the model itself, and if
they differ the model is asked as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.models.changed_columns import changed
from rai.models.column_steps import ColumnSteps, column_steps
from rai.whatif.grids import Grid
from rai.whatif.settings import Setting

CHECKED_ROWS, CHECKED_POINTS = 32, 4
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """Rows ready to be asked about many times.

    Args:
        setting: The model and the rows.
        rows: The columns that the model reads, shape (n,).
        repeated: The same rows again and again, as many as one call of the model takes.
        steps: The model as two steps, where it can be taken apart.
        matrix: The rows as its last step sees them, shape (n, p).
    """

    setting: Setting
    rows: Rows
    repeated: Rows
    steps: ColumnSteps | None = None
    matrix: Any = None

    @property
    def times(self) -> int:
        """How often the rows are repeated."""
        return len(self.repeated) // len(self.rows)


def tiled(setting: Setting) -> Tiled:
    """Rows of a setting, ready to be asked about."""
    rows = setting.rows.select(setting.read)
    times = max(1, setting.batch_rows // len(rows))
    steps = column_steps(setting.model)
    matrix = None if steps is None else _matrix(steps, rows)
    if matrix is not None:
        return Tiled(setting, rows, rows, steps, matrix)
    repeated = rows if times == 1 else rows.take(np.tile(np.arange(len(rows)), times))
    return Tiled(setting, rows, repeated)


def grid_scores(held: Tiled, grid: Grid) -> Iterator[Floats]:
    """For each point of the grid the scores of all rows, shape (n,), or (n, k) for k classes.

    Args:
        held: The rows.
        grid: The points.

    Example:
        >>> from rai.engines.features import features_of
        >>> from rai.whatif.grids import grids_of
        >>> from rai.whatif.settings import setting_of
        >>> setting = setting_of(lambda f: f["a"] * f["b"], {"a": [0.1, 0.3], "b": [0.5, 1.0]})
        >>> a, b = grids_of(setting.rows, features_of(setting.rows))
        >>> [scores.tolist() for scores in grid_scores(tiled(setting), b)]
        [[0.05, 0.15], [0.1, 0.3]]
    """
    values = _columns_of_points(held, grid)
    if values is None:
        yield from _asked(held, grid)
    else:
        yield from _encoded(held, values, held_columns(held, grid))


def _asked(held: Tiled, grid: Grid) -> Iterator[Floats]:
    """From the model as it is."""
    n, name = len(held.rows), grid.feature.name
    for start in range(0, len(grid), held.times):
        places = grid.places[start : start + held.times]
        some = held.repeated if len(places) == held.times else held.repeated.part(0, n * len(places))
        scores = held.setting.scores(some.with_column(name, grid.pool, np.repeat(places, n)))
        yield from scores.reshape(len(places), n, *scores.shape[1:])


def _encoded(held: Tiled, values: Floats, columns: Ints) -> Iterator[Floats]:
    """From its last step, with the feature's own columns changed."""
    assert held.steps is not None
    n = len(held.rows)
    for count, matrix in changed(held.matrix, columns, values):
        scores = held.steps.scores(matrix)
        yield from scores.reshape(count, n, *scores.shape[1:])


def held_columns(held: Tiled, grid: Grid) -> Ints:
    """The columns of the matrix that come from the grid's feature."""
    assert held.steps is not None
    return held.steps.columns[grid.feature.name]


def _matrix(steps: ColumnSteps, rows: Rows) -> Any:
    """The rows as the last step sees them; None where it can't be had, and the model will say why."""
    try:
        return steps.matrix(rows)
    except Exception:  # noqa: BLE001 - whatever a transformer raises
        return None


def _columns_of_points(held: Tiled, grid: Grid) -> Floats | None:
    """What the grid's feature becomes at each point, shape (G, columns); None where that isn't known."""
    if held.steps is None or held.matrix is None or grid.feature.name not in held.steps.columns:
        return None
    name, columns = grid.feature.name, held_columns(held, grid)
    points = held.rows.take(np.zeros(len(grid), dtype=np.intp))
    encoded = _matrix(held.steps, points.with_column(name, grid.pool, grid.places))
    if encoded is None or encoded.shape[1] != held.matrix.shape[1]:
        return None
    chosen = encoded[:, columns]
    values: Floats = chosen if isinstance(chosen, np.ndarray) else chosen.toarray()
    return values if _agrees(held, grid, values, columns) else None


def _agrees(held: Tiled, grid: Grid, values: Floats, columns: Ints) -> bool:
    """Whether both ways give the same scores for some rows at some points."""
    assert held.steps is not None
    rng = np.random.default_rng(0)
    rows = rng.choice(len(held.rows), min(CHECKED_ROWS, len(held.rows)), replace=False)
    points = rng.choice(len(grid), min(CHECKED_POINTS, len(grid)), replace=False)
    edited = held.rows.take(np.tile(rows, len(points)))
    places = np.repeat(grid.places[points], len(rows))
    theirs = held.setting.scores(edited.with_column(grid.feature.name, grid.pool, places))
    parts = changed(held.matrix[rows], columns, values[points])
    try:
        ours = np.concatenate([held.steps.scores(matrix) for _, matrix in parts])
    except Exception:  # noqa: BLE001 - whatever an estimator raises that was fitted on another kind
        return False
    return bool(np.allclose(ours, theirs, rtol=CLOSE, atol=CLOSE))
