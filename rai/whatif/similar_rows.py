"""How far every row is from one of them, as a column to colour, sort or plot by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rai.engines.encoding import Floats
from rai.engines.frames import open_rows
from rai.whatif.distances import Distance, Norm, fit_distance
from rai.whatif.measures import Measure, measure_of
from rai.whatif.settings import Picked, setting_of


def similarity(
    model: Any,
    rows: Any,
    *,
    row: Picked,
    distance: Measure = "default",
    norm: Norm | str = "l1",
    weights: Mapping[str, float] | None = None,
    y_true: str | None = None,
    ignore: str | Iterable[str] = (),
) -> Floats:
    """The distance of each row to one row: 0 for a row like it, and more the less they are alike.

    Args:
        model: Anything that `rai.load_model` takes, for the columns that it reads; it isn't asked for
            anything else. None if all columns are to count.
        rows: The rows.
        row: A position in them, or a dict of values.
        distance: `default`, `what-if-tool`, a function, or a `Distance`; see `fit_distance`.
        norm: `l1` or `l2`.
        weights: Column to how many times as far its differences count.
        y_true: The column of true labels, which doesn't count.
        ignore: Other columns that don't.

    Returns:
        Distances, shape (n,).

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If there is no such row.

    Example:
        >>> rows = {"age": [20, 30, 40], "sex": ["F", "M", "M"]}
        >>> similarity(None, rows, row=1).round(2).tolist()
        [2.28, 0.0, 1.28]
    """
    held = open_rows(rows)
    if model is None and not isinstance(distance, Distance):
        fitted = fit_distance(
            held, distance=distance, norm=norm, weights=weights, y_true=y_true, ignore=ignore
        )
        return fitted.to(row)
    setting = setting_of((lambda _: None) if model is None else model, held)
    fitted = measure_of(
        setting, distance, norm=norm, weights=weights, frozen=(), y_true=y_true, ignore=ignore
    )
    return fitted.to(setting.picked(row), rows=held)
