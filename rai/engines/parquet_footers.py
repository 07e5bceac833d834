"""The footer of a Parquet file: rows and unpacked bytes of each row group, before anything is unpacked.

The footer is one struct in Thrift's compact protocol. A field is a byte (how far its number is from the
last one, and its type), then its value; integers are zigzag varints. Of the many fields four matter:

    FileMetaData  2 schema [SchemaElement …]   4 row_groups [RowGroup …]
    RowGroup      1 columns (skipped)          2 total_byte_size          3 num_rows

Source: Apache Parquet format, `parquet.thrift`; Apache Thrift, compact protocol.
"""

from __future__ import annotations

from dataclasses import dataclass

STOP, TRUE, FALSE, BYTE, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = 0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12
DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file says of itself.

    Args:
        columns: Columns, nested ones counted one by one.
        group_rows: Rows of each row group.
        unpacked_bytes: Bytes of all pages before compression.
    """

    columns: int
    group_rows: tuple[int, ...]
    unpacked_bytes: int


def parquet_footer(data: bytes) -> Footer | None:
    """The footer, or None where it makes no sense."""
    try:
        return _FooterReader(data).footer()
    except (IndexError, ValueError):
        return None


class _FooterReader:
    """A place in the bytes, moving forward."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def footer(self) -> Footer:
        schema, groups = 0, []
        number = 0
        while kind := self._field():
            number = self._number(kind, number)
            if number == 2 and kind & 15 == LIST:
                at = self.at
                schema, _ = self._list_head()
                self.at = at
                self._skip(LIST)
            elif number == 4 and kind & 15 == LIST:
                size, _ = self._list_head()
                groups = [self._row_group() for _ in range(size)]
            else:
                self._skip(kind & 15)
        rows = tuple(group[3] for group in groups)
        if any(count < 0 for count in rows):
            raise ValueError
        return Footer(max(schema - 1, 0), rows, sum(max(0, group[2]) for group in groups))

    def _row_group(self) -> dict[int, int]:
        """The integers of a struct by field number; everything else is passed over."""
        found = {2: 0, 3: 0}
        number = 0
        while kind := self._field():
            number = self._number(kind, number)
            if kind & 15 == I64:
                found[number] = self._zigzag()
            else:
                self._skip(kind & 15)
        return found

    def _field(self) -> int:
        kind = self.data[self.at]
        self.at += 1
        return kind if kind & 15 else STOP

    def _number(self, kind: int, last: int) -> int:
        return last + (kind >> 4) if kind >> 4 else self._zigzag()

    def _list_head(self) -> tuple[int, int]:
        head = self.data[self.at]
        self.at += 1
        size = head >> 4
        return (self._varint() if size == 15 else size), head & 15

    def _varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise ValueError
        if kind in {TRUE, FALSE}:
            return
        if kind == BYTE:
            self.at += 1
        elif kind <= I64:
            self._varint()
        elif kind == DOUBLE:
            self.at += 8
        elif kind == BINARY:
            size = self._varint()
            self.at += size
        elif kind in {LIST, SET}:
            size, inner = self._list_head()
            self._skip_each(size, inner, depth)
        elif kind == STRUCT:
            while field := self._field():
                self._number(field, 0)
                self._skip(field & 15, depth + 1)
        else:  # a map, of which Parquet's footer has none, or no type at all
            raise ValueError

    def _skip_each(self, size: int, kind: int, depth: int) -> None:
        for _ in range(size):
            if self.at >= len(self.data):
                raise IndexError
            if kind in {TRUE, FALSE}:  # in a list a truth value is a byte
                self.at += 1
            else:
                self._skip(kind, depth + 1)
