"""What a model is, in 64 letters: SHA-256 of a file's bytes, or of the pickle of an object."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any


def digest_of_bytes(data: bytes) -> str:
    """The SHA-256 of bytes, as `sha256sum` shows it.

    Example:
        >>> digest_of_bytes(b"tree")[:8]
        'dc9c5edb'
    """
    return hashlib.sha256(data).hexdigest()


def digest_of_object(thing: Any) -> str:
    """The SHA-256 of an object's pickle, which is hashed as it is made; empty if it has none.

    Nothing is ever read back. Equal digests mean equal models; different ones may still be equal, as
    a pickle also says how an object was put together.

    Example:
        >>> digest_of_object([1, 2]) == digest_of_object([1, 2]), digest_of_object(lambda: 0)
        (True, '')
    """
    hashed = _Hashed()
    try:
        pickle.Pickler(hashed, protocol=5).dump(thing)
    except Exception:  # noqa: BLE001  # what can't be pickled may say so in any way
        return ""
    return hashed.state.hexdigest()


class _Hashed:
    """A file that keeps nothing but the hash of what is written."""

    def __init__(self) -> None:
        self.state = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.state.update(data)
        return memoryview(data).nbytes
