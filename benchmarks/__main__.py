"""Run the benchmarks: `python -m benchmarks [--quick] [--write]`.

Every figure is taken in this one run, ours beside the peer's, and shown as a ratio. `--write` puts
the table into docs/benchmarks.md; `--quick` uses fewer rows and is for looking, not for quoting.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import attributions, counterfactuals, effects, gates, nearest, overview
from benchmarks.measuring import IMPORT, PEAK, fresh_process, seconds
from benchmarks.rows import made_arrays, made_frame, made_scores
from benchmarks.tasks import ask_arrays, ask_fairlearn, ask_rai
from benchmarks.thresholds import (
    RATES,
    Outcome,
    audited,
    choose,
    every_strategy,
    fit_fairlearn,
    judge_fairlearn,
    over_again,
)

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BOOTSTRAPS = 100

Figure = tuple[str, ...]
Steps = Sequence[tuple[str, Callable[[], Sequence[Figure]]]]

FIGURES = ("What", "rai", "fairlearn", "Ratio")
CHOICES = (*FIGURES, "Errors, rai", "Errors, fairlearn")
STRATEGIES = ("What", "rai", "From the rows", "Ratio")

WITHIN = 0.005
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    (f"thresholds, gap at most {WITHIN}, 1,000 bins", {"tolerance": WITHIN}),
    (f"thresholds, gap at most {WITHIN}, every score", {"tolerance": WITHIN, "bins": "exact"}),
    ("lots, no gap, 1,000 bins", {"randomized": True}),
    ("lots, no gap, 50,000 bins", {"randomized": True, "bins": 50_000}),
    ("lots, no gap, every score", {"randomized": True, "bins": "exact"}),
)


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rows; for looking, not for quoting")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    found = measured(20 if options.quick else 1)
    for columns, rows in found.items():
        show(rows, columns)
    if options.write:
        PAGE.write_text(page(found), encoding="utf-8")
        Console(stderr=True).print(f"Written: {PAGE.relative_to(Path.cwd())}")


def measured(scale: int) -> dict[tuple[str, ...], list[Figure]]:
    """All parts: columns to rows. Rows of data are divided by `scale`."""
    figures: Steps = (
        ("point estimates", lambda: [point_estimates(1_000_000 // scale)]),
        ("intervals", lambda: [intervals(20_000 // scale)]),
        ("growth", lambda: [growth(1_000_000 // scale)]),
        ("memory", lambda: [memory(10_000_000 // scale)]),
        ("import", lambda: [import_time()]),
    )
    choices: Steps = [
        (name.replace("_", " "), partial(thresholds, 1_000_000 // scale, name))
        for name in ("equal_opportunity", "equalized_odds")
    ]
    strategies: Steps = [("all strategies", lambda: [all_strategies(20_000 // scale)])]
    near = partial(nearest.figures, 1_000_000 // scale, fewer=100_000 // scale)
    generated = partial(counterfactuals.figures, max(50 // scale, 3))
    parts: dict[tuple[str, ...], Steps] = {
        FIGURES: figures,
        CHOICES: choices,
        STRATEGIES: strategies,
        gates.FIGURES: [("gates", partial(gates.figures, scale))],
        nearest.FIGURES: [("nearest counterfactual", near)],
        counterfactuals.FIGURES: [("generated counterfactuals", generated)],
        effects.FIGURES: [("effects", partial(effects.figures, 20_000 // scale))],
        attributions.FIGURES: [("attributions", partial(attributions.figures, scale))],
        overview.FIGURES: [("profiles", partial(overview.figures, 500_000 // scale))],
    }
    return {columns: taken(steps) for columns, steps in parts.items()}


def taken(steps: Steps) -> list[Figure]:
    """The rows of one part, one step after another, showing which is under way."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    rows: list[Figure] = []
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for name, step in steps:
            task = progress.add_task(name, total=None)
            rows.extend(step())
            progress.update(task, total=1, completed=1)
    return rows


