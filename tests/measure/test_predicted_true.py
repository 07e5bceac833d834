"""Predicted against true, by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import t as student

import rai

P = [10.0, 20.0, 30.0, 40.0]
Y = [12.0, 16.0, 33.0, 43.0]


def audited(y=Y, p=P, *, groups=None, weight=None):
    return rai.audit(
        y_true=y, y_pred=p, sensitive_features={"g": groups or ["A"] * len(y)}, sample_weight=weight,
        task="regression",
    )  # fmt: skip


def test_bins_of_equal_mass_by_hand():
    first, second = audited().calibration(bins=2)
    assert (first.bin_low, first.bin_high, second.bin_low, second.bin_high) == (10, 20, 30, 40)
    assert (first.mean_predicted, first.value, first.n) == (15.0, 14.0, 2)
    assert (second.mean_predicted, second.value, second.numerator) == (35.0, 38.0, 76.0)
    # two rows 2 away from their mean: standard error 2, one degree of freedom
    assert first.high - first.value == pytest.approx(2 * student.ppf(0.975, 1))
    assert first.note == ""


def test_bins_of_equal_width_are_shared():
    audit = audited([*Y, 90.0], [*P, 100.0], groups=list("AABBB"))
    rows = audit.calibration(bins=2, strategy="uniform")
    assert [(row.name, row.bin_low, row.bin_high, row.n) for row in rows] == [
        ("A", 10.0, 55.0, 2), ("A", 55.0, 100.0, 0), ("B", 10.0, 55.0, 2), ("B", 55.0, 100.0, 1),
    ]  # fmt: skip
    assert rows[1].note == "undefined: no rows (n=0)"
    assert (rows[3].value, rows[3].low, rows[3].note) == (90.0, None, "no interval: one row")


def test_an_edge_never_cuts_what_was_counted_together():
    p = np.random.default_rng(1).lognormal(size=20_000)
    rows = audited(2 * p, p).calibration(bins=7, strategy="uniform")
    for row, following in pairwise(rows):
        assert row.bin_high == following.bin_low
        assert row.n == ((p >= row.bin_low) & (p < row.bin_high)).sum()
        assert row.bin_high - row.bin_low == pytest.approx(p.max() / 7, rel=0.07)
        assert row.n == 0 or row.mean_predicted == pytest.approx(row.value / 2)


def test_weights():
    (row,) = audited(weight=[1, 1, 1, 5]).calibration(bins=1)
    assert row.mean_predicted == pytest.approx(260 / 8)
    assert row.value == pytest.approx((12 + 16 + 33 + 215) / 8)
    (heavy,) = audited(weight=[1, 1e-9, 1e-9, 1e-9]).calibration(bins=1)
    assert heavy.note == "no interval: the weights leave fewer than two effective rows"
    rows = audited(groups=list("AAAB"), weight=[1, 1, 1, 0]).calibration(bins=1)
    assert (rows[1].value, rows[1].note) == (None, "undefined: no rows with weight (n=1)")


def test_large_values_do_not_drown_small_differences():
    (row,) = audited([y + 1e9 for y in Y], [p + 1e9 for p in P]).calibration(bins=1)
    assert row.value - 1e9 == pytest.approx(26.0, abs=1e-6)
    (plain,) = audited().calibration(bins=1)
    assert row.high - row.low == pytest.approx(plain.high - plain.low, rel=1e-6)


def test_truths_that_are_all_the_same_are_certain():
    (row,) = audited([0.1] * 4, P).calibration(bins=1)
    assert (row.low, row.high) == (pytest.approx(0.1), pytest.approx(0.1))


def test_moments_without_a_histogram():
    audit = audited()
    bare = replace(audit, tally=replace(audit.tally, predictions=None, by_prediction=None))
    (row,) = bare.calibration()
    assert (row.value, row.mean_predicted, row.n) == (None, None, 0)
    assert row.note == "undefined: this audit kept no histogram of predictions"
