"""Little tallies, confusion matrices and moments, written out cell by cell."""

import numpy as np
import pytest

from rai.values import Confusion, Moments, Tally
from rai.values.moments import TERMS


def make_tally(
    groups, n, *, axes=("sex",), labels=(0, 1), edges=(0.5,), outcomes=(), weight=None, **more
):
    """A tally; `weight` is the weight of every row."""
    n = np.array(n, dtype=np.int64)
    return Tally(
        axes,
        tuple(groups),
        labels,
        None if edges is None else np.array(edges, dtype=float),
        outcomes,
        n,
        None if weight is None else n * float(weight),
        None if weight is None else n * float(weight) ** 2,
        **more,
    )


def make_confusion(groups, n, *, axes=("sex",), weight=None):
    """Confusion matrices from (tp, fp, fn, tn) per group."""
    n = np.array([[[tn, fp], [fn, tp]] for tp, fp, fn, tn in n], dtype=np.int64)
    w = 1.0 if weight is None else float(weight)
    return Confusion(axes, tuple(groups), n, n * w, n * w**2, weight is not None)


def make_moments(groups, truth, predicted, *, origin=0.0, axes=("sex",), weight=None, **more):
    """Moments from one list of truths and one of predictions per group."""
    n, weights, squares, sums = [], [], [], []
    for place in range(len(groups)):
        y, p = np.array(truth[place], float), np.array(predicted[place], float)
        w = np.ones(len(y)) if weight is None else np.array(weight[place], float)
        e, u = p - y, y - origin
        terms = {
            "e": e, "abs_e": abs(e), "e2": e**2, "e4": e**4, "u": u, "u2": u**2, "u3": u**3, "u4": u**4,
            "eu": e * u, "e2u": e**2 * u, "e2u2": e**2 * u**2,
        }  # fmt: skip
        n.append(len(y))
        weights.append(w.sum())
        squares.append((w**2).sum())
        sums.append([(w * terms[name]).sum() for name in TERMS])
    return Moments(
        axes, tuple(groups), origin, np.array(n), np.array(weights, float), np.array(squares, float),
        np.array(sums), weight is not None, **more,
    )  # fmt: skip


@pytest.fixture(scope="session")
def tally():
    return make_tally


@pytest.fixture(scope="session")
def confusion():
    return make_confusion


@pytest.fixture(scope="session")
def moments():
    return make_moments


@pytest.fixture(scope="session")
def same():
    """Whether two grouped values hold the same keys and the same numbers."""

    def compare(ours, theirs):
        assert (ours.axes, ours.groups) == (theirs.axes, theirs.groups)
        for name in ours.stacked:
            a, b = getattr(ours, name), getattr(theirs, name)
            assert (a is None) == (b is None), name
            if a is not None:
                np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12, err_msg=name)
        return True

    return compare
