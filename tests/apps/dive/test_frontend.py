"""Dive's JavaScript: its pure parts by node, and the text that joins them."""

import re
import shutil
import subprocess
from pathlib import Path

from apps.dive import scripts

HERE = Path(__file__).parent


def test_the_pure_parts_pass_their_own_tests(needs):
    node = shutil.which("node")
    needs(node is not None, "no node on this machine")
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"^# pass (\d+)", done.stdout, re.MULTILINE)[1]) >= 40


def test_the_joined_text_is_a_module_and_ends_with_a_newline(needs, tmp_path):
    node = shutil.which("node")
    needs(node is not None, "no node on this machine")
    joined = tmp_path / "library.mjs"
    joined.write_text(scripts.library(), "utf-8")
    done = subprocess.run([node, "--check", joined], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert scripts.library().endswith("\n")
    assert re.findall(r"^(?:import|export) .*", scripts.library(), re.MULTILINE) == [
        "export default (component) => feeder(component, VERSION, STYLES);"
    ]


def test_every_module_is_joined_once_after_what_it_imports():
    names = scripts.ordered()
    assert sorted(names) == sorted(path.name for path in scripts.FOLDER.glob("*.js"))
    for place, name in enumerate(names):
        text = (scripts.FOLDER / name).read_text("utf-8")
        assert set(scripts.IMPORT.findall(text)) <= set(names[:place])
        assert len(re.findall(r"^import\b", text, re.MULTILINE)) == len(scripts.IMPORT.findall(text))


def test_names_are_unique_over_all_modules():
    top = re.compile(r"^(?:export )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    texts = [(scripts.FOLDER / name).read_text("utf-8") for name in scripts.ordered()]
    names = [found for text in texts for found in top.findall(text)]
    assert len(names) == len(set(names))


def test_the_house_rules_hold_for_the_javascript():
    for path in (*scripts.FOLDER.iterdir(), *HERE.rglob("*.mjs"), *(HERE / "harness").iterdir()):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 500, path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), (
            path.name
        )
        assert not re.search(r"https?://", text), path.name
        # Joining drops indentation, so no text may go over several lines.
        assert path.suffix != ".js" or all(line.count("`") % 2 == 0 for line in text.splitlines()), (
            path.name
        )
