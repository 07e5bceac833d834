"""What labels say of groups: base rates that differ, and labels that are more often wrong in one group.

    base rate      share of rows with the label, between groups, with its simultaneous interval
    label noise    rows whose label contradicts a confident score, beyond what the scores admit

A model whose scores are right is wrong in 5 of 100 rows that it gives 0.95. More than that is noise in
the labels, or scores that claim too much; in one group only, both deserve a look.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from math import comb, erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.explore.data_checks.check import Bounds, Check, Look, fixed, percent
from rai.explore.data_checks.cross_scores import cross_scores
from rai.explore.data_checks.group_sizes import sizes
from rai.explore.data_checks.rates import named
from rai.explore.data_checks.seen import Seen
from rai.explore.data_checks.tables import first_places
from rai.ground.formatting import number
from rai.measure.forms import ALL, FN, TP
from rai.measure.gaps import Compared, Question, gap
from rai.measure.intervals import critical_value
from rai.measure.laws import Proportion
from rai.measure.pairs import pairs
from rai.values import Confusion
from rai.values.levels import MISSING, Level

CONFIDENT = 0.9
FEWEST_CONFIDENT = 100
BASE_RATE = Proportion(TP + FN, ALL)


def _gaps(seen: Seen) -> Iterator[Look]:
    if seen.regression:
        yield from _means(seen)
        return
    for dataset in seen.tables:
        _, classes = seen.labels(dataset)
        for axis in seen.sensitive_features:
            for label in classes:
                found = _base_rate_gap(seen, dataset, axis, label)
                if found is not None:
                    yield found


def _base_rate_gap(seen: Seen, dataset: str, axis: str, label: Level) -> Look | None:
    assert seen.y_true is not None
    if axis == seen.y_true:
        return None
    held = sizes(seen, dataset, (axis, seen.y_true))
    levels = tuple(dict.fromkeys(key[0] for key in held))
    cells = np.zeros((3, len(levels), 2, 2))
    for (level, outcome), counted in held.items():
        cells[:, levels.index(level), int(outcome == label), 0] += counted
    weighted = seen.sample_weight is not None
    keys = tuple((level,) for level in levels)
    confusion = Confusion((axis,), keys, cells[0].astype(np.int64), cells[1], cells[2], weighted)
    compared = Compared(
        BASE_RATE.measure("base_rate", confusion), lambda: BASE_RATE.measure("base_rate", confusion)
    )
    question = Question(name="base_rate", along=axis, level=seen.level, seed=seen.seed)
    found = gap([compared], question)
    if found.value is None:
        return None
    tested = [pair.p_adjusted for pair in pairs([compared], question) if pair.p_adjusted is not None]
    return Look(
        value=found.value,
        sentence=f"The label {str(label)!r} is {percent(found.value).removesuffix('%')} points more "
        f"frequent among {found.highest!r} than among {found.lowest!r} ({axis}){seen.inside(dataset)}: "
        "a model that is right selects them unequally, and a label that is unjust teaches it to.",
        n=found.n,
        dataset=dataset,
        feature=seen.y_true,
        along=axis,
        group=found.highest,
        bounds=fixed(found.low, found.high),
        p_value=min(tested, default=1.0),
    )


def _means(seen: Seen) -> Iterator[Look]:
    """The largest difference of the label's mean between two groups, in standard deviations."""
    assert seen.y_true is not None
    for dataset, table in seen.profile.tables.items():
        whole = table.columns.get(seen.y_true)
        for axis in seen.sensitive_features:
            held = {
                level: columns[seen.y_true].numbers
                for level, columns in table.by.get(axis, {}).items()
                if level != MISSING and seen.y_true in columns
            }
            parts = {level: n.plain for level, n in held.items() if n is not None and n.plain.weight > 1}
            spread = whole.numbers.plain.std if whole is not None and whole.numbers is not None else None
            if len(parts) < 2 or not spread:
                continue
            apart = {(a, b): (parts[a].mean - parts[b].mean) / spread for a, b in combinations(parts, 2)}
            (high, low), value = max(apart.items(), key=lambda item: abs(item[1]))
            if value < 0:
                (high, low), value = (low, high), -value
            error = sqrt(sum((parts[g].std or 0.0) ** 2 / parts[g].weight for g in (high, low))) / spread
            looks = comb(len(parts), 2)
            yield Look(
                value=value,
                sentence=f"{seen.y_true!r} is {number(value)} standard deviations higher among "
                f"{str(high)!r} than among {str(low)!r} ({axis}){seen.inside(dataset)}.",
                n=int(sum(part.weight for part in parts.values())),
                dataset=dataset,
                feature=seen.y_true,
                along=axis,
                group=str(high),
                bounds=partial(_around, value, error * _wider(seen.level, looks)),
                p_value=min(1.0, looks * erfc(value / max(error, 1e-300) / sqrt(2))),
            )


def _wider(level: float, looks: int) -> float:
    """How much wider an interval is that was picked from several."""
    return critical_value(1 - (1 - level) / looks) / critical_value(level)


def _around(value: float, error: float, z: float) -> tuple[float, float]:
    return max(0.0, value - z * error), value + z * error


