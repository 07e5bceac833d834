"""Metrics of a regression, by hand: values, intervals, and what is undefined."""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from rai import ArgumentError
from rai.measure.regression import DEFAULT_REGRESSION_METRICS, REGRESSION_METRICS, find_regression_metric

# errors 1, −1, 0, 2: mean 0.5; labels 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5
ROWS = ([1, 2, 3, 6], [2, 1, 3, 8])
BY_HAND = {
    "mean_error": 0.5,
    "mean_absolute_error": 1.0,
    "mean_squared_error": 1.5,  # (1 + 1 + 0 + 4) / 4
    "root_mean_squared_error": sqrt(1.5),
    "r2": 1 - 1.5 / 3.5,
    "mean_prediction": 3.5,
    "mean_label": 3.0,
    "calibration_intercept": 20.5 / 29,  # 3 − 3.5 · 19/29
    "calibration_slope": 19 / 29,  # covariance 4.75, variance of predictions 7.25
}
T3 = 3.182446305284263  # Student's 97.5 % quantile with 3 degrees of freedom


def one(make, name, *rows, level=0.95, **options):
    return list(
        find_regression_metric(name).measure(make.moments(*rows, **options)).estimates(level=level)
    )


def test_by_hand_covers_the_table():
    assert list(BY_HAND) == [row.name for row in REGRESSION_METRICS]
    assert set(DEFAULT_REGRESSION_METRICS) <= set(BY_HAND)


@pytest.mark.parametrize("origin", [0.0, 1.0, -50.0])
@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_by_hand(make, name, value, origin):
    (estimate,) = one(make, name, ROWS, origin=origin)
    assert estimate.value == pytest.approx(value)
    assert estimate.low < value < estimate.high
    assert (estimate.n, estimate.note) == (4, "")
    if estimate.denominator is not None:
        assert estimate.numerator / estimate.denominator == pytest.approx(value)


def test_a_mean_has_students_interval(make):
    (estimate,) = one(make, "mean_error", ROWS)
    reach = T3 * sqrt((6 - 4 * 0.25) / 3 / 4)  # Σ (e − ē)² = 5
    assert (estimate.low, estimate.high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))
    assert estimate.method == "student"
    (label,) = one(make, "mean_label", ROWS)
    reach = T3 * sqrt(14 / 3 / 4)  # Σ (y − 3)² = 14
    assert (label.low, label.high) == (pytest.approx(3 - reach), pytest.approx(3 + reach))


def test_what_can_not_be_negative_is_linearised_on_the_log(make):
    (mae,) = one(make, "mae", ROWS)
    factor = exp(T3 * sqrt((1.5 - 1.0) / 1.0 / 3))  # variance of |e| is 1.5 − 1²
    assert (mae.low, mae.high, mae.method) == (
        pytest.approx(1 / factor),
        pytest.approx(factor),
        "linearised",
    )
    (mse,), (rmse,) = one(make, "mse", ROWS), one(make, "rmse", ROWS)
    factor = exp(T3 * sqrt((4.5 - 1.5**2) / 1.5**2 / 3))  # e⁴: (1 + 1 + 0 + 16) / 4
    assert (mse.low, mse.high) == (pytest.approx(1.5 / factor), pytest.approx(1.5 * factor))
    assert (rmse.low, rmse.high) == (pytest.approx(sqrt(mse.low)), pytest.approx(sqrt(mse.high)))


def test_r2_is_linearised_on_what_it_leaves(make):
    (r2,) = one(make, "r2", ROWS)
    e2, d2 = np.array([1, 1, 0, 4]) / 1.5, np.array([4, 1, 0, 9]) / 3.5
    factor = exp(T3 * sqrt(np.mean((e2 - d2) ** 2) / 3))
    assert (r2.low, r2.high) == (pytest.approx(1 - 3 / 7 * factor), pytest.approx(1 - 3 / 7 / factor))
    assert r2.high < 1


def test_one_row_has_no_interval(make):
    for name in ("mean_error", "mae", "mse", "rmse", "mean_label", "mean_prediction"):
        estimate, _ = one(make, name, ([2.0], [3.0]), ROWS)
        assert estimate.value == {"mean_label": 2.0, "mean_prediction": 3.0}.get(name, 1.0)
        assert (estimate.low, estimate.high, estimate.note) == (None, None, "no interval: one row")


def test_labels_that_do_not_vary_have_no_r2(make):
    constant, single, fine = one(make, "r2", ([5.5, 5.5, 5.5], [5, 6, 5.5]), ([1.0], [1.0]), ROWS)
    assert (constant.value, constant.low, constant.high) == (None, None, None)
    assert constant.note == "undefined: the labels don't vary (n=3)"
    assert single.note == "undefined: the labels don't vary (n=1)"
    assert fine.note == ""
    (estimate,) = one(make, "r2", ([7e6] * 3, [1, 2, 3]), origin=1.0)
    assert estimate.value is None


