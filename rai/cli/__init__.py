"""The command line: public functions of rai, with options for arguments.

    rai audit DATA --y-true C (--y-pred C | --y-score C) --sensitive C    audit a file or a data set
    rai profile DATA... --sensitive C                                     look at data, and what is wrong
    rai thresholds DATA --y-true C --y-score C --sensitive C              choose, compare, judge
    rai explain DATA --model PATH|URL --sensitive C                       what each column contributes
    rai score DATA --model PATH|URL --to FILE                             a model's scores of every row
    rai probe DATA --model PATH|URL                                       whether its scores hold still
    rai gate --policy FILE --data DATA                                    may this model go out?
    rai card EVIDENCE                                                     a card of the model
    rai policy lint|explain|schema                                        look a policy over
    rai app [DATA] --model PATH|URL                                       look, edit, decide: by hand
    rai datasets [NAME]                                                   list them, or show a card

Exit codes: 0 all went well; 1 a check failed; 2 a wrong call, unusable data, or a fault of rai;
3 a gate is inconclusive; 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer

from rai.cli import (
    app_command,
    audit_command,
    card_command,
    datasets_command,
    explain_command,
    gate_command,
    policy_command,
    probe_command,
    profile_command,
    score_command,
    thresholds_command,
)
from rai.cli.endings import answering

app = typer.Typer(
    help="Who is harmed by a model's errors, and how sure that is.",
    epilog="Try: rai audit dataset:acs_employment/2018",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """What the `rai` command runs."""
    app(prog_name="rai", obj=shlex.join(["rai", *sys.argv[1:]]))


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from rai import __version__

        print(f"rai {__version__}")
        raise typer.Exit


@app.callback()
def rai_command(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """What all commands share."""


app.command("audit", no_args_is_help=True)(answering(audit_command.audit_command))
app.command("profile", no_args_is_help=True)(answering(profile_command.profile_command))
app.command("thresholds", no_args_is_help=True)(answering(thresholds_command.thresholds_command))
app.command("explain", no_args_is_help=True)(answering(explain_command.explain_command))
app.command("score", no_args_is_help=True)(answering(score_command.score_command))
app.command("probe", no_args_is_help=True)(answering(probe_command.probe_command))
app.command("app")(answering(app_command.app_command))
app.command("datasets")(answering(datasets_command.datasets_command))
app.command("card", no_args_is_help=True)(answering(card_command.card_command))
app.add_typer(gate_command.gate_app, name="gate", help="Hold a model against a policy.")
app.add_typer(policy_command.policy_app, name="policy", help="Look a policy over.")

__all__ = ["app", "main"]
