"""A whole file as a pandas frame, with the types that audits and models see.

loans.csv · loans.csv.gz · loans.tsv · loans.parquet ── read_rows ──▶ pandas frame
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rai.engines.sources import open_source
from rai.engines.typed_files import PIECE, Progress, typed_file
from rai.ground.errors import DataError, RoleError, listing, sentence
from rai.ground.formatting import counted

if TYPE_CHECKING:
    import pandas

TEXT_BYTES = 20  # of a cell, on average


def read_rows(
    path: str | Path,
    *,
    most_cells: int | None = None,
    most_columns: int | None = None,
    progress: Progress | None = None,
) -> pandas.DataFrame:
    """All rows of a file, each column in one type.

    Args:
        path: A CSV (also packed, or with tabs) or a Parquet file.
        most_cells: Rows times columns that are read; a file with more, or with more text than 20 bytes a
            cell would be, is refused before it fills memory.
        most_columns: Columns that are read, likewise.
        progress: Called with the rows seen so far, and the rows there are (None while not known).

    Returns:
        A pandas frame whose index counts from 0: words as strings, whole numbers as integers, whole
        numbers with gaps as floats, dates as dates.

    Raises:
        DataError: If the file is not there, can't be read, is damaged, has no rows, or too many.
        RoleError: If two columns have one name.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "rows.csv"
        ...     _ = file.write_text("age,sex\\n30,F\\nNA,M\\n")
        ...     print(read_rows(file).to_dict("list"))
        {'age': [30.0, nan], 'sex': ['F', 'M']}
    """
    import pandas as pd
    import polars as pl

    source = open_source(Path(path))
    names = [str(name) for name in source.names]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        expected, hint = "each column once", "Rename the others."
        raise RoleError(
            sentence(source.where, f"{listing(twice)} more than once", expected=expected, hint=hint)
        )
    if most_columns is not None and len(names) > most_columns:
        seen, hint = counted(len(names), "column"), "Take fewer columns."
        raise DataError(sentence(source.where, seen, expected=f"at most {most_columns:,}", hint=hint))
    most = None if most_cells is None else most_cells // max(len(names), 1)
    if most is not None and source.total is not None and source.total > most:
        raise _too_large(source.where, source.total, len(names), most_cells)
    if most_cells is not None and source.total is not None:
        _check_text(Path(path), source.where, TEXT_BYTES * most_cells)
    progress = _counting(source.where, len(names), most_cells, progress)
    typed = typed_file(source, names, size=PIECE, progress=progress)
    frames = list(typed.frames(PIECE))
    if not sum(map(len, frames)):
        raise DataError(sentence(source.where, "no rows", expected="at least one row below the header"))
    whole = pl.concat(frames, how="vertical_relaxed")
    columns = {name: typed.pandas(whole, [name]).column(name) for name in names}
    if progress is not None:
        progress(len(whole), len(whole))
    return pd.DataFrame(columns)


def _check_text(path: Path, where: str, most: int) -> None:
    """The text of a Parquet file, where a word may stand for many rows, isn't too much spelled out.

    Words are counted as they are stored, each once. A file that can't be read is left to who reads it.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile, read_schema

    try:
        words = [field.name for field in read_schema(path) if _holds_text(field.type)]
        held = 0
        with ParquetFile(path, read_dictionary=words) as file:
            for batch in file.iter_batches(columns=words) if words else ():
                held += sum(map(_text_bytes, batch.columns))
                if held > most:
                    break
    except (OSError, pa.ArrowException):
        return
    if held > most:
        seen, expected = f"more than {most:,} bytes of text", "at most so many"
        raise DataError(sentence(where, seen, expected=expected, hint="Leave long text out."))


def _holds_text(kind: Any) -> bool:
    from pyarrow import types

    held = kind.value_type if types.is_dictionary(kind) else kind
    return bool(
        types.is_string(held)
        or types.is_large_string(held)
        or types.is_binary(held)
        or types.is_large_binary(held)
    )


def _text_bytes(column: Any) -> int:
    from pyarrow import compute, types

    if not types.is_dictionary(column.type):
        return compute.sum(compute.binary_length(column)).as_py() or 0
    lengths = compute.binary_length(column.dictionary).cast("int64")
    return compute.sum(lengths.take(column.indices)).as_py() or 0


def _counting(
    where: str, columns: int, most_cells: int | None, told: Progress | None
) -> Progress | None:
    """What is told of the rows seen so far, and stops when they are too many."""
    if most_cells is None:
        return told

    def count(rows: int, total: int | None) -> None:
        if rows * columns > most_cells:
            raise _too_large(where, rows, columns, most_cells)
        if told is not None:
            told(rows, total)

    return count


def _too_large(where: str, rows: int, columns: int, most_cells: int | None) -> DataError:
    seen = f"at least {counted(rows, 'row')} of {counted(columns, 'column')}"
    hint = "Take fewer columns, or a sample of the rows."
    return DataError(sentence(where, seen, expected=f"at most {most_cells:,} cells", hint=hint))
