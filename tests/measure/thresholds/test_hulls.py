import numpy as np
import pytest
from scipy.spatial import ConvexHull

from rai.measure.thresholds.hulls import corners, envelope


@pytest.mark.parametrize("seed", range(5))
def test_corners_are_those_of_the_convex_hull(audit_of, ask, seed):
    asked = ask(audit_of(400, 2, bins="exact", seed=seed), "equalized_odds")
    for cuts in asked.cuts:
        points = np.column_stack([cuts.fp, cuts.tp])
        expected = ConvexHull(points, qhull_options="Qt")
        found = corners(cuts)
        assert set(expected.vertices) <= set(found)
        inside = points[found] @ expected.equations[:, :2].T + expected.equations[:, 2]
        assert np.abs(inside.max(axis=1)).max() < 1e-9  # each lies on an edge


def test_nobody_and_everyone_are_corners(audit_of, ask):
    for cuts in ask(audit_of(200, 3), "equalized_odds").cuts:
        assert {0, len(cuts.tp) - 1} <= set(corners(cuts).tolist())


def test_an_envelope_is_convex_and_below_every_cut(audit_of, ask):
    asked = ask(audit_of(500, 2, bins="exact"), "equal_accuracy")
    (rate,) = (r.of(asked.cuts[0]) for r in asked.problem.strategy.rates)
    loss = asked.loss.of(asked.cuts[0])
    found = envelope(rate, loss, np.arange(len(rate)))
    assert (np.diff(np.diff(found.loss) / np.diff(found.rate)) > -1e-12).all()
    assert (found.at(rate) <= loss + 1e-12).all()
    assert found.loss.tolist() == loss[found.cut].tolist()


def test_of_one_point_and_of_two():
    one = envelope(np.array([0.5]), np.array([2.0]), np.array([7]))
    assert (one.rate.tolist(), one.cut.tolist(), one.best) == ([0.5], [7], 0.5)
    two = envelope(np.array([1.0, 0.0, 1.0]), np.array([3.0, 2.0, 1.0]), np.arange(3))
    assert (two.rate.tolist(), two.loss.tolist(), two.cut.tolist()) == ([0, 1], [2, 1], [1, 2])
