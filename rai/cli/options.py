"""Options that commands share, and what is written in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rai.ground.errors import ArgumentError, sentence

if TYPE_CHECKING:
    from rai.explore.cohorts import Cohorts

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
Where = Annotated[
    Text,
    counting(
        metavar="QUERY",
        help="Which rows are counted, as in 'age > 40 and sex = Female'; the others are left out.",
    ),
]
NamedCohorts = Annotated[
    Texts,
    counting(
        metavar="NAME=QUERY",
        help="People in and out of a query are compared, as in 'older women=age > 40 and sex = Female'. "
        "Repeatable.",
    ),
]
CohortsFile = Annotated[
    Path | None,
    counting("--cohorts", metavar="FILE", help="The same from a file, a NAME: QUERY a line."),
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


def read_cohorts(texts: Sequence[str], file: Path | None) -> Cohorts:
    """Cohorts as they are written, after those of a file.

    Example:
        >>> print(read_cohorts(["older women=age > 40 and sex=Female"], None))
        cohort       where
        older women  age > 40 and sex = Female
    """
    from rai.explore.cohorts import Cohort, Cohorts

    named = list(Cohorts() if file is None else Cohorts.load(file))
    for text in texts:
        name, mark, query = text.partition("=")
        if not mark or not name.strip():
            hint = "A name that holds = goes into a file, for --cohorts."
            expected = "NAME=QUERY, as in 'young=age < 30'"
            raise ArgumentError(sentence("--cohort", repr(text), expected=expected, hint=hint))
        named.append(Cohort(name.strip(), query))  # type: ignore[arg-type]
    return Cohorts(named)


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
