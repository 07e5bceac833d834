"""Differences, flips and agreement of rows decided twice."""

import numpy as np
import pytest

from rai.ground.errors import ArgumentError, DataError
from rai.measure.paired import (
    paired_agreement,
    paired_counts,
    paired_differences,
    paired_flips,
    paired_gap_differences,
    paired_moments,
)
from rai.measure.paired_metrics import paired_metric
from rai.measure.tables import estimate_table
from rai.values.paired import Paired


def rows(n=600, *, seed=0, classes=2, groups=2, agree=0.9):
    rng = np.random.default_rng(seed)
    label, first = rng.integers(0, classes, (2, n))
    first = np.where(rng.random(n) < 0.6, label, first)
    second = np.where(rng.random(n) < agree, first, rng.integers(0, classes, n))
    return first, second, label, rng.integers(0, groups, n)


def counted(classes=("no", "yes"), **options):
    first, second, label, group = rows(classes=len(classes), **options)
    keys = tuple((name,) for name in "ABCDEFGH"[: group.max() + 1])
    return paired_counts(
        first, second, classes=classes, label=label, group=group, groups=keys, axes=("site",),
        names=("old", "new"),
    )  # fmt: skip


METRICS = [
    *("selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate"),
    *("false_negative_rate", "accuracy", "error_rate", "balanced_accuracy", "informedness"),
    *("positive_predictive_value", "negative_predictive_value", "f1", "f2", "matthews_correlation"),
    *("cohen_kappa", "positive_likelihood_ratio", "jaccard", "diagnostic_odds_ratio", "markedness"),
]


@pytest.mark.parametrize("name", METRICS)
def test_a_difference_is_that_of_two_audits(name):
    both = counted()
    first, second = (
        estimate_table(part, [name], by=None, level=0.95) for part in (both.first, both.second)
    )
    for row, one, other in zip(paired_differences(both, [name]), first, second, strict=True):
        assert (row.of_versus, row.of_model) == (one.value, other.value)
        assert row.value == pytest.approx(other.value - one.value, abs=1e-15)
        assert row.low < row.value < row.high
        assert (row.model, row.versus, row.group) == ("new", "old", one.group)
        assert 0 < row.p_value < 1


@pytest.mark.parametrize("name", METRICS)
def test_a_p_value_is_where_the_interval_meets_zero(name):
    both = counted(agree=0.85)
    moved = [row for row in paired_differences(both, [name]) if row.value]
    assert moved
    for row in moved:
        exact = paired_differences(both, [name], level=1 - row.p_value).where(site=row.group[0][1])[0]
        assert min(abs(exact.low), abs(exact.high)) == pytest.approx(0, abs=1e-7)


def test_pairing_makes_intervals_shorter():
    both = counted(agree=0.95, n=2000)
    first, second = (
        estimate_table(part, ["accuracy", "f1"], by=(), level=0.95) for part in (both.first, both.second)
    )
    for row, one, other in zip(
        paired_differences(both, ["accuracy", "f1"], by=()), first, second, strict=True
    ):
        assert row.high - row.low < 0.5 * np.hypot(one.high - one.low, other.high - other.low)


def test_decisions_that_agree_everywhere_still_have_an_interval():
    both = counted(agree=1.0, n=80)
    for row in paired_differences(both, ["accuracy", "f1", "positive_predictive_value"], by=()):
        assert row.value == 0
        assert row.low < -0.005
        assert row.high > 0.005
        assert row.p_value == 1
    (row,) = paired_differences(both, ["accuracy"], by=())
    assert row.high == pytest.approx(1.959964**2 / (80 + 1.959964**2), abs=1e-6)


def test_a_metric_of_labels_can_not_differ():
    (row,) = paired_differences(counted(), ["base_rate"], by=())
    assert (row.value, row.low, row.high, row.p_value) == (0, 0, 0, 1)


def test_a_count_has_no_interval():
    (row,) = paired_differences(counted(), ["predicted_positives"], by=())
    assert row.low is row.high is row.p_value is None
    assert row.note == "a count is what was seen: no interval"


