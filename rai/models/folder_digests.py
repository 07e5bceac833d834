"""One digest for a whole folder: every name in it, and every byte.

    SHA-256 of the lines `<SHA-256 of a file>  <its name>`, in the order of names

The same in a shell:

    find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from rai.engines.sources import reading
from rai.ground.errors import ArgumentError, DataError, sentence

_SHA256 = re.compile(r"[0-9a-f]{64}")


def folder_digest(folder: str | Path) -> str:
    """The SHA-256 of a folder, which is what `trust=` names for an MLflow model that runs code.

    Args:
        folder: The folder.

    Raises:
        DataError: A link, or anything else in it that is neither a file nor a folder.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as name:
        ...     _ = (Path(name) / "model.txt").write_text("tree")
        ...     folder_digest(name)[:8]
        '62c33b29'
    """
    return _digest(Path(folder), Path(folder))


def copied_folder(folder: Path, copy: Path) -> str:
    """The SHA-256 of a copy of a folder, so that what was checked is what will be opened.

    Args:
        folder: The folder.
        copy: An empty folder for the copy.

    Raises:
        DataError: As for `folder_digest`.
    """
    for name in _names(folder):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with reading(f"folder {folder}", "files that can be read"):
            shutil.copyfile(folder / name, target, follow_symlinks=False)
    return _digest(copy, folder)


def check_trusted(digest: str, trust: str | None, *, where: str) -> None:
    """The folder is the one that was vouched for.

    Raises:
        ArgumentError: If `trust` is no SHA-256.
        DataError: If it is another one.
    """
    wanted = str(trust).strip().lower()
    if not _SHA256.fullmatch(wanted):
        expected = "a SHA-256: 64 letters from 0 to 9 and a to f"
        raise ArgumentError(sentence("trust", repr(trust), expected=expected))
    if wanted != digest:
        seen = "another SHA-256 than the trusted one"
        hint = "It is not the folder that trust= was written for."
        raise DataError(sentence(where, seen, expected=wanted, hint=hint))


def _digest(folder: Path, called: Path) -> str:
    whole = hashlib.sha256()
    for name in _names(folder):
        with reading(f"folder {called}", "files that can be read"), (folder / name).open("rb") as file:
            line = f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"
        whole.update(line.encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _names(folder: Path) -> Iterator[str]:
    """Names of all files in a folder and below, sorted by their bytes."""
    names = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        odd = path.is_symlink() or not (path.is_file() or path.is_dir())
        if odd or "\n" in name or "\\" in name:
            seen = f"{name!r}, which is a link or no plain file"
            raise DataError(sentence(f"folder {folder}", seen, expected="plain files only"))
        if path.is_file():
            names.append(name)
    yield from sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))
