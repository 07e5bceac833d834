"""CatBoost's binary file, as far as its parts say how long they are.

    CBM1 · size · the model (FlatBuffers) · number of tables · size · table · size · table …

The library reads as many bytes as a size says, whether they are there or not.
"""

from __future__ import annotations

MAGIC = b"CBM1"
TABLES = b"static_provider_v1"  # what follows the model is tables of statistics of categories


def missing_bytes(data: bytes) -> int:
    """How many bytes are missing at the end of a file that starts with `MAGIC`; 0 if none is.

    Example:
        >>> missing_bytes(b"CBM1" + bytes([3, 0, 0, 0]) + b"ab")
        1
    """
    end = 8 + _size(data, 4)
    if end > len(data) or TABLES not in data[:end]:
        return max(0, end - len(data))
    tables, at = _size(data, end), end + 4
    for _ in range(tables):
        at += 4 + _size(data, at)
        if at > len(data):
            break
    return max(0, at - len(data))


def _size(data: bytes, at: int) -> int:
    """A 32-bit number; one that isn't there stands for more than there is."""
    return int.from_bytes(data[at : at + 4], "little") if at + 4 <= len(data) else len(data) + 1