def test_no_rows(make):
    for name in BY_HAND:
        estimate, _ = one(make, name, ([], []), ROWS)
        assert (estimate.value, estimate.note) == (None, "undefined: no rows (n=0)")


def test_no_errors_at_all(make):
    rows = ([1, 2, 4], [1, 2, 4])
    assert [(e.value, e.low, e.high) for n in ("mae", "mse", "rmse") for e in one(make, n, rows)] == [
        (0.0, 0.0, 0.0)
    ] * 3
    assert [(e.value, e.low, e.high) for e in one(make, "r2", rows)] == [(1.0, 1.0, 1.0)]


def test_a_model_worse_than_the_mean(make):
    (estimate,) = one(make, "r2", ([1, 2, 3], [3, 1, 9]))
    assert estimate.value == pytest.approx(1 - (4 + 1 + 36) / 2)
    assert estimate.low < estimate.value < estimate.high <= 1


def test_weights(make):
    (estimate,) = one(make, "mean_error", ROWS, weight=[[1, 1, 2, 4]])
    assert (estimate.value, estimate.numerator, estimate.denominator) == (
        1.0,
        8.0,
        8.0,
    )  # (1 − 1 + 0 + 8) / 8
    # Kish: 8² / 22 rows; variance Σ w e² / 8 − 1² = (1 + 1 + 16) / 8 − 1
    from scipy.stats import t

    trials = 64 / 22
    assert estimate.high - 1.0 == pytest.approx(t.ppf(0.975, trials - 1) * sqrt(1.25 / (trials - 1)))


@pytest.mark.parametrize("name", BY_HAND)
def test_equal_weights_are_no_weights(make, name):
    plain, heavy = (one(make, name, ROWS, weight=w)[0] for w in (None, [[3, 3, 3, 3]]))
    assert heavy.value == pytest.approx(plain.value)
    assert (heavy.low, heavy.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_the_line_has_an_interval_that_bears_unequal_spread(make):
    """White's sandwich, by hand: residuals of y = 20.5/29 + 19/29 · ŷ, times ŷ − 3.5, over 7.25."""
    y, p = (np.array(part) for part in ROWS)
    residual = y - 20.5 / 29 - 19 / 29 * p
    (slope,), (intercept,) = (one(make, f"calibration_{name}", ROWS) for name in ("slope", "intercept"))
    reach = T3 * sqrt(np.mean((residual * (p - 3.5) / 7.25) ** 2) / 3)
    assert (slope.low, slope.high) == (
        pytest.approx(slope.value - reach),
        pytest.approx(slope.value + reach),
    )
    reach = T3 * sqrt(np.mean((residual * (1 - 3.5 * (p - 3.5) / 7.25)) ** 2) / 3)
    assert intercept.high == pytest.approx(intercept.value + reach)
    assert slope.method == intercept.method == "student"


def test_a_line_without_a_histogram_has_no_interval(make):
    moments = replace(make.moments(ROWS), predictions=None, by_prediction=None)
    (slope,) = find_regression_metric("calibration_slope").measure(moments).estimates(level=0.95)
    assert slope.value == pytest.approx(19 / 29)
    assert (slope.low, slope.high) == (None, None)
    assert slope.note == "no interval: this audit kept no histogram of predictions"


@pytest.mark.parametrize("origin", [0.0, 7e6])
def test_predictions_that_do_not_vary_have_no_line(make, origin):
    for name in ("calibration_slope", "calibration_intercept"):
        (estimate,) = one(make, name, ([1, 2, 4], [7.1] * 3), origin=origin)
        assert (estimate.value, estimate.low) == (None, None)
        assert estimate.note == "undefined: the predictions don't vary (n=3)"


def test_names():
    for row in REGRESSION_METRICS:
        assert {find_regression_metric(name).name for name in (row.name, *row.aliases)} == {row.name}
    assert {row.name for row in REGRESSION_METRICS if row.is_mean} == {
        "mean_error", "mean_absolute_error", "mean_squared_error", "mean_prediction", "mean_label",
    }  # fmt: skip
    assert {row.name for row in REGRESSION_METRICS if row.signed} == {
        "mean_error",
        "r2",
        "mean_prediction",
        "mean_label",
        "calibration_intercept",
        "calibration_slope",
    }


@pytest.mark.parametrize(
    ("name", "hint"),
    [("rmsee", " Did you mean 'rmse'?"), ("tpr", ""), (["mae"], " Did you mean 'mae'?")],
)
def test_an_unknown_metric(name, hint):
    with pytest.raises(ArgumentError) as error:
        find_regression_metric(name)
    assert str(error.value) == (
        f"metric: {name!r}; expected one of 'mean_error', 'mean_absolute_error', 'mean_squared_error', "
        f"'root_mean_squared_error', 'r2', 'mean_prediction', 'mean_label', 'calibration_intercept', "
        f"'calibration_slope'.{hint}"
    )
