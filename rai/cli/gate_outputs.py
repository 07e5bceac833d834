"""What `rai gate` writes: formats by name, to standard output or to files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rai.cli.formats import Wanted
from rai.ground.files import write_texts

if TYPE_CHECKING:
    from rai import GateResult

SUMMARY_FILE = "GITHUB_STEP_SUMMARY"


def shown(result: GateResult, wanted: Sequence[Wanted], *, quiet: bool) -> None:
    """Write what is wanted: files first and all of them, then what is for standard output."""
    write_texts({each.path: FORMATS[each.format](result) for each in wanted if each.path is not None})
    if any(each.format == "github" for each in wanted):
        _step_summary(result)
    for each in wanted:
        if each.path is None and not quiet:
            _print(result, each.format)


def _print(result: GateResult, name: str) -> None:
    if name != "text":
        text = FORMATS[name](result)
        print(text, end="" if text.endswith("\n") or not text else "\n")
        return
    from rai.cli.screen import console
    from rai.reports.gate_terminal import print_gate

    print_gate(result, console())


def _step_summary(result: GateResult) -> None:
    """Add the result to the summary of a GitHub step, where there is one."""
    path = os.environ.get(SUMMARY_FILE)
    if not path:
        return
    from rai.gates.outputs.github import step_summary
    from rai.ground.files import writing

    with writing(Path(path)), Path(path).open("a", encoding="utf-8") as file:
        file.write(step_summary(_markdown(result)))


def _text(result: GateResult) -> str:
    from io import StringIO

    from rich.console import Console

    from rai.reports.gate_terminal import print_gate

    held = StringIO()
    print_gate(result, Console(file=held, width=100))
    return held.getvalue()


def _json(result: GateResult) -> str:
    """The answer for programs; `--evidence` writes all that it rests on."""
    plain = {
        "status": result.status,
        "exit_code": result.exit_code,
        "headline": result.headline,
        "policy": {"path": result.source.path, "digest": result.source.digest},
        "verdicts": result.to_dicts(),
        "notes": list(result.notes),
        "flips": result.flips.to_dicts(),
    }
    return json.dumps(plain, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _output(name: str, result: GateResult) -> str:
    """What the table of outputs makes of a result."""
    from rai.gates.outputs.table import OUTPUTS

    return OUTPUTS[name](result)


def _markdown(result: GateResult) -> str:
    from rai.reports.gate_markdown import gate_markdown

    return gate_markdown(result)


def _html(result: GateResult) -> str:
    from rai.reports.gate_page import gate_page

    return gate_page(result)


FORMATS: dict[str, Callable[[GateResult], str]] = {
    "text": _text,
    "json": _json,
    "junit": partial(_output, "junit"),
    "sarif": partial(_output, "sarif"),
    "github": partial(_output, "github"),
    "markdown": _markdown,
    "html": _html,
}
