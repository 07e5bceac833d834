"""`rai profile`: what is in data, and what is wrong with it: on the screen, as JSON, or as a report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rai.cli.options import (
    AsJson,
    Cut,
    PositiveLabel,
    Quiet,
    SampleWeight,
    Sensitive,
    Text,
    Texts,
    YTrue,
    column,
    counting,
    read_cuts,
    showing,
)
from rai.cli.profile_options import read_data, read_highlight, read_population
from rai.cli.screen import bar, console
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import readable

if TYPE_CHECKING:
    from rai import DataChecks, Profile, Proxies
    from rai.reports.data_facts import DataFacts
    from rai.values import Level

FAILING = {"serious": ("serious",), "warning": ("serious", "warning")}


def profile_command(
    *,
    context: typer.Context,
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...",
            help="CSV or Parquet files, compared with the first; or dataset:NAME or dataset:NAME/SPLIT, "
            "one of rai's own, whose card fills in the columns that you leave out.",
        ),
    ],
    name: Annotated[
        Texts,
        showing(metavar="NAME", help="Names of the data, in their order; else those of the files."),
    ] = None,
    y_true: YTrue = None,
    sensitive: Sensitive = None,
    sample_weight: SampleWeight = None,
    columns: Annotated[
        Texts, column("--columns", help="Look at this one only. Repeatable; all if not given.")
    ] = None,
    positive_label: PositiveLabel = None,
    cut: Cut = None,
    checks: Annotated[
        bool, counting("--checks/--no-checks", help="Whether to look for problems in the data.")
    ] = True,
    check: Annotated[
        Texts, counting(metavar="CHECK", help="Run only this check. Repeatable; all if not given.")
    ] = None,
    proxies: Annotated[
        bool,
        counting("--proxies", help="How well features of the first data tell sensitive ones; slow."),
    ] = False,
    population: Annotated[
        Path | None,
        counting(
            metavar="FILE",
            help='Shares that groups should have, as JSON: {"sex": {"Female": 0.51, "Male": 0.49}}.',
        ),
    ] = None,
    fail_on: Annotated[
        Literal["serious", "warning"] | None,
        counting(
            metavar="SEVERITY",
            help="serious or warning: exit with 1 if a check finds as much. So does a check named by "
            "--check that could not be run; any other is told on stderr, even with --quiet.",
        ),
    ] = None,
    highlight: Annotated[
        Texts,
        showing(
            metavar="WHAT=SHARE",
            help="Mark shares above this; missing=0.02, zeros=0.1, infinite=0 if not given. Repeatable.",
        ),
    ] = None,
    out: Annotated[
        list[Path] | None,
        showing(
            metavar="PATH",
            help="Write the report: a file ending in .html, .md or .json, or a folder for all three. "
            "Repeatable.",
        ),
    ] = None,
    worksheet: Annotated[
        Path | None,
        showing(metavar="FILE", help="A saved Worksheet: what people answered, for the report."),
    ] = None,
    title: Annotated[Text, showing(metavar="TEXT", help="Title of the report.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look at data first: every column of every data set, how far they differ, and what is wrong.

    Exit code 1 says that a check failed, and only where --fail-on asks for it.
    """
    import rai
    from rai.reports.data_facts import collect_data
    from rai.reports.writing import files_of

    for path in out or ():
        files_of(path, None, name="profile")
    if not checks and (fail_on or check or population):
        raise ArgumentError(sentence("--no-checks", "an option of checks", expected="--checks"))
    given = {
        "y_true": y_true,
        "sensitive_features": tuple(sensitive or ()),
        "sample_weight": sample_weight,
        "positive_label": positive_label,
        "cuts": read_cuts(cut or ()),
    }
    rows, roles = read_data(data, name or (), given)
    limits = read_highlight(highlight or ())
    wanted = {
        "checks": checks,
        "only": check,
        "proxies": proxies,
        "population": None if population is None else read_population(population),
    }
    answers = None if worksheet is None else rai.Worksheet.load(worksheet)
    known, found = looked_at(rows, roles, columns, wanted, quiet=quiet)
    found["worksheet"] = answers
    facts = collect_data(known, **found, highlight=limits, command=context.obj)
    for path in out or ():
        rai.report(known, path, **found, highlight=limits, title=title, command=context.obj)
    _show(facts, as_json=as_json, quiet=quiet)
    for path in out or () if not quiet else ():
        print(f"Report: {path / 'profile.html' if path.is_dir() else path}", file=sys.stderr)
    if fail_on is not None and failed(found["checks"], fail_on, check):
        raise typer.Exit(1)


