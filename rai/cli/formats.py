"""Formats as they are written in options: a name, and perhaps a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, sentence


class Wanted(NamedTuple):
    """A format, and the file it goes to; standard output without one."""

    format: str
    path: Path | None


def split_formats(texts: Sequence[str], known: Collection[str]) -> list[Wanted]:
    """Formats as they are written, `NAME` or `NAME=PATH`; several may share an option, with commas.

    Raises:
        ArgumentError: No such format, or a file that is named twice.

    Example:
        >>> split_formats(["text,junit=gate.xml"], ["text", "junit"])
        [Wanted(format='text', path=None), Wanted(format='junit', path=PosixPath('gate.xml'))]
    """
    found = []
    for text in (part for each in texts for part in each.split(",")):
        name, mark, path = text.partition("=")
        check_choice(name, known, where="--format")
        if mark and not path:
            raise ArgumentError(sentence("--format", repr(text), expected="NAME=PATH"))
        found.append(Wanted(name, Path(path) if mark else None))
    paths = [each.path for each in found if each.path is not None]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise ArgumentError(
            sentence("--format", f"{str(twice)!r} twice", expected="a file for each format")
        )
    return found
