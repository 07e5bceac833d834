"""What is saved as JSON and read back: whole, of the right kind and version, or one clear error.

headed(parts) ─▶ data for JSON ─▶ taken(plain, fields)        write(path, parts) ─▶ read(path, fields)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rai.ground.errors import DataError, RaiError, sentence
from rai.ground.files import write_text

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

    def headed(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """Parts as data for JSON that says what it is."""
        return {"format": self.format, "version": self.version, **parts}

    def write(self, path: str | Path, parts: Mapping[str, Any]) -> Path:
        """Write parts to a file that a person can read, whole or not at all."""
        text = json.dumps(self.headed(parts), allow_nan=False, ensure_ascii=False, indent=1)
        return write_text(path, text + "\n")

    def read(self, path: str | Path, fields: Callable[[Mapping[str, Any]], Held]) -> Held:
        """What a file holds, made into fields, as `taken` makes them.

        Raises:
            DataError: If the file can't be read, is of another kind or version, or its parts don't
                fit together.
        """
        where = f"reading {path}"
        return self.taken(self._plain(Path(path), where), fields, where=where)

    def taken(
        self, plain: Any, fields: Callable[[Mapping[str, Any]], Held], *, where: str | None = None
    ) -> Held:
        """What data from JSON hold, made into fields.

        Args:
            plain: The data.
            fields: From what was read to what is wanted; it may fail in any way that wrong data makes
                Python fail.
            where: Where they come from, for messages.

        Raises:
            DataError: If they are of another kind or version, or their parts don't fit together.
        """
        where = where or f"reading {self._one}"
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
        expected = f"{self._one} saved by this version of rai"
        return DataError(sentence(where, seen, expected=expected, hint=self.again))

    @property
    def _one(self) -> str:
        return f"{'an' if self.what[0] in 'aeiou' else 'a'} {self.what}"