def point_estimates(rows: int) -> Figure:
    """Six metrics, overall, by group and difference, from a pandas frame of strings."""
    frame = made_frame(rows)
    ask_rai(frame.head(1000))
    ours = seconds(lambda: ask_rai(frame), runs=5)
    theirs = seconds(lambda: ask_fairlearn(frame), runs=1)
    agreement(frame)
    return (
        f"{rows:,} rows, strings in a pandas frame, point estimates (ours with intervals)",
        f"{ours:.3g} s",
        f"{theirs:.3g} s",
        f"{theirs / ours:,.0f} × faster",
    )


def intervals(rows: int) -> Figure:
    """The same with intervals: our 1,000 and more draws against a row bootstrap of 100."""
    frame = made_frame(rows)
    ours = seconds(lambda: ask_rai(frame), runs=10)
    theirs = seconds(lambda: ask_fairlearn(frame, bootstraps=BOOTSTRAPS), runs=1)
    return (
        f"{rows:,} rows with intervals (ours at least 1,000 draws, theirs {BOOTSTRAPS})",
        f"{ours:.3g} s",
        f"{theirs:.3g} s",
        f"{theirs / ours:,.0f} × faster",
    )


def growth(rows: int) -> Figure:
    """Ten times the rows."""
    small, large = (made_arrays(rows * factor) for factor in (1, 10))
    little, much = seconds(lambda: ask_arrays(small), runs=5), seconds(lambda: ask_arrays(large), runs=2)
    return (
        f"From {rows:,} to {rows * 10:,} rows, scores and strings in arrays",
        f"{little:.3g} s → {much:.3g} s",
        "–",
        f"{much / little:.3g} × the time",
    )


def memory(rows: int) -> Figure:
    """Peak memory of a fresh process that makes the arrays and audits them."""
    found = fresh_process(PEAK.format(rows=rows))
    return (
        f"{rows:,} rows in arrays, peak memory of the whole process, data included",
        f"{found['bytes'] / 1e9:.3g} GB",
        "–",
        f"{found['bytes'] / rows:.0f} bytes a row",
    )


def import_time() -> Figure:
    """`import rai` in a fresh interpreter; the peer's import beside it."""
    theirs_code = IMPORT.replace("import rai", "import fairlearn.metrics")
    ours, theirs = (
        min(fresh_process(code)["seconds"] for _ in range(5)) for code in (IMPORT, theirs_code)
    )
    return ("Import", f"{ours:.3g} s", f"{theirs:.3g} s", f"{theirs / ours:.3g} × faster")


def thresholds(count: int, strategy: str) -> list[Figure]:
    """From arrays to thresholds of five groups: exact for the counts, beside fairlearn's fit."""
    rows = made_scores(count, groups=5)
    fitted: list[Any] = []
    theirs = seconds(lambda: fitted.append(fit_fairlearn(rows, strategy)), runs=1)
    other = judge_fairlearn(fitted[0], rows, strategy)
    figures: list[Figure] = []
    for words, asked in ASKED:
        found: list[Outcome] = []
        ours = seconds(lambda: found.append(choose(rows, strategy, **asked)), runs=3)  # noqa: B023
        not_apart(found[0], other, **asked)
        figures.append(
            (
                f"{strategy.replace('_', ' ').capitalize()}: {words}",
                f"{ours:.3g} s",
                f"{theirs:.3g} s",
                f"{theirs / ours:,.0f} × faster",
                f"{found[0].error:.5f}",
                f"{other.error:.5f}",
            )
        )
    return figures


def not_apart(ours: Outcome, theirs: Outcome, **asked: Any) -> None:
    """Both keep their constraint, and with lots and every score ours has no more errors."""
    assert theirs.gap < 1e-9
    assert ours.gap < asked.get("tolerance", 0.0) + 1e-9
    if asked.get("bins") == "exact" and asked.get("randomized"):
        assert ours.error < theirs.error + 1e-9


