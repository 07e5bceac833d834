"""Lines and tables in the terminal: plain, narrow, and never steered by names from the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_line(console: Console, text: str, *, style: str = "") -> None:
    """Print one text as it is."""
    from rich.text import Text

    console.print(Text(text, style=style))


def span(bounds: str) -> str:
    """An interval in little room: a dash where it can't be read as a minus.

    Example:
        >>> span("[0.100, 0.150]"), span("[-20.0, 3.00]")
        ('0.100–0.150', '-20.0 to 3.00')
    """
    inner = bounds.strip("[]")
    return inner.replace(", ", " to " if "-" in inner else "–")


def empty_table(words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table with columns of words, which may fold, and of numbers, which stand to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="",
        caption_justify="left",
    )  # fmt: skip
    for head in words:
        table.add_column(Text(head), overflow="fold")
    for head in numbers:
        short = head if "," in head else head.replace(" ", "\n")
        table.add_column(Text(short, justify="right"), justify="right", no_wrap=True)
    return table
