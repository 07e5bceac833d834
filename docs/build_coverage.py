"""What the simulations find: runs them, and writes docs/coverage.json and docs/coverage.md.

build_coverage.py           run everything (about ten minutes on two cores) and write both
build_coverage.py --page    write the page again from coverage.json
build_coverage.py --check   fail where the page is not what coverage.json says
"""

import argparse
import json
import multiprocessing
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks import coverage_single as single  # noqa: E402
from benchmarks.coverage_grid import AGAIN, BLOCKS, DOUBTFUL, REPLICATES, SIZES, Block, try_cells  # noqa: E402

FIGURES = ROOT / "docs" / "coverage.json"
PAGE = ROOT / "docs" / "coverage.md"

TABLES = 5_000
P_VALUE_SETTINGS = (
    ((100, 100), 0.3),
    ((100,) * 5, 0.3),
    ((1000, 40, 40, 40, 40), 0.1),
    ((500,) * 5, 0.3),
)
BOOTSTRAPS = ((2, 100), (2, 500), (5, 200), (10, 200))


def main() -> None:
    """Run, render or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--page", action="store_true")
    options = parser.parse_args()
    if not (options.check or options.page):
        FIGURES.write_text(json.dumps(found(), ensure_ascii=False) + "\n", "utf-8")
    text = page(json.loads(FIGURES.read_text("utf-8")))
    if not options.check:
        PAGE.write_text(text, "utf-8")
    elif PAGE.read_text("utf-8") != text:
        sys.exit(
            "docs/coverage.md is not what docs/coverage.json says: run docs/build_coverage.py --page"
        )
    else:
        print("docs/coverage.md follows docs/coverage.json")


def found() -> dict[str, Any]:
    """All figures, from every core."""
    context = multiprocessing.get_context("spawn")
    tasks: dict[Any, tuple[str, str, str]] = {}
    figures: dict[str, Any] = {"rates": {}, "metrics": {}, "gaps": {}, "p_values": {}, "bootstrap": {}}
    with ProcessPoolExecutor(mp_context=context) as pool:
        for block in sorted(BLOCKS, key=lambda block: -block.groups):
            for size in range(len(SIZES)):
                tasks[pool.submit(gap_cells, block, size)] = ("gaps", block_name(block), SIZES[size])
        for part, name, setting, function, arguments in single_tasks():
            tasks[pool.submit(function, *arguments)] = (part, name, setting)
        for done, task in enumerate(as_completed(tasks), 1):
            part, name, setting = tasks[task]
            figures[part].setdefault(name, {})[setting] = task.result()
            print(f"\r{done} of {len(tasks)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return {part: sorted_settings(held) for part, held in figures.items()}


def sorted_settings(part: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Names in order, and under each its settings by their numbers."""
    return {name: dict(sorted(each.items(), key=by_number)) for name, each in sorted(part.items())}


def by_number(item: tuple[str, object]) -> tuple[list[int], str]:
    """Sort key: settings by the numbers in them."""
    return [int(digits) for digits in re.findall(r"\d+", item[0])], item[0]


def single_tasks() -> list[tuple[str, str, str, Callable[..., Any], tuple[Any, ...]]]:
    """Everything but the worst gaps: (part, name, setting, function, arguments)."""
    tasks: list[tuple[str, str, str, Callable[..., Any], tuple[Any, ...]]] = []
    tasks.extend(("rates", "one rate (Wilson)", f"n {n}", one_rate, (n,)) for n in single.RATE_SIZES)
    for n, m in single.PAIR_SIZES:
        for kind, words in (("difference", "difference (Newcombe)"), ("ratio", "ratio (Koopman)")):
            tasks.append(("rates", f"two rates, {words}", f"n {n} and {m}", two_rates, (n, m, kind)))
    for rows in single.ROWS:
        setting = f"n {rows}"
        tasks.extend(("metrics", name, setting, of_models, (name, rows)) for name in single.METRICS)
        tasks.extend(
            ("metrics", name, setting, of_regressions, (name, rows))
            for name in single.REGRESSION_METRICS
        )
        tasks.append(("metrics", "f1, macro of three classes", setting, of_classes, (rows,)))
        tasks.append(("metrics", "a rate of weighted rows (Kish)", setting, of_weights, (rows,)))
    for sizes, rate in P_VALUE_SETTINGS:
        words = f"{' + '.join(map(str, sizes))} rows, rate {rate:g}"
        tasks.append(("p_values", "difference", words, p_values, (sizes, rate)))
    for groups, n in BOOTSTRAPS:
        tasks.append(("bootstrap", "percentile", f"{groups} groups of {n}", bootstrap, (groups, n)))
    return tasks


