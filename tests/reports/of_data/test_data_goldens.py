"""Whole reports of a small profile, compared with what they were; see `test_goldens`."""

import io

from rich.console import Console

from rai.reports.data_markdown import data_markdown
from rai.reports.data_page import data_page
from rai.reports.data_terminal import print_profile


def test_page(data_facts, compare):
    compare("profile.html", data_page(data_facts))


def test_markdown(data_facts, compare):
    compare("profile.md", data_markdown(data_facts))


def test_terminal(data_facts, compare):
    stream = io.StringIO()
    print_profile(data_facts, Console(file=stream, width=100))
    compare("profile.txt", "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines()))
