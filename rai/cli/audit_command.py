"""`rai audit`: a model's decisions by group, on the screen, as JSON, or as a report."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rai.cli.options import (
    AsJson,
    Bins,
    CohortsFile,
    Control,
    Coverage,
    Cut,
    Data,
    NamedCohorts,
    PositiveLabel,
    Quiet,
    SampleWeight,
    Seed,
    Sensitive,
    Text,
    Where,
    YPred,
    YScore,
    YTrue,
    counting,
    read_bins,
    read_cohorts,
    read_cuts,
    showing,
)
from rai.cli.rows import opened
from rai.cli.screen import bar, console
from rai.ground.records import Row

if TYPE_CHECKING:
    from rai import Audit


def audit_command(
    *,
    context: typer.Context,
    data: Data,
    y_true: YTrue = None,
    y_pred: YPred = None,
    y_score: YScore = None,
    sensitive: Sensitive = None,
    control: Control = None,
    sample_weight: SampleWeight = None,
    positive_label: PositiveLabel = None,
    threshold: Annotated[
        list[float] | None,
        counting(metavar="SCORE", help="Positive from this score on; 0.5 if not given. Repeatable."),
    ] = None,
    bins: Bins = "1000",
    cut: Cut = None,
    where: Where = None,
    cohort: NamedCohorts = None,
    cohorts: CohortsFile = None,
    level: Coverage = 0.95,
    task: Annotated[
        Literal["auto", "binary", "multiclass", "regression"],
        counting(metavar="TASK", help="binary, multiclass or regression; auto reads it off the labels."),
    ] = "auto",
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        showing(
            metavar="PATH",
            help="Write the report: a folder for audit.html, audit.json and audit.md, or one such file.",
        ),
    ] = None,
    title: Annotated[Text, showing(metavar="TEXT", help="Title of the report.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Audit a model's decisions by group: rates, gaps between groups, and how sure they are."""
    import rai
    from rai.reports.terminal import print_audit

    given = {
        "y_true": y_true,
        "y_pred": y_pred,
        "y_score": y_score,
        "sensitive_features": tuple(sensitive or ()),
        "control_features": tuple(control or ()),
        "sample_weight": sample_weight,
        "positive_label": positive_label,
        "cuts": read_cuts(cut or ()),
        "where": where,
        "cohorts": read_cohorts(cohort or (), cohorts),
        "thresholds": tuple(threshold or (0.5,)),
        "bins": read_bins(bins),
        "level": level,
        "task": task,
        "seed": seed,
    }
    rows, arguments = opened(data, given)
    with bar(shown=not quiet) as progress:
        found = rai.audit(rows, **arguments, progress=progress)
    if out is not None:
        rai.report(found, out, title=title, command=context.obj)
    if as_json and not quiet:
        print(_answers(found))
    elif not quiet:
        print_audit(found, console())
    if out is not None and not quiet:
        print(f"Report: {out / 'audit.html' if out.is_dir() else out}", file=sys.stderr)


def _answers(found: Audit) -> str:
    """The audit as JSON: metrics of everyone and along each comparison, and gaps, at each threshold."""
    metrics: list[Row] = []
    gaps: list[Row] = []
    for threshold in found.thresholds or (None,):
        at: Row = {"threshold": threshold}
        for axes in ((), *found.comparisons):
            metrics += [at | row for row in found.metrics(by=axes, threshold=threshold).to_dicts()]
        gaps += [at | row for row in found.gaps(threshold=threshold).to_dicts()]
    facts = {"task": found.task, "rows": found.rows, "dropped": found.dropped, "level": found.level}
    answers = {**facts, "metrics": metrics, "gaps": gaps}
    return json.dumps(answers, indent=1, allow_nan=False, ensure_ascii=False)
