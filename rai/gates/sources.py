"""Where a policy came from: its file, its text, the packs that it extends, the plans that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A policy that another one extends.

    Args:
        name: What `extends` says.
        text: The file as it was.
        title, date, clause, disclaimer: What the file says of itself; empty where it says nothing.

    Example:
        >>> Extended(name="four-fifths", text="version: 1").digest[:8]
        '1a6ddd35'
    """

    name: str
    text: str
    title: str = ""
    date: str = ""
    clause: str = ""
    disclaimer: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a policy came from.

    Args:
        path: The file, as it was given; empty for a policy made in Python.
        text: The file as it was; of a policy made in Python, itself as JSON.
        extended: What it extends, in the order in which it was read.
        plans: Plans of thresholds that its rules name: name to the file's text.
        lines: Rule id to line in the file; rules of packs have none.
        waiver_lines: The same for waivers, in their order.

    Example:
        >>> Source(text="version: 1", lines={"tpr": 3}).lines["tpr"]
        3
    """

    path: str = ""
    text: str
    extended: tuple[Extended, ...] = ()
    plans: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    waiver_lines: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the file, of those that it extends, and of the plans that it names."""
        whole = sha256(self.text.encode())
        for part in self.extended:
            whole.update(f"\nextends {part.name} {part.digest}".encode())
        for name, text in sorted(self.plans.items()):
            whole.update(f"\nplan {name} {sha256(text.encode()).hexdigest()}".encode())
        return whole.hexdigest()
