"""Intervals of calibration hold the truth as often as they say, on scores that are right and wrong.

The truth is that of a population of some thousand scores; samples are of 100 to 500 rows.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from rai.measure.score_metrics import find_score_metric
from rai.values import Tally

REPLICATES = 400
TWO_ERRORS = 2 * math.sqrt(0.95 * 0.05 / REPLICATES)
NAMES = [
    "calibration_in_the_large",
    "calibration_intercept",
    "calibration_slope",
    "brier_score",
    "brier_uncertainty",
    "expected_calibration_error",
]
WORLDS = {
    "calibrated": (2, 3, lambda s: s),
    "too high": (2, 3, lambda s: s**1.5),
    "too bold": (0.7, 0.7, lambda s: 0.2 + 0.6 * s),
    "rare": (1, 12, lambda s: s),
}


def tally(scores, labels, weight):
    """An exact tally with one group per row of scores."""
    edges = np.unique(scores)
    n = np.zeros((len(scores), 2, len(edges) + 1), dtype=np.int64)
    places = np.searchsorted(edges, scores) + 1
    np.add.at(n, (np.arange(len(scores))[:, None], labels.astype(int), places), 1)
    if weight is None:
        return Tally(("g",), keys(scores), (0, 1), edges, (), n, exact=True)
    cells = [np.zeros(n.shape), np.zeros(n.shape)]
    for power, sums in enumerate(cells, start=1):
        np.add.at(sums, (np.arange(len(scores))[:, None], labels.astype(int), places), weight**power)
    return Tally(("g",), keys(scores), (0, 1), edges, (), n, *cells, exact=True)


def keys(scores):
    return tuple((place,) for place in range(len(scores)))


def coverage(name, world, n, *, weighted=False, seed=1):
    """Share of samples whose interval holds the truth, among those that have one."""
    a, b, chance = WORLDS[world]
    rng = np.random.default_rng(seed)
    population = np.unique(rng.beta(a, b, 40_000).round(4).clip(0.0001, 0.9999))
    weights = np.histogram(rng.beta(a, b, 400_000), np.append(population, 1.0))[0] + 1e-9
    weights /= weights.sum()
    expected = truth(name, population, chance(population), weights)
    hits, tried = 0, 0
    for _ in range(4):
        scores = rng.choice(population, (REPLICATES // 4, n), p=weights)
        labels = rng.random(scores.shape) < chance(scores)
        weight = rng.choice([0.5, 1.0, 3.0], scores.shape) if weighted else None
        found = find_score_metric(name).measure(tally(scores, labels, weight))
        low, high = found.bounds(1.959964)
        known = ~np.isnan(low)
        hits += int(((low <= expected) & (expected <= high))[known].sum())
        tried += int(known.sum())
    return hits / tried


def truth(name, scores, chance, share):
    """The metric of a population: each score with its share of rows and its chance of a positive label."""
    weight = np.zeros((1, 2, len(scores) + 1))
    weight[0, :, 1:] = share * (1 - chance), share * chance
    n = np.full(weight.shape, 1, dtype=np.int64)
    n[..., 0] = 0
    whole = Tally(("g",), ((0,),), (0, 1), scores, (), n, weight, weight, exact=True)
    return float(find_score_metric(name).measure(whole).value[0])


@pytest.mark.parametrize("n", [100, 500])
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", NAMES)
def test_rows(name, world, n):
    assert coverage(name, world, n) > 0.94 - TWO_ERRORS


@pytest.mark.parametrize("name", NAMES)
def test_weighted_rows(name):
    assert coverage(name, "too high", 300, weighted=True) > 0.94 - TWO_ERRORS


@pytest.mark.parametrize("name", [name for name in NAMES if name != "expected_calibration_error"])
def test_intervals_are_no_wider_than_they_need_to_be(name):
    """The calibration error is the exception: its bound by the triangle inequality spares nothing."""
    assert coverage(name, "calibrated", 500) < 0.985
