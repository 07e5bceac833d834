"""The bar: nothing without a terminal, nothing in the first second, then where the work is."""

import io
import sys
import time

from rai.cli import screen


class Terminal(io.StringIO):
    def isatty(self):
        return True


def on_a_terminal(monkeypatch):
    """Standard error as a terminal; patched within the test, since pytest puts its own there before."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_without_a_terminal_there_is_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with screen.bar(shown=True) as progress:
        assert progress is None


def test_what_is_quick_shows_nothing(monkeypatch):
    terminal = on_a_terminal(monkeypatch)
    with screen.bar(shown=True, doing="Profiling") as progress:
        progress(10, 10)
    assert "Profiling" not in terminal.getvalue()


def test_what_takes_long_says_what_it_does_even_without_rows(monkeypatch):
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(screen, "PATIENCE", 0.05)
    with screen.bar(shown=True, doing="Checking"):
        time.sleep(0.3)
    assert "Checking" in terminal.getvalue()


def test_rows_are_counted(monkeypatch):
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(screen, "PATIENCE", 0.02)
    with screen.bar(shown=True, doing="Profiling") as progress:
        progress(1_000, 2_000)
        time.sleep(0.3)
    assert "1,000 rows" in terminal.getvalue()
