"""Scores of many rows: of a frame, or of a file larger than memory, piece by piece into another.

    DATA ──pieces──▶ rows, typed ──Model.scores──▶ row id, kept columns, scores, prediction ──▶ Scores
                                                                                    └──▶ .parquet, .csv

Memory holds one piece at a time. The file of scores appears under its name once it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rai.engines.frames import Rows, open_rows
from rai.engines.sources import Source, open_source
from rai.engines.typed_files import typed_file
from rai.ground.checks import as_names, check_count
from rai.ground.errors import DataError, sentence
from rai.ground.files import whole_file
from rai.models.batches import BATCH_ROWS, Progress, scores_of
from rai.models.model import Model, as_model
from rai.models.score_files import check_target, write_tables
from rai.models.score_tables import Layout, kept_columns, layout_of
from rai.models.scores import Scores

if TYPE_CHECKING:
    import polars

    Part = tuple[polars.DataFrame, Rows]

PIECE_ROWS = 1 << 17


def score_rows(
    model: Any,
    data: Any,
    *,
    to: str | Path | None = None,
    row_id: str | None = None,
    keep: str | Sequence[str] = (),
    threshold: float | None = None,
    batch_rows: int = BATCH_ROWS,
    progress: Progress | None = None,
) -> Scores:
    """A model's scores and predictions of every row, with the row that each belongs to.

    A CSV or Parquet file is read in pieces of at most 131,072 rows, so it may be larger than memory. A
    first pass finds the type of each column in the whole file: the model is handed the same types with
    every piece, so that predictions depend neither on pieces nor on `batch_rows`.

    Args:
        model: Anything that `rai.load_model` takes.
        data: A frame, a dict of arrays, or a path to CSV or Parquet.
        to: A file for the scores, `.parquet` or `.csv`, replaced once the new one is whole. None to hold
            them in memory.
        row_id: The column that names a row; None for its position, counted from 0, as `row`.
        keep: Other columns to be copied beside the scores.
        threshold: The score from which on a row of two classes is predicted positive; the model's own
            if None.
        batch_rows: Rows in one call of the model.
        progress: Called with the rows done and the rows in all; while the types of a CSV file are being
            found the second is None.

    Returns:
        `Scores`: the row id, the kept columns, `score` (of two classes the positive one's) or a
        `score_<class>` for each of several classes, and `prediction` (a class, or the value of a
        regression).

    Raises:
        ArgumentError: Another kind of file, or columns of one name.
        RoleError: A column that is not there.
        DataError: No rows, a row without its id, or a model that fails. No file is left behind.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda frame: frame["income"] / 100, classes=["no", "yes"])
        >>> print(score_rows(model, {"id": ["a", "b"], "income": [20, 70]}, row_id="id"))
        id  score  prediction
        a     0.2  no
        b     0.7  yes
    """
    known, size = as_model(model), check_count(batch_rows, where="batch_rows")
    layout = layout_of(known, row_id=row_id, keep=as_names(keep), threshold=threshold)
    target = None if to is None else check_target(to, data)
    rows, parts = _opened(known, layout, data, progress)
    tables = _scored(known, layout, parts, rows=rows, size=size, progress=progress)
    if target is None:
        import polars as pl

        return Scores(columns=layout.names, scored=layout.scored, rows=rows, held=pl.concat(tables))
    with whole_file(target) as part:
        schema = write_tables(tables, part, target)
    return Scores(columns=layout.names, scored=layout.scored, rows=rows, path=target, schema=schema)


def _opened(
    model: Model, layout: Layout, data: Any, progress: Progress | None
) -> tuple[int, Iterator[Part]]:
    """How many rows there are, and the columns to keep with the rows to score, part by part."""
    if isinstance(data, (str, Path)):
        return _of_file(model, layout, open_source(data), progress)
    rows = open_rows(data)
    _check_any(len(rows), "rows")
    kept = kept_columns(rows, layout)
    return len(rows), (
        (kept.slice(start, PIECE_ROWS), rows.part(start, start + PIECE_ROWS))
        for start in range(0, len(rows), PIECE_ROWS)
    )


def _of_file(
    model: Model, layout: Layout, source: Source, progress: Progress | None
) -> tuple[int, Iterator[Part]]:
    read = source.names if model.features is None else model.features
    for name in read:
        source.check_column(str(name), role=f"model ({model.kind})")
    for name in layout.kept:
        source.check_column(name, role=layout.role(name))
    columns = [str(name) for name in dict.fromkeys((*read, *layout.kept))]
    file = typed_file(source, columns, size=PIECE_ROWS, progress=progress)
    _check_any(file.rows, source.where)
    names = [str(name) for name in read]
    return file.rows, (
        (frame.select(layout.kept), file.pandas(frame, names)) for frame in file.frames(PIECE_ROWS)
    )


def _scored(
    model: Model,
    layout: Layout,
    parts: Iterator[Part],
    *,
    rows: int,
    size: int,
    progress: Progress | None,
) -> Iterator[polars.DataFrame]:
    done = 0
    for kept, part in parts:
        told = None if progress is None else _from(progress, done, rows)
        scores = scores_of(model, part, batch_rows=size, progress=told)
        yield layout.table(kept, scores, first=done)
        done += len(part)


def _from(progress: Progress, done: int, rows: int) -> Progress:
    """Progress through a part, told as progress through the whole."""

    def told(of_part: int, _: int | None) -> object:
        return progress(done + of_part, rows)

    return told


def _check_any(rows: int, where: str) -> None:
    if not rows:
        raise DataError(sentence(where, "no rows", expected="at least one"))
