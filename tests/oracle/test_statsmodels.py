"""Intervals and tests against statsmodels and SciPy, on random counts."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import proportion
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import rai
from rai.measure.inequality import noncentrality_bounds
from rai.measure.intervals import jeffreys, koopman_ratio, newcombe, wilson
from rai.measure.pooled import cmh_test, common_odds_ratio
from rai.measure.simultaneous import holm, range_quantile


def random_counts(cases, seed, *, most=200):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, most, (2, cases))
    return rng.binomial(n, rng.random((2, cases))), n


# One proportion -------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_wilson(level):
    (x, _), (n, _) = random_counts(500, 1)
    expected = proportion_confint(x, n, alpha=1 - level, method="wilson")
    np.testing.assert_allclose(wilson(x, n, level=level), expected, rtol=1e-12, atol=1e-15)


def test_jeffreys():
    """At 0 and at n rai closes the interval, as its source does; statsmodels leaves it open."""
    (x, _), (n, _) = random_counts(500, 2)
    low, high = proportion_confint(x, n, alpha=0.05, method="jeffreys")
    expected = np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)
    found = jeffreys(x, n, z=stats.norm.isf(0.025))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


# Two proportions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_newcombe(level):
    (x, y), (m, k) = random_counts(500, 3)
    expected = confint_proportions_2indep(x, m, y, k, method="newcomb", compare="diff", alpha=1 - level)
    found = newcombe(x, m, other_count=y, other_n=k, level=level)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_koopman():
    """statsmodels inverts one score test after another; counts of 0 and n are left to the next test."""
    (x, y), (m, k) = random_counts(120, 4)
    inner = (x > 0) & (x < m) & (y > 0) & (y < k)
    assert inner.sum() > 100
    cases = list(zip(x[inner], m[inner], y[inner], k[inner], strict=True))
    expected = np.array(
        [
            confint_proportions_2indep(*case, method="score", compare="ratio", correction=False)
            for case in cases
        ]
    ).T
    found = koopman_ratio(x[inner], m[inner], other_count=y[inner], other_n=k[inner])
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_the_score_test_at_koopmans_bounds():
    """At each bound, the score test says exactly 5%; where a count is 0 or n, too."""
    (x, y), (m, k) = random_counts(300, 5, most=12)
    low, high = koopman_ratio(x, m, other_count=y, other_n=k)
    checked = 0
    for case, bounds in zip(zip(x, m, y, k, strict=True), zip(low, high, strict=True), strict=True):
        for bound in bounds:
            if 0 < bound < math.inf:
                with np.errstate(divide="ignore", invalid="ignore"):  # of an odds ratio that it adds
                    found = proportion.test_proportions_2indep(
                        *case, value=bound, compare="ratio", method="score", correction=False
                    )
                assert found.pvalue == pytest.approx(0.05, abs=1e-8), (case, bound)
                checked += 1
    assert checked > 400
    assert np.array_equal(low == 0, x == 0)
    assert np.array_equal(np.isinf(high), y == 0)


@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_a_pair_of_an_audit_has_these_intervals(kind):
    """From rows: of one pair of groups, the simultaneous interval is the plain one."""
    (x, y), (m, k) = random_counts(25, 6)
    for case in zip(x + 1, m + 2, y + 1, k + 2, strict=True):
        (pair,) = audit_of({"a": case[:2], "b": case[2:]}).pairs("selection_rate", kind=kind)
        method = "newcomb" if kind == "difference" else "score"
        expected = confint_proportions_2indep(
            *case, compare=kind[:4] if kind == "difference" else kind, method=method, correction=False
        )
        assert (pair.low, pair.high) == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_the_p_value_of_a_pair():
    """The score test with pooled variance; Fisher's exact one where fewer than 5 are expected in a cell."""
    (x, y), (m, k) = random_counts(60, 7, most=80)
    exact = 0
    for case in zip(x, m, y, k, strict=True):
        (pair,) = audit_of({"a": case[:2], "b": case[2:]}).pairs("selection_rate")
        table = np.array([case[:2], case[2:]]) @ [[1, -1], [0, 1]]
        outcomes = table.sum(axis=0)
        if 0 in outcomes:
            expected = 1.0
        elif stats.contingency.expected_freq(table).min() < 5:
            exact += 1
            expected = stats.fisher_exact(table).pvalue
        else:
            expected = proportion.proportions_ztest([case[0], case[2]], [case[1], case[3]])[1]
        assert pair.p_value == pytest.approx(expected, rel=1e-9), case
    assert 10 < exact < 50


def audit_of(groups, strata=None):
    """An audit of rows made from counts: group to (selected, n), or group to one such pair per stratum."""
    cells = [
        (group, stratum, picked, rows)
        for group, counts in groups.items()
        for stratum, (selected, n) in enumerate([counts] if strata is None else counts)
        for picked, rows in ((1, selected), (0, n - selected))
    ]
    group, stratum, picked = (
        np.repeat([cell[i] for cell in cells], [cell[3] for cell in cells]) for i in range(3)
    )
    control = {} if strata is None else {"control_features": {"stratum": stratum}}
    return rai.audit(
        y_true=np.tile([0, 1], len(picked))[: len(picked)],
        y_pred=picked,
        sensitive_features={"group": group},
        positive_label=1,
        **control,
    )


