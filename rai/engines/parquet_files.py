"""Parquet files of any size, read a few row groups at a time.

    PAR1 … pages … │ footer │ length │ PAR1      read first: rows and bytes of each row group

A file that declares a thousand times more than it holds is refused before anything is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rai.engines.parquet_footers import Footer, parquet_footer
from rai.ground.errors import DataError, sentence

if TYPE_CHECKING:
    import polars

MAGIC = b"PAR1"
MOST_FOOTER = 1 << 26
MOST_COLUMNS = 10_000
SLICE_ROWS = 1 << 21
BATCH_ROWS = 1 << 18
BOMB_BYTES = 1 << 30
BOMB_RATIO = 100
BOMB_ROWS = 100_000_000


def checked_footer(path: Path, *, where: str) -> Footer:
    """What the file says of itself, if it is a Parquet file and no bomb.

    Raises:
        DataError: No Parquet, truncated, damaged, or declaring more than it can hold.
    """
    size = path.stat().st_size
    if size == 0:
        raise DataError(sentence(where, "an empty file", expected="a Parquet file"))
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if head != MAGIC:
            raise DataError(sentence(where, "no Parquet file", expected="one that begins with PAR1"))
        if size < 12 or tail[4:] != MAGIC or length > size - 12:
            raise DataError(sentence(where, "a truncated Parquet file", expected="a whole one"))
        if length > MOST_FOOTER:
            seen = f"a footer of {length >> 20:,} MB"
            raise DataError(sentence(where, seen, expected=f"at most {MOST_FOOTER >> 20} MB"))
        file.seek(size - 8 - length)
        footer = parquet_footer(file.read(length))
    if footer is None:
        raise DataError(damaged(where))
    _refuse_bombs(footer, size, where)
    return footer


def has_arrow() -> bool:
    """Whether PyArrow is there to read files."""
    return find_spec("pyarrow") is not None


def parquet_names(path: Path) -> tuple[str, ...]:
    """Names of the columns."""
    if has_arrow():
        from pyarrow.parquet import read_schema

        return tuple(read_schema(path).names)
    import polars as pl

    return tuple(pl.read_parquet_schema(path))


def parquet_frames(
    path: Path, footer: Footer, names: Sequence[str], *, where: str
) -> Iterator[polars.DataFrame]:
    """The named columns, some rows at a time.

    PyArrow reads them where it is installed, for it bears with damaged pages best; else Polars does.
    """
    frames = _by_arrow(path, names) if has_arrow() else _by_polars(path, names, footer)
    rows = 0
    for frame in frames:
        rows += frame.height
        yield frame
    if rows != sum(footer.group_rows):
        raise DataError(damaged(where))


def slice_rows(group_rows: Sequence[int]) -> Iterator[int]:
    """Rows to read at once: whole row groups, together at most two million rows where groups allow it.

    Example:
        >>> list(slice_rows([1_500_000, 500_000, 500_000, 3_000_000]))
        [2000000, 500000, 3000000]
    """
    pending = 0
    for rows in group_rows:
        if pending and pending + rows > SLICE_ROWS:
            yield pending
            pending = 0
        pending += rows
    if pending:
        yield pending


def damaged(where: str) -> str:
    """The sentence for a Parquet file that contradicts itself."""
    return sentence(where, "a damaged Parquet file", expected="one that can be read to its end")


def _by_arrow(path: Path, names: Sequence[str]) -> Iterator[polars.DataFrame]:
    import polars as pl
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(names)):
            batch.validate(full=True)
            yield pl.DataFrame({name: pl.from_arrow(batch.column(name)) for name in names})


def _by_polars(path: Path, names: Sequence[str], footer: Footer) -> Iterator[polars.DataFrame]:
    import polars as pl

    columns = pl.scan_parquet(path, glob=False).select(names)
    start = 0
    for rows in slice_rows(footer.group_rows):
        yield columns.slice(start, rows).collect()
        start += rows


def _refuse_bombs(footer: Footer, size: int, where: str) -> None:
    if footer.columns > MOST_COLUMNS:
        seen = f"{footer.columns:,} columns"
        raise DataError(sentence(where, seen, expected=f"at most {MOST_COLUMNS:,}"))
    rows = sum(footer.group_rows)
    unpacked = footer.unpacked_bytes > max(BOMB_BYTES, BOMB_RATIO * size)
    if unpacked or rows > max(BOMB_ROWS, BOMB_RATIO * size):
        seen = f"{rows:,} rows and {footer.unpacked_bytes:,} bytes declared in a file of {size:,} bytes"
        hint = "Write it again with more rows in the file, or as CSV, if you trust it."
        raise DataError(sentence(where, seen, expected="an honest Parquet file", hint=hint))
