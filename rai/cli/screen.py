"""The terminal: its width, and a bar where reading takes long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE = 1.0  # seconds before a bar appears
FEWEST_COLUMNS = 100

Progress = Callable[[int, int | None], None]


@contextmanager
def bar(*, shown: bool, doing: str = "Counting") -> Iterator[Progress | None]:
    """A bar on a terminal's stderr, from the first second on; None where there is no terminal.

    It moves to and fro as long as nobody says how many rows there are.
    """
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich import progress
    from rich.console import Console

    columns = (doing, progress.BarColumn(), "{task.fields[rows]}")
    drawn = progress.Progress(*columns, console=Console(stderr=True), transient=True)
    task = drawn.add_task("", total=None, rows="")
    patience = Timer(PATIENCE, drawn.start)
    patience.daemon = True

    def show(done: int, total: int | None) -> None:
        drawn.update(task, completed=done, total=total, rows=f"{done:,.0f} rows")

    patience.start()
    try:
        yield show
    finally:
        patience.cancel()
        patience.join()
        drawn.stop()


def console() -> Console:
    """Standard output, as wide as the terminal, but wide enough that no number is cut short."""
    from rich.console import Console

    return Console(width=max(FEWEST_COLUMNS, Console().width))
