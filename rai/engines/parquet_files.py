"""Parquet files of any size, read a piece at a time.

    PAR1 … pages … │ footer │ length │ PAR1      read first: rows and bytes of each row group

A file that declares a hundred times more than it holds is refused before anything is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rai.ground.errors import DataError, sentence

if TYPE_CHECKING:
    import polars

MAGIC = b"PAR1"
MOST_FOOTER = 1 << 26
MOST_COLUMNS = 10_000
BATCH_ROWS = 1 << 18
BUFFER_BYTES = 1 << 20  # of a column; without it PyArrow holds whole columns, or the whole file
BOMB_BYTES = 1 << 30
BOMB_RATIO = 100
BOMB_ROWS = 100_000_000


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file says of itself.

    Args:
        names: Names of the columns.
        rows: Rows in all.
        unpacked_bytes: Bytes of all pages before compression.
    """

    names: tuple[str, ...]
    rows: int
    unpacked_bytes: int


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
    try:
        footer = read_footer(path)
    except OSError:
        raise DataError(damaged(where)) from None
    _refuse_bombs(footer, size, where)
    return footer


def read_footer(path: Path) -> Footer:
    """The footer as PyArrow reads it."""
    from pyarrow.parquet import read_metadata

    said = read_metadata(path)
    groups = [said.row_group(place) for place in range(said.num_row_groups)]
    return Footer(
        tuple(said.schema.to_arrow_schema().names), said.num_rows, sum(g.total_byte_size for g in groups)
    )


def parquet_frames(
    path: Path, footer: Footer, names: Sequence[str], *, where: str
) -> Iterator[polars.DataFrame]:
    """The named columns, a quarter of a million rows at a time."""
    import polars as pl
    from pyarrow.parquet import ParquetFile

    rows = 0
    with ParquetFile(path, pre_buffer=False, buffer_size=BUFFER_BYTES) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(names)):
            batch.validate(full=True)
            rows += batch.num_rows
            yield pl.DataFrame({name: pl.from_arrow(batch.column(name)) for name in names})
    if rows != footer.rows:
        raise DataError(damaged(where))


def damaged(where: str) -> str:
    """The sentence for a Parquet file that contradicts itself."""
    return sentence(where, "a damaged Parquet file", expected="one that can be read to its end")


def _refuse_bombs(footer: Footer, size: int, where: str) -> None:
    if len(footer.names) > MOST_COLUMNS:
        seen = f"{len(footer.names):,} columns"
        raise DataError(sentence(where, seen, expected=f"at most {MOST_COLUMNS:,}"))
    unpacked = footer.unpacked_bytes > max(BOMB_BYTES, BOMB_RATIO * size)
    if unpacked or footer.rows > max(BOMB_ROWS, BOMB_RATIO * size):
        declared = f"{footer.rows:,} rows and {footer.unpacked_bytes:,} bytes"
        seen = f"{declared} declared in a file of {size:,} bytes"
        hint = "Write it again with more rows in the file, or as CSV, if you trust it."
        raise DataError(sentence(where, seen, expected="an honest Parquet file", hint=hint))
