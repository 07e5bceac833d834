"""The command line: public functions of rai, with options for arguments.

    rai audit DATA --y-true C (--y-pred C | --y-score C) --sensitive C    audit a file or a data set
    rai datasets [NAME]                                                   list them, or show a card

Exit codes: 0 all went well; 2 a wrong call, unusable data, or a fault of rai; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rai.ground.errors import ArgumentError, RaiError, sentence
from rai.ground.formatting import text_table
from rai.ground.records import Row
from rai.values import Roles

if TYPE_CHECKING:
    from rich.console import Console

    from rai import Audit

DATASET = "dataset:"
MOST_QUANTILE_GROUPS = 20
PATIENCE = 1.0  # seconds before a bar appears
FEWEST_COLUMNS = 100
CUT_FORMS = "COLUMN=EDGES, as in age=25,45 (one edge: age=25,), or COLUMN=GROUPS, as in age=4"

Progress = Callable[[int, int | None], None]
Text = str | None
Texts = list[str] | None

_column = partial(typer.Option, metavar="COLUMN", rich_help_panel="Columns")
_counting = partial(typer.Option, rich_help_panel="Counting")
_showing = partial(typer.Option, rich_help_panel="Showing")

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


def _answering(command: Callable[..., None]) -> Callable[..., None]:
    """The command, its errors turned into one sentence and an exit code."""

    @wraps(command)
    def answering(**options: Any) -> None:
        try:
            command(**options)
            sys.stdout.flush()
        except RaiError as error:
            raise _stopped(str(error)) from error
        except BrokenPipeError as error:  # whoever read our output has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from error
        except KeyboardInterrupt as error:
            raise _stopped("Interrupted.", code=130) from error
        except Exception as error:
            if os.environ.get("RAI_TRACEBACK") == "1":
                traceback.print_exc()
            raise _stopped(_fault(error)) from error

    return answering


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


@app.command("audit", no_args_is_help=True)
@_answering
def audit_command(
    *,
    context: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A CSV or Parquet file; or dataset:NAME or dataset:NAME/SPLIT, one of rai's own, "
            "whose card fills in the columns that you leave out.",
        ),
    ],
    y_true: Annotated[Text, _column(help="True labels (or values).")] = None,
    y_pred: Annotated[Text, _column(help="Predicted labels (or values).")] = None,
    y_score: Annotated[Text, _column(help="Scores: higher means more likely positive.")] = None,
    sensitive: Annotated[Texts, _column(help="Groups of people. Repeatable.")] = None,
    control: Annotated[Texts, _column(help="Held fixed when groups are compared. Repeatable.")] = None,
    sample_weight: Annotated[Text, _column(help="Weights of rows.")] = None,
    positive_label: Annotated[
        Text,
        _counting(
            metavar="LABEL",
            help="The label that counts as positive, as text: 1 also means 1.0, true also means True.",
        ),
    ] = None,
    threshold: Annotated[
        list[float] | None,
        _counting(metavar="SCORE", help="Positive from this score on; 0.5 if not given. Repeatable."),
    ] = None,
    bins: Annotated[
        str, _counting(metavar="N|exact", help="Score bins from 0 to 1, or exact: every score.")
    ] = "1000",
    cut: Annotated[
        Texts,
        _counting(
            metavar="COLUMN=CUT",
            help="Ranges of a numeric column: age=25,45,65 cuts at these edges (a range holds its lower "
            "one), age=25, at this one, age=4 into quarters. Repeatable.",
        ),
    ] = None,
    level: Annotated[float, _counting(metavar="SHARE", help="Coverage of the intervals.")] = 0.95,
    task: Annotated[
        Literal["auto", "binary", "multiclass", "regression"],
        _counting(
            metavar="TASK", help="binary, multiclass or regression; auto reads it off the labels."
        ),
    ] = "auto",
    seed: Annotated[int, _counting(metavar="N", help="Seed of the draws behind gaps.")] = 0,
    out: Annotated[
        Path | None,
        _showing(
            metavar="PATH",
            help="Write the report: a folder for audit.html, audit.json and audit.md, or one such file.",
        ),
    ] = None,
    title: Annotated[Text, _showing(metavar="TEXT", help="Title of the report.")] = None,
    as_json: Annotated[bool, _showing("--json", help="Print JSON instead of tables.")] = False,
    quiet: Annotated[bool, _showing("--quiet", help="Print nothing but errors.")] = False,
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
        "cuts": _cuts(cut or ()),
        "thresholds": tuple(threshold or (0.5,)),
        "bins": _bins(bins),
        "level": level,
        "task": task,
        "seed": seed,
    }
    rows, arguments = _opened(data, given)
    with _bar(shown=not quiet) as progress:
        found = rai.audit(rows, **arguments, progress=progress)
    if out is not None:
        rai.report(found, out, title=title, command=context.obj)
    if as_json and not quiet:
        print(_answers(found))
    elif not quiet:
        print_audit(found, _console())
    if out is not None and not quiet:
        print(f"Report: {out / 'audit.html' if out.is_dir() else out}", file=sys.stderr)


@app.command("datasets")
@_answering
def datasets_command(
    *, name: Annotated[str | None, typer.Argument(help="Show the card of this one.")] = None
) -> None:
    """List the data sets that come with rai, or show the card of one."""
    from rai.dataset_cards import dataset_card, dataset_cards

    if name is None:
        shown = ("name", "rows", "sensitive_features", "title")
        cards = [card.to_dict() for card in dataset_cards()]
        print(text_table([{key: card[key] for key in shown} for card in cards]))
        print("\nA card:    rai datasets adult\nAn audit:  rai audit dataset:acs_employment/2018")
        return
    text = dataset_card(name).text
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")


def _opened(data: str, given: Mapping[str, Any]) -> tuple[object, dict[str, Any]]:
    """The rows to audit, and the arguments with what a card adds to them."""
    if data.startswith(DATASET):
        from rai import load_dataset

        name, _, split = data.removeprefix(DATASET).partition("/")
        dataset = load_dataset(name, split or None)
        return dataset.frame, _filled(given, dataset.roles)
    if given["y_true"] is None:
        raise ArgumentError(sentence("--y-true", "nothing", expected="the column of true labels"))
    if not given["sensitive_features"]:
        expected = "at least one column that names groups"
        raise ArgumentError(sentence("--sensitive", "nothing", expected=expected))
    return data, dict(given)


def _filled(given: Mapping[str, Any], card: Roles) -> dict[str, Any]:
    """The arguments given, other roles from a card: but no second outcome, and no column twice."""
    taken = {given[role] for role in ("y_true", "y_pred", "y_score", "sample_weight")}
    taken |= {*given["sensitive_features"], *given["control_features"]}
    roles = {**given, "y_true": given["y_true"] or card.y_true}
    if given["y_pred"] is None and given["y_score"] is None:
        roles |= {"y_pred": card.y_pred, "y_score": card.y_score}
    if roles["y_true"] == card.y_true:
        roles["positive_label"] = given["positive_label"] or card.positive_label
    for role in ("sensitive_features", "control_features"):
        roles[role] = given[role] or tuple(name for name in getattr(card, role) if name not in taken)
    axes = {*roles["sensitive_features"], *roles["control_features"]}
    cuts = {name: cut for name, cut in card.cuts.items() if name in axes}
    return {**roles, "cuts": {**cuts, **given["cuts"]}}


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


def _bins(text: str) -> int | Literal["exact"]:
    if text == "exact":
        return "exact"
    if not text.isdecimal():
        raise ArgumentError(sentence("--bins", repr(text), expected="a whole number, or exact"))
    return int(text)


def _cuts(texts: Sequence[str]) -> dict[str, tuple[float, ...] | int]:
    """Cuts as they are written: edges where there is a comma, else a number of quantile groups.

    Example:
        >>> _cuts(["age=25,45", "income=4", "height=170,"])
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


