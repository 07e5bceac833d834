"""Rankings beside scikit-learn, brute force and printed values: areas, curves, and their variance.

Scores are made with and without ties, rows with and without weights; some groups are tiny.
"""

import numpy as np
import pytest
from sklearn import metrics as sk

import rai
from rai.measure.area_intervals import ScoreInterval
from rai.measure.roc import area_between, roc_of, selections
from rai.measure.roc_auc import roc_areas
from rai.values import Tally

EXACT = {"rtol": 1e-12, "atol": 1e-12}
SIZES = (4, 7, 30, 59, 400, 3000)
TIES = {"distinct": None, "few ties": 2, "many ties": 1}


@pytest.fixture(params=TIES)
def digits(request):
    return TIES[request.param]


@pytest.fixture(params=[False, True], ids=["rows", "weights"])
def weighted(request):
    return request.param


@pytest.fixture
def groups(digits, weighted):
    """Labels, scores and weights of each group, both labels in every one."""
    rng = np.random.default_rng(7)
    made = {}
    for place, rows in enumerate(SIZES):
        y = rng.permutation(np.arange(rows) < max(1, rows // 3)).astype(int)
        score = rng.normal(0.3 * y, 0.3)
        score = score if digits is None else score.round(digits)
        made[f"g{place}"] = (y, score, rng.exponential(size=rows) + 0.01 if weighted else None)
    return made


@pytest.fixture
def audit(groups):
    y, score = (np.concatenate([group[i] for group in groups.values()]) for i in range(2))
    weights = [group[2] for group in groups.values()]
    return rai.audit(
        y_true=y,
        y_score=score,
        sensitive_features={"g": np.repeat(list(groups), SIZES)},
        sample_weight=None if weights[0] is None else np.concatenate(weights),
        bins="exact",
        thresholds=[0.0],
    )


# Areas ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "score"),
    [("roc_auc", sk.roc_auc_score), ("average_precision", sk.average_precision_score)],
)
def test_areas(name, score, audit, groups):
    mine = [row.value for row in audit.metrics(name)]
    theirs = [score(y, s, sample_weight=w) for y, s, w in groups.values()]
    np.testing.assert_allclose(mine, theirs, **EXACT)


def test_areas_of_everyone(audit, groups):
    y, s = (np.concatenate([group[i] for group in groups.values()]) for i in range(2))
    w = [group[2] for group in groups.values()]
    w = None if w[0] is None else np.concatenate(w)
    mine = [row.value for row in audit.metrics("auc", "ap", by=())]
    theirs = [f(y, s, sample_weight=w) for f in (sk.roc_auc_score, sk.average_precision_score)]
    np.testing.assert_allclose(mine, theirs, **EXACT)


# Curves ---------------------------------------------------------------------------------------------


def test_roc_curves(audit, groups):
    """Every point is one of theirs; theirs that are left out lie on the line between two of ours."""
    for curve, (y, s, w) in zip(audit.curves("roc"), groups.values(), strict=True):
        fpr, tpr, thresholds = sk.roc_curve(y, s, sample_weight=w, drop_intermediate=False)
        where = np.searchsorted(-thresholds, -curve.threshold)
        np.testing.assert_array_equal(thresholds[where], curve.threshold)
        np.testing.assert_allclose(fpr[where], curve.x, **EXACT)
        np.testing.assert_allclose(tpr[where], curve.y, **EXACT)
        lost = np.setdiff1d(np.arange(len(fpr)), where)
        after = np.searchsorted(where, lost)
        a, b = after - 1, after
        turned = (tpr[lost] - curve.y[a]) * (curve.x[b] - curve.x[a]) - (fpr[lost] - curve.x[a]) * (
            curve.y[b] - curve.y[a]
        )
        np.testing.assert_allclose(turned, 0.0, atol=1e-12)


def test_roc_curves_without_ties_keep_the_points_that_scikit_learn_keeps():
    rng = np.random.default_rng(3)
    y, s = rng.integers(0, 2, 500), rng.random(500)
    (curve,) = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["a"] * 500}, bins="exact"
    ).curves("roc")
    theirs = sk.roc_curve(y, s)
    for mine, expected in zip((curve.x, curve.y, curve.threshold), theirs, strict=True):
        np.testing.assert_allclose(mine, expected, **EXACT)


def test_precision_recall_curves(audit, groups):
    """Theirs end at a point that nobody measured, precision 1 at recall 0; ours don't."""
    for curve, (y, s, w) in zip(audit.curves("precision_recall"), groups.values(), strict=True):
        precision, recall, thresholds = sk.precision_recall_curve(
            y, s, sample_weight=w, drop_intermediate=True
        )
        assert (precision[-1], recall[-1]) == (1.0, 0.0)
        assert len(thresholds) == len(precision) - 1 == len(curve.x)
        np.testing.assert_array_equal(curve.threshold[::-1], thresholds)
        np.testing.assert_allclose(curve.x[::-1], recall[:-1], **EXACT)
        np.testing.assert_allclose(curve.y[::-1], precision[:-1], **EXACT)


