"""Calibration against scikit-learn, statsmodels, SciPy and brute force, on random rows."""

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import norm
from scipy.stats import t as student
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import brier_score_loss

import rai
from rai.measure.brier import isotonic

SEEDS = range(4)


def rows(seed, *, n=400, weighted=False, ties=False):
    """Labels that are somewhat off what the scores say, scores, and weights."""
    rng = np.random.default_rng(seed)
    s = rng.beta(1.5, 2.5, n)
    if ties:
        s = np.round(s, 1).clip(0.05, 0.95)
    y = (rng.random(n) < expit(0.4 + 0.7 * logit(s))).astype(int)
    return y, s, rng.choice([0.5, 1.0, 3.0], n) if weighted else np.ones(n)


def value_of(name, y, s, w, **options):
    (estimate,) = audited(y, s, w, **options).metrics(name, by=())
    return estimate


def audited(y, s, w, *, bins="exact"):
    groups = {"g": np.where(np.arange(len(y)) % 2, "A", "B")}
    return rai.audit(y_true=y, y_score=s, sensitive_features=groups, sample_weight=w, bins=bins)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_brier_score(seed, ties, weighted):
    y, s, w = rows(seed, ties=ties, weighted=weighted)
    found = value_of("brier_score", y, s, w)
    assert found.value == pytest.approx(brier_score_loss(y, s, sample_weight=w), abs=1e-12)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_of_the_brier_score_are_those_of_isotonic_regression(seed, ties, weighted):
    y, s, w = rows(seed, ties=ties, weighted=weighted)
    fitted = IsotonicRegression(y_min=0, y_max=1).fit_transform(s, y, sample_weight=w)
    rate = np.average(y, weights=w)
    brier, recalibrated = (brier_score_loss(y, p, sample_weight=w) for p in (s, fitted))
    parts = [
        value_of(f"brier_{name}", y, s, w).value
        for name in ("miscalibration", "discrimination", "uncertainty")
    ]
    expected = [brier - recalibrated, rate * (1 - rate) - recalibrated, rate * (1 - rate)]
    assert parts == pytest.approx(expected, abs=1e-12)
    assert parts[0] - parts[1] + parts[2] == pytest.approx(brier, abs=1e-12)


