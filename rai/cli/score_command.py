"""`rai score`: a model's scores of every row, in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from rai.cli import model_options as of_model
from rai.cli.options import Quiet, Text, Texts, column, counting, showing
from rai.cli.screen import bar
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted

BATCH_ROWS = 1 << 17


def score_command(
    *,
    data: of_model.Rows,
    model: of_model.ModelSource = None,
    to: Annotated[
        Path | None, showing(metavar="PATH", help="The file to write: .parquet or .csv.")
    ] = None,
    row_id: Annotated[Text, column(help="Names a row; its position, from 0, if not given.")] = None,
    keep: Annotated[Texts, column(help="Copied beside the scores. Repeatable.")] = None,
    threshold: Annotated[
        float | None,
        counting(metavar="SCORE", help="Predicted positive from this score on; 0.5 if not given."),
    ] = None,
    batch_rows: Annotated[
        int, counting(metavar="N", help="Rows in one call of the model.")
    ] = BATCH_ROWS,
    task: of_model.Task = None,
    classes: of_model.Classes = None,
    positive_label: of_model.PositiveClass = None,
    features: of_model.FeatureNames = None,
    margins: of_model.Margins = False,
    trust: of_model.Trust = None,
    trusted_types: of_model.TrustedTypes = None,
    hosts: of_model.Hosts = None,
    timeout: of_model.Timeout = 30.0,
    request_rows: of_model.RequestRows = 1000,
    quiet: Quiet = False,
) -> None:
    """Score every row with a model: a file of row ids, scores and predictions.

    A CSV or Parquet file is read piece by piece, so it may be larger than memory.
    """
    import rai

    if to is None:
        raise ArgumentError(sentence("--to", "nothing", expected="a .parquet or .csv file to write"))
    known = of_model.loaded(
        model,
        task=task,
        classes=classes,
        positive_label=positive_label,
        features=features,
        margins=margins,
        trust=trust,
        trusted_types=trusted_types,
        hosts=hosts,
        timeout=timeout,
        request_rows=request_rows,
    )
    rows = of_model.rows_of(data)
    with bar(shown=not quiet, doing="Scoring") as progress:
        scores = rai.score_rows(
            known,
            rows,
            to=to,
            row_id=row_id,
            keep=keep or (),
            threshold=threshold,
            batch_rows=batch_rows,
            progress=progress,
        )
    if not quiet:
        print(f"Scores: {to}, {counted(scores.rows, 'row')}", file=sys.stderr)
