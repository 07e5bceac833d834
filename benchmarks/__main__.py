"""Run the benchmarks: `python -m benchmarks [--quick] [--write]`.

Every figure is taken in this one run, ours beside the peer's, and shown as a ratio. `--write` puts
the table into docs/benchmarks.md; `--quick` uses fewer rows and is for looking, not for quoting.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.measuring import IMPORT, PEAK, fresh_process, seconds
from benchmarks.rows import made_arrays, made_frame
from benchmarks.tasks import ask_arrays, ask_fairlearn, ask_rai

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BOOTSTRAPS = 100

Figure = tuple[str, str, str, str]


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rows; for looking, not for quoting")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    scale = 20 if options.quick else 1
    steps = (
        ("point estimates", lambda: point_estimates(1_000_000 // scale)),
        ("intervals", lambda: intervals(20_000 // scale)),
        ("growth", lambda: growth(1_000_000 // scale)),
        ("memory", lambda: memory(10_000_000 // scale)),
        ("import", import_time),
    )
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    figures = []
    with Progress(*columns, console=console) as progress:
        for name, step in steps:
            task = progress.add_task(name, total=None)
            figures.append(step())
            progress.update(task, total=1, completed=1)
    show(figures)
    if options.write:
        PAGE.write_text(page(figures), encoding="utf-8")
        console.print(f"Written: {PAGE.relative_to(Path.cwd())}")


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


def agreement(frame: pd.DataFrame) -> None:
    """Both must have computed the same thing; otherwise no time means anything."""
    some = frame.head(50_000)
    np.testing.assert_allclose(ask_rai(some), ask_fairlearn(some), atol=1e-12)


def show(figures: list[Figure]) -> None:
    """The figures as a table on the terminal."""
    table = Table("What", "rai", "fairlearn", "Ratio")
    for figure in figures:
        table.add_row(*figure)
    Console().print(table)


def page(figures: list[Figure]) -> str:
    """The page of the docs, as Markdown."""
    rows = "\n".join(f"| {' | '.join(figure)} |" for figure in figures)
    return f"""# Benchmarks

Made by `make bench ARGS=--write`, everything in one run on one machine, ours beside fairlearn's
`MetricFrame`: six metrics (selection rate, the four rates of the confusion matrix, accuracy) by two
sensitive features with ten intersections, for everyone, by group, and the largest difference. Both
give the same numbers (checked in the run, to 1e-12). Absolute times depend on the machine; the
ratios are what to look at.

| What | rai | fairlearn | Ratio |
| :--- | ---: | ---: | ---: |
{rows}

{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()},
NumPy {version("numpy")}, pandas {version("pandas")}, fairlearn {version("fairlearn")},
rai {version("rai")}.

Why it is faster: rows are counted once into a table of a few hundred cells; metrics, gaps and
intervals are arithmetic on that table. A bootstrap over rows asks for everything again from all
rows, once per draw.
"""


if __name__ == "__main__":
    main()
