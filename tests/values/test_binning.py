from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.values.bin_edges import nice_edges
from rai.values.binning import Intervals, TopLevels, labels_with_missing
from rai.values.levels import cut_names

INF = np.inf
finite = st.floats(allow_nan=False, allow_infinity=False)
edges_of = st.lists(finite, min_size=2, max_size=12, unique=True).map(sorted).map(np.array)
numbers = st.lists(st.floats(), max_size=40).map(lambda values: np.array(values, dtype=np.float64))


# Places ---------------------------------------------------------------------------------------------


@given(edges_of, numbers)
def test_places_are_those_of_histogram(edges, values):
    values = np.append(values, edges)
    places = Intervals(edges).places(values)
    inside = (values >= edges[0]) & (values <= edges[-1])
    assert ((places == len(edges) - 1) == ~inside).all()
    expected = np.histogram(values[inside], edges)[0]
    assert np.bincount(places, minlength=len(edges))[:-1].tolist() == expected.tolist()


@given(st.lists(finite, min_size=1, max_size=9, unique=True).map(sorted), numbers)
def test_open_bins_hold_every_number(cuts, values):
    binning = Intervals(np.array([-INF, *cuts, INF]))
    places = binning.places(values)
    missing = np.isnan(values)
    assert ((places == len(binning)) == missing).all()
    assert (places[~missing] == np.searchsorted(cuts, values[~missing], side="right")).all()


def test_the_last_bin_of_dates_ends_before_its_edge():
    assert Intervals(np.array([0.0, 1, 2]), dates=True).places(np.array([0, 1, 1.9, 2])).tolist() == [
        0,
        1,
        1,
        2,
    ]
    assert Intervals(np.array([0.0, 1, 2])).places(np.array([0, 1, 1.9, 2])).tolist() == [0, 1, 1, 1]


def test_true_is_not_one():
    levels = TopLevels((1, True, "1"), others=1)
    assert levels.places([True, 1, "1", 0, False]).tolist() == [1, 0, 2, 3, 3]
    assert TopLevels((1,)) != TopLevels((True,))


def test_equal_binnings():
    ages = Intervals(np.array([10.0, 20]))
    assert ages == Intervals(np.array([10, 20.0]))
    assert len({ages, Intervals(np.array([10, 20.0]))}) == 1
    assert ages not in (Intervals(np.array([10.0, 21])), Intervals(np.array([10.0, 20]), whole=True))
    assert ages != TopLevels((10, 20))
    assert len({TopLevels(("a",)), TopLevels(("a",)), TopLevels(("a",), others=1)}) == 2


# Names ----------------------------------------------------------------------------------------------


@given(edges_of, st.booleans(), st.booleans(), st.booleans())
def test_no_name_occurs_twice(edges, whole, below, above):
    edges = np.unique(edges + 0.0)
    if whole:
        edges = np.unique(np.floor(edges))
    if len(edges) < 2:
        return
    edges[0], edges[-1] = (-INF if below else edges[0]), (INF if above else edges[-1])
    labels = labels_with_missing(Intervals(edges, whole=whole))
    assert len(set(labels)) == len(labels) == len(edges)


@given(st.lists(st.one_of(finite, st.booleans(), st.text(max_size=3), st.sampled_from(["1", "'1'", "(missing)", "", " ", "other (2 values)", "True"]), st.integers(-3, 3)), max_size=12))  # fmt: skip
def test_no_value_is_named_twice(values):
    levels = tuple({(isinstance(v, bool), isinstance(v, str), v): v for v in values}.values())
    labels = labels_with_missing(TopLevels(levels, others=2))
    assert len(set(labels)) == len(labels) == len(levels) + 2
    assert all(label.strip() for label in labels)


@given(st.integers(-(10**7), 10**7), st.integers(1, 10**7), st.integers(1, 30))
def test_names_of_whole_numbers_say_where_they_are(low, width, bins):
    """Reading the names back gives the whole numbers that the bins hold."""
    binning = Intervals(nice_edges(low, low + width, bins, whole=True), whole=True)
    ends = [[int(end.replace(",", "")) for end in label.split(" to ")] for label in binning.labels]
    for (_, high), (following, _) in pairwise([(e[0], e[-1]) for e in ends]):
        assert following == high + 1
    for place, (first, *_, last) in enumerate([(e[0], e[-1]) for e in ends]):
        assert binning.places(np.array([first, last], dtype=float)).tolist() == [place, place]


