"""Intervals hold the truth as often as they say; a fast part of what docs/coverage.md shows."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from benchmarks.coverage import REFERENCE, Cell, coverage, simultaneous_interval
from benchmarks.coverage_single import (
    every_pair,
    every_rate,
    lowest,
    metric_of_models,
    p_values,
    percentile_bootstrap,
    weighted_rate,
)
from rai.measure.gaps import Compared, Question, gap
from rai.measure.metrics import find_metric
from rai.values import Confusion

REPLICATES = 4_000
TWO_ERRORS = 2 * math.sqrt(0.95 * 0.05 / REPLICATES)


def mean(tried):
    return sum(one.coverage for one in tried) / len(tried)


@pytest.mark.parametrize("n", [40, 100, 500])
def test_one_rate_exactly(n):
    tried = every_rate(n, step=0.005)
    assert 0.94 < mean(tried) < 0.96
    assert lowest(tried).coverage > 0.92


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize(("n", "m"), [(40, 40), (40, 100)])
def test_two_rates_exactly(n, m, kind):
    tried = every_pair(n, m, kind=kind, step=0.05)
    assert 0.94 < mean(tried) < 0.96
    assert lowest(tried).coverage > 0.92


HARDEST = [
    Cell("difference", "between_groups", (40,) * 10, ((0.5,) * 10,)),
    Cell("difference", "between_groups", (40,) * 5, ((0.05,) * 5,)),
    Cell("difference", "between_groups", (1000, 40, 40, 40, 40), ((0.5,) * 5,)),
    Cell("difference", REFERENCE, (1000, *(40,) * 9), ((0.05,) * 10,)),
    Cell("difference", "to_overall", (1000, *(40,) * 9), ((0.05,) * 10,)),
    Cell("difference", "between_groups", (100,) * 5, ((0.3, 0.1, 0.1, 0.1, 0.1),)),
    Cell("difference", "between_groups", (40, 40), ((0.5, 0.5), (0.5, 0.5))),
    Cell("ratio", "between_groups", (40, 1000, 1000, 1000, 1000), ((0.05,) * 5,)),
    Cell("ratio", REFERENCE, (40, *(1000,) * 9), ((0.25, *(0.05,) * 9),)),
    Cell("ratio", "to_overall", (40,) * 5, ((0.5,) * 5,)),
]


@pytest.mark.parametrize(
    "cell", HARDEST, ids=lambda c: f"{c.kind} {c.versus} {c.sizes[0]} x{len(c.sizes)}"
)
def test_the_worst_gap(cell):
    assert coverage(cell, replicates=REPLICATES, seed=3).coverage > 0.94 - TWO_ERRORS


def test_the_percentile_bootstrap_leaves_the_truth_out():
    assert percentile_bootstrap(5, 200, 0.3, audits=300) == 0.0
    ours = Cell("difference", "between_groups", (200,) * 5, ((0.3,) * 5,))
    assert coverage(ours, replicates=REPLICATES, seed=3).coverage > 0.94


def test_p_values_are_small_no_more_often_than_they_say():
    found = p_values((100,) * 5, 0.3, kind="difference", audits=300)
    assert 0.0 < found <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 300)


@pytest.mark.parametrize("name", ["balanced_accuracy", "f1", "matthews_correlation"])
def test_other_metrics(name):
    assert lowest(metric_of_models(name, 500, tables=4_000)).coverage > 0.93


def test_weighted_rates():
    assert lowest(weighted_rate(500, tables=2_000)).coverage > 0.93


@pytest.mark.parametrize("versus", ["between_groups", "to_overall", REFERENCE])
@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_many_at_once_are_what_one_at_a_time_gives(kind, versus):
    rng = np.random.default_rng(5)
    for _ in range(8):
        groups, metrics = int(rng.integers(2, 8)), int(rng.integers(1, 3))
        sizes = tuple(int(n) for n in rng.integers(10, 300, groups))
        cell = Cell(
            kind, versus, sizes, tuple(tuple(rng.uniform(0, 0.6, groups)) for _ in range(metrics))
        )
        counts = cell.draw(1, rng=rng)
        low, high = simultaneous_interval(cell, counts)
        one = alone(kind, versus, sizes, counts[:, 0])
        if one.value is not None:
            assert (low[0], high[0]) == pytest.approx((one.low, one.high), abs=1e-5)


def alone(kind, versus, sizes, counts):
    """The gap that rai gives for one table."""
    names = ["false_positive_rate", "true_positive_rate"][: len(counts)]
    cells = np.zeros((len(sizes), 2, 2), dtype=np.int64)
    for label, positive in enumerate(counts):
        cells[:, label, 0], cells[:, label, 1] = np.array(sizes) - positive, positive
    keys = tuple((chr(65 + place),) for place in range(len(sizes)))
    confusion = Confusion(("group",), keys, cells, cells.astype(float), cells.astype(float))
    metrics = [find_metric(name) for name in names]
    compared = [Compared(m.measure(confusion), partial(m.measure, confusion.rest)) for m in metrics]
    named = "A" if versus == REFERENCE else versus
    return gap(compared, Question(name="x", along="group", kind=kind, versus=named))
