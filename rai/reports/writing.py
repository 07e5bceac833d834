"""Reports as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rai.audits import Audit


def report(
    audit: Audit,
    path: str | Path,
    *,
    title: str | None = None,
    command: str | None = None,
    formats: Iterable[str] | None = None,
) -> Path:
    """Being written."""
    raise NotImplementedError