def test_undefined_is_none_with_the_reason():
    n = np.zeros((1, 2, 2, 2), dtype=int)
    n[0, 0, 0, 0], n[0, 0, 0, 1] = 5, 2
    both = Paired.of_counts(n, axes=("sex",), groups=(("F",),), classes=("no", "yes"))
    tpr, ppv = paired_differences(both, ["true_positive_rate", "positive_predictive_value"])
    assert (tpr.value, tpr.low, tpr.p_value) == (None, None, None)
    assert tpr.note == "undefined: no rows with a positive label (n=7)"
    assert (ppv.value, ppv.of_model, ppv.of_versus) == (None, 0.0, None)
    assert ppv.note == "undefined: no rows predicted positive (n=7)"


def test_weights_of_one_change_nothing_and_larger_ones_leave_rates_as_they_are():
    first, second, label, _ = rows()
    plain, ones, twos = (
        paired_counts(first, second, classes=(0, 1), label=label, weight=weight)
        for weight in (None, np.ones(600), np.full(600, 2.0))
    )
    names = ["accuracy", "f1", "true_positive_rate", "balanced_accuracy", "matthews_correlation"]
    for row, one, two in zip(*(paired_differences(p, names) for p in (plain, ones, twos)), strict=True):
        for name in ("value", "low", "high", "p_value"):
            wanted = pytest.approx(getattr(row, name), abs=1e-9)
            assert getattr(one, name) == wanted
            assert getattr(two, name) == wanted


def test_uneven_weights_widen():
    first, second, label, _ = rows()
    weight = np.where(np.arange(600) % 10 == 0, 10.0, 1.0)
    plain, uneven = (
        paired_differences(paired_counts(first, second, classes=(0, 1), label=label, weight=w))
        for w in (None, weight)
    )
    assert all(b.high - b.low > a.high - a.low for a, b in zip(plain, uneven, strict=True))


# Several classes ------------------------------------------------------------------------------------


def test_several_classes_are_told_one_by_one_and_averaged():
    both = counted(classes=("a", "b", "c"))
    found = paired_differences(both, ["true_positive_rate"], by=())
    assert [row.group[0][1] for row in found] == ["a", "b", "c", "(macro)"]
    assert found[3].value == pytest.approx(np.mean([row.value for row in found[:3]]), abs=1e-14)
    one = paired_differences(both.one_vs_rest("b"), ["true_positive_rate"], by=())[0]
    assert (found[1].low, found[1].high) == (one.low, one.high)


@pytest.mark.parametrize(
    "name", ["accuracy", "balanced_accuracy", "cohen_kappa", "matthews_correlation"]
)
def test_metrics_of_the_whole_table(name):
    both = counted(classes=("a", "b", "c"))
    (row,) = paired_differences(both, [name], by=())
    values = [estimate_table(tally.by(), [name], by=(), level=0.95)[0].value for tally in both.tallies]
    assert row.group == (("label", "(all)"),)
    assert row.value == pytest.approx(values[1] - values[0], abs=1e-14)
    assert row.low < row.value < row.high


def test_one_class_against_the_rest_keeps_all_rows():
    both = counted(classes=("a", "b", "c"))
    one = both.one_vs_rest("c")
    assert one.n.sum() == both.n.sum()
    assert one.n[:, 1, 1, 0].tolist() == both.n[:, 2, 2, :2].sum(axis=1).tolist()


# Without labels -------------------------------------------------------------------------------------


def test_without_labels_only_decisions_are_compared():
    first, second, _, group = rows()
    both = paired_counts(
        first, second, classes=("no", "yes"), group=group, groups=(("A",), ("B",)), axes=("site",)
    )
    assert [row.metric for row in paired_differences(both)] == ["selection_rate"] * 2
    assert [gap.metric for gap in paired_gap_differences(both)] == ["demographic_parity"]
    for name in ("accuracy", "f1", "positives", "true_positive_rate"):
        with pytest.raises(ArgumentError) as caught:
            paired_differences(both, [name])
        assert str(caught.value) == (
            f"metric {name!r}: no true labels; expected them, or a metric of decisions alone. "
            "Pass y_true=, or ask for 'selection_rate'."
        )


