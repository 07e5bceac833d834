"""What several suites of the engines share: one messy little table, and how tallies are compared."""

import math
from collections import Counter

import numpy as np
import pytest

from rai.values import MISSING

SEX = ["F", "M", None, "F", "M", "F", "M", None, "F", "M", "F", "M"] * 3
RACE = ["Black", "White", "Asian", "White", "Black", 'O\'Neil, "x"', "White", "Black", None] * 4
BAND = [3, 1, 2, 1, None, 3] * 6
LABEL = [1, 0, 1, None, 0, 1, 0, 0, 1, 1, 0, 1] * 3
SCORE = [0.5, 0.25, None, 0.1, 0.9999, 1.0, 0.0, 0.3, 0.7, 0.499999, 0.501, 0.125] * 3
WEIGHT = [1.5, 0.0, 2.25, 1.0, 0.5, 3.0, 1.0, 1.0, 0.25, 1.0, 2.0, 1.0] * 3
PREDICTED = [1, 0, 1, 1, 0, None, 0, 1, 1, 0, 1, 1] * 3


@pytest.fixture(scope="session")
def messy():
    """A table with gaps in every column but the weights, on three axes, with scores on thresholds."""
    columns = {
        "sex": SEX,
        "race": RACE,
        "band": BAND,
        "y": LABEL,
        "p": PREDICTED,
        "s": SCORE,
        "w": WEIGHT,
    }
    rows = min(map(len, columns.values()))
    return {name: values[:rows] for name, values in columns.items()}


def brute_force(table, axes, *, label, outcome, edges=None, weight=None):
    """Counts by (group, label, outcome) and what was dropped, in plain Python."""
    n, w, w2, dropped = Counter(), Counter(), Counter(), Counter()
    for i in range(len(table[label])):
        role = "y_pred" if edges is None else "y_score"
        if table[label][i] is None:
            dropped["missing y_true"] += 1
            continue
        if table[outcome][i] is None:
            dropped[f"missing {role}"] += 1
            continue
        group = tuple(MISSING if table[axis][i] is None else table[axis][i] for axis in axes)
        value = table[outcome][i]
        place = value if edges is None else sum(1 for edge in edges if edge <= value)
        key = (group, table[label][i], place)
        mass = 1.0 if weight is None else table[weight][i]
        n[key] += 1
        w[key] += mass
        w2[key] += mass * mass
    return n, w, w2, dict(dropped)


def cells(tally, values):
    """The non-zero cells of an array of a tally, keyed like those of `brute_force`."""
    hard = tally.edges is None or (
        len(tally.edges) == 1 and not tally.outcomes and len(tally.labels) == 2
    )
    names = tally.outcomes or (tally.labels if hard and values.shape[2] == 2 else range(values.shape[2]))
    return {
        (group, label, name): values[g, k, b].item()
        for g, group in enumerate(tally.groups)
        for k, label in enumerate(tally.labels)
        for b, name in enumerate(names)
        if values[g, k, b]
    }


def same_tally(ours, theirs):
    """Two tallies agree: counts exactly, weights up to rounding."""
    assert ours.axes == theirs.axes
    assert ours.groups == theirs.groups
    assert [type(level) for key in ours.groups for level in key] == [
        type(level) for key in theirs.groups for level in key
    ]
    assert ours.labels == theirs.labels
    assert ours.outcomes == theirs.outcomes
    assert ours.exact == theirs.exact
    assert dict(ours.dropped) == dict(theirs.dropped)
    np.testing.assert_array_equal(ours.edges, theirs.edges)
    np.testing.assert_array_equal(ours.n, theirs.n)
    for name in ("weight", "weight_sq"):
        a, b = getattr(ours, name), getattr(theirs, name)
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def same_moments(ours, theirs):
    """Two moments agree up to rounding, about one origin."""
    assert ours.axes == theirs.axes
    assert ours.groups == theirs.groups
    assert dict(ours.dropped) == dict(theirs.dropped)
    np.testing.assert_array_equal(ours.n, theirs.n)
    moved = theirs.rebased(ours.origin)
    scale = 1 + max(map(math.fabs, ours.sums.ravel().tolist()), default=0.0)
    np.testing.assert_allclose(ours.sums, moved.sums, rtol=1e-9, atol=1e-9 * scale)
    np.testing.assert_allclose(ours.weight, theirs.weight, rtol=1e-12)
    np.testing.assert_allclose(ours.weight_sq, theirs.weight_sq, rtol=1e-12)


@pytest.fixture(scope="session")
def brute():
    return brute_force


@pytest.fixture(scope="session")
def cells_of_tally():
    return cells


@pytest.fixture(scope="session")
def agree():
    """Compare two tallies, or two moments."""
    return lambda ours, theirs: (same_moments if hasattr(ours, "sums") else same_tally)(ours, theirs)
