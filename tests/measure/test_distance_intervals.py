"""Draws, p-values and intervals of distances: against exact tests, inequalities and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rai.measure.adjusting import ADJUSTMENTS
from rai.measure.cell_pairs import CellPair
from rai.measure.distance_intervals import Draws, tail_share
from rai.measure.distance_laws import Draw, Scale
from rai.measure.distances import MEASURES, measure_of

CELLS = ("jensen_shannon", "psi", "l_infinity", "total_variation")


def pair_of(ours, theirs, **held):
    return CellPair(ours=np.array(ours), theirs=np.array(theirs), **held)


def judged(pair, name, seed=0, draws=999, **asked):
    draws = Draws(pair, draws=draws, rng=np.random.default_rng(seed))
    return draws.judged(measure_of(name), **asked)


class TestCells:
    pair = pair_of([30, 10, 0, 5], [20, 60, 8, 2])

    def test_rows_dealt_again_keep_both_totals_of_every_cell(self):
        p, q = self.pair.split(500, np.random.default_rng(0))
        rows = p * 45 + q * 90
        assert rows == pytest.approx(np.broadcast_to([50, 70, 8, 7], rows.shape))
        assert p.sum(axis=1) == pytest.approx(1)

    def test_they_are_hypergeometric(self):
        p, _ = self.pair.split(20_000, np.random.default_rng(0))
        law = stats.hypergeom(135, 50, 45)
        assert (p[:, 0] * 45).mean() == pytest.approx(law.mean(), rel=0.01)
        assert (p[:, 0] * 45).var() == pytest.approx(law.var(), rel=0.05)

    def test_weights_are_drawn_as_many_times_as_they_are_worth(self):
        pair = pair_of([3.0, 1.5], [2.0, 2.5], rows=(20.9, 0.4))
        assert pair.n == (20, 1)
        p, q = pair.split(50, np.random.default_rng(0))
        assert set(np.rint(p * 20).ravel() % 1) == {0.0}
        assert set(q.ravel()) <= {0.0, 1.0}

    def test_more_rows_than_can_be_dealt_are_drawn(self):
        p, q = pair_of([10**9, 10**9], [10**9, 10**9]).split(50, np.random.default_rng(0))
        assert np.abs(p - q).max() < 1e-3

    def test_what_can_not_be_dealt_is_not_tested(self):
        pair = pair_of([5, 0], [9, 0])
        assert not pair.testable
        assert judged(pair, "l_infinity").p_value == 1.0
        assert judged(pair, "jensen_shannon").high == 0.0

    def test_bins_are_sums_of_cells_and_numbers_leave_the_missing_out(self):
        pair = pair_of(
            [1, 2, 3, 4], [4, 3, 2, 1], numbers=3, starts=np.array([0, 2, 3]), scale=Scale(np.ones(2))
        )
        p = pair.shares[0]
        assert pair.seen_by(measure_of("psi"), p).tolist() == pytest.approx([0.3, 0.3, 0.4])
        assert pair.seen_by(measure_of("wasserstein"), p).tolist() == pytest.approx([1 / 6, 1 / 3, 0.5])


@given(
    st.integers(2, 7).flatmap(
        lambda k: st.lists(
            st.lists(st.integers(0, 30), min_size=k, max_size=k).filter(any), min_size=4, max_size=4
        )
    )
)
def test_the_noise_bounds_how_far_a_sample_is_from_the_truth(drawn):
    """|D̂ − D| is at most its size, for every norm and in the space of Jensen and Shannon."""
    p, q, x, y = (np.array(side) / sum(side) for side in drawn)
    scale = Scale(np.arange(1.0, len(p)), 0.05)
    for measure in MEASURES:
        if measure.name != "psi":
            noise = np.sqrt(measure.law.noise(Draw(p, q, x[None], y[None]), scale)[0])
            apart = measure.law.between(x, y, scale) - measure.law.between(p, q, scale)
            assert abs(apart) <= noise + 1e-7


class TestPValues:
    def test_of_two_categories_it_is_fishers(self):
        for ours, theirs in (([18, 12], [9, 21]), ([3, 27], [4, 26]), ([28, 2], [20, 10])):
            exact = stats.fisher_exact([ours, theirs]).pvalue
            found = judged(pair_of(ours, theirs), "l_infinity", draws=20_000).p_value
            assert found == pytest.approx(exact, abs=0.012)

    def test_of_numbers_it_is_that_of_permuted_rows(self):
        rng = np.random.default_rng(1)
        ours, theirs = rng.standard_normal(20) + 0.6, rng.standard_normal(25)
        points = np.unique([*ours, *theirs])
        pair = pair_of(
            *(np.isin(points, side).astype(int) for side in (ours, theirs)),
            numbers=45, scale=Scale(np.diff(points)),
        )  # fmt: skip
        for name, statistic in (
            ("wasserstein", stats.wasserstein_distance),
            ("kolmogorov_smirnov", lambda a, b: stats.ks_2samp(a, b).statistic),
        ):
            rows = stats.permutation_test(
                (ours, theirs), statistic, n_resamples=2000, alternative="greater", rng=2
            )
            assert judged(pair, name, draws=5000).p_value == pytest.approx(rows.pvalue, abs=0.02)

    def test_jensen_shannon_and_psi_agree_with_the_chi_square_test_where_counts_are_large(self):
        rng = np.random.default_rng(2)
        ours, theirs = (rng.multinomial(4000, np.full(6, 1 / 6)) for _ in range(2))
        expected = stats.chi2_contingency([ours, theirs]).pvalue
        for name in ("jensen_shannon", "psi"):
            assert judged(pair_of(ours, theirs), name, draws=9999).p_value == pytest.approx(
                expected, abs=0.02
            )

    @pytest.mark.parametrize("freedom", [1, 3, 10])
    def test_beyond_the_draws_the_tail_is_near_and_on_the_safe_side(self, freedom):
        rng = np.random.default_rng(freedom)
        for share in (1e-4, 1e-5):
            seen = stats.chi2(freedom).isf(share)
            found = [tail_share(rng.chisquare(freedom, 999), seen) for _ in range(40)]
            assert share < np.median(found) < 12 * share

    def test_it_is_never_0(self):
        assert tail_share(np.random.default_rng(0).chisquare(2, 999), 1e9) == pytest.approx(1e-6)
        assert tail_share(np.zeros(999), 1.0) == pytest.approx(1e-3)

    def test_chance_is_the_mean_of_what_is_dealt(self):
        pair = pair_of([40, 60], [55, 45])
        expected = np.abs(np.subtract(*pair.split(50_000, np.random.default_rng(5))))[:, 0].mean()
        assert judged(pair, "l_infinity", draws=9999).chance == pytest.approx(expected, rel=0.03)


class TestIntervals:
    def test_they_hold_the_value_and_start_at_0_where_chance_may_have_made_it(self):
        rng = np.random.default_rng(3)
        for size in (20, 200, 5000):
            pair = pair_of(*(rng.multinomial(size, np.full(7, 1 / 7)) for _ in range(2)))
            for name in CELLS:
                found = judged(pair, name)
                assert found.low <= found.value <= found.high
                if found.p_value > 0.05:
                    assert found.low == 0

    def test_more_rows_narrow_them(self):
        for name in CELLS:
            small, large = (
                judged(pair_of(np.array([60, 30, 10]) * k, np.array([40, 40, 20]) * k), name)
                for k in (1, 100)
            )
            assert large.high - large.low < (small.high - small.low) / 5
            assert small.low <= large.low <= large.value <= large.high <= small.high

    def test_a_higher_level_widens_them(self):
        pair = pair_of([60, 30, 10], [30, 40, 30])
        for name in CELLS:
            usual, wide = (judged(pair, name, level=level) for level in (0.8, 0.999))
            assert wide.low <= usual.low
            assert wide.high > usual.high

    def test_none_reaches_beyond_the_largest_distance(self):
        for name in ("jensen_shannon", "l_infinity", "total_variation"):
            found = judged(pair_of([9, 0], [0, 9]), name)
            assert found.value == found.high == 1.0
            assert 0.2 < found.low < 1

    def test_the_error_of_the_unit_widens_them(self):
        pair = pair_of([5, 5, 40], [40, 5, 5], numbers=3, scale=Scale(np.ones(2)))
        sure, unsure = (judged(pair, "wasserstein", unit_error=error) for error in (0.0, 0.2))
        assert unsure.low < sure.low
        assert unsure.high == pytest.approx(
            sure.value + np.hypot(sure.high - sure.value, 1.96 * 0.2 * sure.value), rel=1e-3
        )


class TestAdjusting:
    p_values = (0.01, 0.2, 0.03, 0.0004, 0.9, 0.03)

    @pytest.mark.parametrize(("ours", "theirs"), [("holm", "holm"), ("benjamini_hochberg", "fdr_bh")])
    def test_against_statsmodels(self, ours, theirs):
        from statsmodels.stats.multitest import multipletests

        expected = multipletests(self.p_values, method=theirs)[1]
        assert ADJUSTMENTS[ours](self.p_values) == pytest.approx(expected.tolist())

    def test_none_leaves_them_as_they_are(self):
        assert ADJUSTMENTS["none"](self.p_values) == list(self.p_values)
