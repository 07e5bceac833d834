"""Points that a picture needs: no dropped point lies visibly off, whatever the line."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.values import thinning
from rai.values.thinning import kept_points, runs


def furthest_off(x, y, kept):
    """The largest distance of a point from the nearest stretch of the line that was kept."""
    worst = 0.0
    for a, b in pairwise(kept):
        way = np.array([x[b] - x[a], y[b] - y[a]])
        points = np.stack((x[a : b + 1] - x[a], y[a : b + 1] - y[a]), axis=1)
        length = way @ way
        along = np.clip(points @ way / length, 0, 1) if length > 0 else np.zeros(len(points))
        worst = max(worst, float(np.hypot(*(points - along[:, None] * way).T).max()))
    return worst


@given(
    heights=st.lists(st.floats(0, 1), min_size=2, max_size=60),
    within=st.sampled_from([0.001, 0.01, 0.1]),
)
def test_dropped_points_lie_close_to_the_line(heights, within):
    y = np.array(heights)
    x = np.linspace(0, 1, len(y))
    kept = kept_points(x, y, within=within)
    assert kept[0] == 0
    assert kept[-1] == len(y) - 1
    assert (np.diff(kept) > 0).all()
    assert furthest_off(x, y, kept) <= within + 1e-12


def test_a_curve_needs_few_points():
    x = np.linspace(0, 1, 3001)
    kept = kept_points(x, np.sqrt(x), within=0.002)
    assert 8 <= len(kept) <= 40
    assert furthest_off(x, np.sqrt(x), kept) <= 0.002


def test_all_lines_count():
    x = np.linspace(0, 1, 101)
    flat, bent = np.zeros(101), np.where(x == 0.5, 1.0, 0.0)
    assert kept_points(x, flat, within=0.01).tolist() == [0, 100]
    assert kept_points(x, flat, bent, within=0.01).tolist() == [0, 49, 50, 51, 100]


def test_upright_stretches_keep_their_corners():
    x = np.array([0.0, 0.0, 0.0, 0.5, 0.5, 1.0])
    y = np.array([0.0, 0.2, 0.4, 0.4, 1.0, 1.0])
    assert kept_points(x, y, within=0.001).tolist() == [0, 2, 3, 4, 5]


def test_many_points_are_thinned_part_by_part(monkeypatch):
    monkeypatch.setattr(thinning, "_PART", 64)
    x = np.linspace(0, 1, 5000)
    y = np.sin(7 * x)
    kept = kept_points(x, y, within=0.004)
    assert len(kept) < 120
    assert furthest_off(x, y, kept) <= 0.004


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], []),
        ([False, False], []),
        ([True, True], [slice(0, 2)]),
        ([False, True, False, True], [slice(1, 2), slice(3, 4)]),
    ],
)
def test_runs_are_where_something_is_known(known, expected):
    assert runs(np.array(known, dtype=bool)) == expected


@pytest.mark.parametrize("count", [0, 1, 2])
def test_short_lines_keep_all_their_points(count):
    x = np.linspace(0, 1, count)
    assert kept_points(x, x, within=0.1).tolist() == list(range(count))
