"""How numbers were written down: cut off at the top, rounded, or noted more coarsely in one group.

top code   … 87 ×3 · 88 ×6 · 89 ×2 · 90 ×55       everything above is written as 90
heap       37 ×3 · 38 ×5 · 39 ×2 · 40 ×91 · 41 ×4  people round
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.explore.data_checks.check import (
    MOST_EVIDENCE,
    Bounds,
    Check,
    Look,
    percent,
    share_bounds,
    share_look,
)
from rai.explore.data_checks.placeholders import measured
from rai.explore.data_checks.rates import against_rest, named, rate_look
from rai.explore.data_checks.seen import Seen, levels_of
from rai.ground.formatting import counted, number
from rai.values.number_counts import Counts

FEWEST_NUMBERS = 20  # distinct ones; fewer are grades or classes, not measurements
NEIGHBOURS = 5
SPIKE = 3.0  # times the most frequent of the neighbours
FEWEST_AT_TOP = 5
STEPS = (5.0, 10.0)
MOST_UNITS = 4  # powers of ten above the unit at which steps are tried
REACH = 5  # steps that the middle of the numbers has to span
ON_UNIT = 0.99
FEWEST_EXPECTED = 5  # rows on a multiple, were digits spread evenly


@dataclass(frozen=True, slots=True)
class Heap:
    """Numbers heaped on multiples of a step.

    Args:
        step: The step.
        count: Rows on a multiple.
        n: Rows that might be.
        index: The rows on multiples over those to expect there, were digits spread evenly.
        share: The share of multiples among the numbers there are.
    """

    step: float
    count: int
    n: int
    index: float
    share: float

    @property
    def surprise(self) -> float:
        """How far the share of rows on multiples is from that to expect: chi-square over n."""
        return (self.count / self.n - self.share) ** 2 / (self.share * (1 - self.share))


def top_code(points: Floats, n: Counts) -> int:
    """Rows at the greatest number if it stands out from those just below it, else 0.

    Example:
        >>> ages = np.arange(60.0, 91.0)
        >>> top_code(ages, np.append(np.full(30, 4), 55)), top_code(ages, np.full(31, 4))
        (55, 0)
    """
    if len(points) < FEWEST_NUMBERS or n[-1] < FEWEST_AT_TOP:
        return 0
    return int(n[-1]) if n[-1] >= SPIKE * n[-1 - NEIGHBOURS : -1].max() else 0


def heaps(points: Floats, n: Counts) -> Heap | None:
    """The multiples that numbers heap on most, by Whipple's index; None where digits say nothing.

    Of numbers spread smoothly over a range far wider than the step, one in `step / unit` is a multiple.
    Zero, and the least and greatest number, are left out: they are often codes.

    Example:
        >>> ages = np.arange(10.0, 91.0)
        >>> found = heaps(ages, np.where(ages % 10 == 0, 50, 5))
        >>> found.step, round(found.index, 1)
        (10.0, 4.9)

    Source: United Nations (1955), Methods of appraisal of quality of basic data for population
    estimates, on Whipple's index; Hobbs (2004), doi:10.1016/B978-012641955-9/50040-X.
    """
    inner = (points != 0) & (points != points[0]) & (points != points[-1]) & (np.abs(points) < 2.0**52)
    points, n = np.abs(points[inner]), n[inner]
    if len(points) < FEWEST_NUMBERS:
        return None
    unit = _unit(points, n)
    if unit is None:
        return None
    middle = _width(points, n)
    found = [
        _heap(points, n, step * unit * 10.0**power, unit)
        for power in range(MOST_UNITS)
        for step in STEPS
        if middle >= REACH * step * unit * 10.0**power
        and n.sum() >= FEWEST_EXPECTED * step * 10.0**power
    ]
    return max(found, key=lambda heap: heap.surprise, default=None)


def _heap(points: Floats, n: Counts, step: float, unit: float) -> Heap:
    on = _multiples(points, step)
    count, rows, share = int(n[on].sum()), int(n.sum()), unit / step
    return Heap(step, count, rows, count / rows / share, share)


def _unit(points: Floats, n: Counts) -> float | None:
    """The largest power of ten that nearly all numbers are multiples of; None where none is."""
    unit = None
    for power in range(-6, 7):
        if n[_multiples(points, 10.0**power)].sum() < ON_UNIT * n.sum():
            break
        unit = 10.0**power
    return unit


def _multiples(points: Floats, step: float) -> NDArray[np.bool_]:
    scaled = points / step
    return np.asarray(np.abs(scaled - np.rint(scaled)) <= 1e-9 * np.maximum(scaled, 1.0))


def _width(points: Floats, n: Counts) -> float:
    """From the tenth to the ninetieth percentile."""
    order = np.argsort(points)
    ends = np.cumsum(n[order])
    low, high = points[order][np.searchsorted(ends, [0.1 * ends[-1], 0.9 * ends[-1]])]
    return float(high - low)


def _tops(seen: Seen) -> Iterator[Look]:
    for (dataset, feature, held), points, n in measured(seen):
        if len(points) >= FEWEST_NUMBERS:
            rows, top = top_code(points, n), float(points[-1])
            yield share_look(
                rows,
                held.rows,
                f"{counted(rows, 'row')} of {feature!r}{seen.inside(dataset)} are at its greatest "
                f"number, {number(top, digits=6)}, far more than just below it: larger ones were cut "
                "off there.",
                dataset=dataset,
                feature=feature,
                least="note" if rows else "passed",
                evidence=partial(seen.with_numbers, dataset, feature, points[-1:]),
            )


def _heaped(seen: Seen) -> Iterator[Look]:
    from scipy.stats import binom

    for (dataset, feature, held), points, n in measured(seen):
        heap = heaps(points, n)
        if heap is not None:
            share = share_bounds(heap.count, heap.n)
            often = points[_multiples(np.abs(points), heap.step)]
            common = often[np.argsort(-n[np.isin(points, often)], kind="stable")]
            yield Look(
                value=heap.index,
                sentence=f"{percent(heap.count / heap.n)} of {feature!r}{seen.inside(dataset)} are "
                f"multiples of {number(heap.step, digits=6)}, {heap.index:.1f} times as many as by "
                "chance: rounded, or usual amounts.",
                n=heap.n,
                dataset=dataset,
                feature=feature,
                bounds=partial(_scaled, share, heap.share),
                p_value=float(binom.sf(heap.count - 1, heap.n, heap.share)),
                evidence=lambda held=held, common=common: ((), levels_of(held, common[:MOST_EVIDENCE])),  # type: ignore[misc]
            )


def _scaled(bounds: Bounds, share: float, z: float) -> tuple[float, float]:
    low, high = bounds(z)
    return low / share, high / share


def _coarser(seen: Seen) -> Iterator[Look]:
    """Numbers without digits after the point, or on a heap, in one group more than in the others."""
    for (dataset, feature, held), points, n in measured(seen):
        step, words = 1.0, "whole numbers"
        if not sum(held.decimals[1:]):
            heap = heaps(points, n)
            if heap is None:
                continue
            step, words = heap.step, f"multiples of {number(heap.step, digits=6)}"
        numbers = seen.tables[dataset].numbers(feature)
        there = np.isfinite(numbers) & (numbers >= points[0]) & (numbers <= points[-1])
        on = there & _multiples(np.abs(np.where(there, numbers, 0.5)), step)
        for axis in seen.sensitive_features:
            if axis != feature:
                yield from _compared(seen, (dataset, feature, axis), (on, there), words)


def _compared(
    seen: Seen,
    where: tuple[str, str, str],
    rows: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    words: str,
) -> Iterator[Look]:
    dataset, feature, axis = where
    groups = seen.groups(dataset, axis)
    counts, n = (np.bincount(groups.codes[mask], minlength=len(groups.levels)) for mask in rows)
    for level, apart in against_rest(counts, n, groups.levels):
        yield rate_look(
            apart,
            f"{percent(apart.share)} of {feature!r} are {words} among {named(axis, level)}, "
            f"{percent(apart.other)} among all others{seen.inside(dataset)}: it was measured less "
            "closely.",
            dataset=dataset,
            feature=feature,
            along=axis,
            group=str(level),
        )


TOP_CODED = Check(
    kind="top_coded",
    asks="Were large numbers cut off at the top?",
    fine="No column has a spike at its greatest number.",
    limit=0.002,
    unit="share of rows",
    source="one row in 500; any spike of five rows and three times its neighbours is noted",
    look=_tops,
    looks_at=f"columns of at least {FEWEST_NUMBERS} distinct numbers",
    most="warning",
)
HEAPED = Check(
    kind="heaped",
    asks="Were numbers rounded, so that they heap on multiples of 5 or 10?",
    fine="The digits of numbers are spread about evenly.",
    limit=1.25,
    unit="times as many as by chance (Whipple's index over 100)",
    source="United Nations, Demographic Yearbook: from 125 on digits are recorded roughly",
    look=_heaped,
    looks_at=f"columns of at least {FEWEST_NUMBERS} distinct numbers over a wide enough range",
    most="note",
)
PRECISION_BY_GROUP = Check(
    kind="precision_by_group",
    asks="Were people of one group measured less closely than others?",
    fine="Numbers are as precise in each group as in the others.",
    limit=0.1,
    unit="difference of shares",
    source="one row in ten",
    look=_coarser,
    looks_at="columns of numbers whose precision varies, in several groups",
    needs=("groups",),
)
