import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.binning import counted_in
from rai.explore.columns import summarise
from rai.values.binning import Intervals
from rai.values.number_counts import MOST, NumberCounts, Spread

floats = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.integers(-5, 5).map(float), st.just(-0.0)), max_size=60
).map(lambda values: np.array(values, dtype=np.float64))


def in_bins(values, edges):
    n, weight = counted_in(summarise(values), Intervals(edges))
    return n[:-1], weight[:-1]


def same(ours, theirs):
    assert ours.points.tolist() == theirs.points.tolist()
    assert ours.n.tolist() == theirs.n.tolist()
    assert ours.weight == pytest.approx(theirs.weight)
    assert (ours.zeros, ours.distinct.count) == (theirs.zeros, theirs.distinct.count)
    assert [ours.low, ours.high] == pytest.approx([theirs.low, theirs.high], nan_ok=True)
    assert ours.plain.mean == pytest.approx(theirs.plain.mean, nan_ok=True, rel=1e-9, abs=1e-9)
    assert ours.plain.squares == pytest.approx(theirs.plain.squares, rel=1e-6, abs=1e-3)


@given(floats)
def test_statistics_are_those_of_pandas(values):
    counts, series = NumberCounts.of(values), pd.Series(values)
    assert len(counts) == series.count()
    assert counts.distinct.count == series.nunique()
    assert counts.zeros == (series == 0).sum()
    if len(values):
        assert (counts.low, counts.high) == (series.min(), series.max())
        assert counts.plain.mean == pytest.approx(series.mean(), rel=1e-9, abs=1e-9)
        for share in (0, 0.1, 0.25, 1 / 3, 0.5, 0.999, 1):
            assert counts.quantile(share) == pytest.approx(series.quantile(share), rel=1e-12, abs=1e-9)
    if len(values) > 1:
        assert counts.plain.std == pytest.approx(series.std(), rel=1e-6, abs=1e-6)
    else:
        assert counts.plain.std is None


@given(floats, floats)
def test_adding_is_counting_both_at_once(ours, theirs):
    same(
        NumberCounts.of(ours) + NumberCounts.of(theirs), NumberCounts.of(np.concatenate((ours, theirs)))
    )


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 3)), max_size=30))
def test_weights_are_repetitions(pairs):
    values = np.array([value for value, _ in pairs], dtype=np.float64)
    weight = np.array([w for _, w in pairs], dtype=np.float64)
    weighted = NumberCounts.of(values, weight)
    repeated = NumberCounts.of(np.repeat(values, weight.astype(int)))
    assert weighted.weighted.mean == pytest.approx(repeated.plain.mean, nan_ok=True)
    assert weighted.weighted.squares == pytest.approx(repeated.plain.squares, abs=1e-9)
    assert weighted.plain.weight == len(values)
    for share in (0.1, 0.5, 0.9):
        assert weighted.weighted_quantile(share) == repeated.weighted_quantile(share)


def test_the_weighted_median_is_that_of_numpy():
    rng = np.random.default_rng(0)
    values, weight = rng.normal(size=999), rng.integers(1, 9, 999).astype(float)
    expected = np.quantile(values, 0.5, weights=weight, method="inverted_cdf")
    assert NumberCounts.of(values, weight).weighted_quantile(0.5) == expected


class TestManyNumbers:
    values = np.random.default_rng(1).lognormal(3, 2, 120_000)
    whole = NumberCounts.of(values)
    pieces = NumberCounts.of(values[:50_000]) + NumberCounts.of(values[50_000:])

    def test_share_bins(self):
        assert not self.whole.exact
        assert len(self.whole.n) <= MOST
        assert self.whole.distinct.count == 120_000

    def test_at_once_percentiles_are_exact(self):
        for percent in (0, 1, 25, 50, 75, 99, 100):
            assert self.whole.quantile(percent / 100) == pytest.approx(
                np.percentile(self.values, percent), rel=1e-14
            )

    def test_in_pieces_quantiles_are_as_fine_as_the_bins(self):
        assert self.pieces.n.tolist() == self.whole.n.tolist()
        assert self.pieces.percentiles is None
        for percent in (1, 25, 50, 75, 99):
            assert self.pieces.quantile(percent / 100) == pytest.approx(
                np.percentile(self.values, percent), rel=1 / 2000
            )

    def test_in_pieces_ends_mean_and_deviation_stay_exact(self):
        assert (self.pieces.low, self.pieces.high) == (self.values.min(), self.values.max())
        assert self.pieces.plain.mean == pytest.approx(self.values.mean(), rel=1e-12)
        assert self.pieces.plain.std == pytest.approx(self.values.std(ddof=1), rel=1e-12)

    def test_in_pieces_distinct_numbers_are_estimated(self):
        assert not self.pieces.distinct.exact
        assert self.pieces.distinct.count == pytest.approx(120_000, rel=0.05)

    def test_a_histogram_is_nearly_that_of_numpy(self):
        edges = np.array([0.0, 10, 20, 50, 100, 1e9])
        n, weight = in_bins(self.values, edges)
        expected = np.histogram(self.values, edges)[0]
        assert np.abs(n - expected).max() <= 120_000 / 2000
        assert n.sum() == 120_000
        assert weight.tolist() == n.tolist()


@given(floats)
def test_in_bins_is_a_histogram(values):
    edges = np.array([-100.0, -1, 0, 2, 1000])
    n, _ = in_bins(values, edges)
    assert n.tolist() == np.histogram(values, edges)[0].tolist()


def test_nothing_counted_has_no_statistics():
    nothing = NumberCounts.of(np.empty(0))
    assert nothing.quantile(0.5) is None
    assert nothing.weighted_quantile(0.5) is None
    assert nothing.plain.std is None
    assert len(nothing) == 0
    some = NumberCounts.of(np.array([1.0]))
    assert (nothing + some).points.tolist() == (some + nothing).points.tolist() == [1.0]


def test_spreads_far_from_zero_keep_their_digits():
    values = 1e9 + np.array([0.0, 1, 2, 3])
    merged = Spread.of(values[:1]) + Spread.of(values[1:])
    assert merged.squares == pytest.approx(5.0, rel=1e-12)
