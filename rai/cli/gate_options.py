"""What `rai gate` takes, made into an audit and what else the gate is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rai.cli.rows import DATASET, filled, own_dataset
from rai.cli.screen import bar
from rai.ground.errors import ArgumentError, sentence

if TYPE_CHECKING:
    from rai import Audit, Model
    from rai.gates.policy_files import Loaded

SCORE, PREDICTION = "(score)", "(prediction)"  # columns of a model that was asked


class Given(NamedTuple):
    """What a gate is held against.

    Attributes:
        audit: The candidate's audit.
        data: The rows; None where only an audit is there.
        baseline: What `rai.gate` takes as one.
    """

    audit: Audit
    data: Any
    baseline: Any


def given(
    loaded: Loaded,
    *,
    audit: Path | None,
    data: str | None,
    columns: Mapping[str, Any],
    model: Model | None,
    baseline: Any,
    quiet: bool,
) -> Given:
    """The audit, read or made.

    Args:
        loaded: The policy, whose `audit` part names columns.
        audit: A saved audit.
        data: A file of rows, or a data set of rai's own.
        columns: Columns named on the command line, before those of the policy and of a card.
        model: The candidate, asked about every row where no column holds its scores.
        baseline: A column, a file or nothing.
        quiet: Whether no bar is shown.

    Raises:
        ArgumentError: Neither an audit nor rows, or a column that nobody names.
    """
    import rai

    if audit is None and data is None:
        expected = "--data, the rows; or --audit, a saved audit"
        raise ArgumentError(sentence("rai gate", "nothing to look at", expected=expected))
    rows = None if data is None else _rows(data)
    if audit is not None:
        return Given(rai.Audit.load(audit), rows, baseline)
    asked = _arguments(loaded, data or "", columns)
    if model is not None and asked["y_score"] is None and asked["y_pred"] is None:
        rows, asked = _scored(rows, asked, model)
    for name, option in (("y_true", "--y-true"), ("sensitive_features", "--sensitive")):
        if not asked[name]:
            hint = f"Name it under audit: in the policy, as {name}."
            raise ArgumentError(sentence(option, "nothing", expected="a column", hint=hint))
    with bar(shown=not quiet) as progress:
        found = rai.audit(rows, **asked, progress=progress)
    return Given(found, rows, baseline or loaded.policy.audit.baseline)


def _rows(data: str) -> Any:
    return own_dataset(data).frame if data.startswith(DATASET) else data


def _arguments(loaded: Loaded, data: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the audit: of the command line, else of the policy, else of a card."""
    from rai.gates.columns import audit_arguments

    asked = {**audit_arguments(loaded), **{name: held for name, held in columns.items() if held}}
    return filled(asked, own_dataset(data).roles) if data.startswith(DATASET) else asked


def _scored(rows: Any, asked: dict[str, Any], model: Model) -> tuple[Any, dict[str, Any]]:
    """The rows with a column of what the model says, and that column's role."""
    import polars as pl

    import rai
    from rai.explore import read_rows

    frame = read_rows(rows) if isinstance(rows, (str, Path)) else rows
    table = rai.score_rows(model, frame).to_polars()
    scores = "score" in table.columns
    name = SCORE if scores else PREDICTION
    held = table["score" if scores else "prediction"].alias(name)
    made = pl.from_pandas(frame).with_columns(held)
    role = "y_score" if scores else "y_pred"
    positive = asked["positive_label"] if asked["positive_label"] is not None else model.positive_label
    return made, {**asked, role: name, "positive_label": positive}
