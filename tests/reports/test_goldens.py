"""Whole reports, compared with what they were; RAI_REWRITE_GOLDENS=1 writes them again.

Look at what changes before you keep it: every line is something that people read.
"""

import io

import pytest
from rich.console import Console

from rai.reports.markdown import markdown
from rai.reports.page import page
from rai.reports.terminal import print_audit


@pytest.mark.parametrize("name", ["propublica", "berkeley", "scored"])
def test_pages(facts, name, compare):
    compare(f"{name}.html", page(facts(name)))


@pytest.mark.parametrize(
    "name",
    [
        *("propublica", "berkeley", "undefined", "multiclass", "regression", "ages", "hostile"),
        *("scored", "predicted"),
    ],
)
def test_markdown(facts, name, compare):
    compare(f"{name}.md", markdown(facts(name)))


@pytest.mark.parametrize("name", ["propublica", "two_races"])
def test_terminal(made, name, compare):
    stream = io.StringIO()
    print_audit(made(name), Console(file=stream, width=100))
    compare(f"{name}.txt", "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines()))
