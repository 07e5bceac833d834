"""Numbers that can't be right: infinite ones, lost signs, ages of 200, and two units in one column.

heights   150 … 200 cm ×900   ·   59 … 79 ×100      the second cluster times 2.54 is the first
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import numpy as np

from rai.engines.encoding import Floats
from rai.explore.data_checks.check import Check, Look, percent, quoted, share_look
from rai.explore.data_checks.placeholders import measured, quartile_distance
from rai.explore.data_checks.seen import NUMBERS, Found, Seen, levels_of
from rai.ground.formatting import counted, number
from rai.values.number_counts import Counts

FACTORS = {
    10.0: "a factor of 10", 100.0: "a factor of 100", 1000.0: "a factor of 1,000",
    1e6: "a factor of a million",
    2.54: "centimetres and inches", 30.48: "centimetres and feet", 3.2808: "feet and metres",
    2.2046: "pounds and kilograms", 1.6093: "kilometres and miles", 12.0: "months and years",
    7.0: "days and weeks", 365.25: "days and years", 52.18: "weeks and years", 60.0: "minutes and hours",
    3600.0: "seconds and hours",
}  # fmt: skip
ALIKE = 0.05  # how far, on the log scale, medians may be from the factor
SAME_SHAPE = 0.2  # the largest distance of Kolmogorov and Smirnov of the clusters, one of them scaled
FEWEST_IN_CLUSTER = 10
APART = 0.1  # on the log scale

OLDEST = 120.0
AGE = re.compile(r"(^|[^a-z])(age|agep|alter|edad|idade|eta|età|leeftijd|âge)([^a-z]|$)", re.IGNORECASE)
RARE, USUAL = 0.01, 0.1


def lost_signs(points: Floats, n: Counts) -> Floats:
    """The numbers below 0 of a column that is otherwise above it, if they are as large as its others.

    A few small ones may belong to a smooth distribution around a small mean; those that reach into the
    bulk of the positive ones when their sign is dropped do not.

    Example:
        >>> numbers = np.array([-45.0, 20, 30, 40, 50, 60])
        >>> lost_signs(numbers, np.array([1, 90, 90, 90, 90, 90])).tolist()
        [-45.0]
    """
    below = points < 0
    share = n[below].sum() / n.sum()
    if not 0 < share < RARE:
        return points[:0]
    positive, often = points[points > 0], n[points > 0]
    if not len(positive):
        return points[:0]
    bulk = positive[np.searchsorted(np.cumsum(often), USUAL * often.sum())]
    large = below & (-points > bulk) & (-points <= positive[-1])
    return points[below] if n[large].sum() > 0.5 * n[below].sum() else points[:0]


def units(points: Floats, n: Counts) -> tuple[float, Floats] | None:
    """The factor between two clusters of numbers of the same shape, and the rarer cluster.

    Clusters have to be further apart than they are wide, their medians as far as a known factor between
    units, and their shapes alike once one is scaled: rather nothing is said than something wrong.

    Example:
        >>> heights = np.concatenate((np.linspace(59, 79, 50), np.linspace(150, 200, 50)))
        >>> units(heights, np.repeat([2, 9], 50))[0]
        2.54
    """
    if len(points) < 2 * FEWEST_IN_CLUSTER or points[0] <= 0:
        return None
    logs, ends = np.log(points), np.cumsum(n)
    steps = np.diff(logs)
    enough = (ends[:-1] >= FEWEST_IN_CLUSTER) & (ends[-1] - ends[:-1] >= FEWEST_IN_CLUSTER)
    at = int(np.argmax(np.where(enough, steps, -1.0)))
    if not enough.any() or steps[at] < APART:
        return None
    parts = ((logs[: at + 1], n[: at + 1]), (logs[at + 1 :], n[at + 1 :]))
    apart = _median(*parts[1]) - _median(*parts[0])
    factor = min(FACTORS, key=lambda f: abs(np.log(f) - apart))
    if abs(np.log(factor) - apart) > ALIKE or _unlike(parts, apart) > SAME_SHAPE:
        return None
    if steps[at] < max(quartile_distance(*part) for part in parts):
        return None
    lower = ends[at] <= ends[-1] / 2
    return factor, points[: at + 1] if lower else points[at + 1 :]


def _median(values: Floats, n: Counts) -> float:
    ends = np.cumsum(n)
    return float(values[np.searchsorted(ends, ends[-1] / 2)])


def _unlike(parts: tuple[tuple[Floats, Counts], ...], apart: float) -> float:
    """The largest distance of the cumulative shares of two clusters, the first one moved."""
    (low, n), (high, m) = parts
    grid = np.sort(np.concatenate((low + apart, high)))
    shares = []
    for values, often in ((low + apart, n), (high, m)):
        ends = np.concatenate(([0], np.cumsum(often)))
        shares.append(ends[np.searchsorted(values, grid, side="right")] / ends[-1])
    return float(np.abs(shares[0] - shares[1]).max())


def _infinite(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns(*NUMBERS):
        rows = held.below + held.above
        yield share_look(
            rows,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} is infinite in {counted(rows, 'row')}: most models "
            "refuse such rows, and no mean is left.",
            dataset=dataset,
            feature=feature,
            evidence=partial(_ends, seen, dataset, feature),
        )


def _ends(seen: Seen, dataset: str, feature: str) -> Found:
    return seen.tables[dataset].places(feature, np.isinf), ()


def _negative(seen: Seen) -> Iterator[Look]:
    for (dataset, feature, held), points, n in measured(seen):
        odd = lost_signs(points, n)
        rows = int(n[np.isin(points, odd)].sum())
        yield share_look(
            rows,
            int(n.sum()),
            f"{feature!r}{seen.inside(dataset)} is below 0 in {counted(rows, 'row')} "
            f"({quoted(levels_of(held, odd))}), and above it in nearly all: was a sign added, or lost?",
            dataset=dataset,
            feature=feature,
            least="warning" if rows else "passed",
            evidence=partial(seen.with_numbers, dataset, feature, odd),
        )


def _mixed_units(seen: Seen) -> Iterator[Look]:
    for (dataset, feature, _), points, n in measured(seen):
        found = units(points, n)
        factor, rarer = found or (1.0, points[:0])
        rows = int(n[np.isin(points, rarer)].sum())
        yield share_look(
            rows,
            int(n.sum()),
            f"{feature!r}{seen.inside(dataset)} has two clusters of one shape, {number(factor)} times "
            f"apart ({FACTORS.get(factor, '')}): {counted(rows, 'row')} may be in another unit.",
            dataset=dataset,
            feature=feature,
            least="warning" if rows else "passed",
            evidence=partial(seen.with_numbers, dataset, feature, rarer),
        )


def _ages(seen: Seen) -> Iterator[Look]:
    for (dataset, feature, held), points, n in measured(seen):
        if AGE.search(feature):
            odd = points[(points < 0) | (points > OLDEST)]
            rows = int(n[np.isin(points, odd)].sum())
            yield share_look(
                rows,
                int(n.sum()),
                f"{percent(rows / n.sum())} of {feature!r}{seen.inside(dataset)} are below 0 or above "
                f"{OLDEST:.0f}: {quoted(levels_of(held, odd))}.",
                dataset=dataset,
                feature=feature,
                evidence=partial(seen.with_numbers, dataset, feature, odd),
            )


INFINITE = Check(
    kind="infinite",
    asks="Are there infinite numbers?",
    fine="Every number is finite.",
    limit=0.0,
    unit="share of rows",
    source="any: sums, means and most models break",
    look=_infinite,
    looks_at="columns of numbers",
)
NEGATIVE = Check(
    kind="negative",
    asks="Are a few numbers below 0 in a column that is otherwise above it?",
    fine="No column has a few numbers with the wrong sign.",
    limit=RARE,
    unit="share of rows",
    source="any that reach into the bulk of the others without their sign, if under one in 100",
    look=_negative,
    looks_at="columns of numbers",
    most="warning",
)
MIXED_UNITS = Check(
    kind="mixed_units",
    asks="Does a column hold numbers in two units?",
    fine="No column looks like two units.",
    limit=0.01,
    unit="share of rows",
    source="any two clusters apart, of one shape, at the factor of two units",
    look=_mixed_units,
    looks_at="columns of numbers",
    most="warning",
)
IMPLAUSIBLE_AGES = Check(
    kind="implausible_ages",
    asks="Is somebody younger than 0 or older than 120?",
    fine="Every age is possible.",
    limit=0.0,
    unit="share of rows",
    source="the oldest person known lived 122 years",
    look=_ages,
    looks_at="columns with a name for ages",
    most="warning",
)
