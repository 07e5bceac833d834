"""Bounds of paired rates: the wider bounds are taken."""

import numpy as np
import pytest

from rai.gates.rules.paired_rates import paired_bounds
from rai.measure.intervals import clopper_pearson, mover_difference
from rai.measure.paired import metric_of_both
from rai.measure.paired_intervals import tango
from rai.values.paired import Paired

RATES = ("true_positive_rate", "false_positive_rate", "accuracy", "selection_rate", "error_rate")


def of_counts(n, classes=(0, 1)):
    keys = tuple((place,) for place in range(len(n)))
    return Paired.of_counts(n, axes=("g",), groups=keys, classes=classes)


def of_cells(n, name):
    """Rows that succeed in the second only, in the first only, and all, counted cell by cell."""
    right = np.array([[1, 0], [0, 1]])
    yes = {
        "true_positive_rate": np.array([[0, 0], [0, 1]]),
        "false_positive_rate": np.array([[0, 1], [0, 0]]),
        "accuracy": right,
        "error_rate": 1 - right,
        "selection_rate": np.array([[0, 1], [0, 1]]),
    }[name]
    counts = {"true_positive_rate": [0, 1], "false_positive_rate": [1, 0]}.get(name, [1, 1])
    gained, lost, total = (np.zeros(len(n)) for _ in range(3))
    for label, first, second in np.ndindex(2, 2, 2):
        if counts[label]:
            rows = n[:, label, first, second]
            total += rows
            gained += rows * (not yes[label, first] and yes[label, second])
            lost += rows * (yes[label, first] and not yes[label, second])
    return gained, lost, total


@pytest.mark.parametrize("name", RATES)
def test_rows_that_changed_are_told(name):
    n = np.random.default_rng(0).integers(0, 40, (30, 2, 2, 2))
    n[0, :, 0, 1] = n[0, :, 1, 0] = 0  # nobody changes
    ((_, both),) = metric_of_both(of_counts(n), name)
    assert [side.tolist() for side in both.changes] == [side.tolist() for side in of_cells(n, name)]


@pytest.mark.parametrize("z", [1.645, 2.576, 3.5])
@pytest.mark.parametrize("name", RATES)
def test_bounds_are_the_wider_of_tangos_and_those_of_exact_sides(name, z):
    n = np.random.default_rng(1).integers(1, 40, (30, 2, 2, 2))
    ((_, both),) = metric_of_both(of_counts(n), name)
    gained, lost, rows = of_cells(n, name)
    score = tango(gained, lost, n=rows, z=z)
    exact = mover_difference(
        gained / rows,
        clopper_pearson(gained, rows, z=z),
        other=lost / rows,
        other_bounds=clopper_pearson(lost, rows, z=z),
    )
    low, high = paired_bounds(both, z=z)
    assert low == pytest.approx(np.minimum(score.low, exact.low), abs=1e-12)
    assert high == pytest.approx(np.maximum(score.high, exact.high), abs=1e-12)


def test_models_that_agree_everywhere_still_have_a_width():
    n = np.zeros((1, 2, 2, 2), dtype=np.int64)
    n[0, 1, 1, 1] = 50
    ((_, both),) = metric_of_both(of_counts(n), "true_positive_rate")
    low, high = paired_bounds(both, z=1.645)
    none_of_50 = 1 - 0.05 ** (1 / 50)  # the exact upper bound of nothing in fifty rows
    assert -low[0] == pytest.approx(high[0]) == pytest.approx(none_of_50, rel=1e-3)


def test_classes_and_whole_tables_are_rates_too():
    n = np.random.default_rng(2).integers(1, 20, (2, 3, 3, 3))
    pairs = of_counts(n, classes=("a", "b", "c"))
    ((_, both),) = metric_of_both(pairs, "accuracy")
    gained = sum(n[:, c, f, c] for c in range(3) for f in range(3) if f != c)
    lost = sum(n[:, c, c, s] for c in range(3) for s in range(3) if s != c)
    assert both.changes.gained.tolist() == gained.tolist()
    assert both.changes.lost.tolist() == lost.tolist()
    of_b = dict(metric_of_both(pairs, "recall"))["b"].changes
    assert of_b.gained.tolist() == n[:, 1, [0, 2], 1].sum(axis=1).tolist()


@pytest.mark.parametrize("name", ["f1", "balanced_accuracy", "positive_predictive_value"])
def test_other_metrics_keep_their_bounds(name):
    n = np.random.default_rng(3).integers(1, 40, (5, 2, 2, 2))
    ((_, both),) = metric_of_both(of_counts(n), name)
    for mine, theirs in zip(paired_bounds(both, z=2.0), both.difference.bounds(2.0), strict=True):
        assert mine.tolist() == theirs.tolist()


def test_without_rows_there_are_no_bounds():
    n = np.zeros((1, 2, 2, 2), dtype=np.int64)
    n[0, 0] = 5
    ((_, both),) = metric_of_both(of_counts(n), "true_positive_rate")
    assert np.isnan(paired_bounds(both, z=1.645)).all()
