"""Reading back what was saved as JSON: whole, of the right kind and version, or one clear error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rai.ground.errors import DataError, RaiError, sentence

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A kind of file.

    Args:
        format: What its `format` says.
        version: What its `version` says.
        what: What it is, for messages.
        parts: What it holds, for messages.
        again: How to get a new one.
        most_megabytes: The largest file that is read.
    """

    format: str
    version: int
    what: str
    parts: str
    again: str
    most_megabytes: int

    def read(self, path: str | Path, fields: Callable[[Mapping[str, Any]], Held]) -> Held:
        """What a file holds, made into fields.

        Args:
            path: The file.
            fields: From what was read to what is wanted; it may fail in any way that wrong data makes
                Python fail.

        Raises:
            DataError: If the file can't be read, is of another kind or version, or its parts don't
                fit together.
        """
        where = f"reading {path}"
        plain = self._plain(Path(path), where)
        if not isinstance(plain, dict) or plain.get("format") != self.format:
            raise self._unreadable(where, f"no saved {self.what}")
        if plain.get("version") != self.version:
            raise self._unreadable(where, f"version {plain.get('version')!r}")
        try:
            return fields(plain)
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError) as error:
            why = f" ({error})" if isinstance(error, RaiError) else ""
            raise self._unreadable(where, f"{self.parts} that don't fit together{why}") from error

    def _plain(self, path: Path, where: str) -> object:
        try:
            if path.stat().st_size > self.most_megabytes * 1024 * 1024:
                raise self._unreadable(where, f"more than {self.most_megabytes} MB")
            return json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise self._unreadable(where, (error.strerror or "no such file").lower()) from error
        except RaiError:
            raise
        except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, or endless digits
            raise self._unreadable(where, "no JSON") from error

    def _unreadable(self, where: str, seen: str) -> DataError:
        article = "an" if self.what[0] in "aeiou" else "a"
        expected = f"{article} {self.what} saved by this version of rai"
        return DataError(sentence(where, seen, expected=expected, hint=self.again))