def test_the_area_under_the_curve_drawn_is_the_area_stated(audit):
    for curve, row in zip(audit.curves("roc"), audit.metrics("auc"), strict=True):
        np.testing.assert_allclose(np.trapezoid(curve.y, curve.x), row.value, **EXACT)


# DeLong ---------------------------------------------------------------------------------------------


def placements(y, s):
    """Of each positive row among the negative ones, and of each negative row among the positive."""
    order = (s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0])
    return order.mean(axis=1), order.mean(axis=0)


@pytest.mark.parametrize("weighted", [False], indirect=True)
def test_delong_by_rows(groups, audit):
    area = roc_areas(audit.tally)
    small = [(y, s) for y, s, _ in groups.values() if len(y) < 60]
    assert len(small) == 4
    for place, (y, s) in enumerate(small):
        positive, negative = placements(y, s)
        assert area.value[place] == pytest.approx(positive.mean(), abs=1e-14)
        spread = [v.var(ddof=1) / len(v) if len(v) > 1 else 0.0 for v in (positive, negative)]
        assert area.variance[place] == pytest.approx(sum(spread), abs=1e-14)


def test_delong_with_weights_by_rows():
    """Each row counts as often as it weighs; few heavy rows make an uncertain mean."""
    rng = np.random.default_rng(11)
    y, s, w = rng.integers(0, 2, 60), rng.random(60).round(1), rng.exponential(size=60)
    audit = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["a"] * 60}, sample_weight=w, bins="exact"
    )
    order = (s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0])
    positive, negative = w[y == 1], w[y == 0]
    value = positive @ order @ negative / positive.sum() / negative.sum()
    total = 0.0
    for mine, placed in ((positive, order @ negative / negative.sum()),
                         (negative, positive @ order / positive.sum())):  # fmt: skip
        effective = mine.sum() ** 2 / (mine**2).sum()
        spread = (mine**2 * (placed - value) ** 2).sum() / mine.sum() ** 2
        total += spread * effective / (effective - 1)
    area = roc_areas(audit.tally)
    np.testing.assert_allclose([area.value[0], area.variance[0]], [value, total], **EXACT)


def ratings(negative, positive):
    """A tally of graded ratings of one group, low to high."""
    n = np.array([[[0, *negative], [0, *positive]]])
    return Tally(("g",), (("a",),), (0, 1), np.arange(1.0, 1 + len(negative)), (), n, exact=True)


def test_delong_of_the_printed_example():
    """The 109 tomograms of Hanley and McNeil (1982); area, error and interval as Stata's manual prints."""
    area = roc_areas(ratings([33, 6, 6, 11, 2], [3, 2, 2, 11, 33]))
    value, error = area.value[0], np.sqrt(area.variance[0])
    assert [round(x, 4) for x in (value, error)] == [0.8932, 0.0307]
    assert [round(value + z * error, 5) for z in (-1.959964, 1.959964)] == [0.83295, 0.95339]


# Intervals ------------------------------------------------------------------------------------------


def test_bounds_solve_their_equation(audit):
    """Found by bisection instead: |A − t| = z · √(ρ · t(1 − t) · k(t(1 − t)))."""
    area = roc_areas(audit.tally)
    pairs, more = area.positives * area.negatives, (area.positives + area.negatives) / 2 - 1

    def factor(spread):
        return (1 + more * (1 + 2 * spread) / (2 + spread)) / pairs

    interval = ScoreInterval(area, factor)
    for z in (0.5, 1.96, 4.0):
        for bound, end in zip(interval(z), (0.0, 1.0), strict=True):
            inner, outer = area.value.copy(), np.full_like(area.value, end)
            for _ in range(60):
                t = (inner + outer) / 2
                spread = t * (1 - t)
                within = np.abs(area.value - t) < z * np.sqrt(interval.ratio * spread * factor(spread))
                inner, outer = np.where(within, t, inner), np.where(within, outer, t)
            np.testing.assert_allclose(bound, (inner + outer) / 2, atol=1e-7)


# Area between curves --------------------------------------------------------------------------------


def test_areas_between_curves_by_quadrature(audit):
    rocs = [roc_of(found) for found in selections(audit.tally)]
    x = (np.arange(400_000) + 0.5) / 400_000
    for i, first in enumerate(rocs):
        for second in rocs[:i]:
            heights = [np.interp(x, roc.x, roc.y) for roc in (first, second)]
            assert area_between(first, second) == pytest.approx(
                np.abs(heights[0] - heights[1]).mean(), abs=1e-5
            )
