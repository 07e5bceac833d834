"""`rai policy`: look a policy over, say it in words, or print its JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from rai.cli.endings import answering
from rai.cli.options import AsJson, showing
from rai.ground.errors import PolicyError

Files = Annotated[
    list[str], typer.Argument(metavar="POLICY...", help="Policy files, or names of packs.")
]


def lint_command(*, policies: Files, as_json: AsJson = False) -> None:
    """Say what is wrong with policies, and which waivers have expired. Exit code 1 if anything is."""
    from rai.gates.linting import lint_policy
    from rai.gates.policy_files import load_policy

    wrong, rows = 0, []
    for name in policies:
        try:
            found = [remark.to_dict() for remark in lint_policy(load_policy(name))]
        except PolicyError as error:
            found = [{"severity": "error", "line": None, "text": str(error)}]
        wrong += sum(row["severity"] == "error" for row in found)
        rows += [{"policy": name, **row} for row in found]
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
    for row in [] if as_json else rows:
        where = f"{row['policy']}, line {row['line']}: " if row["line"] else ""
        whose = where or (
            "" if str(row["text"]).startswith(str(row["policy"])) else f"{row['policy']}: "
        )
        print(f"{row['severity']}: {whose}{row['text']}", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)


def explain_command(
    *,
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="A policy file, or the name of a pack.")
    ],
) -> None:
    """Say in words what a policy asks."""
    from rai.gates.explaining import explained
    from rai.gates.policy_files import load_policy

    print(explained(load_policy(policy)))


def schema_command(
    *,
    out: Annotated[
        Path | None, showing(metavar="PATH", help="The file to write; standard output if not given.")
    ] = None,
) -> None:
    """Print the JSON Schema of policies, for editors."""
    from rai.gates.schema import policy_schema
    from rai.ground.files import write_text

    text = json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
    else:
        write_text(out, text)


policy_app = typer.Typer(no_args_is_help=True, add_completion=False)
policy_app.command("lint", no_args_is_help=True)(answering(lint_command))
policy_app.command("explain", no_args_is_help=True)(answering(explain_command))
policy_app.command("schema")(answering(schema_command))
