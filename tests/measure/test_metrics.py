"""Every row of the table of metrics, on one table of counts worked out by hand."""

from collections import Counter
from math import log, nan, sqrt

import pytest

from rai import ArgumentError
from rai.measure.criteria import CRITERIA
from rai.measure.metrics import DEFAULT_METRICS, METRICS, find_metric
from rai.measure.regression import REGRESSION_METRICS
from rai.measure.score_metrics import SCORE_METRICS

# tp = 30, fp = 10, fn = 20, tn = 40: 50 of 100 positive, 40 predicted positive
CELLS = (30, 10, 20, 40)
BY_HAND = {
    "selection_rate": 0.4,  # 40 / 100
    "rejection_rate": 0.6,  # 60 / 100
    "base_rate": 0.5,  # 50 / 100
    "true_positive_rate": 0.6,  # 30 / 50
    "false_positive_rate": 0.2,  # 10 / 50
    "true_negative_rate": 0.8,  # 40 / 50
    "false_negative_rate": 0.4,  # 20 / 50
    "positive_predictive_value": 0.75,  # 30 / 40
    "negative_predictive_value": 2 / 3,  # 40 / 60
    "false_discovery_rate": 0.25,  # 10 / 40
    "false_omission_rate": 1 / 3,  # 20 / 60
    "accuracy": 0.7,  # 70 / 100
    "error_rate": 0.3,  # 30 / 100
    "balanced_accuracy": 0.7,  # (0.6 + 0.8) / 2
    "f1": 2 / 3,  # 60 / (60 + 10 + 20)
    "f2": 0.625,  # 150 / (150 + 4 · 20 + 10)
    "f_half": 5 / 7,  # 37.5 / (37.5 + 20 / 4 + 10)
    "jaccard": 0.5,  # 30 / 60
    "fowlkes_mallows": 30 / sqrt(2000),  # √(0.75 · 0.6)
    "geometric_mean": sqrt(0.48),  # √(0.6 · 0.8)
    "matthews_correlation": 1000 / sqrt(6_000_000),  # (1200 − 200) / √(40 · 50 · 50 · 60)
    "cohen_kappa": 0.4,  # chance 0.4 · 0.5 + 0.6 · 0.5 = 0.5; (0.7 − 0.5) / 0.5
    "informedness": 0.4,  # 0.6 − 0.2
    "markedness": 5 / 12,  # 3/4 − 1/3
    "positive_likelihood_ratio": 3.0,  # 0.6 / 0.2
    "negative_likelihood_ratio": 0.5,  # 0.4 / 0.8
    "diagnostic_odds_ratio": 6.0,  # 30 · 40 / (10 · 20)
    "false_negatives_per_false_positive": 2.0,  # 20 / 10
    "predicted_per_actual_positive": 0.8,  # 40 / 50
    "conditional_acceptance": 1.25,  # 50 / 40
    "conditional_rejection": 5 / 6,  # 50 / 60
    # benefits: 20 rows of 0, 70 of 1, 10 of 2; mean 0.9, mean square 1.1
    "generalized_entropy": (1.1 / 0.81 - 1) / 2,
    "theil_index": 0.7 / 0.9 * log(1 / 0.9) + 0.1 * 2 / 0.9 * log(2 / 0.9),
    "count": 100.0,
    "positives": 50.0,
    "negatives": 50.0,
    "predicted_positives": 40.0,
    "predicted_negatives": 60.0,
    "true_positives": 30.0,
    "false_positives": 10.0,
    "false_negatives": 20.0,
    "true_negatives": 40.0,
}  # fmt: skip

