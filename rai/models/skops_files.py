"""skops files: estimators without code, and only of types that are known or that a person allows.

    zip: sizes ──▶ schema.json: types ──▶ all known, or in trusted_types? ──▶ built ──▶ Model

What a file says of its own types allows nothing.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from rai.ground.errors import listing, missing_extra
from rai.models.loaded_objects import of_loaded
from rai.models.model import Model
from rai.models.model_files import MOST_BYTES, ModelFile, contents, ends_in, read_file
from rai.models.rungs import Options, Rung

KIND = "skops"
EXPECTED = "a model that skops wrote (skops.io.dump)"
SCHEMA = "schema.json"
MOST_SCHEMA = 1 << 28  # bytes
MOST_PARTS = 1 << 18


def _of_file(source: Any, options: Options) -> Model:
    file = read_file(source, options)
    with file.opening(EXPECTED):
        _check_zip(file)
    try:
        import skops.io
    except ImportError:
        raise missing_extra(file.where, package="skops", extra="skops") from None
    with file.opening(EXPECTED):
        unknown = skops.io.get_untrusted_types(data=file.data)
    left = sorted(set(unknown) - set(options.trusted_types))
    if left:
        hint = "If you know them and trust the file, name them in trusted_types=."
        raise file.refuse(f"types that may run code: {listing(left)}", expected="known ones", hint=hint)
    trusted = list(options.trusted_types)
    return of_loaded(
        lambda: skops.io.loads(file.data, trusted=trusted), file, options, kind=KIND, expected=EXPECTED
    )


def _check_zip(file: ModelFile) -> None:
    """A zip archive with a schema, that doesn't unpack into more than a file may have."""
    if not file.data.startswith(b"PK\x03\x04"):
        raise file.refuse(contents(file.data), expected=EXPECTED)
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        parts = archive.infolist()
        if SCHEMA not in archive.namelist():
            raise file.refuse(f"a zip archive without {SCHEMA}", expected=EXPECTED)
        schema = archive.getinfo(SCHEMA).file_size
        unpacked = sum(part.file_size for part in parts)
        if len(parts) <= MOST_PARTS and unpacked <= MOST_BYTES:
            unpacked += sum(_inner(archive, part) for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_BYTES or schema > MOST_SCHEMA:
        seen = f"{len(parts):,} parts of {unpacked:,} bytes once unpacked"
        raise file.refuse(seen, expected=f"at most {MOST_BYTES:,}, and {MOST_SCHEMA:,} of {SCHEMA}")


def _inner(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Bytes that a part unpacks into, where it is an archive itself (a sparse matrix)."""
    with archive.open(part) as stream:
        if stream.read(2) != b"PK" or part.file_size > MOST_BYTES:
            return 0
    with zipfile.ZipFile(io.BytesIO(archive.read(part))) as inner:
        return sum(each.file_size for each in inner.infolist())


FILE = Rung(KIND, ends_in(".skops"), _of_file)
