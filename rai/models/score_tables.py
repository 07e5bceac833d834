"""One part of the table of scores: row id, kept columns, scores, prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.engines.score_bins import is_finite
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.models.model import Model
from rai.values import Level

if TYPE_CHECKING:
    import polars

POSITION = "row"
PREDICTION = "prediction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the table holds.

    Args:
        row_id: The column that names a row; None for its position.
        keep: Other columns copied.
        scored: The columns of scores; `prediction` for a regression.
        classes: The model's classes; empty for a regression.
        threshold: From which score on a row of two classes is predicted positive.
    """

    row_id: str | None
    keep: tuple[str, ...]
    scored: tuple[str, ...]
    classes: tuple[Level, ...]
    threshold: float

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns copied, the row id first."""
        return (*(() if self.row_id is None else (self.row_id,)), *self.keep)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the table."""
        position = (POSITION,) if self.row_id is None else ()
        last = (PREDICTION,) if self.classes else ()
        return (*position, *self.kept, *self.scored, *last)

    def role(self, name: str) -> str:
        """The argument that named a column that is copied."""
        return "row_id" if name == self.row_id else "keep"

    def table(self, kept: polars.DataFrame, scores: Floats, *, first: int) -> polars.DataFrame:
        """The table of some rows.

        Args:
            kept: The columns to copy.
            scores: The rows' scores, as the model returns them.
            first: The position of the first of them.

        Raises:
            DataError: A row without its id, or a column of values that no file holds.
        """
        import polars as pl

        columns: dict[str, Any] = {}
        if self.row_id is None:
            columns[POSITION] = np.arange(first, first + len(scores))
        for name in self.kept:
            columns[name] = _copied(kept.get_column(name), where=self.role(name))
        if self.row_id is not None:
            _check_named(columns[self.row_id], first)
        columns |= dict(zip(self.scored, np.atleast_2d(scores.T), strict=True))
        if self.classes:
            columns[PREDICTION] = _labels(self.classes, self._decided(scores))
        return pl.DataFrame(columns)

    def _decided(self, scores: Floats) -> Any:
        """The class of each row, as a place in `classes`."""
        return scores.argmax(axis=1) if scores.ndim == 2 else (scores >= self.threshold).astype(np.intp)


def layout_of(
    model: Model, *, row_id: str | None, keep: tuple[str, ...], threshold: float | None
) -> Layout:
    """What the table of a model's scores holds.

    Raises:
        ArgumentError: A threshold where nothing is decided by one, or two columns of one name.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda frame: frame["x"], task="regression")
        >>> layout_of(model, row_id=None, keep=("sex",), threshold=None).names
        ('row', 'sex', 'prediction')
    """
    if threshold is not None and model.task != "binary":
        seen = f"a threshold for a {model.task} model"
        raise ArgumentError(sentence("threshold", seen, expected="none"))
    if threshold is not None and not is_finite(threshold):
        raise ArgumentError(sentence("threshold", repr(threshold), expected="a finite number"))
    scored: tuple[str, ...] = {"binary": ("score",), "regression": (PREDICTION,)}.get(model.task, ())
    layout = Layout(
        row_id=row_id,
        keep=tuple(name for name in dict.fromkeys(keep) if name != row_id),
        scored=scored or tuple(f"score_{label}" for label in model.classes),
        classes=model.classes,
        threshold=model.threshold if threshold is None else float(threshold),
    )
    names = layout.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        where, hint = layout.role(twice), "Rename the column."
        expected = "names other than those of the scores"
        raise ArgumentError(sentence(where, f"{twice!r} twice", expected=expected, hint=hint))
    return layout


def kept_columns(rows: Rows, layout: Layout) -> polars.DataFrame:
    """Columns of rows in memory as a Polars frame.

    Raises:
        RoleError: If one is not there.
        DataError: If one holds values of several kinds.
    """
    import polars as pl

    columns = {}
    for name in layout.kept:
        rows.check(name, where=layout.role(name))
        try:
            columns[name] = rows.frame.get_column(name).to_polars()
        except (TypeError, ValueError, ArithmeticError, pl.exceptions.PolarsError) as error:
            where = layout.role(name)
            raise _unkept(name, "values of several kinds", where=where) from error
    return pl.DataFrame(columns)


def _copied(series: polars.Series, *, where: str) -> polars.Series:
    import polars as pl

    kind = series.dtype
    if kind.is_nested() or kind in (pl.Object, pl.Binary):
        raise _unkept(series.name, f"values of type {kind}", where=where)
    return series.cast(pl.String) if kind in (pl.Categorical, pl.Enum) else series


def _unkept(name: str, held: str, *, where: str) -> DataError:
    expected = "numbers, text, true/false values, dates or categories"
    return DataError(sentence(where, f"column {name!r} with {held}", expected=expected))


def _check_named(ids: polars.Series, first: int) -> None:
    missing = ids.is_null() | ids.is_nan() if ids.dtype.is_float() else ids.is_null()
    if missing.any():
        row, count = first + int(missing.arg_true()[0]) + 1, int(missing.sum())
        seen = f"column {ids.name!r} with {counted(count, 'missing value')}, the first in row {row:,}"
        raise DataError(sentence("row_id", seen, expected="an id for every row"))


def _labels(classes: tuple[Level, ...], places: Any) -> polars.Series:
    """The labels at these places, text where labels are of several types."""
    import polars as pl

    one_type = len({type(label) for label in classes}) == 1
    return pl.Series(classes if one_type else [str(label) for label in classes]).gather(places)