NO_POSITIVES = "undefined: no rows with a positive label (n=5)"
NO_NEGATIVES = "undefined: no rows with a negative label (n=5)"
NONE_CALLED = "undefined: no rows predicted positive (n=5)"
ALL_CALLED = "undefined: no rows predicted negative (n=5)"
NOWHERE = "undefined: no rows that are or were called positive (n=5)"
# metric to (tp, fp, fn, tn) and the reason why it is undefined there; with no rows at all, the first
UNDEFINED = {
    "selection_rate": [((0, 0, 0, 0), "undefined: no rows (n=0)")],
    "rejection_rate": [((0, 0, 0, 0), "undefined: no rows (n=0)")],
    "base_rate": [((0, 0, 0, 0), "undefined: no rows (n=0)")],
    "accuracy": [((0, 0, 0, 0), "undefined: no rows (n=0)")],
    "error_rate": [((0, 0, 0, 0), "undefined: no rows (n=0)")],
    "true_positive_rate": [((0, 2, 0, 3), NO_POSITIVES)],
    "false_negative_rate": [((0, 2, 0, 3), NO_POSITIVES)],
    "false_positive_rate": [((2, 0, 3, 0), NO_NEGATIVES)],
    "true_negative_rate": [((2, 0, 3, 0), NO_NEGATIVES)],
    "positive_predictive_value": [((0, 0, 2, 3), NONE_CALLED)],
    "false_discovery_rate": [((0, 0, 2, 3), NONE_CALLED)],
    "negative_predictive_value": [((2, 3, 0, 0), ALL_CALLED)],
    "false_omission_rate": [((2, 3, 0, 0), ALL_CALLED)],
    "balanced_accuracy": [((0, 2, 0, 3), NO_POSITIVES), ((2, 0, 3, 0), NO_NEGATIVES)],
    "f1": [((0, 0, 0, 5), NOWHERE)],
    "f2": [((0, 0, 0, 5), NOWHERE)],
    "f_half": [((0, 0, 0, 5), NOWHERE)],
    "jaccard": [((0, 0, 0, 5), NOWHERE)],
    "fowlkes_mallows": [
        ((0, 2, 0, 3), "undefined: no positive labels or no positive predictions (n=5)"),
        ((0, 0, 2, 3), "undefined: no positive labels or no positive predictions (n=5)"),
    ],
    "geometric_mean": [
        ((0, 2, 0, 3), "undefined: only one label (n=5)"),
        ((2, 0, 3, 0), "undefined: only one label (n=5)"),
    ],
    "matthews_correlation": [
        (cells, "undefined: only one label or only one prediction (n=5)")
        for cells in ((0, 2, 0, 3), (2, 0, 3, 0), (0, 0, 2, 3), (2, 3, 0, 0))
    ],
    "cohen_kappa": [
        ((5, 0, 0, 0), "undefined: labels and predictions are one and the same class (n=5)"),
        ((0, 0, 0, 5), "undefined: labels and predictions are one and the same class (n=5)"),
    ],
    "informedness": [((0, 2, 0, 3), NO_POSITIVES), ((2, 0, 3, 0), NO_NEGATIVES)],
    "markedness": [((0, 0, 2, 3), NONE_CALLED), ((2, 3, 0, 0), ALL_CALLED)],
    "positive_likelihood_ratio": [
        ((0, 2, 0, 3), NO_POSITIVES),
        ((2, 0, 3, 0), NO_NEGATIVES),
        ((2, 0, 1, 2), "undefined: no false positives to divide by"),
    ],
    "negative_likelihood_ratio": [
        ((0, 2, 0, 3), NO_POSITIVES),
        ((2, 0, 3, 0), NO_NEGATIVES),
        ((2, 2, 1, 0), "undefined: no true negatives to divide by"),
    ],
    "diagnostic_odds_ratio": [
        ((2, 0, 1, 2), "undefined: no false positives or no false negatives (n=5)"),
        ((2, 1, 0, 2), "undefined: no false positives or no false negatives (n=5)"),
    ],
    "false_negatives_per_false_positive": [((2, 0, 1, 2), "undefined: no false positives (n=5)")],
    "predicted_per_actual_positive": [((0, 2, 0, 3), NO_POSITIVES)],
    "conditional_acceptance": [((0, 0, 2, 3), NONE_CALLED)],
    "conditional_rejection": [((2, 3, 0, 0), ALL_CALLED)],
    "generalized_entropy": [
        ((0, 0, 5, 0), "undefined: no benefit to share: every row is a false negative (n=5)")
    ],
    "theil_index": [
        ((0, 0, 5, 0), "undefined: no benefit to share: every row is a false negative (n=5)")
    ],
}
SIGNED = {"matthews_correlation", "cohen_kappa", "informedness", "markedness"}


def names_of(rows):
    return [name for row in rows for name in (row.name, *row.aliases)]


