"""Whole reports, compared with what they were; RAI_REWRITE_GOLDENS=1 writes them again.

Look at what changes before you keep it: every line is something that people read.
"""

import difflib
import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from rai.reports.markdown import markdown
from rai.reports.page import page
from rai.reports.terminal import print_audit

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def compare(name, text):
    path = GOLDEN / name
    if os.environ.get("RAI_REWRITE_GOLDENS") == "1":
        path.write_text(text, "utf-8", newline="\n")
    kept = path.read_text("utf-8")
    changes = difflib.unified_diff(kept.splitlines(), text.splitlines(), name, "now", n=1, lineterm="")
    assert kept == text, "\n".join(list(changes)[:40])


@pytest.mark.parametrize("name", ["propublica", "berkeley", "scored"])
def test_pages(facts, name):
    compare(f"{name}.html", page(facts(name)))


@pytest.mark.parametrize(
    "name",
    [
        *("propublica", "berkeley", "undefined", "multiclass", "regression", "ages", "hostile"),
        *("scored", "predicted"),
    ],
)
def test_markdown(facts, name):
    compare(f"{name}.md", markdown(facts(name)))


@pytest.mark.parametrize("name", ["propublica", "two_races"])
def test_terminal(made, name):
    stream = io.StringIO()
    print_audit(made(name), Console(file=stream, width=100))
    compare(f"{name}.txt", "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines()))
