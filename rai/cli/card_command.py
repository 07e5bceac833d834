"""`rai card`: a model card from the evidence of a gate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rai.cli.formats import split_formats
from rai.cli.options import Quiet, Text, Texts, showing


def card_command(
    *,
    evidence: Annotated[
        Path, typer.Argument(metavar="EVIDENCE", help="What rai gate --evidence wrote.")
    ],
    words: Annotated[
        Path | None,
        showing(metavar="FILE", help="What people have to say: a YAML file with overview, owners, …"),
    ] = None,
    name: Annotated[Text, showing(metavar="TEXT", help="Name of the model.")] = None,
    formats: Annotated[
        Texts,
        showing(
            "--format",
            metavar="NAME[=PATH]",
            help="markdown, html, huggingface, model-card-toolkit or cyclonedx; on the screen, or in a "
            "file. Repeatable.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a model card: numbers from the evidence; what only people know is marked if missing."""
    from rai.gates.evidence import read_evidence
    from rai.ground.files import write_texts
    from rai.reports.cards import FORMATS, card

    wanted = split_formats(formats or ["markdown"], FORMATS)
    made = card(read_evidence(evidence), words=words, model_name=name)
    write_texts({each.path: FORMATS[each.format](made) for each in wanted if each.path is not None})
    for each in wanted:
        if each.path is None and not quiet:
            print(FORMATS[each.format](made), end="")
    if made.missing and not quiet:
        print(f"Missing, and for people to write: {', '.join(made.missing)}.", file=sys.stderr)
