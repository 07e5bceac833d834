"""ROC curves drawn anew: their mean, their spread, and the grid that they are compared on."""

import numpy as np
import pytest

from rai.measure import roc_draws as module
from rai.measure.roc import Roc
from rai.measure.roc_draws import RocGrid, roc_grid

STEPS = Roc(np.array([0, 0, 0.25, 0.25, 0.75, 1.0]), np.array([0, 0.5, 0.5, 0.8, 0.9, 1.0]))


@pytest.fixture
def grid():
    return roc_grid([STEPS])


def test_the_grid_holds_the_corners(grid):
    assert grid.x.tolist() == [0.0, 0.25, 0.75, 1.0]
    assert (grid.widths.tolist(), grid.middles.tolist()) == ([0.25, 0.5, 0.25], [0.125, 0.5, 0.875])


def test_rises_are_the_curve(grid):
    assert grid.rises(STEPS) == pytest.approx([0.5, 0.0, 0.3, 0.1, 0.0, 0.1, 0.0])
    assert grid.heights(grid.rises(STEPS)) == pytest.approx([0.5, 0.85, 0.95])
    assert grid.heights(grid.even) == pytest.approx(grid.middles)


def test_a_grid_has_at_most_a_hundred_and_one_points():
    x = np.linspace(0, 1, 5001)
    grid = roc_grid([Roc(x, np.sqrt(x)), Roc(x, x**0.25)])
    assert len(grid.x) == 101
    assert (grid.x[0], grid.x[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("many", [10**9, 1])
def test_drawn_curves_scatter_about_the_curve_as_rows_do(grid, many, monkeypatch):
    """By multinomial draws and by their normal limit."""
    monkeypatch.setattr(module, "_MANY", many)
    drawn = grid.drawn(
        grid.rises(STEPS), positives=400, negatives=10**7, draws=4000, rng=np.random.default_rng(0)
    )
    heights = grid.heights(grid.rises(STEPS))
    assert drawn.mean(axis=0) == pytest.approx(heights, abs=0.002)
    assert drawn.std(axis=0)[:1] == pytest.approx(np.sqrt(heights * (1 - heights) / 400)[:1], rel=0.05)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    assert (np.diff(drawn, axis=1) >= 0).all()


def test_negative_rows_scatter_too():
    """On the diagonal a curve's spread is that of both labels together."""
    grid = RocGrid(np.linspace(0, 1, 21))
    few, many = (
        grid.drawn(grid.even, positives=10**7, negatives=n, draws=3000, rng=np.random.default_rng(1))
        for n in (100, 10**7)
    )
    middle = 10
    expected = np.sqrt(grid.middles * (1 - grid.middles) / 100)[middle]
    assert few.std(axis=0)[middle] == pytest.approx(expected, rel=0.06)
    assert many.std(axis=0)[middle] < 0.001