# Strata ---------------------------------------------------------------------------------------------


def strata_of(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 9))
    n = rng.integers(5, 60, (2, count))
    selected = rng.binomial(n, np.clip(rng.normal(0.5, 0.2, (2, count)), 0.05, 0.95))
    tables = np.stack([selected, n - selected], axis=-1).transpose(1, 0, 2)  # stratum, group, yes or no
    return n, selected, tables, StratifiedTable(list(tables.astype(float)))


def test_common_odds_ratio_and_its_test():
    """Closer to even than the correction, statsmodels goes past even and comes back; rai stops there."""
    stopped = 0
    for seed in range(200):
        _, _, tables, theirs = strata_of(seed)
        assert common_odds_ratio(tables.astype(float)) == pytest.approx(
            theirs.oddsratio_pooled, rel=1e-12
        )
        expected = theirs.test_null_odds(correction=True).pvalue
        if abs((tables[:, 0, 0] - expected_selected(tables)).sum()) < 0.5:
            stopped += 1
            assert expected < 1.0
            expected = 1.0
        assert cmh_test(tables.astype(float)) == pytest.approx(expected, rel=1e-9)
    assert 0 < stopped < 50


def expected_selected(tables):
    return tables[:, 0].sum(1) * tables[:, :, 0].sum(1) / tables.sum((1, 2))


@pytest.mark.parametrize("seed", range(300, 330))
def test_the_pooled_gap_of_an_audit(seed):
    n, selected, tables, theirs = strata_of(seed)
    groups = {"ab"[g]: list(zip(selected[g], n[g], strict=True)) for g in range(2)}
    (gap,) = audit_of(groups, strata=True).pooled_gaps("selection_rate", method="mantel_haenszel")
    ratio, (low, high) = theirs.oddsratio_pooled, theirs.oddsratio_pooled_confint()
    names = ("b", "a")
    if ratio > 1:
        ratio, low, high, names = 1 / ratio, 1 / high, 1 / low, ("a", "b")
    assert (gap.value, gap.low, gap.high) == pytest.approx((ratio, low, high), rel=1e-9)
    assert (gap.highest, gap.lowest) == names
    if abs((tables[:, 0, 0] - expected_selected(tables)).sum()) >= 0.5:
        assert gap.p_value == pytest.approx(theirs.test_null_odds(correction=True).pvalue, rel=1e-9)


# Many comparisons -----------------------------------------------------------------------------------


def test_holm():
    rng = np.random.default_rng(8)
    for size in (1, 2, 5, 100, 1000):  # few, since statsmodels collects garbage each time
        p_values = np.round(rng.random(size) ** 6, 4)  # with ties and zeros
        expected = multipletests(p_values, method="holm")[1]
        assert holm(p_values) == pytest.approx(list(expected), rel=1e-12)


@pytest.mark.parametrize("groups", [2, 3, 5, 12, 40])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_range_of_normals(groups, level):
    expected = stats.studentized_range.ppf(level, groups, np.inf)
    assert range_quantile(level, groups) == pytest.approx(expected, abs=5e-5)


# Regressions ----------------------------------------------------------------------------------------


def test_means_of_a_regression_have_students_interval():
    rng = np.random.default_rng(9)
    sizes = rng.integers(2, 40, 200)
    table = np.char.add("t", np.char.zfill(np.repeat(np.arange(200), sizes).astype(str), 3))
    y, e = 100 + 20 * rng.standard_normal((2, len(table)))
    audit = rai.audit(y_true=y, y_pred=y + e - 100, sensitive_features={"table": table}, level=0.9)
    columns = {"mean_error": e - 100, "mean_label": y, "mean_prediction": y + e - 100}
    for name, column in columns.items():
        for row in audit.metrics(name):
            part = column[table == row.name]
            expected = stats.t.interval(0.9, len(part) - 1, loc=part.mean(), scale=stats.sem(part))
            assert (row.low, row.high) == pytest.approx(expected, rel=1e-9)


def test_weights_may_leave_too_few_rows_for_an_interval():
    audit = rai.audit(
        y_true=[1.5, 2.5, 1.0, 2.0],
        y_pred=[1.0, 2.5, 1.0, 3.0],
        sensitive_features={"group": ["a", "a", "b", "b"]},
        sample_weight=[1.0, 0.25, 1.0, 1.0],
    )
    rows = audit.metrics("mean_error", "mean_absolute_error")
    reason = "no interval: the weights leave fewer than two effective rows"
    assert [(row.value, row.low is None, row.note) for row in rows] == [
        (-0.4, True, reason),
        (0.5, False, ""),
        (0.4, True, reason),
        (0.5, False, ""),
    ]


# Inequality -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("freedom", [1, 2, 5, 20])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_noncentrality(freedom, level):
    """At its lower bound the statistic is as unlikely to be so large, at its upper to be so small."""
    for statistic in np.linspace(0.05, 8, 25) * freedom:
        low, high = noncentrality_bounds(statistic, freedom, level=level)
        tail = (1 - level) / 2
        for bound, below in ((low, 1 - tail), (high, tail)):
            if bound > 0:
                assert stats.ncx2.cdf(statistic, freedom, bound) == pytest.approx(below, abs=1e-6)
            else:
                assert stats.chi2.cdf(statistic, freedom) <= below
