"""Overview's JavaScript: its pure parts by node, and the joined text."""

import re
import shutil
import subprocess
from pathlib import Path

from apps.overview import component

HERE = Path(__file__).parent


def test_the_pure_parts_pass_their_own_tests(needs):
    node = shutil.which("node")
    needs(node is not None, "no node on this machine")
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"^# pass (\d+)", done.stdout, re.MULTILINE)[1]) >= 10


def test_the_joined_text_is_one_module(needs, tmp_path):
    node = shutil.which("node")
    needs(node is not None, "no node on this machine")
    joined = tmp_path / "blocks.mjs"
    joined.write_text(component.script(), "utf-8")
    done = subprocess.run([node, "--check", joined], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = re.findall(r"^(?:import|export) .*", component.script(), re.MULTILINE)
    assert lines == ["export default function (component) {"]


def test_names_from_data_never_become_html():
    text = component.script()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert sorted(component.MODULES) == sorted(path.name for path in component.FOLDER.glob("*.js"))
