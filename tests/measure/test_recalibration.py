"""Calibration in the large, intercept and slope: by hand, and where they have no answer."""

from math import log, sqrt

import pytest
from scipy.special import expit
from scipy.stats import t as student

import rai


def one(name, y, s, *, bins="exact", weight=None):
    groups = {"g": ["A"] * len(y)}
    audit = rai.audit(
        y_true=y, y_score=s, sensitive_features=groups, bins=bins, sample_weight=weight, positive_label=1
    )
    (estimate,) = audit.metrics(name)
    return estimate


# Twenty rows at each of two scores: 5 of 20 positive at 0.2, 15 of 20 at 0.8.
Y = [1] * 5 + [0] * 15 + [1] * 15 + [0] * 5
S = [0.2] * 20 + [0.8] * 20


def test_in_the_large_by_hand():
    found = one("calibration_in_the_large", [0, 1, 1, 1], [0.2, 0.4, 0.6, 0.7])
    assert found.value == pytest.approx((3 - 1.9) / 4)
    assert (found.numerator, found.denominator) == (pytest.approx(1.1), 4.0)
    assert found.method == "student"
    # Σ(r − r̄)² over residuals −0.2, 0.6, 0.4, 0.3, and one row of each label around ȳ = 3/4
    around = sum((r - 0.275) ** 2 for r in (-0.2, 0.6, 0.4, 0.3)) + 0.25**2 + 0.75**2
    reach = student.ppf(0.975, 3) * sqrt(around / 6 / 4)
    assert (found.low, found.high) == (pytest.approx(0.275 - reach), pytest.approx(0.275 + reach))


def test_slope_by_hand():
    """Log-odds of what came true are ±ln 3 where scores say ±ln 4."""
    found = one("calibration_slope", Y, S)
    assert found.value == pytest.approx(log(3) / log(4))
    # two groups of 20: variance of the difference of log-odds is 2 / (20 · 3/16), over (2 ln 4)²
    error = sqrt(2 / (20 * 3 / 16)) / (2 * log(4)) * sqrt(40 / 38)
    assert found.high - found.value == pytest.approx(student.ppf(0.975, 20) * error)
    assert (found.numerator, found.denominator, found.method) == (None, None, "sandwich")


def test_intercept_by_hand():
    """One score of 0.5, of which 3 in 4 come true: the log-odds are ln 3 instead of 0."""
    found = one("calibration_intercept", [1] * 30 + [0] * 10, [0.5] * 40)
    assert found.value == pytest.approx(log(3))
    reach = student.ppf(0.975, 10) * sqrt(1 / (40 * 3 / 16)) * sqrt(40 / 39)
    assert found.high - found.value == pytest.approx(reach)
    assert one("calibration_intercept", Y, S).value == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", ["calibration_intercept", "calibration_slope"])
def test_scores_of_0_or_1_have_no_log_odds(name):
    found = one(name, [0, 1, 0, 1, 1], [0.0, 0.4, 0.6, 1.0, 1.0])
    assert (found.value, found.low) == (None, None)
    assert found.note == (
        "undefined: 3 scores of exactly 0 or 1 without log-odds; clip scores, say to 0.0001 and 0.9999 (n=5)"
    )
    assert one("calibration_in_the_large", [0, 1], [0.0, 1.0]).value == 0.0


@pytest.mark.parametrize("name", ["calibration_intercept", "calibration_slope"])
def test_one_label(name):
    found = one(name, [1, 1, 1], [0.2, 0.4, 0.6])
    assert (found.value, found.note) == (None, "undefined: only one label (n=3)")


@pytest.mark.parametrize(
    ("y", "s"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.6, 0.7]),
        ([1, 1, 0, 0], [0.1, 0.2, 0.6, 0.7]),
        ([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.7]),  # they touch: still no finite slope
    ],
)
def test_scores_that_part_the_labels_have_no_slope(y, s):
    found = one("calibration_slope", y, s)
    assert found.value is None
    assert found.note == "undefined: the scores part the labels, so that no finite slope fits (n=4)"
    assert one("calibration_intercept", y, s).value is not None


def test_a_slope_needs_two_scores():
    found = one("calibration_slope", [0, 1, 1], [0.5] * 3)
    assert found.note == "undefined: all 3 scores are the same (n=3)"


def test_two_rows_of_a_label_are_the_fewest_for_an_interval():
    found = one("calibration_slope", [0, 1, 0, 0], [0.2, 0.4, 0.6, 0.3])
    assert found.value is not None
    assert (found.low, found.note) == (
        None,
        "no interval: fewer than two effective rows of a label",
    )
    alone = one("calibration_in_the_large", [1], [0.7])
    assert (alone.value, alone.low, alone.note) == (pytest.approx(0.3), None, "no interval: one row")
    heavy = one("calibration_in_the_large", [1, 0], [0.7, 0.5], weight=[1.0, 0.01])
    assert heavy.note == "no interval: the weights leave fewer than two effective rows"


def test_scores_far_out_are_fitted_too():
    """Newton's steps are kept short, so that a slope a thousand times off is found all the same."""
    y = [1] * 40 + [0] * 10 + [0] * 40 + [1] * 10
    found = one("calibration_slope", y, [0.5 + 1e-6] * 50 + [0.5 - 1e-6] * 50)
    assert found.value == pytest.approx(log(4) / 4e-6, rel=1e-6)
    tiny = one("calibration_intercept", [1] * 10 + [0] * 90, [1e-12] * 100)
    assert expit(tiny.value + log(1e-12)) == pytest.approx(0.1)


def test_binned_intercepts_know_their_bound():
    """With every score at either end of its bin, intercepts are where the exact one may be at most."""
    found = one("calibration_intercept", Y, S, bins=10)
    assert found.note.startswith("binned: within 0.")
    exact = one("calibration_intercept", Y, S)
    bound = float(found.note.split()[2])
    assert abs(found.value - exact.value) <= bound
    assert found.high - found.low > exact.high - exact.low
    outer = one("calibration_intercept", [0, 1, 0, 1], [0.05, 0.4, 0.6, 0.99], bins=1)
    assert outer.note == "binned: without a bound, since most rows are in the outermost bins"


def test_a_binned_slope_has_no_bound_and_says_so():
    assert one("calibration_slope", Y, S, bins=10).note == (
        'binned: middles stand for scores, without a bound; bins="exact" needs none'
    )


def test_a_ratio_of_what_can_be_negative_is_refused():
    audit = rai.audit(
        y_true=[0, 1, 0, 1], y_score=[0.2, 0.7, 0.4, 0.5], sensitive_features={"g": list("AABB")}
    )
    (gap,) = audit.gaps("calibration_in_the_large", kind="ratio")
    assert gap.note == "undefined: a ratio of a metric that can be negative"
