"""Differences of two regressions on the same rows."""

import numpy as np
import pytest

from rai.ground.errors import ArgumentError
from rai.measure.paired import paired_differences, paired_moments
from rai.measure.tables import estimate_table


def predicted(n=300, *, seed=0, weight=None):
    rng = np.random.default_rng(seed)
    truth = rng.normal(50, 10, n)
    first = truth + rng.normal(0, 4, n)
    second = 0.8 * first + 0.2 * truth + rng.normal(0.5, 1, n)
    return first, second, truth


METRICS = ["mean_error", "mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "r2"]


@pytest.mark.parametrize("name", [*METRICS, "mean_prediction"])
def test_both_metrics_are_those_of_an_audit(name):
    import rai

    first, second, truth = predicted()
    (row,) = paired_differences(paired_moments(first, second, truth=truth), [name])
    for values, seen in ((first, row.of_versus), (second, row.of_model)):
        audit = rai.audit(y_true=truth, y_pred=values, sensitive_features={"all": ["x"] * len(truth)})
        assert seen == pytest.approx(audit.metrics(name)[0].value, rel=1e-9)
    assert row.value == pytest.approx(row.of_model - row.of_versus, abs=1e-12)
    assert row.low < row.value < row.high


@pytest.mark.parametrize(
    ("name", "of_error"),
    [("mean_error", lambda e: e), ("mean_absolute_error", np.abs), ("mean_squared_error", np.square)],
)
def test_mean_errors_have_the_paired_t_interval(name, of_error):
    from scipy.stats import ttest_rel

    first, second, truth = predicted(40)
    (row,) = paired_differences(paired_moments(first, second, truth=truth), [name])
    exact = ttest_rel(of_error(second - truth), of_error(first - truth))
    interval = exact.confidence_interval(0.95)
    assert (row.low, row.high) == pytest.approx((interval.low, interval.high), rel=1e-8)
    assert row.p_value == pytest.approx(exact.pvalue, rel=1e-6)


@pytest.mark.parametrize("name", ["root_mean_squared_error", "r2"])
def test_other_metrics_have_the_standard_error_of_a_bootstrap(name):
    first, second, truth = predicted(400)
    (row,) = paired_differences(paired_moments(first, second, truth=truth), [name])
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(2000):
        at = rng.integers(0, 400, 400)
        found = estimate_pair(first[at], second[at], truth[at], name)
        drawn.append(found[1] - found[0])
    assert (row.high - row.low) / 2 / 1.966 == pytest.approx(np.std(drawn), rel=0.08)


def estimate_pair(first, second, truth, name):
    errors = [np.mean((each - truth) ** 2) for each in (first, second)]
    return np.sqrt(errors) if name != "r2" else [1 - mse / truth.var() for mse in errors]


def test_weights_of_two_are_no_more_rows():
    first, second, truth = predicted()
    one, two = (
        paired_differences(paired_moments(first, second, truth=truth, weight=w))
        for w in (np.ones(300), np.full(300, 2.0))
    )
    assert [r.low for r in one] == pytest.approx([r.low for r in two], rel=1e-9)


def test_the_same_predictions_have_no_interval_and_say_why():
    first, _, truth = predicted()
    for row in paired_differences(paired_moments(first, first, truth=truth)):
        assert (row.value, row.low, row.p_value) == (0, None, None)
        assert row.note == "no interval: both predict the same in every row"
    (row,) = paired_differences(
        paired_moments(first[:1], first[:1] + 1, truth=truth[:1]), ["mean_error"]
    )
    assert row.value == pytest.approx(1)
    assert row.note == "no interval: fewer than two effective rows"


def test_groups_add_up():
    first, second, truth = predicted()
    group = np.arange(300) % 3
    both = paired_moments(
        first, second, truth=truth, group=group, groups=(("A",), ("B",), ("C",)), axes=("site",)
    )
    whole = paired_moments(first, second, truth=truth)
    for one, other in zip(paired_differences(both, by=()), paired_differences(whole), strict=True):
        assert (one.value, one.low) == pytest.approx((other.value, other.low), rel=1e-9)
    assert both.to_dicts()[0] == {"site": "A", "n": 100, "apart": 100}
    assert estimate_table(both.moments[0], ["mae"], by=None, level=0.95)[1].value == pytest.approx(
        np.abs(first - truth)[group == 1].mean()
    )


def test_without_truth_only_predictions_are_compared():
    first, second, _ = predicted()
    both = paired_moments(first, second)
    (row,) = paired_differences(both)
    assert row.metric == "mean_prediction"
    assert (row.of_versus, row.of_model) == pytest.approx((first.mean(), second.mean()))
    with pytest.raises(ArgumentError) as caught:
        paired_differences(both, ["mae"])
    assert str(caught.value) == (
        "metric 'mean_absolute_error': no true values; expected them, or a metric of predictions alone. "
        "Pass y_true=, or ask for 'mean_prediction'."
    )
    with pytest.raises(ArgumentError, match="paired metric: 'calibration_slope'; expected one of"):
        paired_differences(both, ["calibration_slope"])
