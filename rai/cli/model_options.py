"""Options that say which model is meant, shared by the commands that call one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rai.cli.options import Text, Texts
from rai.cli.rows import DATASET, own_dataset
from rai.engines.spelling import canonical, typed
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence

if TYPE_CHECKING:
    from rai import Model

model_option = partial(typer.Option, rich_help_panel="Model")

Rows = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="A CSV or Parquet file; or dataset:NAME or dataset:NAME/SPLIT, one of rai's own.",
    ),
]
ModelSource = Annotated[
    Text,
    model_option(
        "--model",
        metavar="PATH|URL",
        help="A model's file (.onnx, .skops, .json, .ubj, .txt, .cbm, or a pickle with --trust), an "
        "MLflow URI or folder, or an endpoint's URL.",
    ),
]
Task = Annotated[
    Literal["binary", "multiclass", "regression"] | None,
    model_option(metavar="TASK", help="binary, multiclass or regression, where the model doesn't say."),
]
Classes = Annotated[
    Texts,
    model_option(
        "--class",
        metavar="LABEL",
        help="A label, in the order of the model's outputs, where it doesn't say. Repeatable.",
    ),
]
PositiveClass = Annotated[
    Text,
    model_option(
        "--positive-label", metavar="LABEL", help="The positive one of two; the last one if not given."
    ),
]
FeatureNames = Annotated[
    Texts,
    model_option(
        "--feature", metavar="COLUMN", help="A column it reads, where it doesn't say. Repeatable."
    ),
]
Margins = Annotated[
    bool, model_option("--margins", help="Its scores are margins, cut at 0, and no probabilities.")
]
Trust = Annotated[
    Text,
    model_option(
        metavar="SHA256", help="Of a pickle or an MLflow folder that you know and whose code may run."
    ),
]
TrustedTypes = Annotated[
    Texts,
    model_option("--trusted-type", metavar="TYPE", help="That a skops file may hold. Repeatable."),
]
Hosts = Annotated[
    Texts,
    model_option("--host", metavar="HOST", help="That rows may be sent to, beside this machine."),
]
Timeout = Annotated[
    float, model_option(metavar="SECONDS", help="To wait for one answer of an endpoint.")
]
RequestRows = Annotated[int, model_option(metavar="N", help="Rows in one request to an endpoint.")]


def loaded(
    model: str | None,
    *,
    task: Literal["binary", "multiclass", "regression"] | None,
    classes: list[str] | None,
    positive_label: str | None,
    features: list[str] | None,
    margins: bool,
    trust: str | None,
    trusted_types: list[str] | None,
    hosts: list[str] | None,
    timeout: float,
    request_rows: int,
) -> Model:
    """The model that was meant, from the options above.

    Labels are read as numbers, or as true and false, if all of them look so.

    Raises:
        ArgumentError: No model, or a positive label that isn't one of its classes.
    """
    import rai

    if model is None:
        expected = "the model's file, or its URL"
        raise ArgumentError(sentence("--model", "nothing", expected=expected))
    labels = typed(classes or ())
    load = partial(
        rai.load_model,
        model,
        task=task,
        classes=[labels[text] for text in classes] if classes else None,
        features=features or None,
        probabilities=False if margins else None,
        trust=trust,
        trusted_types=trusted_types or (),
        hosts=hosts or (),
        timeout=timeout,
        request_rows=request_rows,
    )
    known = load()
    if positive_label is None:
        return known
    wanted = _positive(known, positive_label)
    return known if wanted == known.positive_label else load(positive_label=wanted)


def rows_of(data: str) -> Any:
    """A path as it is, or the rows of one of rai's own data sets."""
    return own_dataset(data).frame if data.startswith(DATASET) else data


def _positive(model: Model, text: str) -> Any:
    """The class that a text spells."""
    where = "--positive-label"
    if model.task != "binary":
        seen = f"{text!r} for a {model.task} model"
        raise ArgumentError(sentence(where, seen, expected="none"))
    for label in model.classes:
        if canonical(label) == canonical(text):
            return label
    expected, hint = f"one of {listing(model.classes)}", did_you_mean(text, model.classes)
    raise ArgumentError(sentence(where, repr(text), expected=expected, hint=hint))