@pytest.mark.parametrize(
    ("edges", "options", "labels"),
    [
        ([10, 20, 30], {"whole": True}, ["10 to 19", "20 to 30"]),
        ([1, 2, 3, 4], {"whole": True}, ["1", "2", "3 to 4"]),
        ([2.5, 3.5], {"whole": True}, ["3"]),
        ([5.5, 10.5, 12], {"whole": True}, ["6 to 10", "11 to 12"]),
        ([5.2, 5.7, 9], {"whole": True}, ["5.2 to < 5.7", "5.7 to 9"]),
        ([-20, -10, 0], {"whole": True}, ["-20 to -11", "-10 to 0"]),
        ([1950, 1960, 1970], {"whole": True}, ["1950 to 1959", "1960 to 1970"]),
        ([0, 5000, 10_000], {"whole": True}, ["0 to 4,999", "5,000 to 10,000"]),
        ([0, 1e6, 2e6], {}, ["0 to < 1,000,000", "1,000,000 to 2,000,000"]),
        ([0, 0.1, 0.2], {}, ["0 to < 0.1", "0.1 to 0.2"]),
        ([0, 1e-5, 2e-5], {}, ["0 to < 1e-05", "1e-05 to 2e-05"]),
        ([0.123456789123, 1, 2.5], {}, ["0.123457 to < 1", "1 to 2.5"]),
        ([0.1234567, 1], {}, ["0.1234567 to 1"]),
        ([1e9, 1e9 + 0.25, 1e9 + 0.5], {}, ["1,000,000,000 to < 1,000,000,000.25", "1,000,000,000.25 to 1,000,000,000.5"]),
        ([1e16, 1e16 + 2], {"whole": True}, ["10000000000000000 to 10000000000000002"]),
        ([-INF, 25, 45, INF], {}, ["< 25", "25 to < 45", "≥ 45"]),
        ([-INF, 25, 45, INF], {"whole": True}, ["< 25", "25 to < 45", "≥ 45"]),
        ([-INF, 5], {}, ["≤ 5"]),
        ([5, INF], {}, ["≥ 5"]),
        ([-INF, INF], {}, ["all numbers"]),
        ([5, 5.0000000000000009, 6], {}, ["5 to < 5.000000000000001", "5.000000000000001 to 6"]),
        ([0, 365, 730], {"dates": True}, ["1970", "1971"]),
        ([0, 31, 59], {"dates": True}, ["1970-01", "1970-02"]),
        ([18_321, 18_322, 18_323], {"dates": True}, ["2020-02-29", "2020-03-01"]),
        ([0, 90, 181], {"dates": True}, ["1970-01 to 1970-03", "1970-04 to 1970-06"]),
        ([0, 7, 14], {"dates": True}, ["1970-01-01 to 1970-01-07", "1970-01-08 to 1970-01-14"]),
        ([-INF, 365, 1096, INF], {"dates": True}, ["< 1971", "1971 to 1972", "≥ 1973"]),
        ([0, 0.25, 0.5], {"dates": True}, ["1970-01-01 00:00 to < 06:00", "1970-01-01 06:00 to < 12:00"]),
        ([0.75, 1, 1.25], {"dates": True}, ["1970-01-01 18:00 to < 1970-01-02 00:00", "1970-01-02 00:00 to < 06:00"]),
        ([0, 1 / 1440, 2 / 1440], {"dates": True}, ["1970-01-01 00:00", "1970-01-01 00:01"]),
        ([0, 5 / 86400, 10 / 86400], {"dates": True}, ["1970-01-01 00:00:00 to < 00:00:05", "1970-01-01 00:00:05 to < 00:00:10"]),
    ],
)  # fmt: skip
def test_names(edges, options, labels):
    assert list(Intervals(np.array(edges, dtype=np.float64), **options).labels) == labels


@given(st.lists(st.integers(-9999, 9999).map(lambda n: n / 4), min_size=1, max_size=9, unique=True).map(sorted))  # fmt: skip
def test_open_bins_are_named_as_the_groups_of_an_audit(cuts):
    assert Intervals(np.array([-INF, *cuts, INF])).labels == cut_names(cuts)


def test_names_of_values():
    assert TopLevels(("Private", "Self-emp"), others=1).labels == (
        "Private",
        "Self-emp",
        "other (1 value)",
    )
    assert TopLevels((10_000, 2.5, -INF)).labels == ("10,000", "2.5", "-inf")
    assert TopLevels((1, "1", True, "True", "")).labels == ("1", "'1'", "True", "'True'", "''")
    assert labels_with_missing(TopLevels(("(missing)", "a"))) == ("'(missing)'", "a", "(missing)")
    assert labels_with_missing(TopLevels(())) == ("(missing)",)
