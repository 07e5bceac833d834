"""What is installed elsewhere: the wheel holds the package, its types, the bundled data and the app."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of an installed wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("rai-*.whl")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_holds_every_file_of_the_package_the_data_and_the_app(installed):
    def listed(folder):
        paths = [
            path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        ]
        return {path.relative_to(folder).as_posix() for path in paths}

    package = {
        name for name in listed(installed / "rai") if not name.startswith(("_datasets/", "_apps/"))
    }
    assert package == listed(ROOT / "rai")
    assert "py.typed" in package
    assert listed(installed / "rai" / "_datasets") == listed(ROOT / "datasets")
    assert listed(installed / "rai" / "_apps") == listed(ROOT / "apps")


def test_bundled_data_load_from_the_wheel(installed, tmp_path):
    code = "import rai; print(rai.__file__); print(len(rai.load_dataset('adult', 'test').frame))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(installed / "rai" / "__init__.py"), "16281"]


APP = """
import sys
from pathlib import Path
import rai
from rai.cli.app_command import app_folder
from streamlit.testing.v1 import AppTest
sys.argv = ["main.py", '{"data": "dataset:german_credit"}']
at = AppTest.from_file(app_folder() / "main.py", default_timeout=60).run()
assert not at.exception, at.exception
print(app_folder().relative_to(Path(rai.__file__).parent), at.sidebar.caption[0].value)
"""


def test_the_app_runs_from_the_wheel(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", APP],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split(" ", 1)[0] == "_apps"
    assert "1,000 rows" in done.stdout
