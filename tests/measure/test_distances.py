"""Distances against SciPy, closed forms and brute force; the table that lists them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance as spatial
from scipy.special import ndtr

from rai import ArgumentError
from rai.measure.distance_laws import Scale
from rai.measure.distances import (
    FLOOR,
    MEASURES,
    jensen_shannon,
    jensen_shannon_distance,
    measure_of,
    population_stability_index,
    scale_of,
)

pairs = st.integers(1, 9).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 50), min_size=k, max_size=k).filter(any)] * 2)
)


def shares(counted):
    return np.array(counted) / sum(counted)


def between(name, p, q, scale=None):
    law = measure_of(name).law
    return float(law.between(p, q) if scale is None else law.between(p, q, scale))


@given(pairs)
def test_jensen_shannon_is_that_of_scipy(both):
    ours, theirs = both
    expected = spatial.jensenshannon(ours, theirs, base=2)
    assert jensen_shannon(ours, theirs) == pytest.approx(np.nan_to_num(expected), abs=1e-7)


def test_jensen_shannon_of_nothing_is_none():
    assert jensen_shannon([0, 0], [1, 2]) is None
    assert jensen_shannon([1, 2], [0, 0]) is None


@given(pairs)
def test_every_distance_of_cells_against_its_formula(both):
    p, q = shares(both[0]), shares(both[1])
    psi = sum((a - b) * np.log(max(a, FLOOR) / max(b, FLOOR)) for a, b in zip(p, q, strict=True))
    assert between("psi", p, q) == pytest.approx(psi, abs=1e-12)
    assert between("l_infinity", p, q) == max(abs(a - b) for a, b in zip(p, q, strict=True))
    assert between("total_variation", p, q) == pytest.approx(spatial.cityblock(p, q) / 2)
    assert between("kolmogorov_smirnov", p, q) == pytest.approx(
        max(abs(p[: i + 1].sum() - q[: i + 1].sum()) for i in range(len(p)))
    )


@given(pairs)
def test_where_no_cell_is_empty_psi_is_kullback_and_leibler_in_both_directions(both):
    p, q = shares(np.array(both[0]) + 1), shares(np.array(both[1]) + 1)
    expected = stats.entropy(p, q) + stats.entropy(q, p)
    assert float(population_stability_index(p, q)) == pytest.approx(expected, abs=1e-12)


@given(pairs)
def test_they_are_symmetric_and_0_only_for_equal_shares(both):
    p, q = shares(both[0]), shares(both[1])
    scale = Scale(np.ones(len(p) - 1))
    for measure in MEASURES:
        there, back = (float(measure.law.between(a, b, scale)) for a, b in ((p, q), (q, p)))
        assert there == pytest.approx(back, abs=1e-12)
        assert float(measure.law.between(p, p, scale)) == 0
        if np.abs(p - q).max() > 1e-9:
            assert there > 0
        if measure.law.most is not None:
            assert there <= measure.law.most


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=30),
    st.lists(st.integers(-20, 20), min_size=1, max_size=30),
)
def test_numbers_in_order_against_scipy(ours, theirs):
    points = np.unique([*ours, *theirs]).astype(float)
    p, q = (np.array([list(side).count(x) for x in points]) / len(side) for side in (ours, theirs))
    scale = Scale(np.diff(points))
    expected = stats.wasserstein_distance(ours, theirs)
    assert between("wasserstein", p, q, scale) == pytest.approx(expected, abs=1e-12)
    if len(ours) > 1 and len(theirs) > 1:  # of single rows SciPy divides by 0
        expected = stats.ks_2samp(ours, theirs, method="asymp").statistic
        assert between("kolmogorov_smirnov", p, q) == pytest.approx(expected)


def test_trimmed_wasserstein_is_the_area_between_trimmed_quantile_functions():
    rng = np.random.default_rng(0)
    ours, theirs = rng.standard_cauchy(400), rng.standard_cauchy(400) + 1
    points = np.unique([*ours, *theirs])
    p, q = (np.isin(points, side) / 400 for side in (ours, theirs))
    for rows in (0, 4, 40):
        kept = slice(rows, 400 - rows)
        expected = np.abs(np.sort(ours) - np.sort(theirs))[kept].sum() / 400
        found = between("wasserstein", p, q, Scale(np.diff(points), rows / 400))
        assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("shift", [0.1, 0.5, 2.0])
def test_shifted_normals_have_closed_forms(shift):
    points = np.linspace(-8, 10, 20_001)
    p, q = (np.diff(ndtr(points - centre), prepend=0.0) for centre in (shift, 0.0))
    assert between("kolmogorov_smirnov", p, q) == pytest.approx(2 * ndtr(shift / 2) - 1, abs=1e-3)
    assert between("wasserstein", p, q, Scale(np.diff(points))) == pytest.approx(shift, rel=1e-3)
    assert between("total_variation", p, q) == pytest.approx(2 * ndtr(shift / 2) - 1, abs=1e-3)
    # Without a floor the divergence of both directions is the squared shift; far tails are below it.
    assert stats.entropy(p[q > 0], q[q > 0]) == pytest.approx(shift**2 / 2, rel=0.01)


@pytest.mark.parametrize("n", [(50, 80), (1000, 300)])
def test_near_0_jensen_shannon_and_psi_are_pearsons_chi_square(n):
    """Both are that of the two samples but for a factor: (1/a + 1/b) χ² and an eighth of it, in bits."""
    rng = np.random.default_rng(n[0])
    p = q = np.full(8, 1 / 8)
    p = p + 0.002 * rng.standard_normal(8)
    p /= p.sum()
    table = np.array([p * n[0], q * n[1]])
    square = stats.chi2_contingency(table, correction=False).statistic * (1 / n[0] + 1 / n[1])
    assert float(population_stability_index(p, q)) == pytest.approx(square, rel=0.02)
    assert float(jensen_shannon_distance(p, q)) ** 2 == pytest.approx(square / 8 / np.log(2), rel=0.02)


class TestScale:
    def test_of_a_normal_it_is_the_winsorised_deviation(self):
        numbers = np.sort(np.random.default_rng(0).standard_normal(200_000))
        found, kurtosis = scale_of(numbers, np.ones(len(numbers)), trim=0.01)
        expected = np.clip(numbers, *np.quantile(numbers, [0.01, 0.99]))
        assert found == pytest.approx(expected.std(), rel=1e-3)
        assert kurtosis == pytest.approx(stats.kurtosis(expected, fisher=False), rel=1e-2)
        z = stats.norm.isf(0.01)
        closed = 0.98 - 2 * z * stats.norm.pdf(z) + 0.02 * z * z
        assert found == pytest.approx(np.sqrt(closed), abs=0.005)

    def test_an_outlier_does_not_stretch_it(self):
        numbers = np.arange(1000.0)
        calm = scale_of(numbers, np.ones(1000), trim=0.01)[0]
        wild = scale_of(np.append(numbers[:-1], 1e12), np.ones(1000), trim=0.01)[0]
        assert wild == pytest.approx(calm, rel=1e-3)

    def test_without_spread_in_between_it_is_the_plain_one(self):
        assert scale_of(np.array([0.0, 1.0]), np.array([999, 1]), trim=0.01)[0] == pytest.approx(
            np.std([0] * 999 + [1])
        )
        assert scale_of(np.array([3.0]), np.array([7]), trim=0.01) == (0.0, 1.0)


class TestTable:
    def test_names_and_what_they_fit(self):
        assert [measure.name for measure in MEASURES] == [
            "wasserstein", "kolmogorov_smirnov", "jensen_shannon", "psi", "l_infinity",
            "total_variation", "missing_share",
        ]  # fmt: skip
        assert all(set(measure.default) <= set(measure.fits) for measure in MEASURES)

    def test_every_row_says_where_it_comes_from_and_its_usual_threshold(self):
        for measure in MEASURES:
            assert re.search(r"\(\d{4}\)", measure.source)
            assert measure.formula
            assert measure.meaning
            if measure.threshold is not None:
                assert measure.usual.startswith(f"{measure.threshold:g} ")

    def test_another_name(self):
        with pytest.raises(ArgumentError) as caught:
            measure_of("wasserstien")
        assert str(caught.value) == (
            "measure: 'wasserstien'; expected one of 'wasserstein', 'kolmogorov_smirnov', 'jensen_shannon', "
            "'psi', 'l_infinity', 'total_variation', 'missing_share'. Did you mean 'wasserstein'?"
        )