def excess(scores: Floats, truth: NDArray[np.bool_]) -> tuple[float, Bounds, float, int] | None:
    """How many more confident scores are contradicted by labels than the scores themselves admit.

    Args:
        scores: Probabilities of the label, shape (n,).
        truth: Whether each row has it, shape (n,).

    Returns:
        The share of confident rows in excess, its interval, the p-value of none, and how many rows are
        confident; None where these are too few.

    Example:
        >>> scores, truth = np.repeat([0.99, 0.01], 500), np.repeat([True, False], 500)
        >>> flipped = truth ^ (np.arange(1000) % 20 == 0)
        >>> value, bounds, p, n = excess(scores, flipped)
        >>> round(value, 3), p < 1e-6, n
        (0.04, True, 1000)

    Rows with chances of their own scatter less than a Poisson number of the same mean, so its test is
    on the safe side.

    Source: Northcutt, Jiang and Chuang (2021), doi:10.1613/jair.1.12125, on confident disagreement.
    """
    from scipy.stats import poisson

    sure = np.maximum(scores, 1 - scores) >= CONFIDENT
    n = int(sure.sum())
    if n < FEWEST_CONFIDENT:
        return None
    admitted = np.minimum(scores[sure], 1 - scores[sure])
    wrong = (scores[sure] >= 0.5) != truth[sure]
    value = float((wrong - admitted).mean())
    error = sqrt(max(float((wrong - admitted).var()), float((admitted * (1 - admitted)).mean())) / n)
    p_value = float(poisson.sf(wrong.sum() - 1, admitted.sum()))  # at least that of unequal chances

    def bounds(z: float) -> tuple[float, float]:
        return value - z * error, value + z * error

    return value, bounds, p_value, n


def _noise(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    for dataset, table in seen.tables.items():
        labels, classes = seen.labels(dataset)
        if len(classes) != 1 or not table.rows:
            continue
        truth = labels.codes == labels.levels.index(classes[0]) if classes[0] in labels.levels else None
        if truth is None:
            continue
        known = labels.codes != (labels.levels.index(MISSING) if MISSING in labels.levels else -1)
        at, scores = _scores(seen, dataset, truth, known)
        words = "its score" if seen.y_score else "a simple model's cross-validated score"
        for axis, level, inside in _parts(seen, dataset, at):
            found = excess(scores[inside], truth[at][inside])
            if found is not None:
                value, bounds, p_value, n = found
                who = dataset if axis is None else named(axis, level)
                yield Look(
                    value=value,
                    sentence=f"Among {who!r}, {percent(max(value, 0.0))} of the labels of {n:,} "
                    f"confident rows contradict {words}, beyond what the scores admit: the labels may "
                    "be wrong, or the scores claim too much."
                    if axis is None
                    else f"Among {who}{seen.inside(dataset)}, {percent(max(value, 0.0))} of the labels "
                    f"of {n:,} confident rows contradict {words}, beyond what the scores admit.",
                    n=n,
                    dataset=dataset,
                    feature=seen.y_true,
                    along=axis,
                    group=None if axis is None else str(level),
                    bounds=bounds,
                    p_value=p_value,
                    most="warning" if seen.y_score else "note",
                    evidence=partial(_contradicted, scores, truth[at], inside, at),
                )


def _scores(
    seen: Seen, dataset: str, truth: NDArray[np.bool_], known: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], Floats]:
    """Rows with a score, and it; without given scores those of a cross-validated model on a sample."""
    if seen.y_score is None:
        return cross_scores(seen, dataset, truth, np.flatnonzero(known))
    scores = seen.tables[dataset].numbers(seen.y_score)
    at = np.flatnonzero(known & (scores >= 0) & (scores <= 1))
    return at, scores[at]


def _parts(
    seen: Seen, dataset: str, at: NDArray[np.intp]
) -> Iterator[tuple[str | None, Level, NDArray[np.bool_]]]:
    """All rows, and those of each group."""
    yield None, "", np.ones(len(at), dtype=np.bool_)
    for axis in seen.sensitive_features:
        groups = seen.groups(dataset, axis)
        for place, level in enumerate(groups.levels):
            if level != MISSING:
                yield axis, level, groups.codes[at] == place


def _contradicted(
    scores: Floats, truth: NDArray[np.bool_], inside: NDArray[np.bool_], at: NDArray[np.intp]
) -> tuple[tuple[int, ...], tuple[()]]:
    """The rows whose label is least likely."""
    odd = inside & (np.maximum(scores, 1 - scores) >= CONFIDENT) & ((scores >= 0.5) != truth)
    order = np.argsort(np.minimum(scores, 1 - scores)[odd], kind="stable")
    return first_places(np.zeros(0)) or tuple(at[odd][order][:20].tolist()), ()


BASE_RATE_GAP = Check(
    kind="base_rate_gap",
    asks="Is the label more frequent in one group than in another?",
    fine="The label is about as frequent in all groups.",
    limit=0.1,
    unit="difference of shares; of a quantity, of means in standard deviations",
    source="10 points; Cohen (1988): 0.2 standard deviations are small",
    look=_gaps,
    looks_at="labels of two groups",
    needs=("groups", "labels"),
)
LABEL_NOISE = Check(
    kind="label_noise",
    asks="Do labels contradict confident scores more often than the scores admit, in all rows or one "
    "group?",
    fine="Labels contradict confident scores no oftener than these admit.",
    limit=0.02,
    unit="share of the rows with a score of at least 0.9, either way",
    source="two rows in 100; Northcutt et al. (2021), arXiv:2103.14749, find 3% in usual data",
    look=_noise,
    looks_at=f"two labels with at least {FEWEST_CONFIDENT} confident scores",
    most="warning",
    needs=("classes", "scores_or_model"),
)
