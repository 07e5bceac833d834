"""Anything that holds rows, as named columns in pieces. The only place that knows a dataframe.

    dict of arrays · pandas · Polars · PyArrow · any frame narwhals or Arrow's stream knows ─┐
    .csv · .csv.gz · .tsv · .parquet ────────────────────────────────────────────────────────┴▶ Source

A source gives its column names at once and its columns piece by piece, as often as it is asked.
Nothing but the named columns is copied, and nothing is imported that the rows don't already use.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rai.engines.csv_files import csv_frames, csv_header
from rai.engines.encoding import is_a
from rai.engines.parquet_files import checked_footer, parquet_frames
from rai.ground.errors import DataError, RaiError, RoleError, did_you_mean, listing, sentence
from rai.ground.formatting import counted

Piece = Mapping[str, Any]
Pieces = Callable[[Sequence[str], int], Iterator[Piece]]

FRAMES = "a frame, a dict of arrays, or a path to .csv, .csv.gz, .tsv or .parquet"
FILES = ".csv, .csv.gz, .tsv or .parquet"
PICKLES = {".pkl", ".pickle", ".joblib", ".dill"}


@dataclass(frozen=True, slots=True)
class Source:
    """Rows, wherever they are.

    Args:
        where: How messages call it.
        names: Names of its columns.
        pieces: Column names and a number of rows to pieces of about that many rows.
        total: Rows, where that is known beforehand.
        text_only: Whether every column is text that still needs a type (CSV).
    """

    where: str
    names: tuple[Hashable, ...]
    pieces: Pieces
    total: int | None = None
    text_only: bool = False

    def check_column(self, name: str, *, role: str) -> None:
        """The column is there, once."""
        times = self.names.count(name)
        if times == 1:
            return
        if times:
            seen, expected = f"column {name!r} occurs {times} times", "each name once"
            raise RoleError(sentence(role, seen, expected=expected, hint="Rename the others."))
        texts = [n for n in self.names if isinstance(n, str)]
        if len(texts) < len(self.names):
            hint = "Some of its names are no text: name its columns by strings."
        else:
            hint = did_you_mean(name, texts)
        known = f"one of {listing(self.names)}" if self.names else "a column, but there are none"
        raise RoleError(sentence(role, f"no column {name!r}", expected=known, hint=hint))


def open_source(data: Any) -> Source:
    """The source that fits the data.

    Raises:
        DataError: No rows can be had from it, and why.

    Example:
        >>> open_source({"sex": ["F", "M"]}).total
        2
    """
    if isinstance(data, Source):
        return data
    if isinstance(data, (str, Path)):
        return _of_path(Path(data))
    if isinstance(data, Mapping):
        return _of_arrays(data)
    if is_a(data, "narwhals", "DataFrame", "LazyFrame"):
        return open_source(data.to_native())
    if is_a(data, "pandas", "DataFrame"):
        return _of_pandas(data)
    if is_a(data, "polars", "LazyFrame"):
        return _of_lazy(data)
    if is_a(data, "polars", "DataFrame"):
        return _in_memory(tuple(data.columns), data.get_column, len(data))
    if is_a(data, "pyarrow", "Table", "RecordBatch"):
        return _in_memory(tuple(data.schema.names), data.column, data.num_rows)
    if hasattr(data, "__arrow_c_stream__"):
        with reading("data", "an Arrow stream"):
            import polars

            return open_source(polars.DataFrame(data))
    return _of_narwhals(data)


def as_array(value: Any, *, where: str, dimensions: int = 1) -> Any:
    """A column from an array argument: a series stays what it is, anything else becomes one NumPy array.

    Lists go through objects where NumPy would make text of mixed values.

    Raises:
        DataError: More than one dimension.
    """
    if is_a(value, "pandas", "Series", "Index") or is_a(value, "polars", "Series"):
        return value
    if is_a(value, "pyarrow", "Array", "ChunkedArray"):
        return value
    if is_a(value, "pandas", "Categorical") or is_a(value, "pandas.api.extensions", "ExtensionArray"):
        import pandas as pd

        return pd.Series(value)
    array = value if isinstance(value, np.ndarray) else _of_list(value, where)
    if 1 <= array.ndim <= dimensions:
        return array
    seen = f"an array of shape {array.shape}"
    hint = "Pass one of its columns, such as [:, 1]." if array.ndim == 2 else "Pass a list."
    raise DataError(sentence(where, seen, expected="one value a row", hint=hint))


@contextmanager
def reading(where: str, what: str) -> Iterator[None]:
    """The seam to other libraries: whatever they raise becomes one sentence."""
    try:
        yield
    except (RaiError, MemoryError, GeneratorExit, KeyboardInterrupt):
        raise
    except PermissionError:
        raise DataError(sentence(where, "no permission to read it", expected=what)) from None
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
        raise DataError(
            sentence(where, f"can't be read ({reason})", expected=what, hint="Is it damaged?")
        ) from error


def _in_memory(names: tuple[Hashable, ...], get: Callable[[str], Any], rows: int) -> Source:
    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        with reading("data", "columns"):
            columns = {name: get(name) for name in wanted}
            for start in range(0, rows, size):
                yield {name: column_part(column, start, size) for name, column in columns.items()}

    return Source("data", names, pieces, total=rows)


def column_part(column: Any, start: int, size: int) -> Any:
    """Some rows of a column of any form, without copying them."""
    if is_a(column, "pandas", "Series"):
        return column.iloc[start : start + size]
    if is_a(column, "polars", "Series") or is_a(column, "pyarrow", "Array", "ChunkedArray"):
        return column.slice(start, size)
    return column[start : start + size]


def _of_arrays(data: Mapping[Any, Any]) -> Source:
    columns = {name: as_array(value, where=str(name)) for name, value in data.items()}
    check_lengths(columns)
    rows = len(next(iter(columns.values()))) if columns else 0
    return _in_memory(tuple(columns), columns.__getitem__, rows)


def check_lengths(columns: Mapping[Any, Any]) -> None:
    """Every column is as long as the first."""
    names = list(columns)
    for name in names[1:]:
        ours, theirs = len(columns[names[0]]), len(columns[name])
        if ours != theirs:
            expected = f"{counted(ours, 'row')} like {names[0]}"
            raise DataError(sentence(str(name), counted(theirs, "row"), expected=expected))


def _of_pandas(frame: Any) -> Source:
    return _in_memory(tuple(frame.columns), frame.__getitem__, len(frame))


def _of_lazy(frame: Any) -> Source:
    """A Polars query: run once, for the named columns only."""
    with reading("data", "a query that runs"):
        names = tuple(frame.collect_schema().names())
    done: dict[str, Any] = {}

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        missing = [name for name in wanted if name not in done]
        if missing:
            with reading("data", "a query that runs"):
                done.update(frame.select(wanted).collect().to_dict(as_series=True))
        rows = len(done[wanted[0]])
        yield from _in_memory(tuple(done), done.__getitem__, rows).pieces(wanted, size)

    return Source("data", names, pieces)


def _of_narwhals(data: Any) -> Source:
    """Any other frame that narwhals understands, its named columns as pandas or Polars series."""
    import narwhals as nw

    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError:
        raise DataError(sentence("data", f"a {type(data).__name__}", expected=FRAMES)) from None

    def get(name: str) -> Any:
        column = frame.get_column(name)
        return column.to_pandas() if frame.implementation.is_pandas_like() else column.to_polars()

    return _in_memory(tuple(frame.columns), get, len(frame))


def _of_path(path: Path) -> Source:
    where, suffixes = str(path), [suffix.lower() for suffix in path.suffixes]
    kind = "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])
    if path.is_dir():
        raise DataError(sentence(where, "a folder", expected="a file"))
    if not path.exists():
        raise DataError(sentence(where, "no such file", expected="a path to a file", hint=_near(path)))
    if kind in PICKLES:
        hint = "Opening a pickle can run any code in it: save the rows as Parquet or CSV."
        raise DataError(sentence(where, "a pickle", expected=FILES, hint=hint))
    with reading(where, "a readable file"):
        if kind in {".csv", ".tsv", ".csv.gz", ".tsv.gz"}:
            return _of_csv(path, where)
        if kind == ".parquet":
            return _of_parquet(path, where)
    seen = f"a file of type {kind!r}" if kind else "a file without a suffix"
    raise DataError(sentence(where, seen, expected=FILES))


def _of_csv(path: Path, where: str) -> Source:
    header = csv_header(path, where=where)

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        with reading(where, "a readable CSV file"):
            yield from _sliced(csv_frames(path, header, wanted, where=where), wanted, size)

    return Source(where, header.names, pieces, text_only=True)


def _of_parquet(path: Path, where: str) -> Source:
    footer = checked_footer(path, where=where)

    def pieces(wanted: Sequence[str], size: int) -> Iterator[Piece]:
        with reading(where, "a readable Parquet file"):
            yield from _sliced(parquet_frames(path, footer, wanted, where=where), wanted, size)

    return Source(where, footer.names, pieces, total=footer.rows)


def _sliced(frames: Iterable[Any], wanted: Sequence[str], size: int) -> Iterator[Piece]:
    for frame in frames:
        for start in range(0, frame.height, size):
            part = frame.slice(start, size)
            yield {name: part.get_column(name) for name in wanted}


def _of_list(value: Any, where: str) -> Any:
    try:
        array = np.asarray(value)
    except ValueError:  # a list of lists of unequal lengths
        raise DataError(sentence(where, "rows of unequal length", expected="one value a row")) from None
    listed = isinstance(value, (list, tuple))
    return np.array(value, dtype=object) if listed and array.dtype.kind in "US" else array


def _near(path: Path) -> str:
    """A hint at a file in the same folder with nearly the same name."""
    if not path.parent.is_dir():
        return ""
    return did_you_mean(path.name, [file.name for file in path.parent.iterdir() if file.is_file()])