def gap_cells(block: Block, size: int) -> list[tuple[str, float, float | None]]:
    """The block's cells of one of the sizes: name, coverage, coverage on trying again."""
    mine = len(block.places) // len(SIZES)
    tried = try_cells(block, size)
    return [(block.name(size * mine + i), *cell) for i, cell in enumerate(tried) if cell is not None]


def summary(tried: list[single.Tried]) -> dict[str, Any]:
    """Mean, lowest and where."""
    worst = single.lowest(tried)
    mean = sum(one.coverage for one in tried) / len(tried)
    return {"mean": round(mean, 5), "lowest": round(worst.coverage, 5), "where": worst.setting}


def one_rate(n: int) -> dict[str, Any]:
    """Wilson's interval, exactly."""
    return summary(single.every_rate(n))


def two_rates(n: int, m: int, kind: str) -> dict[str, Any]:
    """Newcombe's or Koopman's interval, exactly."""
    return summary(single.every_pair(n, m, kind=kind, step=0.05))


def of_models(name: str, rows: int) -> dict[str, Any]:
    """A metric of the confusion matrix."""
    return summary(single.metric_of_models(name, rows, tables=TABLES))


def of_regressions(name: str, rows: int) -> dict[str, Any]:
    """A regression metric."""
    return summary(single.metric_of_regressions(name, rows, tables=TABLES))


def of_classes(rows: int) -> dict[str, Any]:
    """A macro average."""
    return summary(single.macro_f1(rows, tables=TABLES))


def of_weights(rows: int) -> dict[str, Any]:
    """A weighted rate."""
    return summary(single.weighted_rate(rows, tables=TABLES))


def p_values(sizes: tuple[int, ...], rate: float) -> float:
    """How often p <= 0.05 where all groups are equal."""
    return round(single.p_values(sizes, rate, kind="difference", audits=1000), 4)


def bootstrap(groups: int, n: int) -> float:
    """How often the percentile bootstrap of the worst gap holds a true gap of 0."""
    return round(single.percentile_bootstrap(groups, n, 0.3, audits=2000), 4)


def block_name(block: Block) -> str:
    """What a block asks."""
    metrics = "" if block.metrics == 1 else ", larger of two metrics"
    return f"{block.kind}, {block.versus.replace('_', ' ')}{metrics}, {block.groups} groups"


def told(cell: list[Any]) -> float:
    """The figure that counts: of more replicates where the cell was tried again."""
    return float(cell[1] if cell[2] is None else cell[2])


def page(figures: dict[str, Any]) -> str:
    """The page, as Markdown."""
    cells = {
        name: [c for part in parts.values() for c in part] for name, parts in figures["gaps"].items()
    }
    lowest = min(((told(c), name, c[0]) for name, part in cells.items() for c in part))
    count = sum(map(len, cells.values()))
    dips = sorted(
        f"{name} at {setting}: {row['lowest']:.3f} ({row['where']})"
        for part in ("rates", "metrics")
        for name, rows in figures[part].items()
        for setting, row in rows.items()
        if row["lowest"] < 0.92
    )
    return TEMPLATE.format(
        rates=rows_of(figures["rates"]),
        dips="\n".join(f"- {dip}" for dip in dips) or "- nowhere",
        count=f"{count:,}",
        replicates=f"{REPLICATES:,}",
        again=f"{AGAIN:,}",
        doubtful=f"{DOUBTFUL:.1%}",
        lowest=f"{lowest[0]:.4f} ({lowest[1]}; {lowest[2]})",
        gaps="\n".join(gap_row(name, part) for name, part in cells.items()),
        bootstrap="\n".join(
            f"| {setting} | {value:.3f} |"
            for setting, value in figures["bootstrap"]["percentile"].items()
        ),
        p_values="\n".join(
            f"| {setting} | {value:.3f} |"
            for setting, value in figures["p_values"]["difference"].items()
        ),
        metrics=rows_of(figures["metrics"]),
        tables=f"{TABLES:,}",
    )


