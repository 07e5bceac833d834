"""Residuals by group: mean, spread, quantiles and the histogram they share."""

from dataclasses import replace

import numpy as np
import pytest

import rai
from rai import ArgumentError

E = [-2.0, -1.0, 0.0, 1.0, 7.0]


def audited(errors=E, *, groups=None, weight=None):
    y = np.arange(len(errors)) * 10.0
    return rai.audit(
        y_true=y, y_pred=y + np.array(errors), sensitive_features={"g": groups or ["A"] * len(errors)},
        sample_weight=weight, task="regression",
    )  # fmt: skip


def test_by_hand():
    (row,) = audited().residuals()
    assert (row.mean, row.sd) == (1.0, pytest.approx(np.sqrt(10)))  # (9 + 4 + 1 + 0 + 36) / 5
    assert (row.q05, row.q25, row.median, row.q75, row.q95) == (-2.0, -1.0, 0.0, 1.0, 7.0)
    assert (row.n, row.note) == (5, "")


def test_weights_move_quantiles():
    (row,) = audited(weight=[1, 1, 1, 1, 6]).residuals()
    assert (row.q05, row.median, row.q95) == (-2.0, 7.0, 7.0)
    assert row.mean == pytest.approx((-2 - 1 + 0 + 1 + 42) / 10)


def test_groups_share_edges_and_shares_add_up():
    rng = np.random.default_rng(1)
    errors = np.concatenate([rng.normal(size=5000), rng.normal(2, 3, 1000)])
    first, second = audited(errors, groups=["A"] * 5000 + ["B"] * 1000).residuals()
    assert first.edges == second.edges
    assert 30 < len(first.shares) <= 42
    for row, own in ((first, errors[:5000]), (second, errors[5000:])):
        assert sum(row.shares) == pytest.approx(1)
        counts, _ = np.histogram(own, bins=row.edges)
        np.testing.assert_allclose(row.shares, counts / len(own), atol=1e-12)
        assert row.edges[0] <= own.min()
        assert own.max() <= row.edges[-1]
    inner = np.diff(first.edges)[1:-1]
    assert inner.max() < 1.5 * inner.min()


def test_binned_quantiles_say_how_far_off_they_may_be():
    errors = np.random.default_rng(2).lognormal(size=30_000)
    (row,) = audited(errors).residuals()
    bound = float(row.note.removeprefix("binned: within ").removesuffix(" of the exact quantiles"))
    assert 0 < bound < 0.02 * row.sd
    exact = np.quantile(errors, [0.05, 0.5, 0.95], method="averaged_inverted_cdf")
    assert abs(np.array([row.q05, row.median, row.q95]) - exact).max() <= bound


@pytest.mark.parametrize("rows", [4, 5, 100, 101])
def test_a_median_is_the_middle_row_or_the_mean_of_the_two_in_the_middle(rows):
    """The What-If Tool takes the upper of two, and averages the middle one of an odd number with the next."""
    errors = np.random.default_rng(rows).permutation(np.arange(rows) ** 2 / 4)
    (row,) = audited(errors).residuals()
    assert (row.median, row.note) == (np.median(errors), "")


def test_a_group_without_weight():
    rows = audited(groups=list("AAAAB"), weight=[1, 1, 1, 1, 0]).residuals()
    empty = rows[1]
    assert (empty.mean, empty.sd, empty.median, empty.shares) == (None, None, None, ())
    assert empty.note == "undefined: no rows with weight (n=1)"


def test_one_error_alone():
    (row,) = audited([0.3], groups=["A"]).residuals()
    assert (row.sd, row.median, row.shares) == (0.0, row.mean, (1.0,))


def test_moments_without_a_histogram_keep_mean_and_spread():
    audit = audited()
    bare = replace(audit, tally=replace(audit.tally, errors=None, by_error=None))
    (row,) = bare.residuals()
    assert (row.mean, row.median, row.edges, row.shares) == (1.0, None, (), ())
    assert row.note == "no quantiles: this audit kept no histograms"


def test_an_audit_of_classes_has_no_residuals():
    audit = rai.audit(y_true=[0, 1], y_score=[0.1, 0.9], sensitive_features={"g": ["A", "A"]})
    with pytest.raises(ArgumentError) as error:
        audit.residuals()
    assert str(error.value) == (
        "residuals: an audit of classes; expected a regression. "
        "For scores, calibration() shows how far they are from what came true."
    )
