"""Options that commands share, and what is written in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

import typer

from rai.ground.errors import ArgumentError, sentence

MOST_QUANTILE_GROUPS = 20
CUT_FORMS = "COLUMN=EDGES, as in age=25,45 (one edge: age=25,), or COLUMN=GROUPS, as in age=4"

Text = str | None
Texts = list[str] | None

column = partial(typer.Option, metavar="COLUMN", rich_help_panel="Columns")
counting = partial(typer.Option, rich_help_panel="Counting")
showing = partial(typer.Option, rich_help_panel="Showing")

Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="A CSV or Parquet file; or dataset:NAME or dataset:NAME/SPLIT, one of rai's own, "
        "whose card fills in the columns that you leave out.",
    ),
]
YTrue = Annotated[Text, column(help="True labels (or values).")]
YPred = Annotated[Text, column(help="Predicted labels (or values).")]
YScore = Annotated[Text, column(help="Scores: higher means more likely positive.")]
Sensitive = Annotated[Texts, column(help="Groups of people. Repeatable.")]
Control = Annotated[Texts, column(help="Held fixed when groups are compared. Repeatable.")]
SampleWeight = Annotated[Text, column(help="Weights of rows.")]
PositiveLabel = Annotated[
    Text,
    counting(
        metavar="LABEL",
        help="The label that counts as positive, as text: 1 also means 1.0, true also means True.",
    ),
]
Bins = Annotated[str, counting(metavar="N|exact", help="Score bins from 0 to 1, or exact: every score.")]
Cut = Annotated[
    Texts,
    counting(
        metavar="COLUMN=CUT",
        help="Ranges of a numeric column: age=25,45,65 cuts at these edges (a range holds its lower "
        "one), age=25, at this one, age=4 into quarters. Repeatable.",
    ),
]
Coverage = Annotated[float, counting(metavar="SHARE", help="Coverage of the intervals.")]
Seed = Annotated[int, counting(metavar="N", help="Seed of the draws behind gaps.")]
AsJson = Annotated[bool, showing("--json", help="Print JSON instead of tables.")]
Quiet = Annotated[bool, showing("--quiet", help="Print nothing but errors.")]


def read_bins(text: str) -> int | Literal["exact"]:
    """A number of bins, or exact."""
    if text == "exact":
        return "exact"
    if not text.isdecimal():
        raise ArgumentError(sentence("--bins", repr(text), expected="a whole number, or exact"))
    return int(text)


def read_cuts(texts: Sequence[str]) -> dict[str, tuple[float, ...] | int]:
    """Cuts as they are written: edges where there is a comma, else a number of quantile groups.

    Example:
        >>> read_cuts(["age=25,45", "income=4", "height=170,"])
        {'age': (25.0, 45.0), 'income': 4, 'height': (170.0,)}
    """
    cuts: dict[str, tuple[float, ...] | int] = {}
    for text in texts:
        name, _, written = text.rpartition("=")
        if name in cuts:
            raise ArgumentError(sentence("--cut", f"{name!r} twice", expected="one cut for a column"))
        cuts[name] = _cut(text, name, written)
    return cuts


def _cut(text: str, name: str, written: str) -> tuple[float, ...] | int:
    try:
        if name and "," in written:
            return tuple(float(edge) for edge in written.removesuffix(",").split(","))
        groups = int(written) if name else 0
    except ValueError:
        groups = 0
    if not groups:
        raise ArgumentError(sentence("--cut", repr(text), expected=CUT_FORMS))
    if groups > MOST_QUANTILE_GROUPS:
        seen, expected = f"{groups} quantile groups", f"at most {MOST_QUANTILE_GROUPS}"
        hint = f"To cut at {groups}, write {name}={groups}, with a comma."
        raise ArgumentError(sentence(f"--cut {text!r}", seen, expected=expected, hint=hint))
    return groups
