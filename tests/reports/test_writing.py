"""Reports as files: which, where, whole or not at all, the same every time, and readable again."""

import json
import stat
from pathlib import Path

import pytest

import rai
from rai.ground.errors import ArgumentError, DataError


@pytest.fixture
def audit(made):
    return made("two_races")


def written(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_gets_all_three(audit, tmp_path):
    folder = rai.report(audit, tmp_path / "deep" / "build")
    assert folder == tmp_path / "deep" / "build"
    assert written(folder) == ["audit.html", "audit.json", "audit.md"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("page.html", "<!doctype html>"), ("notes.md", "# Audit of two_year_recid"), ("a.json", "{\n")],
)
def test_an_ending_says_which_one(audit, tmp_path, name, begins):
    assert rai.report(audit, str(tmp_path / name)) == tmp_path / name
    assert written(tmp_path) == [name]
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_a_folder_may_end_like_a_file(audit, tmp_path):
    (tmp_path / "site.html").mkdir()
    rai.report(audit, tmp_path / "site.html")
    assert written(tmp_path / "site.html") == ["audit.html", "audit.json", "audit.md"]


def test_formats_choose_what_a_folder_gets(audit, tmp_path):
    rai.report(audit, tmp_path, formats=["md", "json"])
    assert written(tmp_path) == ["audit.json", "audit.md"]
    rai.report(audit, tmp_path / "one", formats="html")
    assert written(tmp_path / "one") == ["audit.html"]


WRONG = {
    "another kind of file": (
        {"path": "audit.pdf"},
        "report: 'audit.pdf'; expected a folder, or a file ending in .html, .md or .json. A browser "
        "prints the page as PDF.",
    ),
    "a text file": (
        {"path": "audit.txt"},
        "report: 'audit.txt'; expected a folder, or a file ending in .html, .md or .json.",
    ),
    "an unknown format": (
        {"path": "out", "formats": ["htm"]},
        "formats: 'htm'; expected one of 'html', 'json', 'md'. Did you mean 'html'?",
    ),
    "two answers": (
        {"path": "audit.md", "formats": ["html"]},
        "formats: 'html'; expected 'md', as 'audit.md' says.",
    ),
}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_call_says_what_to_do(audit, tmp_path, given, says):
    with pytest.raises(ArgumentError) as error:
        rai.report(audit, tmp_path / given["path"], formats=given.get("formats"))
    assert str(error.value) == says
    assert written(tmp_path) == []


def test_a_place_below_a_file_can_not_be_written(audit, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(DataError) as error:
        rai.report(audit, tmp_path / "taken" / "out")
    assert str(error.value) == (
        f"writing {tmp_path / 'taken' / 'out' / 'audit.html'}: not a directory; expected a place that "
        "can be written. Nothing was changed."
    )
    assert written(tmp_path) == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_one_file_that_can_not_be_written_keeps_all_from_being_written(audit, tmp_path):
    (tmp_path / "audit.md").mkdir()
    (tmp_path / "audit.html").write_text("older")
    with pytest.raises(DataError) as error:
        rai.report(audit, tmp_path)
    assert str(error.value).endswith(
        "it is a folder; expected a place that can be written. Nothing was changed."
    )
    assert written(tmp_path) == ["audit.html", "audit.md"]
    assert (tmp_path / "audit.html").read_text() == "older"


def test_the_same_audit_gives_the_same_bytes(audit, tmp_path):
    first, second = (rai.report(audit, tmp_path / name) for name in ("a", "b"))
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_the_json_is_the_audit_again(made, tmp_path):
    for name in ("propublica", "berkeley", "multiclass", "regression", "ages", "hostile"):
        before = made(name)
        path = rai.report(before, tmp_path / f"{name}.json")
        after = rai.Audit.load(path)
        assert (after.roles, after.task, after.thresholds) == (
            before.roles,
            before.task,
            before.thresholds,
        )
        assert after.gaps().to_dicts() == before.gaps().to_dicts()
        assert rai.report(after, tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_the_json_holds_the_answers_too(made, tmp_path):
    plain = json.loads(rai.report(made("propublica"), tmp_path / "a.json").read_text("utf-8"))
    assert plain["summary"][0].startswith("4 of 6 gaps are beyond chance.")
    fpr = [row for row in plain["metrics"] if row["metric"] == "false_positive_rate"]
    assert (fpr[1]["race"], fpr[1]["numerator"], fpr[1]["denominator"]) == (
        "African-American",
        805,
        1795,
    )
    gap = plain["gaps"][0]
    assert (gap["metric"], round(gap["value"], 6), gap["highest"], gap["p_value"] < 0.01) == (
        "demographic_parity",
        0.457118,
        "Native American",
        True,
    )
    assert [row["kind"] for row in plain["gaps"]] == ["difference"] * 6 + ["ratio"] * 6


def test_title_and_command_are_told(audit, tmp_path):
    folder = rai.report(audit, tmp_path, title="Loans", command="rai audit loans.csv --out x")
    for name in ("audit.html", "audit.md"):
        text = (folder / name).read_text("utf-8")
        assert "Loans" in text
        assert "rai audit loans.csv --out x" in text
    assert rai.Audit.load(folder / "audit.json").provenance["command"] == "rai audit loans.csv --out x"
    assert "command" not in audit.provenance


def test_files_are_plain_text_for_everyone(audit, tmp_path):
    folder = rai.report(audit, tmp_path)
    for path in folder.iterdir():
        assert path.read_bytes().endswith(b"\n")
        assert b"\r" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) & stat.S_IRUSR


def test_a_relative_path_is_fine(audit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert rai.report(audit, "report") == Path("report")
    assert written(tmp_path / "report") == ["audit.html", "audit.json", "audit.md"]
