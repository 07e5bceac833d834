"""Values that stand for "not known": -1, 999, 0 far from all else, "?", "n/a", 1900-01-01.

    ages   17 … 90 ──────────────────────── 999 ×40      alone at the end, and more than once
    words  Private ×900 · State ×80 · ? ×60              a word for nothing

A number is suspicious only where it stands apart from all other numbers, and a word by what it is. They
hide from every count of missing values, and a mean that takes 999 for an age is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from rai.engines.encoding import Floats
from rai.explore.data_checks.check import Check, Evidence, Look, quoted, share_look
from rai.explore.data_checks.seen import NUMBERS, WORDS, Column, Seen, levels_of
from rai.ground.formatting import counted
from rai.values.level_counts import LevelCounts
from rai.values.levels import Level
from rai.values.number_counts import Counts

NAUGHTS = frozenset((
    "", "?", "??", "???", "-", "--", "---", ".", "..", "…", "na", "n/a", "n.a.", "n.a", "#n/a", "#na",
    "nan", "null", "nil", "missing", "<na>", "(null)", "[null]", "undefined", "#ref!", "#value!",
    "#div/0!", "tbd", "tba", "xx", "xxx", "not available", "not_available", "no data",
))  # fmt: skip
UNKNOWNS = frozenset((
    "unknown", "none", "unspecified", "unk", "unbekannt", "inconnu", "desconocido", "sconosciuto",
    "okänd", "refused", "declined", "not reported", "not known", "don't know", "do not know",
    "prefer not to say",
    "keine angabe", "k.a.",
))  # fmt: skip

REPEATED = tuple(float(str(digit) * length) for digit in (9, 8, 7) for length in range(2, 10))
CODES = np.array([*REPEATED, 998.0, 9998.0, 99998.0])
BELOW = np.concatenate((-CODES, [-1.0, -2.0, -3.0, -7.0, -8.0, -9.0]))
DAYS = tuple(
    int(np.datetime64(day, "D").astype(np.int64))
    for day in (
        "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01",
        "2099-12-31", "2999-12-31", "9999-12-31",
    )
)  # fmt: skip

FEWEST, FEWEST_OTHERS, FEWEST_BESIDE_ZERO, MOST_CODES = 2, 5, 10, 3
APART = 3.0  # times the largest other number; nearer ones may be a top code
OFTEN = 10.0  # times as often as the average day, or as the numbers next to it
NEIGHBOURS, SOMEWHAT, STEPS, STARTS_WITH = 5, 0.25, 2.0, 0.05


def placeholder_numbers(points: Floats, n: Counts) -> list[float]:
    """The numbers at either end that stand apart from all others and look like a code.

    Args:
        points: Distinct numbers, rising, shape (k,).
        n: How often each occurs, shape (k,).

    Example:
        >>> ages = np.array([-1.0, 17, 20, 25, 30, 41, 60, 999])
        >>> placeholder_numbers(ages, np.array([9, 1, 1, 1, 1, 1, 1, 30]))
        [-1.0, 999.0]
    """
    found = [*_beneath(points, n), *_above(points, n)]
    return sorted(float(number) for number in found)


def measured(seen: Seen) -> Iterator[tuple[Column, Floats, Counts]]:
    """Columns of numbers, with their distinct numbers and the rows of each, but for placeholders."""
    for column in seen.columns(*NUMBERS):
        if column.held.numbers is not None and len(column.held.numbers.n):
            points, n = seen.points(*column)
            codes = placeholder_numbers(points, n)
            kept = ~np.isin(points, codes) if codes else slice(None)
            if len(points) > len(codes):
                yield column, points[kept], n[kept]


def _above(points: Floats, n: Counts) -> Floats:
    """The greatest numbers, where they are codes such as 99 or 999, far above all others."""
    for k in range(min(MOST_CODES, len(points) - FEWEST_OTHERS), 0, -1):
        codes, rest = points[-k:], points[:-k]
        if not np.isin(codes, CODES).all() or n[-k:].min() < FEWEST:
            continue
        if codes[0] >= APART * rest[-1] and codes[0] - rest[-1] > quartile_distance(rest, n[:-k]):
            return codes
    return points[:0]


def _beneath(points: Floats, n: Counts) -> Floats:
    """The least numbers, where they are codes such as -1 or -999 and alone below 0, or a 0 far below."""
    for k in range(min(MOST_CODES, len(points) - FEWEST_OTHERS), 0, -1):
        codes, rest = points[:k], points[k:]
        if n[:k].min() < FEWEST:
            continue
        if np.isin(codes, BELOW).all() and rest[0] >= 0 and not _tail(points, n, k):
            return codes
        apart = rest[0] > quartile_distance(rest, n[k:]) and n[0] < n[k:].sum()
        if k == 1 and codes[0] == 0 and apart and len(rest) >= FEWEST_BESIDE_ZERO:
            return codes
    return points[:0]


def _tail(points: Floats, n: Counts, k: int) -> bool:
    """Whether the k least numbers may be the end of a smooth tail rather than stand by themselves."""
    near = n[k : k + NEIGHBOURS]
    gap, usual = points[k] - points[k - 1], float(np.median(np.diff(points[k:])))
    apart = gap > max(SOMEWHAT * quartile_distance(points[k:], n[k:]), STEPS * usual)
    run = k > 1 and np.diff(points[:k]).max() <= STEPS * usual  # such as -3, -2, -1
    full = near[0] >= STARTS_WITH * n.sum() and not run  # such as counts that begin with many zeros
    return bool(not apart and not full and n[:k].max() < OFTEN * near.mean())


def quartile_distance(points: Floats, n: Counts) -> float:
    """How far apart the quartiles are.

    Example:
        >>> quartile_distance(np.array([1.0, 2, 3, 4]), np.array([1, 1, 1, 1]))
        2.0
    """
    ends = np.cumsum(n)
    low, high = points[np.searchsorted(ends, [0.25 * ends[-1], 0.75 * ends[-1]])]
    return float(high - low)


def _look(seen: Seen) -> Iterator[Look]:
    for column in seen.columns():
        kind, numbers = column.held.kind, column.held.numbers
        if kind in (*NUMBERS, "date") and numbers is not None and len(numbers.n):
            points, n = seen.points(*column)
            codes = _days(points, n) if kind == "date" else np.array(placeholder_numbers(points, n))
            rows = int(n[np.isin(points, codes)].sum()) if len(codes) else 0
            evidence = partial(seen.with_numbers, column.dataset, column.feature, codes)
            yield _found(seen, column, levels_of(column.held, codes), rows, evidence)
        elif kind in WORDS and column.held.levels is not None:
            yield from _of_words(seen, column, column.held.levels)


def _days(points: Floats, n: Counts) -> Floats:
    """The days that stand for none: far more frequent than others, or alone at an end."""
    usual = n.mean()
    held = [
        place
        for place in np.flatnonzero(np.isin(points, DAYS)).tolist()
        if n[place] >= FEWEST and (n[place] >= OFTEN * usual or _alone(points, n, place))
    ]
    return points[held]


def _alone(points: Floats, n: Counts, place: int) -> bool:
    """Whether a day at either end is far from all others."""
    if place not in (0, len(points) - 1) or len(points) < FEWEST_OTHERS:
        return False
    rest = slice(1, None) if place == 0 else slice(0, -1)
    gap = points[1] - points[0] if place == 0 else points[-1] - points[-2]
    return bool(gap > quartile_distance(points[rest], n[rest]))


def _of_words(seen: Seen, column: Column, levels: LevelCounts) -> Iterator[Look]:
    dataset, feature, held = column
    texts = {
        level: " ".join(level.split()).casefold() for level in levels.levels if isinstance(level, str)
    }
    naughts = tuple(level for level, text in texts.items() if text in NAUGHTS)
    unknowns = tuple(level for level, text in texts.items() if text in UNKNOWNS)
    n = dict(zip(levels.levels, levels.n.tolist(), strict=True))
    evidence = partial(seen.with_values, dataset, feature, naughts)
    yield _found(seen, column, naughts, sum(n[level] for level in naughts), evidence)
    rows = sum(n[level] for level in unknowns)
    usual = rows > held.count / 2 and all(texts[level] == "none" for level in unknowns)
    if unknowns and not usual:
        yield share_look(
            rows,
            held.rows,
            f"{quoted(unknowns)} in {counted(rows, 'row')} of {feature!r}{seen.inside(dataset)}: a "
            "category of its own, or missing values in disguise?",
            dataset=dataset,
            feature=feature,
            least="note",
            most="note",
            evidence=partial(seen.with_values, dataset, feature, unknowns),
        )


def _found(seen: Seen, column: Column, values: tuple[Level, ...], rows: int, evidence: Evidence) -> Look:
    dataset, feature, held = column
    stand = "stands" if len(values) == 1 else "stand"
    return share_look(
        rows,
        held.rows,
        f"{quoted(values)} in {counted(rows, 'row')} of {feature!r}{seen.inside(dataset)} likely "
        f"{stand} for a missing value.",
        dataset=dataset,
        feature=feature,
        least="warning" if values else "passed",
        evidence=evidence,
    )


PLACEHOLDERS = Check(
    kind="placeholders",
    asks="Do values such as -1, 999, “?” or 1900-01-01 stand for missing ones?",
    fine="No value looks like a stand-in for a missing one.",
    limit=0.05,
    unit="share of rows",
    source="as for missing values, which they are; any of them is a warning",
    look=_look,
    looks_at="columns of numbers, words or dates",
)