def looked_at(
    rows: Mapping[str, Any],
    roles: Mapping[str, Any],
    columns: Sequence[str] | None,
    wanted: Mapping[str, Any],
    *,
    quiet: bool,
) -> tuple[Profile, dict[str, Any]]:
    """The profile, and everything that was to be found beside it."""
    import rai

    if wanted["proxies"] and not roles["sensitive_features"]:
        raise ArgumentError(sentence("--proxies", "no --sensitive", expected="at least one column"))
    asked = {role: roles[role] for role in ("y_true", "sensitive_features", "sample_weight", "cuts")}
    with bar(shown=not quiet, doing="Profiling") as progress:
        known = rai.profile(rows, **asked, columns=columns, progress=progress)
    found: dict[str, Any] = {"candidates": rai.suggest_sensitive_features(known)}
    if len(rows) > 1:
        with bar(shown=not quiet, doing="Comparing"):
            found["distances"] = known.distances()
    if wanted["checks"]:
        with bar(shown=not quiet, doing="Checking"):
            found["checks"] = rai.check_data(
                rows,
                **asked,
                positive_label=spelled(roles["positive_label"], known),
                population=wanted["population"],
                checks=wanted["only"],
                profile=known if columns is None else None,
            )
    if wanted["proxies"]:
        with bar(shown=not quiet, doing="Looking for proxies"):
            found["proxies"] = told_by(rows[known.datasets[0]], known.features, roles)
    return known, found


def spelled(text: str | None, known: Profile) -> Level | None:
    """The label that a text spells, as the data have it; the text itself where they have none such."""
    from rai.engines.spelling import canonical

    if text is None or known.y_true is None:
        return text
    labels = (label for table in known.tables.values() for label in table.by[known.y_true])
    return next((label for label in labels if canonical(label) == canonical(text)), text)


def told_by(data: Any, features: Sequence[str], roles: Mapping[str, Any]) -> Proxies:
    """How well features tell the sensitive ones; the label and the weight are none."""
    import rai

    sensitive = roles["sensitive_features"]
    others = {*sensitive, roles["y_true"], roles["sample_weight"]}
    return rai.find_proxies(
        data,
        sensitive_features=sensitive,
        features=[name for name in features if name not in others],
        y_true=roles["y_true"],
        sample_weight=roles["sample_weight"],
        cuts={axis: cut for axis, cut in roles["cuts"].items() if axis in sensitive},
    )


def failed(checks: DataChecks, fail_on: str, named: Sequence[str] | None) -> bool:
    """Whether what was found is to end in exit code 1; what could not be checked is told on stderr."""
    check_choice(fail_on, FAILING, where="--fail-on")
    unchecked = [finding for finding in checks if finding.severity == "not_checked"]
    for finding in unchecked:
        print(f"{readable(finding.check)}: {finding.sentence}", file=sys.stderr)
    found = any(finding.severity in FAILING[fail_on] for finding in checks)
    return found or bool(named and unchecked)


def _show(facts: DataFacts, *, as_json: bool, quiet: bool) -> None:
    if quiet:
        return
    if as_json:
        from rai.reports.data_json import data_json

        print(data_json(facts), end="")
        return
    from rai.reports.data_terminal import print_profile

    print_profile(facts, console())
