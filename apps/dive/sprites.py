"""Pictures in a column, as one atlas of small tiles.

A picture is bytes of a file, or text that starts with `data:image/`. Files are opened by their own kind
only, never larger than a cap; what can't be read has no tile.
"""

from __future__ import annotations

import base64
import binascii
import io
import math
import warnings
from typing import Any

import numpy as np

from . import packets

TILE = 48
MOST_PICTURES = 1600
MOST_BYTES = 4_000_000
MOST_PIXELS = 16_000_000
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
DATA = "data:image/"
LOOKED_AT = 20


def are_images(values: Any) -> bool:
    """Whether a column holds pictures, by its first values."""
    if values.dtype.kind in "biufcmM":
        return False
    head = values.dropna().head(LOOKED_AT).tolist()
    return bool(head) and all(_looks_like_one(each) for each in head)


def packet(place: dict[str, Any], values: Any) -> bytes:
    """A packet of pictures: the tile of each row (-1 for none) and one PNG of all tiles."""
    codes, files = values.factorize()
    found = [_tile(each) for each in files[:MOST_PICTURES].tolist()]
    there = [place for place, tile in enumerate(found) if tile is not None]
    at = np.full(len(files) + 1, -1, dtype=np.int32)  # the last one is that of missing values
    at[there] = np.arange(len(there))
    across = math.isqrt(max(len(there) - 1, 0)) + 1
    png = np.frombuffer(_atlas([found[place] for place in there], across), dtype=np.uint8)
    header = {**place, "kind": "image", "tile": TILE, "columns": across}
    return packets.pack(header, [at[codes], png])


def _looks_like_one(value: Any) -> bool:
    if isinstance(value, bytes):
        return value.startswith(STARTS)
    return isinstance(value, str) and value.startswith(DATA)


def _tile(value: Any) -> Any:
    """A picture within a square tile; None if it can't be read, or is too large."""
    from PIL import Image

    data = _data(value)
    if data is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("RGB", (TILE, TILE))
                small = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        return None
    small.thumbnail((TILE, TILE))
    return small


def _data(value: Any) -> bytes | None:
    if isinstance(value, str) and value.startswith(DATA):
        _, _, text = value.partition(";base64,")
        if len(text) > 2 * MOST_BYTES:
            return None
        try:
            value = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
    return value if isinstance(value, bytes) and 0 < len(value) <= MOST_BYTES else None


def _atlas(tiles: list[Any], across: int) -> bytes:
    from PIL import Image

    high = max(1, -(-len(tiles) // across))
    sheet = Image.new("RGBA", (across * TILE, high * TILE))
    for at, tile in enumerate(tiles):
        down, right = divmod(at, across)
        corner = (right * TILE + (TILE - tile.width) // 2, down * TILE + (TILE - tile.height) // 2)
        sheet.paste(tile, corner)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
