"""The JavaScript of pages: its pure parts by node, and the text that joins its modules."""

import re
from pathlib import Path

import pytest

from apps.dive import component as dive
from apps.javascript import IMPORT, joined, ordered, styles
from apps.overview import component as overview

HERE = Path(__file__).parent
PAGES = {"dive": (dive, dive.library), "overview": (overview, lambda: joined(overview.MAIN))}
ENTRIES = {"dive": ["offer"], "overview": []}  # what only Python's text calls

pytestmark = pytest.mark.parametrize("page", PAGES)


def test_the_pure_parts_pass_their_own_tests(page, node):
    files = sorted((HERE / page).glob("*.test.mjs"))
    passed = int(re.search(r"^# pass (\d+)", node("--test", *files), re.MULTILINE)[1])
    assert passed >= sum(len(re.findall(r"\btest\(", path.read_text("utf-8"))) for path in files) > 9


def test_the_joined_text_is_a_module_and_ends_with_a_newline(page, node, tmp_path):
    text = PAGES[page][1]()
    path = tmp_path / "joined.mjs"
    path.write_text(text, "utf-8")
    node("--check", path)
    assert text.endswith("\n")
    (exported,) = re.findall(r"^(?:import|export) .*", text, re.MULTILINE)
    assert exported.startswith("export default ")


def test_every_module_is_joined_once_after_what_it_imports(page):
    paths = ordered(PAGES[page][0].MAIN)
    assert sorted(paths) == sorted(PAGES[page][0].FOLDER.glob("*.js"))
    for place, path in enumerate(paths):
        text, before = path.read_text("utf-8"), {each.name for each in paths[:place]}
        assert set(IMPORT.findall(text)) <= before
        assert len(re.findall(r"^import\b", text, re.MULTILINE)) == len(IMPORT.findall(text))


def test_names_of_modules_are_unique_and_all_are_used(page):
    text = "".join(path.read_text("utf-8") for path in ordered(PAGES[page][0].MAIN))
    names = re.findall(r"^(?:export )?(?:function|class|const) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names)) > 9
    used = re.findall(
        r"\w+", re.sub(r"^import [^;]*;|/\*.*?\*/", "", text, flags=re.MULTILINE | re.DOTALL)
    )
    assert [name for name in names if used.count(name) < 2] == ENTRIES[page]


def test_names_from_data_never_become_html(page):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", PAGES[page][1]()
    )


def test_style_sheets_keep_their_rules_and_lose_their_comments(page):
    (sheet,) = PAGES[page][0].FOLDER.glob("*.css")
    assert styles(sheet).count("{") == sheet.read_text("utf-8").count("{")
    assert "/*" not in styles(sheet)
