"""What the docs say is what happens: blocks run, links lead somewhere, notebooks draw their pictures."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("datasets/*/card.md")])
GUIDES = sorted(ROOT.glob("docs/guide/*.md"))
SCRIPTS = sorted(ROOT.glob("docs/build_*.py"))
PICTURE_AT_MOST = 400_000  # bytes of one executed notebook, pictures included

FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:|#)(?P<target>[^)#\s]+)")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def blocks(text):
    """(line, code, what it must print or None): the last only where a text block follows directly."""
    found = list(FENCE.finditer(text))
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block["kind"] != "python":
            continue
        follows = after and after["kind"] == "text" and not text[block.end() : after.start()].strip()
        line = text.count("\n", 0, block.start()) + 1
        yield line, block["body"], after["body"] if follows else None


def run_page(text, name):
    """Run the blocks of a page one after another, in one namespace."""
    namespace = {"__name__": "__main__"}
    for line, code, expected in blocks(text):
        printed = io.StringIO()
        with redirect_stdout(printed):
            # Blank lines put before the code make tracebacks name the line of the page.
            exec(compile("\n" * line + code, name, "exec"), namespace)
        if expected is not None:
            assert printed.getvalue() == expected, f"{name}, line {line}"


RUN = [page for page in PAGES if "```python" in page.read_text("utf-8") and page not in GUIDES]


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_every_block_of_a_page_runs_and_prints_what_the_page_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_page(page.read_text("utf-8"), name_of(page))
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def test_a_page_that_shows_what_is_not_printed_is_caught():
    page = "Two:\n\n```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    with pytest.raises(AssertionError, match=r"page\.md, line 3"):
        run_page(page, "page.md")


def test_a_text_block_after_other_words_is_not_compared():
    run_page("```python\nprint(2)\n```\n\nWords.\n\n```text\n3\n```\n", "page.md")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_leads_somewhere(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = [link["target"] for link in LINK.finditer(text)]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_generated_files_are_what_their_script_writes(script):
    run(script, "--check")


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_a_guide_runs_as_a_notebook_prints_what_it_shows_and_draws_the_stored_pictures(guide, tmp_path):
    run(ROOT / "docs" / "build_notebooks.py", "--out", tmp_path, guide.stem, PYTHONWARNINGS="always")
    stored = ROOT / "notebooks" / f"{guide.stem}.ipynb"
    made = tmp_path / stored.name
    cells = zip(blocks(guide.read_text("utf-8")), written_by_cell(made), strict=True)
    for (line, _, expected), (printed, warned) in cells:
        assert warned == "", f"{guide.name}, line {line}"
        assert printed == expected or expected is None, f"{guide.name}, line {line}"
    assert pictures(made) == pictures(stored)
    if "plots." in guide.read_text("utf-8"):
        assert pictures(stored) > 0
    assert stored.stat().st_size < PICTURE_AT_MOST


def run(*command, **environment):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def written_by_cell(path):
    """What each cell printed, and what it warned of."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield tuple(
                "".join("".join(each["text"]) for each in cell["outputs"] if each.get("name") == stream)
                for stream in ("stdout", "stderr")
            )


def pictures(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    return sum("image/png" in output.get("data", {}) for output in outputs)