# Flips and agreement --------------------------------------------------------------------------------


def test_flips_are_shares_of_the_group_with_wilsons_interval():
    first, second, label, group = rows()
    both = counted()
    found = paired_flips(both)
    inside = group == 0
    up = int((inside & (first == 0) & (second == 1)).sum())
    row = found.where(site="A", becomes="yes")[0]
    assert (row.was, row.numerator, row.denominator, row.n) == ("no", up, inside.sum(), inside.sum())
    assert row.value == up / inside.sum()
    from scipy.stats import binomtest

    exact = binomtest(up, int(inside.sum())).proportion_ci(method="wilson")
    assert (row.low, row.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert sum(flip.numerator for flip in paired_flips(both, by=())) == (first != second).sum()
    assert label.shape == first.shape


def test_agreement_is_scikit_learns():
    from sklearn.metrics import cohen_kappa_score

    for classes in (("no", "yes"), ("a", "b", "c")):
        first, second, _, _ = rows(classes=len(classes))
        (row,) = paired_agreement(counted(classes=classes))
        assert row.value == pytest.approx((first == second).mean(), abs=1e-15)
        assert row.kappa == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
        assert row.kappa_low < row.kappa < row.kappa_high
        assert row.low < row.value < row.high


def test_kappa_is_undefined_where_all_is_one_class():
    both = paired_counts(np.zeros(5, int), np.zeros(5, int), classes=("no", "yes"))
    (row,) = paired_agreement(both)
    assert (row.value, row.kappa, row.kappa_low) == (1.0, None, None)
    assert row.note == "undefined kappa: both decide the same for everyone"


def test_regressions_decide_nothing():
    both = paired_moments(np.array([1.0, 2.0]), np.array([1.5, 2.0]))
    for ask, where in ((paired_flips, "flips"), (paired_agreement, "agreement")):
        with pytest.raises(ArgumentError) as caught:
            ask(both)
        assert str(caught.value) == (
            f"{where}: regressions, which decide nothing; expected models with classes."
        )


# Counting -------------------------------------------------------------------------------------------


def test_marginals_and_rows():
    both = counted(groups=3)
    assert both.by().n.sum() == both.n.sum() == 600
    assert both.first.n.sum(axis=(1, 2)).tolist() == both.group_rows.tolist()
    assert np.array_equal(both.agreement.n, both.n.sum(axis=1))
    rows_of = both.to_dicts()
    assert len(rows_of) == 3 * 8
    assert sum(row["n"] for row in rows_of) == 600
    assert list(rows_of[0]) == ["site", "label", "old", "new", "n"]


def test_lengths_must_agree():
    with pytest.raises(DataError) as caught:
        paired_counts(np.zeros(3, int), np.zeros(2, int), classes=(0, 1))
    assert str(caught.value) == "paired: 2 rows of second; expected 3, one for each decision."


def test_unknown_names_are_refused():
    with pytest.raises(ArgumentError, match="metric: 'acuracy'; expected one of"):
        paired_differences(counted(), ["acuracy"])
    with pytest.raises(ArgumentError, match="axis: 'sex'; expected one of 'site'"):
        paired_differences(counted(), ["accuracy"], by="sex")
    with pytest.raises(ArgumentError, match="level: 2; expected a number between 0 and 1"):
        paired_differences(counted(), level=2)


def test_all_metrics_can_be_asked_for():
    from rai.measure.metrics import METRICS as TABLE

    both = counted()
    for metric in TABLE:
        for _, found in paired_metric(both, metric.name):
            value = found.second.value - found.first.value
            assert np.array_equal(found.difference.value, value, equal_nan=True)
            low, high = found.difference.bounds(1.96)
            if metric.law is not None and metric.law.__class__.__name__ != "Count":
                assert (low <= value).all()
                assert (high >= value).all()
