"""Paired intervals hold the truth as often as they say: of differences, and of differences of gaps."""

import math

import numpy as np
import pytest

from rai.measure.metrics import find_metric
from rai.measure.paired import paired_differences, paired_gap_differences, paired_moments
from rai.measure.paired_intervals import tango
from rai.measure.paired_metrics import paired_metric
from rai.values.paired import Paired

TABLES = 1_000


def held(low, high, truth):
    known = ~np.isnan(low)
    return float(((low <= truth + 1e-12) & (high >= truth - 1e-12))[known].mean())


# Rates that share their denominator -----------------------------------------------------------------


@pytest.mark.parametrize("n", [40, 100, 500])
def test_paired_rates(n):
    rng = np.random.default_rng(n)
    found = []
    for differ in (0.01, 0.05, 0.1, 0.3):
        for split in (0.5, 0.8, 1.0):
            gained, lost = differ * split, differ * (1 - split)
            drawn = rng.multinomial(n, [gained, lost, 1 - differ], TABLES)
            found.append(held(*tango(drawn[:, 0], drawn[:, 1], n=n), gained - lost))
    assert np.mean(found) > 0.945
    assert min(found) > 0.925


# Any other metric -----------------------------------------------------------------------------------


def population(base, right, differ):
    """Shares of label × first × second: the first is right this often, the second differs this often."""
    p = np.zeros((2, 2, 2))
    for label, first in np.ndindex(2, 2):
        of_first = right[label] if first == label else 1 - right[label]
        for second in (0, 1):
            moved = differ[first] if second != first else 1 - differ[first]
            p[label, first, second] = (base if label else 1 - base) * of_first * moved
    return p


def of_tables(cells):
    keys = tuple((place,) for place in range(len(cells)))
    return Paired.of_counts(cells, axes=("g",), groups=keys, classes=(0, 1))


POPULATIONS = [
    population(base, right, differ)
    for base, right in ((0.3, (0.9, 0.8)), (0.5, (0.7, 0.7)), (0.1, (0.95, 0.5)))
    for differ in ((0.0, 0.1), (0.05, 0.05), (0.3, 0.2))
]


@pytest.mark.parametrize("n", [40, 400])
@pytest.mark.parametrize(
    "name", ["positive_predictive_value", "f1", "matthews_correlation", "balanced_accuracy"]
)
def test_other_metrics(name, n):
    rng = np.random.default_rng(n)
    found = []
    for p in POPULATIONS:
        truth = find_metric(name)
        both = of_tables(np.rint(p[None] * 1e9).astype(np.int64))
        exact = float((truth.measure(both.second).value - truth.measure(both.first).value)[0])
        cells = rng.multinomial(n, p.ravel(), TABLES).reshape(-1, 2, 2, 2)
        ((_, measured),) = paired_metric(of_tables(cells), name)
        low, high = measured.difference.bounds(1.959964)
        found.append(held(low, high, exact))
    assert np.mean(found) > 0.945
    assert min(found) > 0.92


@pytest.mark.parametrize("n", [40, 100])
def test_regressions(n):
    rng = np.random.default_rng(n)

    def draw(tables, size):
        truth = rng.normal(0, 1, (tables, size))
        shared = rng.standard_t(6, (tables, size)) * 0.4
        first = 0.8 * truth + shared
        second = 0.8 * truth + 0.9 * shared + rng.normal(0.1, 0.2, (tables, size))
        return truth.ravel(), first.ravel(), second.ravel()

    truth, first, second = draw(1, 1_000_000)
    exact = {
        row.metric: row.value for row in paired_differences(paired_moments(first, second, truth=truth))
    }
    truth, first, second = draw(TABLES, n)
    keys = tuple((place,) for place in range(TABLES))
    both = paired_moments(
        first, second, truth=truth, group=np.repeat(np.arange(TABLES), n), groups=keys, axes=("g",)
    )
    rows = paired_differences(both)
    for name, value in exact.items():
        own = [row for row in rows if row.metric == name]
        share = np.mean([row.low <= value <= row.high for row in own])
        assert share > 0.925, name


# Differences of gaps --------------------------------------------------------------------------------


def groups(sizes, first, second, *, agree):
    p, q = np.array(first), np.array(second)
    both = agree * np.minimum(p, q) + (1 - agree) * p * q
    cells = np.stack([1 - p - q + both, q - both, p - both, both], axis=1)
    return sizes, cells, np.ptp(q) - np.ptp(p)


GAPS = {
    "equal groups": groups((40,) * 5, (0.3,) * 5, (0.3,) * 5, agree=0.9),
    "equal groups that all move": groups((200,) * 3, (0.3,) * 3, (0.4,) * 3, agree=0.9),
    "two clear groups": groups((500, 500), (0.3, 0.5), (0.35, 0.45), agree=0.9),
    "two small clear groups": groups((40, 40), (0.1, 0.8), (0.2, 0.7), agree=0.9),
    "groups that change places": groups((400, 400), (0.3, 0.45), (0.42, 0.3), agree=0.9),
    "one of five apart": groups((300,) * 5, (0.1, *(0.4,) * 4), (0.15, *(0.4,) * 4), agree=0.95),
    "uneven": groups((1000, 40, 200), (0.3, 0.2, 0.4), (0.3, 0.25, 0.35), agree=0.8),
}
AUDITS = 100


@pytest.mark.parametrize("name", GAPS)
def test_differences_of_gaps(name):
    sizes, shares, truth = GAPS[name]
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(AUDITS):
        cells = np.zeros((len(sizes), 2, 2, 2), dtype=np.int64)
        cells[:, 0] = [rng.multinomial(n, p).reshape(2, 2) for n, p in zip(sizes, shares, strict=True)]
        keys = tuple((place,) for place in range(len(sizes)))
        both = Paired.of_counts(cells, axes=("g",), groups=keys, classes=(0, 1), labelled=False)
        (row,) = paired_gap_differences(both)
        hits += row.low <= truth + 1e-12 and row.high >= truth - 1e-12
    assert hits / AUDITS > 0.95 - 2 * math.sqrt(0.05 * 0.95 / AUDITS)


def test_the_bootstrap_of_a_difference_of_gaps_does_not_hold():
    """Where only the second model treats groups alike, its gap is a maximum of noise."""
    rng = np.random.default_rng(3)
    sizes, shares, truth = groups((200,) * 5, (0.3, 0.6, 0.45, 0.45, 0.45), (0.45,) * 5, agree=0.5)
    hits = 0
    for _ in range(200):
        cells = np.array([rng.multinomial(n, p) for n, p in zip(sizes, shares, strict=True)])
        again = np.stack([rng.multinomial(row.sum(), row / row.sum(), 400) for row in cells], axis=1)
        rates = (again[:, :, [1, 2]] + again[:, :, [3]]) / again.sum(axis=2, keepdims=True)
        spread = np.ptp(rates, axis=1)  # of the second, and of the first
        low, high = np.quantile(spread[:, 0] - spread[:, 1], [0.025, 0.975])
        hits += low <= truth <= high
    assert hits / 200 < 0.9
