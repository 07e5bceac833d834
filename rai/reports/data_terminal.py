"""A profile in the terminal: problems first, then the numbers of every feature. Reads at 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rai.ground.formatting import counted
from rai.reports.data_facts import DataFacts
from rai.reports.data_page import data_lead, data_title
from rai.reports.data_problems import Checks, Problem, checks_headline, problems, unchecked
from rai.reports.feature_numbers import (
    HEADS,
    SECTIONS,
    Section,
    Stat,
    numbers_of,
    section_of,
)
from rai.reports.rich_tables import empty_table, print_line
from rai.reports.words import clean, listed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

MOST_PROBLEMS, MOST_FEATURES = 20, 60
_NAME_WIDTH, _TOP_WIDTH = 18, 20
_LEAST = (12, 6)  # letters of the names of features and of data sets

# A severity as a sign beside its word, so that colour is never needed.
_SIGNS = {"serious": "■", "warning": "●", "note": "○"}


def print_profile(facts: DataFacts, console: Console | None = None) -> None:
    """Print what checks found and the numbers of every feature, with rich.

    Args:
        facts: What to show.
        console: Where to; standard output if None.

    Example:
        >>> import rai
        >>> from rich.console import Console
        >>> from rai.reports.data_facts import collect_data
        >>> facts = collect_data(rai.profile({"age": [20, 30, None]}))
        >>> print_profile(facts, Console(width=100, record=True, quiet=True))
    """
    from rich.console import Console

    console = console or Console()
    print_line(console, data_title(facts), style="bold")
    print_line(console, data_lead(facts))
    if facts.checks is not None:
        print_problems(facts.checks, console)
    if told := _told_candidates(facts):
        print_line(console, told)
    for section in SECTIONS:
        features = [
            feature
            for feature in facts.profile.features[:MOST_FEATURES]
            if section_of(facts.profile.column(feature).kind) is section
        ]
        if features:
            print_line(console, f"\n{section.title}", style="bold")
            console.print(_numbers(facts, section, features))
            if told := _told_infinite(facts, features):
                print_line(console, told)
    left = len(facts.profile.features) - MOST_FEATURES
    if left > 0:
        print_line(console, f"\nand {counted(left, 'more feature')}")


def print_problems(checks: Checks, console: Console) -> None:
    """Print what checks found, the worst first."""
    print_line(console, checks_headline(checks))
    worst = problems(checks, "serious", "warning", "note")
    if worst:
        console.print()
        console.print(_problems(worst[:MOST_PROBLEMS]))
    if len(worst) > MOST_PROBLEMS:
        print_line(console, f"and {len(worst) - MOST_PROBLEMS:,} more")
    console.print()
    for reason, names in unchecked(checks):
        print_line(console, f"Not checked: {names}. {reason}", style="dim")


def _problems(found: Iterable[Problem]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for problem in found:
        word = f"{_SIGNS[problem.severity]} {problem.severity}"
        style = "bold" if problem.severity == "serious" else ""
        table.add_row(Text(word, style=style), Text(f"{problem.check}: {problem.text}"))
    return table


def _numbers(facts: DataFacts, section: Section, features: list[str]) -> Table:
    """The numbers of some features, a line for each data set."""
    from rich.text import Text

    shown = tuple(key for key in section.shown if _told(key, section))
    words = ["feature", *(["data"] if facts.several else [])]
    table = empty_table(words, [HEADS[key] for key in shown])
    for column, least in zip(table.columns, _LEAST[: len(words)], strict=False):
        column.min_width = least
    for feature in features:
        name = "\n".join(textwrap.wrap(clean(feature, most=60), _NAME_WIDTH))
        for place, (dataset, summary) in enumerate(facts.of(feature)):
            row = numbers_of(
                dataset, feature, summary, mark=facts.looks[dataset], shown=shown,
                limits=facts.highlight, weighted=False,
            )  # fmt: skip
            head = ["" if place else name, *([clean(dataset, most=12)] if facts.several else [])]
            table.add_row(*map(Text, head), *(_cell(stat) for stat in row.stats))
    return table


def _told_candidates(facts: DataFacts) -> str:
    """Columns that may be sensitive and were not named; empty for none."""
    held = dict.fromkeys(
        clean(row["feature"], most=30)
        for row in facts.candidates or ()
        if row["feature"] not in facts.profile.sensitive_features
    )
    return f"May be sensitive, and was not named: {listed(list(held), most=12)}." if held else ""


def _told_infinite(facts: DataFacts, features: list[str]) -> str:
    """Which features have infinite numbers; empty for none."""
    held = [clean(f, most=30) for f in features if any(s.below or s.above for _, s in facts.of(f))]
    return f"Infinite numbers in {listed(held)}." if held else ""


def _told(key: str, section: Section) -> bool:
    """Whether there is room for a number: lengths only where they say most."""
    return section.id == "other" or key not in ("min_length", "max_length")


def _cell(stat: Stat) -> Text:
    """A number; what stands out is marked."""
    from rich.text import Text

    text = clean(stat.text, most=_TOP_WIDTH)
    return Text(f"{text}!" if stat.red else text, style="bold" if stat.red else "")
