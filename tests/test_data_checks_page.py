"""The page of data checks: it tells every row of the table, and a stale page is noticed."""

import importlib.util
from pathlib import Path

import pytest

from rai.explore import CHECKS
from rai.explore.data_checks.table import SECTIONS

SCRIPT = Path(__file__).resolve().parent.parent / "docs" / "build_data_checks.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("build_data_checks", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(script):
    return script.page()


def test_every_check_stands_once_in_its_section(page):
    for head, checks in SECTIONS.items():
        section = page.split(f"## {head}\n")[1].split("\n## ")[0]
        kinds = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert kinds == [check.kind for check in checks]
    assert f" puts {len(CHECKS)} questions " in page


def test_a_row_says_what_is_asked_from_where_it_is_a_problem_and_why(page):
    (line,) = [line for line in page.splitlines() if line.startswith("| `representation`")]
    assert line == (
        "| `representation` | Is a group rarer than in the population? | below 0.8: share over the "
        "declared share | serious | a population | four fifths, by analogy with 29 CFR 1607.4(D) |"
    )


def test_a_stale_page_is_noticed_and_written_again(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(script, "PAGE", tmp_path / "data-checks.md")
    assert script.main(["--check"]) == 1
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "docs/data-checks.md differs from rai/explore/data_checks/",
        "Run: python docs/build_data_checks.py",
        "docs/data-checks.md follows rai/explore/data_checks/",
    ]
