"""What all commands share: the version, help, early ends, and a bar where reading takes long."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rai
from rai.cli import screen

SCORED = ("--y-true", "income", "--sensitive", "sex", "--y-score", "score")


def test_the_version(run):
    done = run("--version")
    assert (done.exit_code, done.stdout) == (0, f"rai {rai.__version__}\n")


def test_help_lists_every_option_and_is_quick(in_shell):
    took = []
    for _ in range(3):
        before = os.times()
        done = in_shell("--help")
        after = os.times()
        took.append(sum(after[2:4]) - sum(before[2:4]))  # of its own, however busy the machine is
        assert done.returncode == 0
        assert {"audit", "datasets", "--version"} <= set(re.findall(r"[\w-]+", done.stdout))
    assert min(took) < 1
    shown = set(re.findall(r"--[\w-]+", in_shell("audit", "--help").stdout))
    assert shown == {
        *("--y-true", "--y-pred", "--y-score", "--sensitive", "--control", "--sample-weight"),
        *("--positive-label", "--threshold", "--bins", "--cut", "--level", "--task", "--seed"),
        *("--where", "--cohort", "--cohorts", "--out", "--title", "--json", "--quiet", "--help"),
    }


# When things end early ------------------------------------------------------------------------------


def test_a_fault_of_rai_is_said_to_be_one(data, monkeypatch, run):
    monkeypatch.setattr(rai, "audit", lambda *_, **__: {}["no\nsuch key"])
    done = run("audit", data, *SCORED)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "rai: KeyError ('no\\nsuch key'); this is a fault of rai, not of your call. "
        "Set RAI_TRACEBACK=1 to see where it happened.\n"
    )
    done = run("audit", data, *SCORED, env={"RAI_TRACEBACK": "1"})
    assert done.exit_code == 2
    assert done.stderr.startswith("Traceback (most recent call last):\n")


def test_an_interrupted_audit_writes_nothing(data, monkeypatch, run):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(rai, "audit", interrupt)
    done = run("audit", data, *SCORED, "--out", "report")
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "Interrupted.\n")
    assert not Path("report").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_reader_who_leaves_early_is_not_bothered():
    command = f'"{sys.executable}" -m rai.cli datasets acs_employment | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("# ACS employment, Massachusetts, with a model's scores\n", "")


# Progress -------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("patience", "shown"), [(0.0, True), (60.0, False)])
def test_a_bar_appears_on_a_terminal_once_it_takes_long(monkeypatch, patience, shown):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(screen, "PATIENCE", patience)
    with screen.bar(shown=True) as progress:
        progress(500_000, 2_000_000)
    assert ("500,000 rows" in sys.stderr.getvalue()) is shown


def test_no_bar_where_there_is_no_terminal_or_none_is_wanted(monkeypatch):
    with screen.bar(shown=True) as progress:
        assert progress is None
    monkeypatch.setattr(sys, "stderr", Terminal())
    with screen.bar(shown=False) as progress:
        assert progress is None
