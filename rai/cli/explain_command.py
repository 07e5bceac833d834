"""`rai explain`: what each column contributes to a model's scores, by group, and to a gap."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from rai.cli import model_options as of_model
from rai.cli.options import (
    AsJson,
    Coverage,
    Cut,
    Quiet,
    Seed,
    Sensitive,
    Text,
    Texts,
    YTrue,
    counting,
    read_cuts,
    showing,
)
from rai.cli.rows import DATASET, own_dataset
from rai.cli.screen import bar, console
from rai.ground.errors import ArgumentError, sentence
from rai.ground.records import Records, Row

if TYPE_CHECKING:
    from rai import Attributions

PLAYER_FORM = "NAME=COLUMN,COLUMN, as in where=state,county"


def explain_command(
    *,
    data: of_model.Rows,
    model: of_model.ModelSource = None,
    background: Annotated[
        Text,
        counting(
            metavar="DATA",
            help="The rows that stand in for what is left out, all of them: a file, or dataset:NAME; "
            "if not given the rows themselves, and it is said how many.",
        ),
    ] = None,
    method: Annotated[
        str, counting(metavar="METHOD", help="auto takes the exact and fastest; see the guide.")
    ] = "auto",
    space: Annotated[
        Literal["auto", "margin", "probability", "decision", "prediction", "loss"],
        counting(metavar="SPACE", help="auto, margin, probability, decision, prediction or loss."),
    ] = "auto",
    player: Annotated[
        Texts,
        counting(metavar="NAME=COLUMNS", help=f"Columns that move together: {PLAYER_FORM}. Repeatable."),
    ] = None,
    y_true: YTrue = None,
    loss: Annotated[
        Text,
        counting(metavar="LOSS", help="log_loss, zero_one, squared_error or absolute_error."),
    ] = None,
    threshold: Annotated[
        float | None,
        counting(metavar="SCORE", help="Decided positive from this score on; the model's if not given."),
    ] = None,
    sensitive: Sensitive = None,
    cut: Cut = None,
    gap: Annotated[
        Texts,
        counting(
            metavar="METRIC",
            help="A gap between groups to take apart, as in demographic_parity. Repeatable.",
        ),
    ] = None,
    budget: Annotated[
        int | None,
        counting(metavar="N", help="Rows that the model may be asked about, for an estimate."),
    ] = None,
    level: Coverage = 0.95,
    seed: Seed = 0,
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
    row: Annotated[
        list[int] | None,
        showing(metavar="N", help="A row to show, counted from 0. Repeatable."),
    ] = None,
    to: Annotated[
        Path | None,
        showing(metavar="FILE", help="Write the attributions of every row: a .parquet file."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Explain a model's scores: what each column contributes, for everyone and by group.

    The parts of a row add up to the model's own score of it. They say what the model makes of its
    columns, not what causes what.
    """
    import rai
    from rai.reports.attribution_terminal import print_attributions

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
    rows, groups = of_model.rows_of(data), tuple(sensitive or ())
    shared: dict[str, Any] = {
        "background": None if background is None else of_model.rows_of(background),
        "players": read_players(player or ()),
        "budget": budget,
        "rng": seed,
    }
    label = y_true or _own_label(data, needed=space == "loss" or bool(gap))
    cuts = read_cuts(cut or ())
    with bar(shown=not quiet, doing="Explaining") as progress:
        found = rai.explain(
            known, rows, method=method, space=space, loss=loss, threshold=threshold, progress=progress,
            y_true=label if space == "loss" else None, by=groups or None, **shared,
        )  # fmt: skip
    summary = rai.explainers.summarize(
        found, by=groups or None, cuts=cuts or None, level=level, rng=seed
    )
    parts = []
    for metric in gap or ():
        with bar(shown=not quiet, doing="Taking the gap apart") as progress:
            part = rai.attribute_gap(
                known, rows, metric=metric, sensitive_features=_needed(groups), y_true=label,
                cuts=cuts or None, threshold=threshold, level=level, progress=progress, **shared,
            )  # fmt: skip
        parts.append(part)
    if to is not None:
        found.save(to)
    if as_json and not quiet:
        print(_answers(found, summary, parts, row or ()))
    elif not quiet:
        print_attributions(found, summary=summary, gaps=parts, rows=row or (), console=console())
    if to is not None and not quiet:
        print(f"Attributions: {to}", file=sys.stderr)


def read_players(texts: Sequence[str]) -> Any:
    """Players as they are written.

    Example:
        >>> read_players(["where=state,county"]), read_players([])
        ({'where': ['state', 'county']}, 'raw')
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        name, mark, columns = text.partition("=")
        if not mark or not name or not columns or name in found:
            raise ArgumentError(sentence("--player", repr(text), expected=PLAYER_FORM))
        found[name] = [column.strip() for column in columns.split(",")]
    return found or "raw"


def _own_label(data: str, *, needed: bool) -> str | None:
    """The column of labels that a data set of rai's own names on its card."""
    return own_dataset(data).roles.y_true if needed and data.startswith(DATASET) else None


def _needed(groups: tuple[str, ...]) -> tuple[str, ...]:
    if not groups:
        hint = "Pass --sensitive, the columns that make up the groups."
        raise ArgumentError(sentence("--gap", "no groups", expected="groups", hint=hint))
    return groups


def _answers(found: Attributions, summary: Records, gaps: Sequence[Any], rows: Sequence[int]) -> str:
    """Everything as JSON."""
    facts: Row = {
        name: getattr(found, name)
        for name in ("method", "space", "exact", "why", "background", "background_n",
                     "background_digest", "model_digest")
    }  # fmt: skip
    answers = {
        **facts,
        "rows": len(found),
        "completeness_error": float(abs(found.completeness_error).max()),
        "notes": list(found.notes),
        "features": summary.to_dicts(),
        "gaps": [{"notes": list(gap.notes), "parts": gap.to_dicts()} for gap in gaps],
        "explained": {str(row): found.row(row).to_dicts() for row in rows},
    }
    return json.dumps(answers, indent=1, allow_nan=False, ensure_ascii=False)
