from math import inf, nextafter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.values.bin_edges import date_edges, freedman_diaconis, nice_edges, quantile_edges

finite = st.floats(allow_nan=False, allow_infinity=False)
ends = st.tuples(finite, finite).filter(lambda both: both[0] != both[1]).map(sorted)
STEPS = {1.0, 2.0, 2.5, 5.0}


def dates(edges):
    return edges.astype("datetime64[D]").astype(str).tolist()


def days(text):
    return (np.datetime64(text, "us") - np.datetime64("1970-01-01", "us")).astype(float) / 86_400e6


# Equal width ----------------------------------------------------------------------------------------


@given(ends, st.integers(1, 40), st.booleans())
def test_edges_rise_cover_and_are_few(both, bins, whole):
    low, high = both
    edges = nice_edges(low, high, bins, whole=whole)
    assert np.isfinite(edges).all()
    assert (np.diff(edges) > 0).all()
    assert edges[0] <= low
    assert edges[-1] >= high
    assert 1 <= len(edges) - 1 <= bins


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6), st.integers(-9, 9), st.integers(2, 40))
def test_edges_are_multiples_of_a_round_step(low, width, power, bins):
    """The finest round step that will do, and no bin that could be left out."""
    low, high = low * 10.0**power, (low + width) * 10.0**power
    edges = nice_edges(low, high, bins)
    step = (edges[-1] - edges[0]) / (len(edges) - 1)
    shown = float(f"{step / 10.0 ** np.floor(np.log10(step * (1 + 1e-9))):.6g}")
    assert shown in STEPS | {10.0}
    assert np.allclose(np.diff(edges), step, rtol=1e-6)
    assert np.allclose(edges / step, np.rint(edges / step), atol=1e-6 * max(1, abs(edges[0] / step)))
    if len(edges) > 2:
        assert edges[1] > low
        assert edges[-2] < high
    finer = {1.0: 2, 2.0: 2, 2.5: 1.25, 5.0: 2, 10.0: 2}[shown]
    assert (high - low) / (step / finer) > bins - 2 + 1e-9


@given(st.integers(-1000, 1000), st.integers(1, 3000), st.integers(1, 30))
def test_whole_numbers_have_whole_edges(low, width, bins):
    edges = nice_edges(low, low + width, bins, whole=True)
    assert (edges == np.floor(edges)).all() or bins > width * 10


