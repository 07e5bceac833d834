"""The command line on a small file: in this process, and in a shell."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from rai import cli

ROWS = """\
income,score,decision,sex,age,weight
1,0.9,1,F,25,1.0
0,0.2,0,F,31,2.0
1,0.4,0,F,52,1.0
0,0.6,1,M,44,1.0
1,0.8,1,M,67,0.5
0,0.1,0,M,38,1.0
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A small CSV file in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(ROWS)
    return "data.csv"


@pytest.fixture
def run():
    """`run("audit", …)`: the command in this process."""

    def run(*arguments, **options):
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], **options)

    return run


@pytest.fixture
def in_shell():
    """`in_shell("audit", …)`: the command in a process of its own."""

    def in_shell(*arguments, **options):
        command = [sys.executable, "-m", "rai.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, **options)

    return in_shell


@pytest.fixture
def answers(run):
    """`answers("audit", …)`: what the command prints as JSON."""

    def answers(*arguments):
        done = run(*arguments, "--json")
        assert done.exit_code == 0, done.stderr
        assert done.stderr == ""
        return json.loads(done.stdout)

    return answers
