"""Groups that are hardly there: too small, with few labels, absent from a data set, rarer than in life.

100 rows   a share of one half is known to 10 points
 25 rows   … to 19 points
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from rai.explore.data_checks.check import Check, Look, percent
from rai.explore.data_checks.data_sets import chance_unseen
from rai.explore.data_checks.rates import named
from rai.explore.data_checks.seen import Seen
from rai.ground.formatting import TIMES, counted
from rai.measure.intervals import critical_value, wilson
from rai.values.levels import MISSING, Key, key_name

Array = NDArray[np.float64]

FEWEST_ROWS = 100
MOST_CELLS = 2000


def sizes(seen: Seen, dataset: str, axes: tuple[str, ...]) -> dict[Key, tuple[int, float, float]]:
    """Rows, weight and squared weight of each group, also of those without rows; not of the missing."""
    held = [seen.groups(dataset, axis) for axis in axes]
    shape = tuple(len(groups.levels) for groups in held)
    weights = seen.tables[dataset].weights(seen.sample_weight)
    codes = (
        np.ravel_multi_index([groups.codes for groups in held], shape)
        if weights.size
        else np.zeros(0, int)
    )
    size = prod(shape)
    n = np.bincount(codes, minlength=size)
    sums = [np.bincount(codes, power, minlength=size) for power in (weights, weights**2)]
    found = {}
    for place in range(size):
        at = np.unravel_index(place, shape)
        key = tuple(groups.levels[i] for groups, i in zip(held, at, strict=True))
        if MISSING not in key:
            found[key] = (int(n[place]), float(sums[0][place]), float(sums[1][place]))
    return found


def _axes(seen: Seen) -> list[tuple[str, ...]]:
    """Each sensitive feature, and all crossings of two."""
    names = seen.sensitive_features
    crossed = [
        pair
        for pair in combinations(names, 2)
        if all(prod(len(seen.groups(d, a).levels) for a in pair) <= MOST_CELLS for d in seen.tables)
    ]
    return [*((name,) for name in names), *crossed]


def _small(seen: Seen) -> Iterator[Look]:
    z = critical_value(seen.level)
    for dataset in seen.tables:
        for axes in _axes(seen):
            for key, (n, _, _) in sizes(seen, dataset, axes).items():
                known = f"a rate of one half is known to {100 * _half_width(n, z):.0f} points, at best"
                yield Look(
                    value=float(n),
                    sentence=f"{key_name(key)!r} ({TIMES.join(axes)}) has "
                    f"{counted(n, 'row')}{seen.inside(dataset)}: "
                    f"{known if n else 'nothing is known of it'}.",
                    n=n,
                    dataset=dataset,
                    along=TIMES.join(axes),
                    group=key_name(key),
                    most="warning" if len(axes) == 1 else "note",
                )


def _half_width(n: int, z: float) -> float:
    """Half the width of Wilson's interval of a rate of one half; that of all rates without rows."""
    if not n:
        return 0.5
    low, high = wilson([n / 2], [n], z=z)
    return float(high[0] - low[0]) / 2


def _labels(seen: Seen) -> Iterator[Look]:
    z = critical_value(seen.level)
    for dataset in seen.tables:
        labels, classes = seen.labels(dataset)
        for axis in seen.sensitive_features:
            groups = seen.groups(dataset, axis)
            for level in groups.levels:
                inside = labels.codes[groups.codes == groups.levels.index(level)]
                n = dict(
                    zip(labels.levels, np.bincount(inside, minlength=len(labels.levels)), strict=True)
                )
                total = sum(int(k) for label, k in n.items() if label != MISSING)
                for label in classes:
                    if total and level != MISSING:
                        few = min(int(n.get(label, 0)), total - int(n.get(label, 0)))
                        side = "with" if few == n.get(label, 0) else "without"
                        half = _half_width(few, z)
                        yield Look(
                            value=half,
                            sentence=f"{named(axis, level)} has {counted(few, 'row')} {side} the label "
                            f"{str(label)!r}{seen.inside(dataset)}: rates of error among them are "
                            f"known to {100 * half:.0f} points, at best.",
                            n=few,
                            dataset=dataset,
                            feature=seen.y_true,
                            along=axis,
                            group=str(level),
                        )