@pytest.mark.parametrize(
    ("low", "high", "bins", "edges"),
    [
        (0.3, 0.7, 4, [0.3, 0.4, 0.5, 0.6, 0.7]),  # 0.3 / 0.1 is less than 3
        (17, 90, 10, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
        (0, 1, 10, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        (-5, 5, 2, [-5, 0, 5]),
        (99, 101, 1, [99, 101]),
        (-3, 4, 1, [-3, 4]),
        (3, 3, 5, [2.5, 3.5]),
        (1e6, 1e6, 5, [990_000, 1_010_000]),
        (-1e9, 1e9, 4, [-1e9, -5e8, 0, 5e8, 1e9]),
    ],
)
def test_what_people_would_choose(low, high, bins, edges):
    assert nice_edges(low, high, bins).tolist() == edges


def test_the_ends_of_what_doubles_hold():
    assert nice_edges(-1.7e308, 1.7e308, 2).tolist() == [-1.7e308, 0, 1.7e308]
    assert nice_edges(1e308, 1.7e308, 4).tolist() == [1e308, 1.25e308, 1.5e308, 1.75e308]
    assert nice_edges(1.79e308, 1.79e308, 4)[-1] == 1.79e308
    assert nice_edges(0.0, 1e-310, 2).tolist() == [0, 5e-311, 1e-310]
    assert nice_edges(0.0, 5e-324, 10).tolist() == [0, 5e-324]
    assert nice_edges(1e16, 1e16 + 4, 10).tolist() == [1e16, 1e16 + 2, 1e16 + 4]
    above = nextafter(1.0, inf)
    assert nice_edges(1.0, above, 10).tolist() == [1.0, above]


# Freedman and Diaconis ------------------------------------------------------------------------------


@given(st.lists(st.integers(-(10**4), 10**4).map(lambda n: n / 8), min_size=2, max_size=200))
def test_as_many_bins_as_numpy_has(values):
    points, n = np.unique(values, return_counts=True)
    ours = freedman_diaconis(points, n, most=10**9)
    theirs = len(np.histogram_bin_edges(np.array(values), bins="fd")) - 1
    quartiles = np.percentile(values, [25, 75])
    if quartiles[0] < quartiles[1]:
        assert ours == theirs
    else:
        assert ours == np.ceil(np.log2(len(values)) + 1)  # Sturges, where NumPy has one bin


@pytest.mark.parametrize("seed", range(4))
def test_as_many_bins_as_numpy_has_for_quantities(seed):
    values = np.random.default_rng(seed).lognormal(sigma=0.8, size=4000)
    points, n = np.unique(values, return_counts=True)
    expected = len(np.histogram_bin_edges(values, bins="fd")) - 1
    assert freedman_diaconis(points, n, most=1000) == expected
    assert freedman_diaconis(points, n, most=20) == 20


def test_numbers_too_far_apart_for_a_width():
    points = np.array([-1.7e308, 0, 1, 2, 1.7e308])
    assert freedman_diaconis(points, np.ones(5, dtype=np.int64), most=50) == 50
    assert freedman_diaconis(np.empty(0), np.empty(0, dtype=np.int64)) == 1


# Quantiles ------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40).map(float), min_size=2, max_size=200), st.integers(2, 12))
def test_quantile_groups_are_about_as_large(values, groups):
    """No group without its ties is larger than its share, and every edge occurs."""
    points, n = np.unique(values, return_counts=True)
    edges = quantile_edges(points, n, groups)
    assert set(edges) <= set(values)
    assert len(edges) <= groups - 1
    assert list(edges) == sorted(set(edges))
    sizes = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    assert (sizes > 0).all() or len(points) == 1
    assert (sizes - n.max() <= np.ceil(len(values) / groups)).all()


# Dates ----------------------------------------------------------------------------------------------


@given(
    st.floats(-700_000, 2_900_000),
    st.one_of(st.floats(0, 1), st.floats(0, 100), st.floats(0, 2_000_000)),
    st.integers(1, 40),
)
def test_edges_of_dates_rise_cover_and_are_few(low, width, bins):
    edges = date_edges(low, low + width, bins)
    assert (np.diff(edges) > 0).all()
    assert edges[0] <= low
    assert edges[-1] > low + width
    assert len(edges) - 1 <= bins
    if len(edges) > 2:
        assert edges[1] > low
        assert edges[-2] <= low + width


@pytest.mark.parametrize(
    ("low", "high", "bins", "edges"),
    [
        ("2020-02-28", "2020-03-01", 10, ["2020-02-28", "2020-02-29", "2020-03-01", "2020-03-02"]),
        ("2019-02-28", "2019-03-01", 10, ["2019-02-28", "2019-03-01", "2019-03-02"]),
        ("2020-02-20", "2020-03-05", 3, ["2020-02-17", "2020-02-24", "2020-03-02", "2020-03-09"]),
        ("2020-01-15", "2020-03-05", 3, ["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01"]),
        ("2019-02-20", "2019-12-16", 4, ["2019-01-01", "2019-04-01", "2019-07-01", "2019-10-01", "2020-01-01"]),
        ("1999-12-31", "2001-01-01", 3, ["1999-01-01", "2000-01-01", "2001-01-01", "2002-01-01"]),
        ("1850-02-20", "2014-05-30", 9, ["1840-01-01", "1860-01-01", "1880-01-01", "1900-01-01", "1920-01-01",
                                         "1940-01-01", "1960-01-01", "1980-01-01", "2000-01-01", "2020-01-01"]),
        ("0850-02-20", "2014-05-30", 3, ["0000-01-01", "1000-01-01", "2000-01-01", "3000-01-01"]),
        ("2020-02-29", "2020-02-29", 5, ["2020-02-29", "2020-03-01"]),
        ("2020-02-29", "2020-03-07", 1, ["2020-02-29", "2020-03-08"]),
    ],
)  # fmt: skip
def test_full_days_weeks_months_and_years(low, high, bins, edges):
    assert dates(date_edges(days(low), days(high), bins)) == edges


def test_times_of_a_day():
    edges = date_edges(days("2020-02-29T10:05:30"), days("2020-02-29T12:50:00"), 6)
    shown = (edges * 86_400).round().astype("datetime64[s]").astype(str).tolist()
    assert shown == [f"2020-02-29T{time}" for time in ("10:00:00", "10:30:00", "11:00:00", "11:30:00", "12:00:00", "12:30:00", "13:00:00")]  # fmt: skip
    edges = date_edges(days("2020-02-29T23:59:58"), days("2020-03-01T00:00:03"), 10)
    assert len(edges) == 7
    assert edges[2] == days("2020-03-01")


def test_moments_fall_where_their_second_starts():
    """Days as fractions are rounded; that must not move a moment below its own edge."""
    moments = np.array([days(f"2021-07-04T11:22:{second:02}") for second in range(60)])
    edges = date_edges(moments[0], moments[-1], 12)
    assert np.histogram(moments, edges)[0].tolist() == [5] * 12
