"""Tables written to a file one after another, so that only one of them is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rai.ground.errors import ArgumentError, sentence
from rai.ground.files import writing

if TYPE_CHECKING:
    import polars

Write = Callable[["polars.DataFrame"], None]

SUFFIXES = (".parquet", ".csv")


def check_target(to: str | Path, data: Any) -> Path:
    """The file to write, of a kind that is known, and not the one that is read.

    Raises:
        ArgumentError: If it is not.
    """
    path = Path(to)
    if path.suffix.lower() not in SUFFIXES:
        expected = "a path that ends in .parquet or .csv"
        raise ArgumentError(sentence("to", repr(str(to)), expected=expected))
    given = Path(data) if isinstance(data, (str, Path)) else None
    if given is not None and given.exists() and path.exists() and path.samefile(given):
        seen = f"{str(to)!r}, the file that the rows are in"
        raise ArgumentError(sentence("to", seen, expected="another one"))
    return path


def write_tables(tables: Iterable[polars.DataFrame], path: Path, target: Path) -> dict[str, Any]:
    """Tables of the same columns, one after another, in one file.

    Args:
        tables: The tables.
        path: The file to write.
        target: What it will be called, which says of what kind it is.

    Returns:
        Column to Polars type, as the file holds them.

    Raises:
        DataError: If it can't be written.
    """
    schema: dict[str, Any] = {}
    kind = _csv if target.suffix.lower() == ".csv" else _parquet
    with kind(path, target) as write:
        for table in tables:
            plain = _for_csv(table) if kind is _csv else table
            schema = schema or dict(plain.schema)
            with writing(target):
                write(plain)
    return schema


@contextmanager
def _parquet(path: Path, target: Path) -> Iterator[Write]:
    import polars as pl
    from pyarrow.parquet import ParquetWriter

    writers: list[Any] = []

    def write(table: polars.DataFrame) -> None:
        held = table.to_arrow(compat_level=pl.CompatLevel.oldest())
        if not writers:
            writers.append(ParquetWriter(path, held.schema))
        writers[0].write_table(held)

    try:
        yield write
    finally:
        with writing(target):
            for writer in writers:
                writer.close()


@contextmanager
def _csv(path: Path, target: Path) -> Iterator[Write]:
    with writing(target):
        file = path.open("wb")
    try:
        yield lambda table: table.write_csv(file, include_header=file.tell() == 0)
    finally:
        with writing(target):
            file.close()


def _for_csv(table: polars.DataFrame) -> polars.DataFrame:
    """Dates as ISO text."""
    import polars.selectors as cs

    return table.with_columns(cs.temporal().dt.to_string("iso:strict"))
