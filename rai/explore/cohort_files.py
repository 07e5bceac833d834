"""Cohorts as text: a name, a colon and a query on each line, for people and for `diff`.

    # rai cohorts, version 1
    older women: age > 40 and sex = Female
    "a: b": sex = Male            a name that would read otherwise, as JSON writes text
    long hours:
        hours-per-week > 40       a line that begins with a blank goes on with the one above
        and age < 65

Lines that begin with # are for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from rai.ground.errors import DataError, RaiError, in_short, sentence
from rai.ground.files import write_text

Held = TypeVar("Held")

HEADER = "# rai cohorts, version 1"
MOST_BYTES = 1 << 24
EXPECTED = "a name, a colon and a query, such as older women: age > 40"

_VERSION = re.compile(r"# rai cohorts, version (\S+)")
_JSON = json.JSONDecoder()


def write_cohorts(path: str | Path, texts: Mapping[str, str]) -> Path:
    """Write names and queries to a file, whole or not at all."""
    lines = [f"{_name(name)}: {_query(text)}" for name, text in texts.items()]
    return write_text(path, "\n".join([HEADER, *lines]) + "\n")


def read_cohorts(path: str | Path, make: Callable[[str, str], Held]) -> list[Held]:
    """What is made of each name and its query.

    Raises:
        DataError: If the file can't be read, or a line is no cohort.
    """
    where, made, lines = f"reading {path}", [], dict[str, int]()
    for line, name, text in _entries(_text(Path(path), where), where):
        at = f"{where}, line {line}"
        if name in lines:
            seen = f"{name!r}, which line {lines[name]} has, too"
            raise DataError(sentence(at, seen, expected="each name once"))
        lines[name] = line
        try:
            made.append(make(name, text))
        except RaiError as error:
            seen = f"no cohort ({str(error).rstrip('.')})"
            raise DataError(sentence(at, seen, expected=EXPECTED)) from None
    return made


def _text(path: Path, where: str) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            seen = f"more than {MOST_BYTES >> 20} MB"
            raise DataError(sentence(where, seen, expected="a file of cohorts"))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        raise DataError(sentence(where, reason, expected="a file of cohorts")) from None
    except UnicodeDecodeError:
        expected = "a file of cohorts in UTF-8"
        raise DataError(sentence(where, "bytes that are no text", expected=expected)) from None


def _entries(text: str, where: str) -> Iterator[tuple[int, str, str]]:
    """Number of the line, name and query of each cohort."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            if not line[0].isspace():
                found.append((number, [line]))
            elif found:
                found[-1][1].append(line)
            else:
                raise _refused(where, number, line, hint="Begin the line with the name.")
        other = _VERSION.match(line)
        if other and not line.startswith(HEADER):
            raise DataError(sentence(where, f"version {other[1]}", expected="version 1"))
    for number, lines in found:
        yield (number, *_parted("\n".join(lines), where, number))


def _parted(entry: str, where: str, number: int) -> tuple[str, str]:
    """Name and query."""
    name, rest = _json_text(entry)
    if name is None:
        name, colon, query = entry.partition(":")
        name, query = name.strip(), query.strip()
    else:
        colon, query = rest[:1], rest[1:].strip()
    if not name or colon != ":" or not query:
        raise _refused(where, number, entry)
    text, rest = _json_text(query)
    return name, query if text is None or rest else text


def _json_text(text: str) -> tuple[str | None, str]:
    """Text as JSON writes it, and what follows it; None if it doesn't begin so."""
    if not text.startswith('"'):
        return None, text
    try:
        value, end = _JSON.raw_decode(text)
    except ValueError:
        return None, text
    return value, text[end:].strip()


def _name(name: str) -> str:
    odd = name[0] in '#"' or ":" in name or name != name.strip() or not name.isprintable()
    return json.dumps(name) if odd else name


def _query(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)


def _refused(where: str, number: int, line: str, *, hint: str = "") -> DataError:
    return DataError(sentence(f"{where}, line {number}", in_short(line), expected=EXPECTED, hint=hint))