def _absent(seen: Seen) -> Iterator[Look]:
    for dataset in seen.others:
        for axis in seen.sensitive_features:
            ours, theirs = (sizes(seen, name, (axis,)) for name in (dataset, seen.reference))
            rows = [sum(n for n, _, _ in side.values()) for side in (ours, theirs)]
            for key in dict.fromkeys((*theirs, *ours)) if all(rows) else ():
                n, m = (side.get(key, (0, 0.0, 0.0))[0] for side in (ours, theirs))
                here, there = (dataset, seen.reference) if n else (seen.reference, dataset)
                lacking = n == 0 or m == 0
                sides = rows if n else rows[::-1]
                yield Look(
                    value=(n / rows[0] + m / rows[1]) if lacking else 0.0,
                    sentence=f"{named(axis, key[0])} has {counted(n + m, 'row')} in {here!r} and none "
                    f"in {there!r}: nothing found there holds for them.",
                    n=n + m,
                    dataset=dataset,
                    along=axis,
                    group=key_name(key),
                    p_value=chance_unseen(n + m, rows=sides[0], reference=sides[1]) if lacking else None,
                )


def _represented(seen: Seen) -> Iterator[Look]:
    for axes, shares in seen.population.items():
        for dataset in seen.tables:
            held = sizes(seen, dataset, axes)
            weight = sum(w for _, w, _ in held.values())
            squares = sum(s for _, _, s in held.values())
            if not weight:
                continue
            for key, declared in shares.items():
                n, heavy, _ = held.get(key, (0, 0.0, 0.0))
                yield _share(
                    seen, (dataset, axes, key), (n, heavy / weight, weight**2 / squares), declared
                )


def _share(
    seen: Seen, where: tuple[str, tuple[str, ...], Key], found: tuple[int, float, float], declared: float
) -> Look:
    """A group's share of the effective rows, over its share of the population."""
    from scipy.stats import binomtest

    (dataset, axes, key), (n, share, rows) = where, found
    count, trials = round(share * rows), max(round(rows), 1)
    short = round(declared * rows - share * rows)
    lack = f"{counted(short, 'row')} short" if short > 0 else "enough"
    return Look(
        value=share / declared,
        sentence=f"{key_name(key)!r} is {percent(share)}{seen.inside(dataset)} and {percent(declared)} "
        f"of the population: {lack}.",
        n=n,
        dataset=dataset,
        along=TIMES.join(axes),
        group=key_name(key),
        bounds=partial(_relative, share * rows, rows, declared),
        p_value=float(binomtest(min(count, trials), trials, min(declared, 1.0)).pvalue),
    )


def _relative(count: float, n: float, declared: float, z: float) -> tuple[float, float]:
    low, high = wilson([min(count, n)], [n], z=z)
    return float(low[0]) / declared, float(high[0]) / declared


SMALL_GROUPS = Check(
    kind="small_groups",
    asks="Is a group, or a crossing of two, too small to be judged?",
    fine="Every group has enough rows.",
    limit=float(FEWEST_ROWS),
    unit="rows",
    source="with 100 rows a share of one half is known to 10 points (Wilson); a crossing is noted",
    look=_small,
    looks_at="rows",
    most="warning",
    worse="lower",
    needs=("groups",),
)
FEW_LABELS = Check(
    kind="few_labels",
    asks="Has a group too few rows of a label for its rates of error to be known?",
    fine="Every group has enough rows of each label.",
    limit=0.1,
    unit="half the width of the interval of a rate of one half",
    source="10 points, which 93 rows of the label give at 95% (Wilson)",
    look=_labels,
    looks_at="rows with a label",
    most="warning",
    needs=("groups", "classes"),
)
ABSENT_GROUPS = Check(
    kind="absent_groups",
    asks="Is a group in one data set and absent from another?",
    fine="Every group is in all data sets.",
    limit=0.0,
    unit="share of the data set that has it",
    source="any that chance does not explain",
    look=_absent,
    looks_at="groups",
    needs=("groups", "data_sets"),
)
REPRESENTATION = Check(
    kind="representation",
    asks="Is a group rarer than in the population?",
    fine="Every group is about as frequent as in the population.",
    limit=0.8,
    unit="share over the declared share",
    source="four fifths, by analogy with 29 CFR 1607.4(D)",
    look=_represented,
    looks_at="rows of declared groups",
    worse="lower",
    needs=("population",),
)
