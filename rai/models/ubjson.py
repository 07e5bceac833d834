"""UBJSON as XGBoost writes it, read strictly: a damaged file is refused here, and not in the library.

    {L…key value …}   [#L… value …]   [$d#L… numbers, packed]   S L… text   numbers, T, F, Z

Universal Binary JSON, https://ubjson.org.
"""

from __future__ import annotations

from typing import Any

import numpy as np

DEEPEST = 32

_NUMBERS: dict[str, np.dtype[Any]] = {
    "i": np.dtype(">i1"),
    "U": np.dtype(">u1"),
    "I": np.dtype(">i2"),
    "l": np.dtype(">i4"),
    "L": np.dtype(">i8"),
    "d": np.dtype(">f4"),
    "D": np.dtype(">f8"),
}
_CONSTANTS = {"T": True, "F": False, "Z": None}


class DamagedError(ValueError):
    """A file that isn't what it should be; the text says where."""


def read_ubjson(data: bytes) -> Any:
    """The value that a UBJSON file holds, as plain Python.

    Raises:
        DamagedError: It ends early, goes on, or holds something that XGBoost doesn't write.

    Example:
        >>> read_ubjson(b"{U" + bytes([1]) + b"a[$U#U" + bytes([2, 7, 9]) + b"}")
        {'a': [7, 9]}
    """
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise DamagedError(f"{len(data) - reader.at:,} bytes after its end")
    return value


class _Reader:
    """A place in some bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise DamagedError(f"it ends at byte {len(self.data):,}, within a value")
        self.at += count
        return self.data[self.at - count : self.at]

    def mark(self) -> str:
        return self.take(1).decode("latin-1")

    def numbers(self, mark: str, count: int) -> Any:
        kind = _NUMBERS.get(mark)
        if kind is None:
            raise DamagedError(f"the mark {mark!r} at byte {self.at - 1:,}")
        return np.frombuffer(self.take(count * kind.itemsize), kind)

    def count(self) -> int:
        return int(self.numbers(self.mark(), 1)[0])

    def text(self) -> str:
        return self.take(self.count()).decode("utf-8", "surrogateescape")

    def value(self, depth: int) -> Any:
        mark = self.mark()
        if depth > DEEPEST:
            raise DamagedError(f"more than {DEEPEST} levels")
        if mark == "{":
            return self.object(depth)
        if mark == "[":
            return self.array(depth)
        if mark == "S":
            return self.text()
        return _CONSTANTS[mark] if mark in _CONSTANTS else self.numbers(mark, 1)[0].item()

    def object(self, depth: int) -> dict[str, Any]:
        held: dict[str, Any] = {}
        while self.data[self.at : self.at + 1] != b"}":
            name = self.text()
            if name in held:
                raise DamagedError(f"{name!r} twice")
            held[name] = self.value(depth + 1)
        self.at += 1
        return held

    def array(self, depth: int) -> list[Any]:
        mark = self.mark()
        if mark == "$":
            kind = self.mark()
            if self.mark() != "#":
                raise DamagedError(f"an array without a length at byte {self.at - 1:,}")
            plain: list[Any] = self.numbers(kind, self.count()).tolist()
            return plain
        if mark == "#":
            return [self.value(depth + 1) for _ in range(self.count())]
        self.at -= 1
        held = []
        while self.data[self.at : self.at + 1] != b"]":
            held.append(self.value(depth + 1))
        self.at += 1
        return held
