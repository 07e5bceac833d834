"""Each guide is also a notebook: docs/guide/NAME.md becomes notebooks/NAME.ipynb, executed.

    build_notebooks.py                  write notebooks/ again
    build_notebooks.py --check          fail where notebooks/ and the guides tell different things
    build_notebooks.py --out DIR NAME   write this one into another folder

The words and the code are the guide's own. Printed output that the guide shows is left out, since
a notebook has its own, and links are turned so that they lead from notebooks/.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ROOT / "docs" / "guide"
NOTEBOOKS = ROOT / "notebooks"

_LINES = r"(?:(?!```).*\n)*"
_SHOWN_OUTPUT = re.compile(rf"^(```python\n{_LINES}```\n)\s*^```text\n{_LINES}```\n", re.MULTILINE)
_LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def guides() -> list[Path]:
    """The guides, in reading order."""
    return sorted(GUIDES.glob("*.md"))


def as_notebook(guide: Path) -> Any:
    """The notebook of a guide, not executed."""
    import jupytext

    text = _LINK.sub(_from_notebooks, _SHOWN_OUTPUT.sub(r"\1", guide.read_text("utf-8")))
    notebook = jupytext.reads(text, fmt="md")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for place, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{place}", {}
        if cell.cell_type == "code" and cell.source.startswith("%%"):
            notebook.cells[place] = _as_words(cell)
    return notebook


def execute(notebook: Any) -> Any:
    """Run every cell in a fresh folder; an error in a cell is raised."""
    from nbclient import NotebookClient

    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=environment)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _forget_addresses(output)
    return notebook


def differences() -> list[str]:
    """What --check finds: a sentence for each notebook that does not tell what its guide tells."""
    import nbformat

    known = {f"{guide.stem}.ipynb": guide for guide in guides()}
    strays = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb") if path.name not in known)
    found = [f"notebooks/{name}: there is no such guide" for name in strays]
    for name, guide in known.items():
        path = NOTEBOOKS / name
        if not path.exists():
            found.append(f"notebooks/{name}: missing")
            continue
        stored = nbformat.read(path, as_version=4)
        if _told(stored) != _told(as_notebook(guide)):
            found.append(f"notebooks/{name}: differs from docs/guide/{guide.name}")
        elif any(cell.cell_type == "code" and not cell.execution_count for cell in stored.cells):
            found.append(f"notebooks/{name}: has cells that were not executed")
    return found


def build(chosen: Iterable[Path], folder: Path) -> None:
    """Write the executed notebooks of these guides into a folder."""
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    for guide in chosen:
        path = folder / f"{guide.stem}.ipynb"
        print(f"{path.name} ...", flush=True)
        nbformat.write(execute(as_notebook(guide)), path)


def main(arguments: list[str] | None = None) -> int:
    """Check or write; the number is the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--out", type=Path, default=NOTEBOOKS, help="the folder to write into")
    parser.add_argument("names", nargs="*", help="guides, without .md; all of them by default")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        found = differences()
        print(
            "\n".join([*found, "Run: make notebooks"] if found else ["notebooks/ follows docs/guide/"])
        )
        return 1 if found else 0
    build([guide for guide in guides() if guide.stem in chosen.names or not chosen.names], chosen.out)
    return 0


def _as_words(cell: Any) -> Any:
    """A block in another language, which jupytext makes a cell magic: shown, not run."""
    from nbformat.v4 import new_markdown_cell

    language, _, code = cell.source.removeprefix("%%").partition("\n")
    return new_markdown_cell(f"```{language}\n{code}\n```", id=cell.id)


def _forget_addresses(output: Any) -> None:
    """`<Axes at 0x7f…>` would be new on every run."""
    words = output.get("data", {}).get("text/plain", "")
    if words:
        output["data"]["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", words)


def _told(notebook: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _from_notebooks(link: re.Match[str]) -> str:
    target = (GUIDES / link[1]).resolve()
    if target.parent == GUIDES and target.suffix == ".md":
        return f"]({target.stem}.ipynb"
    return f"]({Path(os.path.relpath(target, NOTEBOOKS)).as_posix()}"


if __name__ == "__main__":
    sys.exit(main())
