"""Columns as bytes for the browser: a header in JSON, then typed arrays, each at a multiple of eight.

    uint32 length │ {"token", "n", "name", "kind", "arrays": […], …} │ padding │ array │ padding │ array

A number travels in 32 bits, as `offset + scale * v`; where that is too coarse for a bucket, the exact
codes of that binning travel too.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

EXACT = 2**24  # whole numbers up to here are exact in 32 bits
FARTHEST = 8e307  # so that the distance of two ends is finite
TINY, HUGE, NARROW = 1e-30, 1e30, 1e-3
LONGEST_TEXT = 120
MISSING = "(missing)"


@dataclass(frozen=True, slots=True, eq=False)
class Floats:
    """Numbers as 32-bit floats: the true ones are `offset + scale * v`.

    Args:
        v: Shape (n,), NaN where missing.
        offset: What 0 stands for.
        scale: What 1 stands for.
        low: The least finite number.
        high: The greatest finite number.
        integer: Whether all are whole, and exact in 32 bits.
    """

    v: Any
    offset: float
    scale: float
    low: float
    high: float
    integer: bool


def pack(header: dict[str, Any], arrays: Sequence[Any] = ()) -> bytes:
    """One packet.

    Example:
        >>> len(pack({"kind": "drop", "token": "a"})) % 8
        0
    """
    described = [{"dtype": each.dtype.name, "length": len(each)} for each in arrays]
    text = json.dumps({**header, "arrays": described}, allow_nan=False).encode()
    parts = [_padded(len(text).to_bytes(4, "little") + text)]
    parts += [_padded(np.ascontiguousarray(each).tobytes()) for each in arrays]
    return b"".join(parts)


def drop(token: str) -> bytes:
    """A packet that makes the browser forget a token."""
    return pack({"token": token, "n": 0, "name": "", "kind": "drop"})


def numbers(place: dict[str, Any], held: Floats, *, kind: str) -> bytes:
    """A packet of numbers or of dates (days since 1970); `place` is its token, n and name."""
    told = {name: getattr(held, name) for name in ("offset", "scale", "integer", "low", "high")}
    return pack({**place, "kind": kind, **told}, [held.v])


def categories(place: dict[str, Any], codes: Any, labels: Sequence[str]) -> bytes:
    """A packet of codes and their labels, (missing) last."""
    return pack({**place, "kind": "category", "labels": list(labels)}, [codes])


def exact_codes(place: dict[str, Any], codes: Any, *, key: str) -> bytes:
    """A packet of the bucket of each row in one binning of numbers."""
    return pack({**place, "kind": "codes", "bins": key}, [codes])


def mask(token: str, n: int, rows: Any, *, name: str) -> tuple[str, bytes]:
    """Places, or a mask, as a packet of bits, lowest first, and the version telling it from others."""
    held = np.zeros(n, dtype=bool)
    held[rows] = True
    bits = np.packbits(held, bitorder="little")
    version = f"{zlib.crc32(bits.tobytes()):08x}"
    place = {"token": token, "n": n, "name": version}
    return version, exact_codes(place, bits, key=f"mask {name}")


def texts(place: dict[str, Any], values: Any) -> bytes:
    """A packet of text, for labels and cards; long ones are cut."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array([MISSING if v is None else str(v) for v in values.tolist()], pa.large_string())
    words = pc.utf8_slice_codeunits(words, 0, LONGEST_TEXT)
    _, offsets, held = words.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[: len(words) + 1].astype(np.uint32)
    data = np.frombuffer(held or b"", dtype=np.uint8)[: ends[-1]]
    return pack({**place, "kind": "text"}, [ends, data])


def floats(values: Any, *, whole: bool) -> Floats:
    """Numbers (float64, NaN where missing) in 32 bits, as finely as their range allows.

    Args:
        values: Shape (n,).
        whole: Whether they are whole numbers.

    Example:
        >>> held = floats(np.array([1e9, 1e9 + 3]), whole=True)
        >>> held.offset, held.v.tolist(), held.integer
        (1000000000.0, [0.0, 3.0], True)
    """
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    offset, scale = _affine(low, high, whole=whole)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        v = ((values - offset) / scale).astype(np.float32)
    exact = whole and high - low < EXACT
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in (low, high))
    return Floats(v, offset, scale, low, high, exact)


def _affine(low: float, high: float, *, whole: bool) -> tuple[float, float]:
    size = max(abs(low), abs(high))
    span = high - low
    if whole and size < EXACT:
        return 0.0, 1.0
    if whole and span < EXACT:
        return low, 1.0
    if TINY < size < HUGE and span > NARROW * size:
        return 0.0, 1.0
    if not np.isfinite(span):
        return 0.0, size
    return low, span if span > 0 else 1.0


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 8)
