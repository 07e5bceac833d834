"""A model's file: read once, so that what was checked is what is used.

    path ──▶ a file, not too large, not empty, the trusted one ──▶ ModelFile(where, data, digest)

The ending of its name says what a file should be and its first bytes what it is; both must agree.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rai.engines.sources import reading
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.models.digests import digest_of_bytes
from rai.models.rungs import Options, Rung

MOST_BYTES = 2 << 30  # of a file that nobody vouches for

SUFFIXES = (".onnx", ".skops", ".json", ".ubj", ".txt", ".cbm", ".pkl", ".pickle", ".joblib", ".dill")
ANOTHER_WAY = "For any other kind of model, pass a function from a frame to scores."

_SHA256 = re.compile(r"[0-9a-f]{64}")

_STARTS = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"CBM1": "a CatBoost model",
    b"tree\n": "a LightGBM model",
    b"\x1f\x8b": "something packed by gzip",
    b"BZh": "something packed by bzip2",
    b"\xfd7zXZ": "something packed by xz",
    b"\x89HDF": "an HDF5 file",
    b"{": "JSON or UBJSON",
    b"[": "JSON",
    b"<": "XML or HTML",
}

_TORCH = "Build the module in Python, load its weights, and pass the module and encode=."
_FOREIGN = {
    **dict.fromkeys((".pt", ".pth", ".pt2", ".ts", ".ckpt", ".safetensors"), ("PyTorch", _TORCH)),
    **dict.fromkeys((".keras", ".h5", ".hdf5"), ("Keras", f"Load it with Keras. {ANOTHER_WAY}")),
    **dict.fromkeys((".pb", ".tflite"), ("TensorFlow", f"Convert it to ONNX. {ANOTHER_WAY}")),
}


@dataclass(frozen=True, slots=True, eq=False)
class ModelFile:
    """A file that was read.

    Args:
        where: How messages call it.
        data: All of its bytes.
        digest: Their SHA-256.
    """

    where: str
    data: bytes
    digest: str

    def refuse(self, seen: str, *, expected: str, hint: str = "") -> DataError:
        """The error that says what is wrong with it."""
        return DataError(sentence(self.where, seen, expected=expected, hint=hint))

    @contextmanager
    def opening(self, expected: str) -> Iterator[None]:
        """The seam to the library that opens it: whatever it raises becomes one sentence."""
        try:
            with reading(self.where, expected):
                yield
        except MemoryError:
            raise self.refuse("it asks for more memory than there is", expected=expected) from None


def ends_in(*suffixes: str) -> Callable[[Any], bool]:
    """Whether something is a path whose name ends so.

    Example:
        >>> ends_in(".onnx")("model.ONNX"), ends_in(".onnx")(["model.onnx"])
        (True, False)
    """

    def takes(source: Any) -> bool:
        return isinstance(source, (str, os.PathLike)) and Path(source).suffix.lower() in suffixes

    return takes


def read_file(source: Any, options: Options, *, most: int | None = MOST_BYTES) -> ModelFile:
    """The bytes of a file, and their digest.

    Args:
        source: The path.
        options: Its `trust`, where given, must be the file's digest, whatever kind of file it is.
        most: Bytes it may have; None for any number.

    Raises:
        DataError: No such file, a folder, an empty or a large file, or another one than is trusted.
    """
    path = Path(source)
    where = f"model {path}"
    if not path.is_file():
        seen = "a folder" if path.is_dir() else "no plain file" if path.exists() else "no such file"
        raise DataError(sentence(where, seen, expected=f"a file that ends in {listing(SUFFIXES)}"))
    with reading(where, "a file that can be read"), path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if most is not None and size > most:
            seen = f"{size:,} bytes"
            raise DataError(sentence(where, seen, expected=f"at most {most:,}", hint=ANOTHER_WAY))
        data = stream.read(size)
    if not data:
        raise DataError(sentence(where, "an empty file", expected="a model"))
    file = ModelFile(where, data, digest_of_bytes(data))
    _check_trusted(file, options)
    return file


def contents(data: bytes) -> str:
    """What a file seems to hold, in words.

    Example:
        >>> contents(b"CBM1"), contents(bytes([0x80, 5, 0x95])), contents(b"yes")
        ('a CatBoost model', 'a pickle', 'something else')
    """
    if data[:1] == b"\x80" and data[1:2] <= b"\x05":
        return "a pickle"
    if data[:1] == b"\x78" and data[1:2] in {b"\x01", b"\x5e", b"\x9c", b"\xda"}:
        return "something packed by zlib"
    start = next((start for start in _STARTS if data.startswith(start)), None)
    return "something else" if start is None else _STARTS[start]


def _check_trusted(file: ModelFile, options: Options) -> None:
    if options.trust is None:
        return
    wanted = str(options.trust).strip().lower()
    if not _SHA256.fullmatch(wanted):
        expected = "a SHA-256: 64 letters from 0 to 9 and a to f"
        raise ArgumentError(sentence("trust", repr(options.trust), expected=expected))
    if wanted != file.digest:
        seen = "another SHA-256 than the trusted one"
        hint = "It is not the file that trust= was written for."
        raise file.refuse(seen, expected=wanted, hint=hint)


def _is_path(source: Any) -> bool:
    return isinstance(source, (str, os.PathLike))


def _refuse(source: Any, _: Options) -> Any:
    """No rung takes files with such a name."""
    suffix = Path(source).suffix.lower()
    expected = f"a file that ends in {listing(SUFFIXES)}"
    if Path(source).is_dir():
        seen, hint = "a folder without an MLmodel file", ""
    elif suffix in _FOREIGN:
        kind, hint = _FOREIGN[suffix]
        seen = f"a {kind} file"
    else:
        seen, hint = f"a file that ends in {suffix!r}" if suffix else "no ending", ANOTHER_WAY
    raise DataError(sentence(f"model {source}", seen, expected=expected, hint=hint))


OTHER_FILES = Rung("file", _is_path, _refuse)