def rows_of(part: dict[str, Any]) -> str:
    """Rows of name, setting, mean, lowest and where."""
    return "\n".join(
        f"| {name} | {setting} | {row['mean']:.3f} | {row['lowest']:.3f} | {row['where']} |"
        for name, rows in part.items()
        for setting, row in rows.items()
    )


def gap_row(name: str, cells: list[list[Any]]) -> str:
    """One block: its cells, its mean and its lowest."""
    worst = min(cells, key=told)
    mean = sum(map(told, cells)) / len(cells)
    return f"| {name} | {len(cells)} | {mean:.3f} | {told(worst):.4f} | {worst[0]} |"


TEMPLATE = """\
<!-- Written by docs/build_coverage.py from docs/coverage.json. Change those, not this page. -->

# Do the intervals cover?

A 95% interval should hold the truth in 95 of 100 audits. Here it is tried: rows are drawn from
populations whose truth is known, and rai's own functions make the intervals. Everything on this page
comes from one run of `python docs/build_coverage.py`.

## One rate, two rates

Every possible outcome is counted with its probability, so these figures are exact: coverage averaged
over rates from 0.05 to 0.95, and the lowest of them.

| interval | rows | mean | lowest | at |
| :--- | :--- | ---: | ---: | :--- |
{rates}

Under 92%, on this page as a whole:

{dips}

## The worst gap

The truth is the largest gap between any two groups (or to everyone, or to a reference group), and
coverage means that it lies in the interval. {count} populations: 2 to 20 groups, of 40, 100 or 500
rows or unequal, with rates of 0.05 to 0.9, all equal or one of them apart. Each is tried {replicates}
times (standard error 0.35%); where that gives less than {doubtful} it is tried again, {again} times
(0.15%), and the second figure stands. The lowest of all is {lowest}.

| gap | populations | mean | lowest | where |
| :--- | ---: | ---: | ---: | :--- |
{gaps}

The intervals are wider than they need be where groups differ, since they hold for every pair at once.

### Why not a bootstrap

The largest of many noisy differences is above zero even if all groups are equal. A percentile
bootstrap draws around that, and so its interval leaves out the true gap of 0. Coverage of it, with
equal groups at a rate of 0.3:

| groups | percentile bootstrap |
| :--- | ---: |
{bootstrap}

rai gives every comparison a score interval from one critical value at which all of them hold together,
and projects them on the largest.

## p-values

How often `Gap.p_value` is 0.05 or less where all groups are equal; it should be at most 0.05.

| groups | share |
| :--- | ---: |
{p_values}

## Other metrics

Intervals of single groups, {tables} tables in each setting; the mean and the lowest over several models,
error distributions or weights.

| metric | rows | mean | lowest | at |
| :--- | :--- | ---: | ---: | :--- |
{metrics}

Skewed errors are hard on the spread of a regression's metrics in small groups: read those intervals as
somewhat too short.

## Metrics of scores

These are simulated in `tests/laws/` with every run of the tests, in fewer replicates. The tests hold
them to this:

- **Area under the ROC curve**, 5 to 200 rows of each label, areas from 0.5 to 0.99: at least 92% in each
  setting, 95% to 98.5% on average.
- **Average precision**, 20 to 200 rows: at least 92% in nine of ten settings, 95% to 98.5% on average.
  It is the hardest: with about ten negative rows and positives whose scores lie close together, its
  interval covered 90%.
- **Calibration** in the large, slope, intercept and Brier score, models calibrated and not, 100 and 500
  rows: at least 94%, allowing two errors of simulation. The interval of the expected calibration error
  rests on the triangle inequality and is wider than it need be.
- **ABROCA**, equal and unequal groups: 95%, allowing three errors of simulation.
- **The cost of a plan and the price of its constraint**, 600 rows: 91.5% to 98.5%, in 300 runs.

## What this does not show

Rows are drawn independently. Several rows of one person, clusters, and weights that know something of
the outcome make every interval here too short. So does choosing the threshold on the rows that are
audited.
"""


if __name__ == "__main__":
    main()
