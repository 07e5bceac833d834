"""Scores of many rows, a batch at a time, so that no model is handed more than it can hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.models.model import Model

BATCH_ROWS = 1 << 17

Progress = Callable[[int, int | None], object]


def scores_of(
    model: Model, rows: Rows, *, batch_rows: int = BATCH_ROWS, progress: Progress | None = None
) -> Floats:
    """Scores of rows in memory.

    Args:
        model: The model.
        rows: The rows.
        batch_rows: Rows in one call of the model.
        progress: Called after each batch with the rows done and the rows in all.

    Example:
        >>> import rai
        >>> from rai.engines.frames import open_rows
        >>> model = rai.load_model(lambda frame: frame["x"])
        >>> scores_of(model, open_rows({"x": [0.1, 0.9]}), batch_rows=1)
        array([0.1, 0.9])
    """
    done: list[Floats] = []
    for start in range(0, max(len(rows), 1), batch_rows):
        part = rows if len(rows) <= batch_rows else rows.part(start, start + batch_rows)
        done.append(model.scores(part))
        if progress is not None:
            progress(min(start + batch_rows, len(rows)), len(rows))
    return done[0] if len(done) == 1 else np.concatenate(done)