@contextmanager
def _bar(*, shown: bool) -> Iterator[Progress | None]:
    """A bar on a terminal's stderr, from the first second on; None where there is no terminal."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich import progress
    from rich.console import Console

    columns = ("Counting", progress.BarColumn(), "{task.completed:,.0f} rows")
    began, bar = (
        time.monotonic(),
        progress.Progress(*columns, console=Console(stderr=True), transient=True),
    )
    task = bar.add_task("", total=None)

    def show(done: int, total: int | None) -> None:
        bar.update(task, completed=done, total=total)
        if time.monotonic() - began > PATIENCE:
            bar.start()

    try:
        yield show
    finally:
        bar.stop()


def _console() -> Console:
    """Standard output, as wide as the terminal, but wide enough that no number is cut short."""
    from rich.console import Console

    return Console(width=max(FEWEST_COLUMNS, Console().width))


def _stopped(message: str, *, code: int = 2) -> typer.Exit:
    """The end of the command, its reason on stderr."""
    print(message, file=sys.stderr)
    return typer.Exit(code)


def _fault(error: Exception) -> str:
    said = " ".join(str(error).split())
    return (
        f"rai: {type(error).__name__}{f' ({said})' if said else ''}; this is a fault of rai, not of "
        "your call. Set RAI_TRACEBACK=1 to see where it happened."
    )


if __name__ == "__main__":
    main()
