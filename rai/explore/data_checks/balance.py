"""Too much of one thing: a rare label, columns with one value, rare categories, lopsided numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from rai.explore.data_checks.check import Check, Look, percent, quoted, share_look
from rai.explore.data_checks.seen import NUMBERS, Seen
from rai.explore.profile_rows import top_values
from rai.ground.formatting import counted, number
from rai.measure.intervals import wilson
from rai.values.levels import MISSING, Level

FEW_ROWS = 10  # of a category: too few to learn from
FEWEST_ROWS = 30  # of a column, for one value to mean anything


def _labels(seen: Seen) -> Iterator[Look]:
    for dataset in seen.tables:
        groups, _ = seen.labels(dataset)
        n = {level: int(k) for level, k in zip(groups.levels, groups.n, strict=True) if level != MISSING}
        if not n:
            continue
        rare, common = min(n, key=n.__getitem__), max(n, key=n.__getitem__)
        if len(n) == 1:
            only = f"Every row{seen.inside(dataset)} that has a label has {str(common)!r}: "
            sentence = f"{only}nothing can be learnt or judged."
            yield Look(value=0.0, sentence=sentence, n=n[common], dataset=dataset, feature=seen.y_true)
            continue
        yield Look(
            value=n[rare] / n[common],
            sentence=f"The label {str(rare)!r} is rare{seen.inside(dataset)}: "
            f"{counted(n[rare], 'row')} to {n[common]:,} of {str(common)!r}.",
            n=sum(n.values()),
            dataset=dataset,
            feature=seen.y_true,
            group=str(rare),
            bounds=partial(_odds, n[rare], n[rare] + n[common]),
            most="warning",
        )


def _odds(count: int, n: int, z: float) -> tuple[float, float]:
    low, high = wilson([count], [n], z=z)
    return float(low[0] / (1 - low[0])), float(high[0] / (1 - high[0])) if high[0] < 1 else np.inf


def _one_value(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns(only=seen.features):
        top = next(top_values(dataset, feature, held, 1), None)
        if top is not None and held.count >= FEWEST_ROWS:
            only = "every row" if top.n == held.count else f"{percent(top.share)} of the rows"
            yield share_look(
                top.n,
                held.count,
                f"{feature!r} is {quoted([top.value])} in {only}{seen.inside(dataset)} that have a "
                "value: it tells next to nothing.",
                dataset=dataset,
                feature=feature,
                evidence=partial(_value, top.value),
            )


def _value(value: Level) -> tuple[tuple[()], tuple[Level, ...]]:
    return (), (value,)


def _rare(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns("category", only=seen.features):
        levels = held.levels
        if levels is not None:
            few = levels.n < FEW_ROWS
            rows = int(levels.n[few].sum()) + levels.others
            names = tuple(level for level, rare in zip(levels.levels, few, strict=True) if rare)
            count = levels.distinct.count - int((~few).sum())
            yield share_look(
                rows,
                held.rows,
                f"{feature!r}{seen.inside(dataset)} has {count:,} categories of fewer than {FEW_ROWS} "
                f"rows, {percent(rows / held.rows)} of all rows: too few of each to learn from.",
                dataset=dataset,
                feature=feature,
                evidence=lambda names=names: ((), names),
            )


def _skewed(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns(*NUMBERS, only=seen.features):
        numbers = held.numbers
        spread = None if numbers is None else numbers.plain.std
        if numbers is None or not spread or len(numbers) < FEWEST_ROWS:
            continue
        scaled = (numbers.points - numbers.plain.mean) / spread
        skewness = float((scaled**3 * numbers.n).sum() / numbers.n.sum())
        yield Look(
            value=abs(skewness),
            sentence=f"{feature!r}{seen.inside(dataset)} is lopsided (skewness {number(skewness)}): a "
            "few rows decide its mean and its scale.",
            n=len(numbers),
            dataset=dataset,
            feature=feature,
        )


LABEL_BALANCE = Check(
    kind="label_balance",
    asks="Is a label rare?",
    fine="No label is rare.",
    limit=0.1,
    unit="rows of the rarest label for each of the most frequent",
    source="Deepchecks: 0.1",
    look=_labels,
    looks_at="rows with a label",
    worse="lower",
    needs=("classes",),
)
NEAR_CONSTANT = Check(
    kind="near_constant",
    asks="Does a column hold (nearly) always the same value?",
    fine="No column holds nearly always the same value.",
    limit=0.99,
    unit="share of the rows that have a value",
    source="Deepchecks: one single value; here also 99 in 100",
    look=_one_value,
    looks_at=f"columns with at least {FEWEST_ROWS} values",
    most="warning",
)
RARE_CATEGORIES = Check(
    kind="rare_categories",
    asks="Do many rows have a category that hardly any other row has?",
    fine="Few rows have a rare category.",
    limit=0.05,
    unit="share of rows",
    source=f"one row in 20 with a category of fewer than {FEW_ROWS} rows",
    look=_rare,
    looks_at="columns of words",
    most="note",
)
SKEWED = Check(
    kind="skewed",
    asks="Is a distribution so lopsided that a few rows decide its mean?",
    fine="No distribution is very lopsided.",
    limit=10.0,
    unit="skewness, without its sign",
    source="five times that of the exponential distribution",
    look=_skewed,
    looks_at=f"columns of at least {FEWEST_ROWS} numbers that differ",
    most="note",
)