def test_by_hand_covers_the_table():
    assert list(BY_HAND) == [metric.name for metric in METRICS]
    counts = {metric.name for metric in METRICS if type(metric.law).__name__ == "Count"}
    assert set(UNDEFINED) == set(BY_HAND) - counts
    assert len(counts) == 9


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_by_hand(make, name, value):
    (estimate,) = find_metric(name).measure(make.confusion(CELLS)).estimates(level=0.95)
    assert estimate.value == pytest.approx(value, rel=1e-12)
    assert (estimate.metric, estimate.n, estimate.note) == (name, 100, "")
    if estimate.denominator is not None:
        assert estimate.numerator / estimate.denominator == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "cells", "reason"), [(name, *case) for name, cases in UNDEFINED.items() for case in cases]
)
def test_undefined_is_none_with_a_reason(make, name, cells, reason):
    undefined, fine = find_metric(name).measure(make.confusion(cells, CELLS)).estimates(level=0.95)
    assert (undefined.value, undefined.low, undefined.high) == (None, None, None)
    assert undefined.note == reason
    assert fine.value == pytest.approx(BY_HAND[name])


@pytest.mark.parametrize("name", UNDEFINED)
def test_no_rows_at_all(make, name):
    (estimate,) = find_metric(name).measure(make.confusion((0, 0, 0, 0))).estimates(level=0.95)
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert estimate.note.startswith("undefined: ")


def test_a_count_of_nothing_is_zero(make):
    (estimate,) = find_metric("count").measure(make.confusion((0, 0, 0, 0))).estimates(level=0.95)
    assert (estimate.value, estimate.note) == (0.0, "")


def test_no_name_means_two_things():
    for tables in ((METRICS, SCORE_METRICS, CRITERIA), (REGRESSION_METRICS,)):
        twice = [
            name for name, times in Counter(n for t in tables for n in names_of(t)).items() if times > 1
        ]
        assert twice == []


def test_every_name_and_alias_finds_its_row():
    for metric in METRICS:
        assert {find_metric(name).name for name in (metric.name, *metric.aliases)} == {metric.name}
    assert [find_metric(n).name for n in ("recall", "precision", "mcc", "for", "n", "tn")] == [
        "true_positive_rate", "positive_predictive_value", "matthews_correlation", "false_omission_rate",
        "count", "true_negatives",
    ]  # fmt: skip


def test_short_names_are_told_apart():
    assert max(Counter(metric.short for metric in METRICS).values()) == 1
    assert all(metric.short for metric in METRICS)


def test_signed_metrics_are_those_that_go_below_zero(make):
    assert {metric.name for metric in METRICS if metric.signed} == SIGNED
    wrong = make.confusion((5, 40, 45, 10))
    below = {metric.name for metric in METRICS if metric.measure(wrong).value[0] < 0}
    assert below == SIGNED


def test_better_says_what_a_perfect_model_has(make):
    """A perfect model has no less than a bad one where higher is better, and no more where lower is."""
    perfect, poor = make.confusion((50, 0, 0, 50)), make.confusion(CELLS)
    for metric in METRICS:
        best, worse = (metric.measure(c).value[0] for c in (perfect, poor))
        if metric.better == "higher":
            assert not best <= worse, metric.name
        if metric.better == "lower":
            assert not best >= worse, metric.name


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("true_positive_rate", "TP / (TP + FN)"),
        ("selection_rate", "(TP + FP) / n"),
        ("f1", "2·TP / (2·TP + FP + FN)"),
        ("f2", "5·TP / (5·TP + 4·FN + FP)"),
        ("f_half", "1.25·TP / (1.25·TP + 0.25·FN + FP)"),
        ("balanced_accuracy", "½ · (TP / (TP + FN) + TN / (FP + TN))"),
        ("markedness", "TP / (TP + FP) − FN / (FN + TN)"),
        ("positive_likelihood_ratio", "[TP / (TP + FN)] / [FP / (FP + TN)]"),
        ("false_negatives_per_false_positive", "FN / FP"),
        ("positives", "TP + FN"),
    ],
)
def test_formulas(name, formula):
    assert find_metric(name).formula == formula


def test_defaults_are_metrics():
    assert [find_metric(name).name for name in DEFAULT_METRICS] == list(DEFAULT_METRICS)


@pytest.mark.parametrize("name", ["recal", "true positive rate", "", 3, None, ["tpr", "fpr"], nan])
def test_an_unknown_metric(name):
    with pytest.raises(ArgumentError) as error:
        find_metric(name)
    assert str(error.value).startswith(f"metric: {name!r}; expected one of 'selection_rate', ")
    assert str(error.value).endswith("Did you mean 'recall'?") == (name == "recal")