def all_strategies(count: int) -> Figure:
    """All eight strategies for four groups from one audit; those of the What-If Tool from the rows."""
    rows = made_scores(count, groups=4)
    audit = audited(rows)
    plans = every_strategy(audit)
    ours = seconds(lambda: every_strategy(audit), runs=5)
    theirs = seconds(lambda: over_again(rows), runs=3)
    return (
        f"{count:,} rows, 4 groups, {len(plans)} strategies (from the rows: {len(RATES)})",
        f"{ours * 1e3:.3g} ms",
        f"{theirs * 1e3:.3g} ms",
        f"{theirs / ours:.3g} × faster",
    )


def agreement(frame: pd.DataFrame) -> None:
    """Both must have computed the same thing; otherwise no time means anything."""
    some = frame.head(50_000)
    np.testing.assert_allclose(ask_rai(some), ask_fairlearn(some), rtol=0, atol=1e-12)


def show(rows: Sequence[Figure], columns: Sequence[str]) -> None:
    """The figures as a table on the terminal."""
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def page(parts: Mapping[tuple[str, ...], Sequence[Figure]]) -> str:
    """The page of the docs, as Markdown."""
    tables = {columns: _table(columns, rows) for columns, rows in parts.items()}
    return f"""# Benchmarks

Made by `make bench ARGS=--write`, everything in one run on one machine, ours beside a peer's.
Absolute times depend on the machine; the ratios are what to look at.

## Audits

Beside fairlearn's `MetricFrame`: six metrics (selection rate, the four rates of the confusion matrix,
accuracy) by two sensitive features with ten intersections, for everyone, by group, and the largest
difference. Both give the same numbers (checked in the run, to 1e-12).

{tables[FIGURES]}

Why it is faster: rows are counted once into a table of a few hundred cells; metrics, gaps and
intervals are arithmetic on that table. A bootstrap over rows asks for everything again from all
rows, once per draw.

## Thresholds

Beside fairlearn's `ThresholdOptimizer`, for scores that are there already: 1,000,000 rows, five
groups, fewest errors. Ours is everything from arrays on, the audit included, and the plan with its
intervals; theirs is `fit`. Errors are the expected share of wrong decisions on these rows, and
speed that was bought with more of them would show there. fairlearn always draws lots and searches
1,000 rates, so that its answers lie between those of 1,000 bins and of every score. Two thresholds
chosen without lots can't make rates equal to the last digit, so they are asked for within {WITHIN}.

{tables[CHOICES]}

Why it is faster: a threshold is a place in a cumulative sum, and the best ones are found among
counts, with no loop over scores.

From one audit, all strategies; beside them the search of the What-If Tool, written plainly in NumPy,
which for each strategy counts the rows again at each of 101 thresholds. Ours are exact and come with
intervals; with `method="grid101"` both choose the same thresholds (checked in the tests).

{tables[STRATEGIES]}

{_sections(tables)}

{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()},
NumPy {version("numpy")}, pandas {version("pandas")}, fairlearn {version("fairlearn")},
rai {version("rai")}.
"""


def _sections(tables: Mapping[tuple[str, ...], str]) -> str:
    """A section for each module of benchmarks that has words of its own."""
    parts = {
        "Gates": gates,
        "Profiles": overview,
        "The nearest counterfactual": nearest,
        "Generated counterfactuals": counterfactuals,
        "Effects of features": effects,
        "Attributions": attributions,
    }
    return "\n\n".join(
        f"## {title}\n\n{part.WORDS}\n\n{tables[part.FIGURES]}" for title, part in parts.items()
    )


def _table(columns: Sequence[str], rows: Sequence[Figure]) -> str:
    head = f"| {' | '.join(columns)} |\n| :--- |{' ---: |' * (len(columns) - 1)}"
    return "\n".join([head, *(f"| {' | '.join(row)} |" for row in rows)])


if __name__ == "__main__":
    main()
