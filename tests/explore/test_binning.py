"""One binning engine: edges from summaries, counts that are those of the rows."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.binning import METHODS, binning_of, counted_in
from rai.explore.columns import summarise
from rai.ground.errors import ArgumentError
from rai.values.binning import Intervals, TopLevels

INF, NAN = np.inf, np.nan

some_numbers = st.lists(
    st.one_of(
        st.integers(-30, 30).map(float),
        st.floats(-1e6, 1e6),
        st.floats(),
        st.sampled_from([NAN, INF, -INF, 0.0, -0.0, 1e308, -1e308, 5e-324, 1e16, 1e16 + 2]),
    ),
    max_size=60,
).map(lambda values: np.array(values, dtype=np.float64))
some_words = st.lists(
    st.one_of(st.none(), st.sampled_from([*"abcdefgh", "(missing)", "", "1"])), max_size=60
)
some_dates = st.lists(
    st.one_of(st.none(), st.datetimes(datetime(1600, 1, 1), datetime(2300, 1, 1))), max_size=40
).map(lambda moments: [m and m.replace(microsecond=0) for m in moments])  # fmt: skip
methods, several = st.sampled_from(METHODS), st.integers(1, 15)


def counts(column, bins, method):
    summary = summarise(column)
    binning = binning_of(summary, bins, method=method)
    return binning, counted_in(summary, binning)[0]


def lawful(column, binning, n, bins):
    assert n.sum() == len(column)
    assert n[-1] == summarise(column).missing
    others = isinstance(binning, TopLevels) and binning.others > 0
    assert len(binning) <= bins + others
    assert len(set(binning.labels)) == len(binning.labels) == len(binning)
    if isinstance(binning, Intervals):
        assert (np.diff(binning.edges) > 0).all()


# Laws -----------------------------------------------------------------------------------------------


@given(some_numbers, several, methods)
def test_every_number_lands_in_one_bin(values, bins, method):
    binning, n = counts(values, bins, method)
    lawful(values, binning, n, bins)
    known = values[~np.isnan(values)]
    if isinstance(binning, TopLevels):
        assert n[:-1].tolist() == [int((known == level).sum()) for level in binning.levels]
        return
    inner = np.searchsorted(binning.edges[1:-1], known, side="right")
    assert n[:-1].tolist() == np.bincount(inner, minlength=len(binning)).tolist()
    if np.isfinite(known).all():
        finite = np.clip(binning.edges, -1.7e308, 1.7e308)
        assert n[:-1].tolist() == np.histogram(known.clip(-1.7e308, 1.7e308), finite)[0].tolist()


@given(some_words, several, methods)
def test_every_word_lands_in_one_bin(words, bins, method):
    column = pl.Series(words, dtype=pl.String)
    binning, n = counts(column, bins, method)
    lawful(words, binning, n, bins)
    kept = pd.Series(words, dtype=object).value_counts()
    assert dict(zip(binning.levels, n.tolist(), strict=False)) == {w: kept[w] for w in binning.levels}
    assert binning.others == max(len(kept) - bins, 0)
    if binning.others:
        rest = kept[~kept.index.isin(binning.levels)]
        assert n[-2] == rest.sum()
        assert rest.max() <= kept[list(binning.levels)].min()


@given(some_dates, several, methods)
def test_every_date_lands_in_one_bin(moments, bins, method):
    column = pl.Series(moments, dtype=pl.Datetime("us"))
    binning, n = counts(column, bins, method)
    lawful(moments, binning, n, bins)
    if isinstance(binning, Intervals):
        known = column.drop_nulls()
        starts = pl.Series((binning.edges * 86_400).round().clip(-1.5e10, 1.5e10) * 1e6).cast(pl.Int64)
        places = np.searchsorted(starts.to_numpy()[1:-1], known.to_physical().to_numpy(), side="right")
        assert n[:-1].tolist() == np.bincount(places, minlength=len(binning)).tolist()


@given(some_numbers, some_numbers, several, methods)
def test_bins_of_a_sum_are_those_of_all_rows_in_any_order(ours, theirs, bins, method):
    whole = np.concatenate((ours, theirs))
    summed = summarise(ours) + summarise(theirs)
    binning = binning_of(summarise(whole), bins, method=method)
    assert binning_of(summed, bins, method=method) == binning
    assert binning_of(summarise(whole[::-1].copy()), bins, method=method) == binning
    n = counted_in(summarise(whole), binning)[0]
    assert counted_in(summed, binning)[0].tolist() == n.tolist()
    parts = [counted_in(summarise(part), binning)[0] for part in (ours, theirs)]
    assert (parts[0] + parts[1]).tolist() == n.tolist()


@given(st.lists(st.integers(0, 3), min_size=30, max_size=30), some_numbers, several)
def test_a_weight_is_as_many_rows(weights, values, bins):
    weights = np.array(weights[: len(values)], dtype=np.float64)
    values = values[: len(weights)]
    binning = binning_of(summarise(values), bins)
    weighed = counted_in(summarise(values, weights), binning)[1]
    repeated = counted_in(summarise(np.repeat(values, weights.astype(int))), binning)[0]
    both = (
        np.isposinf(values).any() and np.isneginf(values).any()
    )  # their weights are known together only
    if not both:
        assert weighed == pytest.approx(repeated)
    assert weighed.sum() == pytest.approx(repeated.sum())


@pytest.mark.parametrize("method", METHODS)
def test_counts_beyond_the_distinct_numbers_that_are_kept(method):
    """Summaries then know of neighbours together: quantile bins stay exact, others nearly."""
    values = np.random.default_rng(5).lognormal(sigma=2, size=200_000)
    summary = summarise(values)
    binning = binning_of(summary, 20, method=method)
    n = counted_in(summary, binning)[0][:-1]
    expected = np.histogram(values, binning.edges)[0]
    if method == "quantile":
        assert n.tolist() == expected.tolist()
        assert (np.abs(n - 10_000) < 100).all()
    assert np.abs(n - expected).max() <= 0.001 * len(values)


# Numbers --------------------------------------------------------------------------------------------


def labels(column, bins=10, **options):
    return binning_of(summarise(column), bins, **options).labels


def test_few_numbers_have_a_bin_each():
    assert labels(np.array([3.0, 1, 3, -0.0])) == ("0", "1", "3")
    assert labels(np.array([1, 2.5, INF, -INF]), 4) == ("-inf", "1", "2.5", "inf")
    assert labels(np.array([10_000, 20_000])) == ("10,000", "20,000")
    assert labels(np.array([7.5] * 9), 1) == ("7.5",)


def test_infinite_numbers_open_the_outer_bins():
    column = np.array([1, 2, 3, 4, INF, INF, -INF, NAN])
    binning, n = counts(column, 3, "equal_width")
    assert binning.labels == ("< 2", "2 to < 3", "≥ 3")
    assert n.tolist() == [2, 1, 4, 1]
    binning, n = counts(np.array([INF, -INF, NAN]), 2, "equal_width")
    assert (binning.labels, n.tolist()) == (("-inf", "inf"), [1, 1, 1])
    binning, n = counts(np.array([INF, -INF, NAN]), 1, "equal_width")
    assert (binning.labels, n.tolist()) == (("all numbers",), [2, 1])


def test_numbers_that_fill_the_last_groups_are_one_of_their_own():
    """Hours that are cut off at 99, in most rows: 99 is a bin, and not the end of another."""
    column = np.array([*range(40, 99), *[99] * 100])
    binning, n = counts(column, 4, "quantile")
    assert binning.labels == ("40 to < 80", "80 to < 99", "≥ 99")
    assert n.tolist() == [40, 19, 100, 0]


def test_zeros_that_fill_the_first_groups_are_one_of_their_own():
    binning, n = counts(np.array([*[0] * 100, *range(1, 30)]), 10, "quantile")
    assert n[0] == 100
    assert binning.labels[0] == "0"


def test_nothing_to_bin():
    for column in (np.array([NAN, NAN]), pl.Series([None, None]), pl.Series([None], dtype=pl.String)):
        binning, n = counts(column, 3, "equal_width")
        assert (len(binning), n.tolist()) == (0, [len(column)])


# Categories -----------------------------------------------------------------------------------------


def test_true_and_false_keep_their_order():
    assert labels(np.array([True, False, True])) == ("False", "True")


def test_ordered_categories_keep_their_order():
    column = pd.Series(pd.Categorical(["c", "a", "c", "b"], ["a", "b", "c", "d"], ordered=True))
    assert labels(column) == ("a", "b", "c")
    assert labels(column, 2) == ("a", "c", "other (1 value)")


def test_numbers_and_words_of_one_column():
    """An age that is a number in one data set and text in another: both are values."""
    summary = summarise(np.array([30, 40, 30])) + summarise(pl.Series(["30", "?", None, "?", "?"]))
    binning = binning_of(summary, 3)
    assert binning.labels == ("?", "30", "'30'", "other (1 value)")
    n, weight = counted_in(summary, binning)
    assert n.tolist() == weight.tolist() == [3, 2, 1, 1, 1]


def test_values_without_a_bucket_are_counted_last():
    train, serving = summarise(np.array([True, False])), summarise(pl.Series(["yes", None]))
    assert counted_in(serving, binning_of(train))[0].tolist() == [0, 0, 2]
    ages = binning_of(summarise(np.array([10.0, 20, 30])), [10, 30])
    assert counted_in(summarise(np.array([5.0, 15, INF])), ages)[0].tolist() == [1, 2]
    assert counted_in(summarise(pl.Series([b"x", None])), ages)[0].tolist() == [0, 2]


def test_one_is_not_true():
    column = np.array([1, "1", True, None, 1.5, 1], dtype=object)
    binning, n = counts(column, 9, "equal_width")
    assert dict(zip(binning.labels, n.tolist(), strict=False)) == {"1": 2, "1.5": 1, "True": 1, "'1'": 1}
    summed = summarise(column[:2]) + summarise(column[2:])
    assert counted_in(summed, binning)[0].tolist() == n.tolist()


# Edges that are given -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([25], ("< 25", "≥ 25")),
        ([25, 45], ("< 25", "25 to < 45", "≥ 45")),
        ([0, 25, 100], ("0 to 24", "25 to 100")),
        ([0, 25], ("0 to < 25", "≥ 25")),
        ([30, 100], ("< 30", "30 to 100")),
        ((20.5, 40.5), ("< 20.5", "20.5 to < 40.5", "≥ 40.5")),
        (np.array([20, 90]), ("< 20", "20 to 90")),
        ([200], ("< 200", "≥ 200")),
    ],
)
def test_edges(edges, expected):
    summary = summarise(np.array([17, 25, 31, 90]))
    binning = binning_of(summary, edges)
    assert binning.labels == expected
    assert counted_in(summary, binning)[0][:-1].sum() == 4


def test_edges_of_dates():
    summary = summarise(pl.Series([date(2019, 5, 1), date(2020, 2, 29), date(2021, 1, 1), None]))
    expected = ("< 2020", "2020", "≥ 2021")
    for edges in (
        ["2020-01-01", "2021-01-01"],
        [date(2020, 1, 1), date(2021, 1, 1)],
        [datetime(2020, 1, 1, tzinfo=UTC), pd.Timestamp("2021-01-01")],
        np.array(["2020-01-01", "2021-01-01"], dtype="datetime64[D]"),
        [18_262, 18_628],
    ):
        binning = binning_of(summary, edges)
        assert binning.labels == expected
        assert counted_in(summary, binning)[0].tolist() == [1, 1, 1, 1]


def test_dates_with_a_time_zone_are_in_utc():
    moments = pd.Series(
        pd.to_datetime(["2020-01-01T00:30+02:00", "2020-03-01"], utc=True, format="ISO8601")
    )
    months = ("2019-12", "2020-01", "2020-02", "2020-03")
    assert labels(moments.dt.tz_convert("Asia/Tokyo"), 4) == months


def test_a_binning_is_kept():
    binning = Intervals(np.array([0.0, 50, 100]))
    assert binning_of(summarise(np.array([1.0])), binning) is binning


@pytest.mark.parametrize(
    ("column", "bins", "message"),
    [
        ([1, 2], 0, "bins: 0; expected a whole number of at least 1."),
        ([1, 2], True, "bins: True; expected a whole number of at least 1."),
        ([1, 2], 1001, "bins: 1,001; expected at most 1,000 bins."),
        ([1, 2], [], "bins: []; expected a number of bins such as 10, or increasing edges such as [25, 45]."),
        ([1, 2], [2, 1], "bins: [2, 1]; expected a number of bins such as 10, or increasing edges such as [25, 45]."),
        ([1, 2], ["2020-01-01"], "bins: ['2020-01-01']; expected a number of bins such as 10, or increasing edges such as [25, 45]."),
        ([1, 2], "auto", "bins: 'auto'; expected a number of bins such as 10, or increasing edges such as [25, 45]."),
        ([1, 2], [1, INF], "bins: [1, inf]; expected a number of bins such as 10, or increasing edges such as [25, 45]."),
        ([1, 2], list(range(1001)), "bins: 1,001 edges; expected at most 1,000."),
        (["a"], [1], "bins: edges for a column of kind 'category'; expected a number of bins."),
        ([date(2020, 1, 1)], ["May"], "bins: ['May']; expected a number of bins such as 10, or increasing edges such as [\"2020-01-01\", \"2021-01-01\"]."),
    ],
)  # fmt: skip
def test_what_stands_for_no_bins(column, bins, message):
    with pytest.raises(ArgumentError) as error:
        binning_of(summarise(column), bins)
    assert str(error.value) == message


def test_no_such_method():
    with pytest.raises(ArgumentError) as error:
        binning_of(summarise([1, 2]), method="quantiles")
    assert str(error.value) == "method: 'quantiles'; expected one of 'equal_width', 'quantile', 'freedman_diaconis'. Did you mean 'quantile'?"  # fmt: skip
