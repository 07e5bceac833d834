"""CSV files of any size, read in blocks of whole rows.

    bytes ──blocks──▶ whole rows, as many fields as the header ──Polars──▶ text columns (the named ones)

The structure is checked on the raw bytes before anything is parsed: a separator or a line end counts
where an even number of quotation marks precedes it. So a row with a field too few, a quotation mark
that is never closed, or a file that unpacks to a thousand times its size is a sentence, not a guess.
Columns stay text; they get their type when the whole file has been seen.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from rai.ground.errors import DataError, sentence
from rai.ground.formatting import counted

if TYPE_CHECKING:
    import polars

BLOCK = 1 << 24
MOST_HEADER = 1 << 20
MOST_COLUMNS = 10_000
MOST_ROW = 1 << 26
BOMB_BYTES = 1 << 30
BOMB_RATIO = 100

QUOTE, LINE_END, RETURN = 34, 10, 13


@dataclass(frozen=True, slots=True)
class CsvHeader:
    """What the first line says.

    Args:
        names: Column names, without the blanks around them.
        separator: What stands between fields.
        size: Bytes of the header, line end included.
    """

    names: tuple[str, ...]
    separator: str
    size: int


def csv_header(path: Path, *, where: str) -> CsvHeader:
    """The header of a CSV file, looked for in its first megabyte.

    Raises:
        DataError: An empty file, no text, or more columns than anybody has.
    """
    with _opened(path, where) as file:
        head = file.read(MOST_HEADER)
    if not head.strip():
        raise DataError(sentence(where, "an empty file", expected="a header line and rows"))
    if b"\x00" in head:
        raise DataError(_no_text(where))
    whole = head if len(head) < MOST_HEADER else head[: head.rfind(b"\n") + 1]
    if not whole:
        raise DataError(
            sentence(where, "a header longer than 1 MB", expected="a CSV file with a header")
        )
    try:
        return _parsed_header(whole, ".tsv" in path.name.lower(), where)
    except UnicodeDecodeError:
        raise DataError(_no_text(where)) from None
    except (csv.Error, StopIteration):
        raise DataError(_malformed(where)) from None


def csv_frames(
    path: Path, header: CsvHeader, names: Sequence[str], *, where: str
) -> Iterator[polars.DataFrame]:
    """The named columns as text, block by block; blank lines are skipped.

    Raises:
        DataError: Rows of unequal length, bad text, or a file that unpacks without end.
    """
    import polars as pl

    places = [header.names.index(name) for name in names]
    order = sorted(places)
    seen = 0
    with _opened(path, where) as file:
        file.read(header.size)
        for block in _whole_rows(file, where):
            rows, count = _checked(block, header, where=where, seen=seen)
            if not count:
                continue
            try:
                frame = pl.read_csv(
                    rows,
                    has_header=False,
                    columns=order,
                    separator=header.separator,
                    infer_schema=False,
                    raise_if_empty=False,
                )
            except pl.exceptions.PolarsError as error:
                bad_text = "utf-8" in str(error).lower()
                raise DataError(_no_text(where) if bad_text else _malformed(where)) from None
            if frame.height != count:
                raise DataError(_malformed(where))
            seen += count
            frame.columns = [str(place) for place in order]
            yield frame.select(
                pl.col(str(place)).alias(name) for place, name in zip(places, names, strict=True)
            )


class _Unpacked(io.RawIOBase):
    """A gzip stream that stops when it grows beyond all proportion."""

    def __init__(self, path: Path, where: str) -> None:
        self._file, self._where = gzip.open(path, "rb"), where  # noqa: SIM115
        self._packed, self._read = path.stat().st_size, 0

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(size)
        except (OSError, EOFError, zlib.error):
            raise DataError(
                sentence(self._where, "a damaged or truncated gzip file", expected="a whole one")
            ) from None
        self._read += len(data)
        if self._read > max(BOMB_BYTES, BOMB_RATIO * self._packed):
            seen = f"unpacks to more than {BOMB_RATIO} times its {self._packed:,} bytes"
            hint = "Unpack it yourself if you trust it."
            raise DataError(sentence(self._where, seen, expected="an honest gzip file", hint=hint))
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


def _opened(path: Path, where: str) -> IO[bytes] | _Unpacked:
    return _Unpacked(path, where) if path.suffix.lower() == ".gz" else path.open("rb")


def _parsed_header(head: bytes, tabs: bool, where: str) -> CsvHeader:  # noqa: FBT001
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    text = head[mark:].decode("utf-8")
    first = text.split("\n", 1)[0]
    separator = "\t" if tabs else next((s for s in ",;\t" if s in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = tuple(name.strip() for name in next(row for row in reader if "".join(row).strip()))
    if len(names) > MOST_COLUMNS:
        seen = f"{len(names):,} columns"
        raise DataError(sentence(where, seen, expected=f"at most {MOST_COLUMNS:,}"))
    lines = head.splitlines(keepends=True)[: reader.line_num]
    return CsvHeader(names, separator, sum(map(len, lines)))


def _whole_rows(file: IO[bytes] | _Unpacked, where: str) -> Iterator[bytes]:
    """Blocks that each end where a row ends."""
    rest = b""
    while block := file.read(BLOCK):
        known = rest + block
        end = _last_row_end(known)
        rest = known[end:]
        if len(rest) > MOST_ROW:
            seen = f"a row longer than {MOST_ROW >> 20} MB, or a quotation mark that is never closed"
            raise DataError(sentence(where, seen, expected="rows of text"))
        if end:
            yield known[:end]
    if rest.count(b'"') % 2:
        raise DataError(
            sentence(where, "a quotation mark that is never closed", expected="marks in pairs")
        )
    if rest:
        yield rest + b"\n"


def _last_row_end(block: bytes) -> int:
    """Where the last whole row ends: after a line end that an even number of marks precedes."""
    stop, even = len(block), block.count(b'"') % 2 == 0
    while True:
        mark = block.rfind(b'"', 0, stop)
        end = block.rfind(b"\n", mark + 1, stop) if even else -1
        if end >= 0 or mark < 0:
            return end + 1
        stop, even = mark, not even


def _checked(block: bytes, header: CsvHeader, *, where: str, seen: int) -> tuple[bytes, int]:
    """The rows of a block without blank lines, and how many they are."""
    bytes_ = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero((bytes_ == ord(header.separator)) | (bytes_ == LINE_END))
    if b'"' in block:
        marks = np.flatnonzero(bytes_ == QUOTE)
        ends = ends[np.searchsorted(marks, ends) % 2 == 0]
    at_line_end = np.flatnonzero(bytes_[ends] == LINE_END)
    fields = np.diff(at_line_end, prepend=-1)
    stops = ends[at_line_end]
    wrong = np.flatnonzero(fields != len(header.names))
    if not len(wrong):
        return block, len(fields)
    starts = np.concatenate(([0], stops[:-1] + 1))
    length = stops - starts
    blank = (length == 0) | ((length == 1) & (bytes_[starts] == RETURN))
    ragged = wrong[~blank[wrong]]
    if len(ragged):
        row = seen + int(ragged[0] - blank[: ragged[0]].sum()) + 1
        _refuse_ragged(row, int(fields[ragged[0]]), len(header.names), where=where)
    keep = np.ones(len(bytes_), dtype=bool)
    keep[stops[blank]] = False
    keep[starts[blank]] = False
    return bytes_[keep].tobytes(), int((~blank).sum())


def _refuse_ragged(row: int, fields: int, expected: int, *, where: str) -> None:
    seen = f"row {row:,} has {counted(fields, 'field')}"
    hint = "A field that holds a separator needs quotation marks around it."
    raise DataError(sentence(where, seen, expected=f"{expected:,} as in the header", hint=hint))


def _no_text(where: str) -> str:
    hint = "Save it as UTF-8, or read it with pandas and its encoding."
    return sentence(where, "bytes that are no UTF-8 text", expected="a CSV file in UTF-8", hint=hint)


def _malformed(where: str) -> str:
    hint = "Look for a quotation mark inside a field: it must be doubled, and the field quoted."
    return sentence(where, "rows that can't be parsed", expected="well-formed CSV", hint=hint)
