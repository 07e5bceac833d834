"""Writing files whole or not at all: to a temporary file beside the target, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rai.ground.errors import DataError, sentence


def write_text(path: str | Path, text: str) -> Path:
    """Write text to a file, replacing it only once everything is written.

    Raises:
        DataError: If the folder can't be made or the file can't be written; nothing is left behind.
    """
    return write_texts({Path(path): text})[0]


def write_texts(texts: Mapping[Path, str]) -> list[Path]:
    """Write several files, renaming them into place only once all are written."""
    with ExitStack() as written:
        for path, text in texts.items():
            part = written.enter_context(whole_file(path))
            with writing(path):
                part.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside the target to write to, renamed once the block has ended well.

    Raises:
        DataError: If the file can't be written; whatever happens, nothing is left behind.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with whole_file(Path(folder) / "scores.csv") as part:
        ...         _ = part.write_text("score")
        ...     [file.name for file in Path(folder).iterdir()]
        ['scores.csv']
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
    part = Path(name)
    try:
        yield part
        with writing(path):
            part.chmod(0o666 & ~_umask())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever goes wrong with a file that is written, in one sentence.

    Raises:
        DataError: If the block can't write.
    """
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DataError:
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return DataError(
        sentence(
            f"writing {path}",
            reason,
            expected="a place that can be written",
            hint="Nothing was changed.",
        )
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
