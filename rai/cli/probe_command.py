"""`rai probe`: whether a model's scores hold still when nothing that matters changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rai.cli import model_options as of_model
from rai.cli.options import AsJson, Quiet, counting
from rai.cli.screen import console
from rai.ground.formatting import readable

if TYPE_CHECKING:
    from rai import ProbeReport


def probe_command(
    *,
    data: of_model.Rows,
    model: of_model.ModelSource = None,
    n: Annotated[int, counting("--n", metavar="N", help="Rows to ask about.")] = 50,
    seed: Annotated[int, counting(metavar="N", help="Seed of their draw.")] = 0,
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
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Probe a model: batches, order of columns, types, gaps, and which columns it reads.

    Exit code 1 says that a check failed.
    """
    import rai

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
    report = rai.probe_model(known, of_model.rows_of(data), n=n, rng=seed)
    if as_json and not quiet:
        print(report.to_json(indent=1))
    elif not quiet:
        _show(report)
    if not report.passed:
        raise typer.Exit(1)


def _show(report: ProbeReport) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for found in report:
        table.add_row(found.status, readable(found.check), Text(found.detail))
    console().print(table)
    failed = sum(found.status == "fail" for found in report)
    print(f"\n{failed or 'None'} of {len(report)} checks failed.")