def test_isotonic_regression_is_the_best_rising_function():
    """Brute force: the best of all ways to cut eight points into blocks with rising means."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        y, w = rng.integers(0, 2, 8).astype(float), rng.choice([1.0, 2.0], 8)
        best = np.inf
        for cuts in range(2**7):
            edges = [0, *(i + 1 for i in range(7) if cuts >> i & 1), 8]
            means = [np.average(y[a:b], weights=w[a:b]) for a, b in pairwise(edges)]
            if all(x <= z for x, z in pairwise(means)):
                fit = np.repeat(means, np.diff(edges))
                best = min(best, float(w @ (y - fit) ** 2))
        assert w @ (y - isotonic(y, w)) ** 2 == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_intercept_and_slope_are_those_of_a_logistic_regression(seed):
    y, s, w = rows(seed, weighted=True)
    design = sm.add_constant(logit(s))
    family = sm.families.Binomial()
    both = sm.GLM(y, design, family=family, freq_weights=w).fit(tol=1e-14)
    alone = sm.GLM(y, np.ones(len(y)), family=family, offset=logit(s), freq_weights=w).fit(tol=1e-14)
    found = [value_of(f"calibration_{name}", y, s, w).value for name in ("intercept", "slope")]
    assert found == pytest.approx([alone.params[0], both.params[1]], abs=1e-8)
    free = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000, solver="newton-cholesky")
    free.fit(logit(s)[:, None], y, sample_weight=w)
    assert found[1] == pytest.approx(free.coef_[0, 0], abs=1e-7)


@pytest.mark.parametrize("name", ["intercept", "slope"])
@pytest.mark.parametrize("seed", SEEDS)
def test_their_intervals_are_the_larger_of_the_sandwich_and_the_model(seed, name):
    y, s, _ = rows(seed)
    odds = logit(s)
    options = {"family": sm.families.Binomial(), "offset": odds if name == "intercept" else None}
    design = np.ones(len(y)) if name == "intercept" else sm.add_constant(odds)
    model = sm.GLM(y, design, **options)
    error = max(model.fit(cov_type=kind).bse[-1] for kind in ("nonrobust", "HC0"))
    k = 1 if name == "intercept" else 2
    reach = student.ppf(0.975, min(y.sum(), len(y) - y.sum())) * error * np.sqrt(len(y) / (len(y) - k))
    found = value_of(f"calibration_{name}", y, s, np.ones(len(y)))
    assert found.high - found.value == pytest.approx(reach, rel=1e-6)
    assert found.value - found.low == pytest.approx(reach, rel=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_calibration_in_the_large(weighted):
    y, s, w = rows(1, weighted=weighted)
    found = value_of("calibration_in_the_large", y, s, w)
    assert found.value == pytest.approx(np.average(y - s, weights=w), abs=1e-12)
    assert found.numerator / found.denominator == pytest.approx(found.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_expected_calibration_error_by_hand(seed):
    y, s, w = rows(seed, n=500)
    order = np.argsort(s)
    apart = [abs((y - s)[part].mean()) for part in np.split(order, 10)]
    assert value_of("ece", y, s, w).value == pytest.approx(np.mean(apart), abs=1e-12)


def test_what_a_calibrated_model_would_show_is_what_draws_show():
    """Labels drawn from the scores give the stated error and miscalibration on average."""
    rng = np.random.default_rng(2)
    s = np.round(rng.beta(2, 3, 1000), 4)
    said = [
        float(
            value_of(name, rng.random(1000) < s, s, np.ones(1000)).note.split("about ")[1].split(":")[0]
        )
        for name in ("ece", "mcb")
    ]
    drawn = [
        [value_of(name, rng.random(1000) < s, s, np.ones(1000)).value for name in ("ece", "mcb")]
        for _ in range(100)
    ]
    assert said == pytest.approx(np.mean(drawn, axis=0), rel=0.1)


@pytest.mark.parametrize("bins", [4, 10, 17])
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("seed", SEEDS)
def test_reliability_curves(seed, strategy, bins):
    """scikit-learn leaves out bins without rows; with quantiles it agrees where rows divide evenly."""
    y, s, w = rows(seed, n=40 * bins)
    true, predicted = calibration_curve(y, s, n_bins=bins, strategy=strategy)
    found = audited(y, s, w).calibration(by=(), bins=bins, strategy=strategy)
    kept = [row for row in found if row.n]
    assert [row.value for row in kept] == pytest.approx(true, abs=1e-12)
    assert [row.mean_predicted for row in kept] == pytest.approx(predicted, abs=1e-12)


# Regressions ----------------------------------------------------------------------------------------


def regression(seed, *, weighted=False, n=5000):
    rng = np.random.default_rng(seed)
    p = rng.lognormal(1, 0.5, n) + 1000
    y = 1000 + 0.8 * (p - 1000) + rng.normal(size=n) * (p - 1000) / 2
    w = rng.choice([1.0, 2.0, 5.0], n) if weighted else np.ones(n)
    groups = {"g": np.where(np.arange(n) % 2, "A", "B")}
    options = {"sample_weight": w} if weighted else {}
    found = rai.audit(y_true=y, y_pred=p, sensitive_features=groups, task="regression", **options)
    return y, p, w, found


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_line_of_truth_on_prediction(seed, weighted):
    y, p, w, found = regression(seed, weighted=weighted)
    line = LinearRegression().fit(p[:, None], y, sample_weight=w)
    intercept, slope = found.metrics("calibration_intercept", "calibration_slope", by=())
    assert slope.value == pytest.approx(line.coef_[0], abs=1e-8)
    assert intercept.value == pytest.approx(line.intercept_, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_interval_of_the_line_bears_unequal_spread(seed):
    """White's errors, from sums per bin of predictions: close to those from rows, far from the plain."""
    y, p, _, found = regression(seed)
    fitted = sm.OLS(y, sm.add_constant(p))
    robust, plain = (fitted.fit(cov_type=kind).bse for kind in ("HC1", "nonrobust"))
    for i, name in enumerate(("calibration_intercept", "calibration_slope")):
        (estimate,) = found.metrics(name, by=())
        error = (estimate.high - estimate.low) / 2 / norm.ppf(0.975)
        assert error == pytest.approx(robust[i], rel=0.02)
        assert error > 1.5 * plain[i]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_quantiles_of_residuals(seed, weighted):
    y, p, w, found = regression(seed, weighted=weighted)
    (row,) = found.residuals(by=())
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    exact = (
        np.quantile(p - y, levels, weights=w, method="inverted_cdf")
        if weighted
        else np.quantile(p - y, levels, method="averaged_inverted_cdf")
    )
    bound = float(row.note.removeprefix("binned: within ").split(" ")[0])
    assert bound < 0.02 * row.sd
    for value, true in zip((row.q05, row.q25, row.median, row.q75, row.q95), exact, strict=True):
        assert abs(value - true) <= bound
    assert row.mean == pytest.approx(np.average(p - y, weights=w))
    assert row.sd == pytest.approx(np.sqrt(np.cov(p - y, aweights=w, ddof=0)))


def test_predicted_against_true_by_hand():
    """With bins of the rows' own making, means and Student's intervals are those of the rows."""
    y, p, _, found = regression(5)
    for row in found.calibration(bins=8):
        here = (p >= row.bin_low) & (p <= row.bin_high) & (np.arange(len(p)) % 2 == (row.name == "A"))
        assert row.n == here.sum()
        assert row.mean_predicted == pytest.approx(p[here].mean())
        assert row.value == pytest.approx(y[here].mean())
        reach = student.ppf(0.975, row.n - 1) * y[here].std(ddof=1) / np.sqrt(row.n)
        assert row.high - row.value == pytest.approx(reach, rel=1e-6)
